# SPDX-License-Identifier: Apache-2.0
"""A run inside of an engine writes and tells what a run without one does."""

import json
import signal
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import effort
from cli.processes import COMMAND, environment, hidden, many_customers, running, wait_until
from conformance import engines
from loyaltyrules.cli import backends
from loyaltyrules.frame.engines import carriers, on_duckdb, on_spark
from loyaltyrules.frame.streaming import split

pytestmark = [
    *engines.ENGINE,
    pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning"),  # of Dask
]
ROOT = Path(__file__).parents[2]
MENSWEAR = ROOT / "policies" / "menswear"
STORE = ROOT / "examples" / "store"
ENGINES = ("duckdb", "dask", engines.SPARK)
AT_LENGTH = ("duckdb", engines.DASK_AT_LENGTH, engines.SPARK_AT_LENGTH)
ON = ("--on", "2027-02-05")
OUTPUTS = {
    "--out": "actions.csv", "--suppressed": "suppressed.jsonl", "--labels": "labels.csv",
    "--changes": "changes.csv", "--report": "report.json",
}  # fmt: skip


@pytest.fixture(autouse=True)
def session(request: pytest.FixtureRequest) -> None:
    """Where Spark is asked for, the session of these tests is the one that is found."""
    if "spark" in request.node.name:
        engines.spark()


