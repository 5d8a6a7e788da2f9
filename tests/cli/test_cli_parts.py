# SPDX-License-Identifier: Apache-2.0
"""A snapshot that is decided in parts comes to the same bytes as the whole."""

import random
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import effort
from loyaltyrules import compile_day, evaluate_frame, load_policy
from loyaltyrules.frame.input import canonical
from loyaltyrules.frame.keys import by_signature
from loyaltyrules.frame.streaming import split

ROOT = Path(__file__).parents[2]
OUTPUTS = ("actions.csv", "suppressed.csv", "changes.csv", "labels.csv", "faults.csv")
OPTIONS = ("--out", "--suppressed", "--changes", "--labels", "--faults")
SPAN = ("--on", "2027-02-07", "--since", "2027-02-03")
DAY = ("--on", "2027-02-05")
NAMES = ["7", "7/8", "7%2F8", "7-1", "70", "客户", "a b", "", None]


@pytest.fixture(autouse=True)
def by_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_signature, "FEW", 0)
    monkeypatch.setattr(canonical, "FEW", 0)


@pytest.fixture
def both(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[dict[str, bytes], dict[str, bytes]]]:
    """What a run writes and tells, whole and in parts of a few customers."""

    def run(size: int, *arguments: Any) -> dict[str, bytes]:
        monkeypatch.setattr(split, "SIZE", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        paths = [folder / name for name in OUTPUTS]
        options = [each for pair in zip(OPTIONS, paths, strict=True) for each in pair]
        ended = told("run", *arguments, *options, "--language", "en")
        assert ended.code == 0, ended.err
        written = {path.name: path.read_bytes() for path in paths}
        return written | {"told": ended.out.encode(), "warned": ended.err.encode()}

    return lambda size, *arguments: (run(10**9, *arguments), run(size, *arguments))


@pytest.mark.parametrize(
    ("days", "order"), effort.each([*product((DAY, SPAN), ("shuffled", "ascending"))], 4)
)
def test_customers_alone(both: Any, tmp_path: Path, order: str, days: tuple[str, ...]) -> None:
    table = pl.read_csv(ROOT / "examples" / "store" / "customer.csv", infer_schema=False)
    faulty = table[3:6].with_columns(date_of_birth=pl.lit("2027-02-30"))
    odd = table[:8].with_columns(pl.Series("id", NAMES[:8]))
    several = pl.concat([table, table[10:14], faulty, odd, odd[:1].with_columns(id=None)])
    several = several.sort("id", maintain_order=True)
    if order == "shuffled":
        several = several.sample(fraction=1, shuffle=True, seed=7)
    path = tmp_path / "customer.parquet"
    several.write_parquet(path)
    whole, split = both(9, ROOT / "policies" / "menswear", path, *days)
    assert whole == split
    assert whole["actions.csv"].count(b"\n") > 40 and whole["faults.csv"].count(b"\n") > 8


def test_customers_with_what_is_below_them(both: Any, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    random_ = random.Random(1)
    for source in sorted((ROOT / "examples" / "store").glob("*.csv")):
        if source.stem == "store":
            continue  # whose rules count all of their customers
        lines = source.read_text(encoding="utf-8").splitlines()
        rows = lines[1:]
        random_.shuffle(rows)
        (folder / source.name).write_text("\n".join([lines[0], *rows, ""]), encoding="utf-8")
    whole, split = both(11, ROOT / "policies" / "menswear", folder, "--on", "2027-02-27")
    assert whole == split
    assert b"/visit/" in whole["actions.csv"] and b"/plan/" in whole["actions.csv"]


def test_stores_that_count_their_customers_keep_them_together(both: Any) -> None:
    given = (ROOT / "policies" / "menswear", ROOT / "examples" / "store", "--on", "2027-03-01")
    whole, split = both(5, *given)
    assert whole == split and b"/store/" in whole["actions.csv"]


def test_a_folder_of_parts_is_one_table_and_a_path_without_ending_a_folder(
    told: Any, club: Path
) -> None:
    customers = pl.read_csv(club / "customer.csv", infer_schema=False)
    folder = club / "parts"
    folder.mkdir()
    for number, part in enumerate((customers[:1], customers[1:])):
        part.write_parquet(folder / f"part-{number}.parquet")
    told("run", club / "club.yaml", club / "customer.csv", *DAY, "--out", club / "whole.parquet")
    ended = told("run", club / "club.yaml", folder, *DAY, "--out", club / "out")
    assert ended.code == 0
    written = pl.read_parquet(club / "out" / "*.parquet")
    assert written.equals(pl.read_parquet(club / "whole.parquet")) and written.height == 2
    again = told("run", club / "club.yaml", folder, *DAY, "--out", club / "out", "--language", "en")
    assert again.code == 2 and "a folder" in again.err


def test_nothing_of_a_folder_is_left_when_the_disk_fails(
    told: Any, club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(club.iterdir())
    monkeypatch.setattr(pl.LazyFrame, "sink_csv", full)
    given = ["--out", club / "out", "--labels", club / "labels.csv"]
    ended = told("run", club / "club.yaml", club / "customer.csv", *DAY, *given)
    assert ended.code != 0 and sorted(club.iterdir()) == before


def test_a_sample_is_spread_over_the_customers_and_gives_their_part_of_the_whole(
    told: Any, tmp_path: Path
) -> None:
    given = (ROOT / "policies" / "menswear", ROOT / "examples" / "store", *DAY)
    told("run", *given, "--out", tmp_path / "whole.parquet")
    ended = told("run", *given, "--sample", "10", "--out", tmp_path / "sample.parquet")
    assert ended.code == 0
    whole, sample = (pl.read_parquet(tmp_path / f"{n}.parquet") for n in ("whole", "sample"))
    named = pl.col("customer_id").is_not_null()
    assert 0 < sample.filter(named)["customer_id"].n_unique() <= 10
    assert (
        sample.filter(named).join(whole, on=whole.columns, how="anti", nulls_equal=True).is_empty()
    )
    assert sample.filter(~named)["subject"].unique().is_in(whole["subject"].implode()).all()


@pytest.mark.parametrize("size", effort.each([6, 10**9], 2), ids=str)
def test_shares_are_those_among_all_customers(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The columns of a run place customers as the population of a plan does, one by one."""
    monkeypatch.setattr(split, "SIZE", size)
    source = ROOT / "examples" / "store" / "customer.csv"
    table = pl.read_csv(source, infer_schema=False)
    path = tmp_path / "customer.csv"
    pl.concat([table, table[3:5], table[8:9].with_columns(tier=pl.lit("?"))]).write_csv(path)
    policy = load_policy(ROOT / "policies" / "menswear")
    sound = table.filter(pl.col("id") != table["id"][8])
    plan = compile_day(policy, date(2027, 2, 5)).with_population(sound)
    expected = evaluate_frame(plan, sound).labels
    ended = told(
        "run", ROOT / "policies" / "menswear", path, *DAY, "--labels", tmp_path / "l.parquet"
    )
    assert ended.code == 0
    assert pl.read_parquet(tmp_path / "l.parquet").equals(expected)
    assert expected["tier.share"].n_unique() > 1


def test_touches_of_a_span_stay_with_their_customers(both: Any, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        """
format: 1
policy: caps
subjects: {contact: {of: customer}}
facts: {contact: {at: {type: date}, channel: {type: text}}}
words: {text: {kind: message.send, channel: sms}}
rules:
  one: {for: customer, at: daily, do: text}
  stays: {for: customer, once_per: year, do: call}
gate: [{cap: 2, per: 3 days, history: contact, which: channel = sms}]
""",
        encoding="utf-8",
    )
    data = tmp_path / "data"
    data.mkdir()
    ids = [f"c-{n}" for n in range(12)]
    pl.DataFrame({"id": ids}).write_csv(data / "customer.csv")
    contacts = {
        "id": [f"k-{n}" for n in range(20)], "customer_id": [ids[n * 7 % 12] for n in range(20)],
        "at": [date(2027, 2, 1 + n % 6) for n in range(20)], "channel": ["sms", "phone"] * 10,
    }  # fmt: skip
    pl.DataFrame(contacts).write_csv(data / "contact.csv")
    whole, parts = both(3, tmp_path / "policy.yaml", data, *SPAN)
    assert parts == whole
    assert b"frequency_cap" in whole["suppressed.csv"] and b"stays" in whole["actions.csv"]
