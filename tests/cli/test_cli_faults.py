# SPDX-License-Identifier: Apache-2.0
"""What is wrong with rows is told so that it can be mended: grouped, causes first, with the remedy."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ON = ("--on", "2027-02-05")
PURCHASES = "id,customer_id,amount,sold_on\n"


def table(club: Path, rows: list[str], heading: str = "id,tier,points,joined") -> Path:
    path = club / "customer.csv"
    path.write_text("\n".join([heading, *rows, ""]), encoding="utf-8")
    return path


def faults_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def orphans(club: Path) -> Path:
    """Two customers of a tier that nobody knows, their purchases, and one of a customer who is not there."""
    rows = ["001,A,1", "002,钻石,1", "003,钻石,1"]
    table(club, rows, "id,tier,points")
    bought = "p1,002,5,2027-02-02\np2,003,5,2027-02-02\np3,009,5,2027-02-02\np4,001,5,2027-02-02\n"
    (club / "purchase.csv").write_text(PURCHASES + bought, encoding="utf-8")
    return club


def test_faults_that_are_alike_are_one_line_with_remedy_and_rows(told: Any, club: Path) -> None:
    rows = [f"c{n},{'male' if n % 3 else 'A'},1,x" for n in range(1, 31)]
    said = told("run", club / "club.yaml", table(club, rows), *ON).err
    assert (
        "LR403 20 customers: tier 'male' is none of A, B, C "
        "(rows in Excel: 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, …). "
        "Use one of these words, or leave it empty." in said
    )
    assert said.count("LR403") == 1


def test_one_fault_is_told_with_its_row_in_the_table_and_in_excel(told: Any, club: Path) -> None:
    said = told("run", club / "club.yaml", table(club, ["1,A,1,x", "2,A,many,x"]), *ON).err
    line = next(line for line in said.splitlines() if "LR402" in line)
    assert line.startswith("row 2 of customer: LR402 points of 2: 'many' is not a whole number")
    assert "(rows in Excel: 3)" in line and line.endswith("without thousands separators.")


def test_different_words_are_told_apart_only_while_they_are_few(told: Any, club: Path) -> None:
    few = [f"c{n},{'XYZ'[n % 3]},1,x" for n in range(9)]
    assert told("run", club / "club.yaml", table(club, few), *ON).err.count("LR403") == 3
    many = [f"c{n},w{n},1,x" for n in range(9)]
    said = told("run", club / "club.yaml", table(club, [*many, "d,A,1,x"]), *ON).err
    assert said.count("LR403") == 1 and "9 customers: tier 'w0', 'w1', 'w2', … is none of" in said


def test_what_follows_from_a_fault_comes_after_it_and_says_so(told: Any, orphans: Path) -> None:
    said = told("run", orphans / "club.yaml", orphans, *ON).err
    told_in_order = [line for line in said.splitlines() if "LR4" in line]
    assert [line[:60].rstrip() for line in told_in_order] == [
        "LR403 2 customers: tier '钻石' is none of A, B, C (rows in Exc",
        "row 3 of purchase: LR415 customer_id of p3: '009' names no c",
        "LR415 2 purchases: the customer that customer_id names was s",
    ]
    assert "Mend that fault of customer first" in told_in_order[2]


def test_the_order_of_what_is_told_is_always_the_same(told: Any, orphans: Path) -> None:
    assert len({told("run", orphans / "club.yaml", orphans, *ON).err for _ in range(3)}) == 1


def test_the_file_of_faults_has_a_line_for_each_with_remedy_and_row(
    told: Any, orphans: Path
) -> None:
    file = orphans / "faults.csv"
    told("run", orphans / "club.yaml", orphans, *ON, "--faults", file)
    found = faults_of(file)
    assert [(row["id"], row["row"], row["excel_row"]) for row in found] == [
        ("002", "2", "3"), ("003", "3", "4"), ("p3", "3", "4"), ("p1", "1", "2"), ("p2", "2", "3"),
    ]  # fmt: skip
    assert found[0]["remedy"].startswith("Use one of these words")
    assert found[2]["remedy"].startswith("Correct the id")
    assert found[3]["remedy"].startswith("Mend that fault of customer first")


def test_the_causes_stand_before_what_follows_whatever_their_tables_are_called(
    told: Any, club: Path
) -> None:
    """`accounts` comes before `customer` by its name, and after it as a cause."""
    text = (club / "club.yaml").read_text(encoding="utf-8")
    named = text.replace("purchase:", "account:").replace("purchase", "account")
    (club / "club.yaml").write_text(named, encoding="utf-8")
    table(club, ["001,A,1", "002,钻石,1"], "id,tier,points")
    rows = "p1,002,5,2027-02-02\np4,001,5,2027-02-02\n"
    (club / "account.csv").write_text(PURCHASES + rows, encoding="utf-8")
    for engine in ((), ("--backend", "duckdb")):
        told("run", club / "club.yaml", club, *ON, "--faults", club / "f.csv", *engine)
        assert [row["code"] for row in faults_of(club / "f.csv")] == ["LR403", "LR415"]


def test_a_value_that_is_neither_yes_nor_no_is_told_with_how_to_write_these(
    told: Any, club: Path
) -> None:
    rows = ["1,A,1,√", "2,A,1,同意", "3,A,many,yes"]
    said = told("run", club / "club.yaml", table(club, rows, "id,tier,points,consent"), *ON).err
    yes_no, number = (
        next(line for line in said.splitlines() if field in line) for field in ("consent", "points")
    )
    assert "Write yes or no (是, 否" in yes_no and "thousands" not in yes_no
    assert "thousands separators" in number


def test_tables_are_called_by_their_titles_in_chinese(told: Any, club: Path) -> None:
    text = (club / "club.yaml").read_text(encoding="utf-8")
    titles = "subjects:\n  customer: {title: {zh: 客户}}\n"
    (club / "club.yaml").write_text(text.replace("subjects:\n", titles), encoding="utf-8")
    table(club, ["001,钻石,1,x"], "id,tier,points,hobby")
    (club / "purchase.csv").write_text(PURCHASES + "p1,001,5,2027-02-02\n", encoding="utf-8")
    said = told("run", club / "club.yaml", club, *ON, "--language", "zh").err
    assert "客户（customer）" in said and "customer 表" not in said
    assert "所指的客户因上面的错误被搁置" in said


def test_what_no_spreadsheet_holds_has_no_row_in_one(told: Any, club: Path) -> None:
    rows = pl.DataFrame({"id": ["1", "2"], "tier": ["A", "?"], "points": [1, 2]})
    rows.write_parquet(club / "c.parquet")
    given = ("run", club / "club.yaml", club / "c.parquet", *ON, "--faults", club / "faults.csv")
    assert "Excel" not in told(*given).err
    assert [row["excel_row"] for row in faults_of(club / "faults.csv")] == [""]


SHOWN = {
    "13912345678": "139****5678", "+86 139-1234-5678": "+86****5678", "86 139 1234 5678": "86 ****5678",
    "13912345678x": "139****678x", "139 1234 5678": "139****5678",
    "１３９１２３４５６７８": "１３９****５６７８",
    "ann.wang@example.com": "ann****.com", "025-8473 1234": "025****1234",
    "11010519491231002X": "110****002X", "+49 151 2345678": "+49****5678",
}  # fmt: skip


@pytest.mark.parametrize("value", SHOWN)
def test_what_looks_like_somebodys_number_or_address_is_masked(
    told: Any, club: Path, value: str
) -> None:
    rows = [f'c{n},"{value}","{value}",x' for n in (1, 2)]
    table(club, [*rows, "c3,A,1,x", f'"c4",A,"{value}",x'])
    bought = PURCHASES + f'p1,c3,"{value}","{value}"\np2,"{value}",1,2027-01-01\n'
    (club / "purchase.csv").write_text(bought, encoding="utf-8")
    given = ("run", club / "club.yaml", club, *ON, "--lenient", "--faults", club / "faults.csv")
    for language in ("en", "zh"):
        ended = told(*given, "--language", language)
        told_at_all = ended.out + ended.err + (club / "faults.csv").read_text(encoding="utf-8")
        assert value not in told_at_all
        assert SHOWN[value] in told_at_all


@pytest.mark.parametrize(
    "value", ["2027/12/31", "diamond", "1,234.50", "20270205", "0012345", "D-1"]
)
def test_other_values_are_shown_as_they_are(told: Any, club: Path, value: str) -> None:
    rows = [f'c1,"{value}",1,x', "c2,A,1,x"]
    assert value in told("run", club / "club.yaml", table(club, rows), *ON).err


def nothing_left(told: Any, club: Path, *options: Any, verb: str = "run") -> Any:
    path = table(club, ["c1,male,1,x", "c2,female,1,x"])
    return told(verb, club / "club.yaml", path, *ON, *options)


@pytest.mark.parametrize("verb", ["run", "render"])
def test_no_customer_left_ends_with_4_and_is_told_loudly(told: Any, club: Path, verb: str) -> None:
    ended = nothing_left(told, club, "--out", club / "out.csv", verb=verb)
    assert ended.code == 4 and "ATTENTION: no row is left of: customer" in ended.err
    assert not (club / "out.csv").exists()
    lenient = nothing_left(told, club, "--out", club / "out.csv", "--lenient", verb=verb)
    assert lenient.code == 0 and "ATTENTION" in lenient.err
    assert (club / "out.csv").exists()


def test_where_nothing_is_left_the_faults_and_the_report_are_written(told: Any, club: Path) -> None:
    faults, report = club / "faults.csv", club / "report.json"
    nothing_left(told, club, "--faults", faults, "--report", report)
    assert len(faults_of(faults)) == 2
    assert json.loads(report.read_text(encoding="utf-8"))["nothing_left"] == ["customer"]
    faults.unlink()
    assert nothing_left(told, club, "--faults", faults, "--strict", "--lenient").code == 4
    assert not faults.exists()


@pytest.mark.parametrize("verb", ["run", "render"])
@pytest.mark.parametrize(
    ("bought", "code"),
    [
        ("p1,001,x,2027-01-01\np2,001,y,2027-01-01\n", 4),
        ("p1,001,x,2027-01-01\np2,001,5,\n", 0),
        ("", 0),
    ],
)
def test_a_table_of_faulty_rows_alone_ends_with_4(
    told: Any, club: Path, verb: str, bought: str, code: int
) -> None:
    table(club, ["001,A,1,x"])
    (club / "purchase.csv").write_text(PURCHASES + bought, encoding="utf-8")
    ended = told(verb, club / "club.yaml", club, *ON)
    assert ended.code == code and ("no row is left of: purchase" in ended.err) == (code == 4)
    assert told(verb, club / "club.yaml", club, *ON, "--lenient").code == 0


def test_a_sample_without_some_child_records_is_no_loss(told: Any, club: Path) -> None:
    table(club, ["001,A,1,x", "002,A,1,x"])
    (club / "purchase.csv").write_text(PURCHASES + "p1,002,5,2027-01-01\n", encoding="utf-8")
    assert told("run", club / "club.yaml", club, *ON, "--sample", 1).code == 0


def test_long_notes_are_cut_and_the_report_has_them_all(told: Any, club: Path) -> None:
    names = ",".join(f"x{number}" for number in range(2000))
    cells = ",".join("1" * 2000)
    path = table(club, [f"1,{cells}"], f"id,{names}")
    ended = told("run", club / "club.yaml", path, *ON, "--report", club / "report.json")
    assert max(map(len, ended.err.splitlines())) < 500 and "… and 1988 more" in ended.err
    report = json.loads((club / "report.json").read_text(encoding="utf-8"))
    assert len(report["ignored_columns"]["customer"]) == 2000


def test_many_undecided_rules_are_cut(told: Any, club: Path) -> None:
    rules = "".join(
        f"  r{n}: {{for: customer, if: consent, once_per: month, do: task.x{n}}}\n"
        for n in range(30)
    )
    policy = (
        (club / "club.yaml").read_text(encoding="utf-8").replace("rules:\n", f"rules:\n{rules}")
    )
    (club / "club.yaml").write_text(policy, encoding="utf-8")
    said = told("run", club / "club.yaml", table(club, ["1,A,1,x"]), *ON).err
    assert said.count("was not decided for lack of") == 10
    assert "more rules were not decided" in said


@pytest.mark.parametrize("title", ["累计积分", "Points so far"])
def test_a_heading_that_is_the_title_of_a_fact_is_told_as_one(
    told: Any, club: Path, title: str
) -> None:
    titled = "points: {type: whole, default: 0, title: {zh: 累计积分, en: Points so far}}"
    policy = (club / "club.yaml").read_text(encoding="utf-8")
    policy = policy.replace("points: {type: whole, default: 0}", titled)
    (club / "club.yaml").write_text(policy, encoding="utf-8")
    path = table(club, ["1,5000,x"], f"id,{title},colour")
    given = ("run", club / "club.yaml", path, *ON, "--report", club / "report.json")
    said = told(*given).err
    assert f"{title} is the title of points: rename the column" in said
    assert "does not read: colour" in said
    report = json.loads((club / "report.json").read_text(encoding="utf-8"))
    assert report["ignored_columns"]["customer"][title] == "points"
    assert f"{title} 是 points 的名称" in told(*given, "--language", "zh").err


@pytest.mark.parametrize("verb", ["run", "render"])
def test_where_no_row_is_left_the_file_and_the_ways_out_are_named(
    told: Any, club: Path, verb: str
) -> None:
    table(club, ["001,A,1,x"])
    (club / "purchase.csv").write_text(PURCHASES + "p1,001,many,2027-02-02\n", encoding="utf-8")
    ended = told(verb, club / "club.yaml", club, *ON)
    assert ended.code == 4 and "no row is left of: purchase: purchase.csv." in ended.err
    if verb == "run":
        assert "amount of p1: 'many'" in ended.err and "rows in Excel: 2" in ended.err
        assert "take the file out of the folder" in ended.err and "--lenient" in ended.err


def test_a_label_without_a_word_is_not_told_as_a_lack_of_facts(told: Any, club: Path) -> None:
    text = (club / "club.yaml").read_text(encoding="utf-8")
    label = "labels:\n  care: {for: customer, values: [a], cases: {a: tier = A}}\n"
    rule = "rules:\n  caring: {for: customer, if: care = a, once_per: month, do: call}\n"
    changed = text.replace("labels:\n", label).replace("rules:\n", rule)
    (club / "club.yaml").write_text(changed, encoding="utf-8")
    said = told("run", club / "club.yaml", table(club, ["1,B,1,x"]), *ON).err
    assert "caring was not decided, as labels have no word" in said and "care (1)" in said
    assert "caring was not decided for lack" not in said