@pytest.fixture
def written(told: Any, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """What a run writes and tells."""

    def run(*arguments: Any, outputs: dict[str, str] = OUTPUTS) -> dict[str, Any]:
        folder = tmp_path / f"run {len(list(tmp_path.glob('run *')))}"
        folder.mkdir()
        options = [each for n, file in outputs.items() for each in (n, folder / file)]
        ended = told("run", *arguments, *options)
        found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        if "report.json" in found:
            found["report.json"] = without_signatures(json.loads(found["report.json"]))
        return found | {"folder": folder, "told": ended}

    return run


@pytest.fixture
def alike(written: Any) -> Callable[..., dict[str, Any]]:
    """Check that a run inside of an engine comes to the same bytes as one without."""

    def checked(engine: str, *arguments: Any) -> dict[str, Any]:
        known, found = written(*arguments), written(*arguments, "--backend", engine)
        assert found["told"].code == 0, found["told"].err
        for name in (*OUTPUTS.values(), "told"):
            assert found[name] == known[name], name
        return found

    return checked


def without_signatures(report: dict[str, Any]) -> dict[str, Any]:
    """Engines that decide in parts count a signature in each."""
    return report | {"stages": {name: each["asked"] for name, each in report["stages"].items()}}


@pytest.mark.parametrize("engine", AT_LENGTH)
def test_the_example_store_comes_to_the_same_bytes(alike: Any, engine: str) -> None:
    found = alike(engine, MENSWEAR, STORE, *ON)
    assert found["actions.csv"].count(b"\n") > 150


@effort.ALL
@pytest.mark.parametrize(
    "days",
    [["--on", "2027-05-04", "--since", "2027-05-01"], ["--on", "2027-09-15"]],
    ids=lambda days: days[1],
)
def test_further_days_and_a_span_come_to_the_same_bytes_in_duckdb(alike: Any, days: Any) -> None:
    alike("duckdb", MENSWEAR, STORE, *days)


def test_shares_are_those_among_all_customers_whatever_the_parts(
    alike: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(split, "SIZE", 9)
    monkeypatch.setattr(on_duckdb, "ROWS", 11)
    table = pl.read_csv(STORE / "customer.csv", infer_schema=False)
    pl.concat([table, table[3:5]]).sample(fraction=1, shuffle=True, seed=7).write_parquet(
        tmp_path / "customer.parquet"
    )
    given = (MENSWEAR, tmp_path / "customer.parquet", *ON)
    labels = pl.read_csv(alike("duckdb", *given)["folder"] / "labels.csv")
    assert labels["tier.share"].n_unique() > 1


@pytest.mark.parametrize("engine", ("duckdb", "dask", engines.SPARK_AT_LENGTH))
def test_folders_of_parquet_parts_go_in_and_come_out(
    written: Any, club: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(on_spark, "ROWS", 2)
    customers = pl.read_csv(club / "customer.csv", infer_schema=False)
    customers = customers.with_columns(pl.col("points").cast(pl.Int64))
    folder = club / "客户 b=c" / "customer"
    folder.mkdir(parents=True)
    for number, part in enumerate((customers[:1], customers[1:])):
        part.write_parquet(folder / f"part {number}.parquet")
    names = {"--out": "actions", "--labels": "labels", "--faults": "faults"}
    given = (club / "club.yaml", folder, *ON)
    known = written(*given, outputs=names)["folder"]
    ended = written(*given, "--backend", engine, outputs=names)
    assert ended["told"].code == 0, ended["told"].err
    for name in names.values():
        whole, split = (
            pl.read_parquet(each / name / "*.parquet") for each in (known, ended["folder"])
        )
        if name == "faults":
            whole = whole.with_columns(row=pl.lit(None, pl.Int64)).drop("remedy", "excel_row")
        assert whole.equals(split.sort(split.columns)), name
    assert sorted(each.name for each in ended["folder"].iterdir()) == sorted(names.values())


@pytest.mark.parametrize("engine", ["duckdb", "dask"])
def test_what_pandas_wrote_is_read_with_its_index_and_its_types(
    alike: Any, club: Path, engine: str
) -> None:
    folder = club / "tables"
    folder.mkdir()
    rows = pd.DataFrame(
        {"id": ["001", "002"], "tier": pd.Categorical(["A", "C"]), "points": [2000, 1]}
    )
    rows.set_index("id").to_parquet(folder / "customer.parquet")
    sold = pd.to_datetime(["2027-02-02", None]).astype("datetime64[ns]")
    bought = pd.DataFrame({"id": [1, 2], "customer_id": ["001", "002"], "sold_on": sold.date})
    bought.to_parquet(folder / "purchase.parquet")
    found = alike(engine, club / "club.yaml", folder, *ON)
    assert b"club/after_sale/purchase/1/2027-02-02" in found["actions.csv"]


@pytest.mark.parametrize("engine", ["duckdb", "dask"])
def test_a_child_table_of_headings_alone_means_no_child_records(
    alike: Any, club: Path, engine: str
) -> None:
    (club / "purchase.csv").write_text("id,customer_id,amount,sold_on\n", encoding="utf-8")
    (club / "customer.csv").write_text("id,points\n001,2000\n", encoding="utf-8")
    alike(engine, club / "club.yaml", club, *ON)


def test_faulty_rows_are_told_without_a_number(written: Any, club: Path) -> None:
    given = (club / "club.yaml", club / "customer.csv", *ON)
    outputs = {"--faults": "faults.csv", "--report": "report.json"}
    found = written(*given, "--backend", "duckdb", outputs=outputs)
    assert "rows set aside: 1" in found["told"].out
    assert "customer: LR404 born_on of 002" in found["told"].err
    assert found["faults.csv"].decode().splitlines()[1].startswith("customer,,002,born_on,")
    assert found["report.json"] == written(*given, outputs=outputs)["report.json"]


def test_all_faults_are_counted_however_many_are_told(
    written: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loyaltyrules.frame.engines.parts.TOLD", 25)
    rows = "".join(f"c{n},2027-02-30\n" for n in range(40))
    (club / "customer.csv").write_text(f"id,born_on\n{rows}good,1990-01-01\n", encoding="utf-8")
    given = (club / "club.yaml", club / "customer.csv", *ON, "--backend", "duckdb")
    found = written(*given, outputs={"--report": "report.json"})
    assert "LR404 25 customers: born_on" in found["told"].err
    assert "… and 15 more faults" in found["told"].err
    assert found["report.json"]["faults"] == {"LR404": 40}


def test_strict_refuses_faulty_rows_and_writes_nothing(written: Any, club: Path) -> None:
    given = (club / "club.yaml", club / "customer.csv", *ON, "--strict", "--backend", "duckdb")
    found = written(*given, outputs={"--out": "actions.csv", "--labels": "labels"})
    assert found["told"].code == 4 and "nothing was written" in found["told"].err
    assert not list(found["folder"].iterdir())


@pytest.mark.parametrize("engine", effort.each(ENGINES, 2))
def test_a_missing_package_is_named_with_its_install_line(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(carriers, "_version", lambda package: 0)
    ended = told("run", club / "club.yaml", club / "customer.csv", *ON, "--backend", engine)
    assert (ended.code, ended.out) == (2, "")
    assert "LR423" in ended.err and f"pip install 'loyaltyrules[{engine}]'" in ended.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rows.jsonl", b'{"id": "1"}\n', (2, "LR427")),
        ("table.xlsx", b"PK", (4, "LR411")),
        ("noise.parquet", b"PAR1 no", (4, "LR409")),
        ("ragged.csv", b"id,tier\n1,A\n2\n", (4, "LR419")),
        ("no_id.csv", b"tier,points\nA,5\n", (4, "LR410")),
        ("absent.parquet", None, (4, "LR100")),
    ],
)
def test_tables_that_cannot_be_read_are_refused(
    told: Any, club: Path, name: str, content: bytes | None, code: tuple[int, str]
) -> None:
    if content is not None:
        (club / name).write_bytes(content)
    ended = told("run", club / "club.yaml", club / name, *ON, "--backend", "duckdb")
    assert (ended.code, ended.err[:5], ended.out) == (*code, "")


@pytest.mark.parametrize("engine", ["duckdb", "dask"])
def test_a_table_that_breaks_off_is_told_in_the_engines_words(
    told: Any, club: Path, engine: str
) -> None:
    path = club / "customer.parquet"
    rows = pl.DataFrame({"id": [f"c{n:06d}" for n in range(5000)], "points": range(5000)})
    rows.write_parquet(path, compression="zstd", row_group_size=1000)
    raw = path.read_bytes()
    end = len(raw) - 8 - int.from_bytes(raw[-8:-4], "little")  # of the rows: the footer is sound
    path.write_bytes(raw[: end // 2] + b"\xff" * (end - end // 2) + raw[end:])
    before = sorted(club.iterdir())
    given = (club / "club.yaml", path, *ON, "--backend", engine, "--out", club / "out")
    ended = told("run", *given)
    assert ended.code == 4 and sorted(club.iterdir()) == before
    assert ended.err.startswith("LR426") and " failed: " in ended.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_as_without_an_engine(alike: Any, club: Path, encoding: str) -> None:
    table = club / "customer.csv"
    text = 'id,name,tier,points,consent\n001,"王 ""小""\n明",A,2000,是\nNA,null,A,,否\n'
    table.write_text(text, encoding=encoding)
    for engine in ("duckdb", "dask"):
        found = alike(engine, club / "club.yaml", table, *ON)
        assert b"customer,NA," in found["labels.csv"]


def test_a_sample_is_refused(told: Any, club: Path) -> None:
    given = (club / "club.yaml", club / "customer.csv", *ON, "--backend", "dask", "--sample", "2")
    ended = told("run", *given)
    assert ended.code == 2 and "--sample" in ended.err


def test_a_folder_that_is_there_is_refused_before_anything_is_done(told: Any, club: Path) -> None:
    (club / "out").mkdir()
    (club / "out" / "mine.txt").touch()
    given = (club / "club.yaml", club / "customer.csv", *ON, "--backend", "duckdb")
    ended = told("run", *given, "--out", club / "out")
    assert ended.code == 2 and "a folder" in ended.err
    assert [each.name for each in (club / "out").iterdir()] == ["mine.txt"]


def test_nothing_is_left_when_the_engine_fails_half_way(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(frame: Any, folder: Path) -> None:
        folder.mkdir()
        (folder / "data_0.parquet").write_bytes(b"PAR1")
        raise duckdb.IOException("could not write\nno space left on device")

    failing = backends.BACKENDS["duckdb"]._replace(parted=full)
    monkeypatch.setitem(backends.BACKENDS, "duckdb", failing)  # type: ignore[arg-type]
    before = sorted(club.iterdir())
    given = (club / "club.yaml", club / "customer.csv", *ON, "--backend", "duckdb")
    ended = told("run", *given, "--out", club / "a.csv", "--labels", club / "labels")
    assert ended.code == 4 and "DuckDB failed: could not write no space left" in ended.err
    assert sorted(club.iterdir()) == before


@pytest.mark.parametrize(
    ("engine", "sign"),
    effort.each([*product(("duckdb", "dask"), (signal.SIGINT, signal.SIGTERM))], 4),
    ids=str,
)
def test_a_run_in_an_engine_that_is_told_to_end_leaves_nothing(
    club: Path, tmp_path: Path, engine: str, sign: signal.Signals
) -> None:
    folders = [tmp_path / name for name in ("temporary", "results")]
    for folder in folders:
        folder.mkdir()
    temporary, results = folders
    many_customers(club / "many.parquet", 300_000)
    given = ("run", club / "club.yaml", club / "many.parquet", *ON, "--backend", engine)
    with running(temporary, *given, "--out", results / "out") as process:
        wait_until(lambda: bool(hidden(results)), process)
        process.send_signal(sign)
        _, said = process.communicate()
    assert process.returncode == 128 + sign and b"Traceback" not in said
    assert [list(folder.iterdir()) for folder in folders] == [[], []]


def test_what_a_worker_says_is_found_under_its_traceback() -> None:
    text = (
        'Thrown:\nTraceback (most recent call last):\n  File "a.py", line 1\nValueError: LR406 is\n'
    )
    assert backends._why(RuntimeError(text + "  = help\n at java")) == "ValueError: LR406 is"


@pytest.mark.parametrize("table", ["customer.csv", "purchase.csv"])
def test_a_process_of_duckdb_says_nothing_but_what_the_run_says(
    told: Any, club: Path, tmp_path: Path, table: str
) -> None:
    (club / "purchase.csv").write_text("id,tier\n1,none\n", encoding="utf-8")
    given = ["run", club / "club.yaml", club / table, *ON, "--backend", "duckdb"]
    command = [*COMMAND, *map(str, given)]
    ended = subprocess.run(command, env=environment(tmp_path), capture_output=True)
    assert ended.stderr.decode() == told(*given).err
