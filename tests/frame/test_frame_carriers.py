# SPDX-License-Identifier: Apache-2.0
"""Tables of Spark, Dask and DuckDB say exactly what the same tables say in memory."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest

import effort
from conformance import engines
from conformance.engines import arrow
from loyaltyrules import DayPlan, FrameError, compile_day, evaluate_frame, load_policy
from loyaltyrules.action.action import COLUMNS
from loyaltyrules.cli.reading import read_tables, split_tables
from loyaltyrules.cli.records import with_siblings
from loyaltyrules.frame.engines import carriers, on_duckdb, on_spark, parts

pytestmark = engines.ENGINE
ROOT = Path(__file__).parents[2]
KINDS = ("duckdb", "dask", engines.SPARK)
AT_LENGTH = ("duckdb", engines.DASK_AT_LENGTH, engines.SPARK_AT_LENGTH)
FEW = {"cdnow": 3000, "example_store": 200, "faults": 100}
FRAMES = ("actions", "suppressed", "labels", "faults", "changes")
Tables = dict[str, pl.DataFrame]


def carried(kind: str, tables: Tables) -> dict[str, Any]:
    """Tables as frames of a kind; Spark is only started where it is asked for."""
    match kind:
        case "duckdb":
            return {name: engines.on_duckdb(each.to_arrow()) for name, each in tables.items()}
        case "dask":
            return {
                name: engines.on_dask(each.to_pandas(use_pyarrow_extension_array=True))
                for name, each in tables.items()
            }
    return {name: engines.on_spark(each.to_arrow()) for name, each in tables.items()}


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Engines part even the small tables of these tests."""
    rows = next((n for name, n in FEW.items() if name in request.node.name), 3)
    monkeypatch.setattr(on_duckdb, "ROWS", rows)
    monkeypatch.setattr(on_spark, "ROWS", rows)


def rows(table: pl.DataFrame) -> list[tuple[Any, ...]]:
    return sorted(table.rows(), key=repr)


def alike(plan: DayPlan, tables: Tables, kind: str, expected: Any = None) -> Any:
    """Check that tables of a kind give what they give as Polars frames."""
    expected = expected or evaluate_frame(plan, tables)
    result = evaluate_frame(plan, carried(kind, tables))
    for name in FRAMES:
        found, known = pl.DataFrame(arrow(getattr(result, name))), getattr(expected, name)
        if name == "faults":
            known = known.with_columns(row=pl.lit(None, pl.Int64))
        assert found.schema == known.schema, (kind, name)
        assert rows(found) == rows(known), (kind, name)
    same_notes(plan, result, expected)
    return result


def same_notes(plan: DayPlan, result: Any, expected: Any) -> None:
    found, known = result.notes, expected.notes
    assert (found.rows, found.set_aside) == (known.rows, known.set_aside)
    assert found.ignored == known.ignored
    assert {n: e.asked for n, e in found.stages.items()} == {
        n: e.asked for n, e in known.stages.items()
    }
    if len(plan.dates) == 1:
        assert found.undecided == known.undecided
    told = [(each.subject, each.id, each.problem) for each in expected.problems]
    assert sorted(told, key=repr) == sorted(
        ((each.subject, each.id, each.problem) for each in result.problems), key=repr
    )


# ---- the shipped policies


class Store(NamedTuple):
    """A policy, the tables of its example, and those of them that are reference data."""

    policy: Any
    tables: Tables
    reference: Tables

    def plan(self, on: date, since: date | None = None) -> DayPlan:
        plan = compile_day(self.policy, on, since, self.reference)
        return with_siblings(plan, self.tables)


def store_of(policy: str, folder: str) -> Store:
    loaded = load_policy(ROOT / policy, root=ROOT)
    tables, reference = split_tables(read_tables(ROOT / folder, loaded), loaded)
    return Store(loaded, dict(tables), dict(reference))


@pytest.fixture(scope="module")
def menswear() -> Store:
    return store_of("policies/menswear", "examples/store")


@pytest.fixture(scope="module")
def in_memory(menswear: Store) -> Callable[..., tuple[DayPlan, Tables, Any]]:
    """The plan of a day or span, the tables of some subjects, and what they say as Polars frames."""

    @cache
    def known(names: tuple[str, ...], *span: date) -> tuple[DayPlan, Tables, Any]:
        plan, tables = menswear.plan(*span), {name: menswear.tables[name] for name in names}
        return plan, tables, evaluate_frame(plan, tables)

    return known


EVE = date(2027, 2, 5)  # of spring festival
SPANS = [(EVE,), (date(2027, 9, 15),), (date(2027, 5, 4), date(2027, 5, 1))]
DAYS = {
    date(2027, 1, 4): "ordinary",
    date(2027, 2, 7): "after a sale, cloth to be washed", date(2027, 2, 10): "a card, cash-back",
    date(2027, 2, 28): "a month's end, born on 29 February", date(2027, 3, 1): "a month's beginning",
    date(2027, 4, 30): "the eve of a holiday", date(2027, 5, 20): "a customer's own day",
    date(2027, 9, 9): "an occupation's day", date(2027, 9, 14): "the eve of a lunar festival",
    date(2027, 12, 31): "a year's end", date(2028, 2, 29): "a leap day",
}  # fmt: skip
CUSTOMERS = ("customer", "purchase", "card", "special_date")
SOME = {
    "dask": CUSTOMERS,
    "spark": ("store", *CUSTOMERS),
}  # they plan for seconds where tables are many


@pytest.mark.parametrize("span", effort.each(SPANS, 3), ids=lambda span: str(span[0]))
@pytest.mark.parametrize("kind", ["duckdb", engines.SPARK_AT_LENGTH])
def test_all_tables_of_the_example_store_say_the_same(
    menswear: Store, in_memory: Any, kind: str, span: Any
) -> None:
    plan, tables, expected = in_memory(tuple(menswear.tables), *span)
    result = alike(plan, tables, kind, expected)
    assert result.notes.rows["customer"] == 56


@pytest.mark.parametrize("day", effort.each([*DAYS], 11, start=3), ids=str)
@pytest.mark.parametrize("kind", effort.each(KINDS, 2))
def test_families_of_the_example_store_say_the_same_on_days_of_many_kinds(
    menswear: Store, in_memory: Any, kind: str, day: date
) -> None:
    plan, tables, expected = in_memory(SOME.get(kind, tuple(menswear.tables)), day)
    alike(plan, tables, kind, expected)


@effort.ALL
def test_the_families_of_the_example_store_say_the_same_in_dask(in_memory: Any) -> None:
    """With tables of every depth."""
    names = ("area", "store", "employee", "memory", *CUSTOMERS)
    plan, tables, expected = in_memory(names, EVE)
    alike(plan, tables, "dask", expected)


@effort.ALL
def test_two_rules_of_three_act_on_these_days(menswear: Store, in_memory: Any) -> None:
    acted = set[str]()
    for day in (EVE, *DAYS):
        _, _, expected = in_memory(tuple(menswear.tables), day)
        acted.update(expected.actions["rule"])
    assert len(acted) * 3 >= len(menswear.policy.rules) * 2


@effort.ALL
@pytest.mark.parametrize("kind", AT_LENGTH)
def test_the_cdnow_customers_say_the_same(kind: str) -> None:
    cdnow = store_of("examples/cdnow/policy", "examples/cdnow")
    alike(cdnow.plan(date(1998, 6, 30)), cdnow.tables, kind)


# ---- what is hard to bring together


def customers(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame({"tier": ["A", "B", "C", "B"], **columns})


BROKEN: dict[str, Tables] = {
    "repeated ids": {
        "store": pl.DataFrame({"id": ["s1", "s1", "s2", "s3"], "area_id": ["a", "b", "a", None]}),
        "customer": customers(id=["c1", "c1", "c2", "c3"], store_id=["s1", "s2", "s2", "s3"]),
        "purchase": pl.DataFrame({
            "id": ["p1", "p1", "p2", "p2", "p3"], "customer_id": ["c1", "c2", "c2", "c2", "c3"],
            "amount": ["1", "1", "2", "2", "3"],
        }),
    },
    "nothing above": {
        "store": pl.DataFrame({"id": ["s1"]}),
        "customer": customers(id=["c1", "c2", None, " "], store_id=["s9", None, "s1", "s1"]),
        "purchase": pl.DataFrame({
            "id": ["p1", None, "p3", "p4"], "customer_id": ["c1", "c9", None, " c2\u3000"],
        }),
        "item": pl.DataFrame({"id": ["i1", "i2"], "purchase_id": ["p1", "p9"]}),
    },
    "children alone": {
        "purchase": pl.DataFrame({"id": ["p1", "p1", "p3"], "customer_id": ["c1", "c2", "c1"]}),
        "employee": pl.DataFrame({"id": ["e1", "e2"], "store_id": ["s1", None]}),
        "memory": pl.DataFrame({"id": ["m1", "m2"], "employee_id": ["e2", "e3"]}),
    },
    "ids of other types": {
        "customer": customers(id=[7, 8, 123456789012345678, 10]),
        "purchase": pl.DataFrame({
            "id": ["p1", "p2", "p3", "p4"], "customer_id": [7.0, None, 8.0, float("nan")],
        }),
        "card": pl.DataFrame({
            "id": [1, 2, 3], "customer_id": [Decimal(7), Decimal(10), None],
        }, schema_overrides={"customer_id": pl.Decimal(20, 2)}),
        "contact": pl.DataFrame({"id": ["k1"], "customer_id": ["123456789012345678"]}),
    },
    "columns of every type": {
        "customer": customers(
            id=["c1", "c2", "c3", "c4"],
            amount_12m=pl.Series([Decimal("99999999999.9999"), None, Decimal("0.0001"), Decimal("1.00")],
                                 dtype=pl.Decimal(28, 6)),
            points_accumulated=[2000.0, 5000.0, None, 1.5],
            consent_marketing=[True, None, False, True],
            date_of_birth=[date(1990, 2, 5), None, date(1980, 2, 29), date(1899, 12, 31)],
            tier_override=[{"tier": "A", "expires_on": "2027-12-31"}, None, None, {"tier": "x"}],
            unheard_of=[1, 2, 3, 4],
        ),
        "contact": pl.DataFrame({
            "id": ["k1", "k2", "k3"], "customer_id": ["c1", "c1", "c2"],
            "at": [datetime(2027, 2, 4, 15, 59, 59, tzinfo=UTC), None,
                   datetime(2027, 2, 4, 16, tzinfo=UTC)],
        }),
        "purchase": pl.DataFrame({
            "id": ["b1", "b2"], "customer_id": ["c1", "c2"], "amount": [Decimal("12.3400"), None],
            "occurred_at": [datetime(2027, 2, 4, 23, 59, 59), datetime(2027, 2, 5)],
        }),
    },
    "nothing": {"customer": customers().head(0).with_columns(id=pl.Series([], dtype=pl.String))},
    "no children": {
        "customer": customers(id=["c1", "c2", "c3", "c4"]).head(1),
        "purchase": pl.DataFrame(schema={"id": pl.String, "customer_id": pl.String}),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", AT_LENGTH)
@pytest.mark.parametrize("name", effort.each([*BROKEN], 2))
def test_broken_and_unusual_tables_say_the_same(plan: Any, kind: str, name: str) -> None:
    alike(plan("menswear", "2027-02-05"), BROKEN[name], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_frames_have_all_columns_and_types_also_when_they_are_empty(plan: Any, kind: str) -> None:
    result = evaluate_frame(plan("shop", "2027-03-20"), carried(kind, BROKEN["nothing"]))
    for each in (result.actions, result.suppressed):
        table = arrow(each)
        assert (table.column_names, len(table)) == (list(COLUMNS), 0)
        typed = {n: str(table.schema.field(n).type) for n in ("priority", "due_on", "window_end")}
        assert typed == {"priority": "int64", "due_on": "date32[day]", "window_end": "date32[day]"}


def test_one_frame_is_a_frame_of_customers(plan: Any) -> None:
    table = BROKEN["no children"]["customer"]
    given = carried("duckdb", {"customer": table})["customer"]
    assert evaluate_frame(plan("menswear", "2027-02-05"), given).notes.rows == {"customer": 1}


def test_only_so_many_faults_are_collected(plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "TOLD", 5)
    table = pl.DataFrame({"id": [f"c{n:03d}" for n in range(300)], "tier": "Z"})
    result = evaluate_frame(plan("menswear", "2027-02-05"), carried("duckdb", {"customer": table}))
    assert [each.id for each in result.problems] == ["c000", "c001", "c002", "c003", "c004"]
    assert len(arrow(result.faults)) == result.notes.set_aside == 300


# ---- what is refused


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ({"customer": pl.DataFrame({"tier": ["A"]})}, "LR410"),
        ({"cutomer": pl.DataFrame({"id": ["c1"]})}, "LR414"),
    ],
)
def test_tables_that_cannot_be_read_are_told(
    plan: Any, kind: str, tables: Tables, code: str
) -> None:
    with pytest.raises(FrameError) as caught:
        evaluate_frame(plan("menswear", "2027-02-05"), carried(kind, tables))
    assert [each.code for each in caught.value.problems] == [code]


def test_a_mix_of_kinds_is_refused_by_name(plan: Any) -> None:
    table = pl.DataFrame({"id": ["c1"]})
    given = {"customer": table, "purchase": carried("duckdb", {"purchase": table})["purchase"]}
    with pytest.raises(FrameError, match=r"duckdb\.DuckDBPyRelation \+ polars\.DataFrame"):
        evaluate_frame(plan("menswear", "2027-02-05"), given)


def test_an_unknown_kind_is_refused_by_name(plan: Any) -> None:
    with pytest.raises(FrameError, match=r"LR413.* duckdb\.DuckDBPyConnection "):
        evaluate_frame(plan("menswear", "2027-02-05"), duckdb.connect())


def test_a_missing_package_is_named_with_its_install_line(
    plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = carried("duckdb", {"customer": pl.DataFrame({"id": ["c1"]})})
    monkeypatch.setattr(carriers, "_version", lambda package: 1)
    with pytest.raises(FrameError, match=r"duckdb>=2.*\n.*pip install 'loyaltyrules\[duckdb\]'"):
        evaluate_frame(plan("menswear", "2027-02-05"), given)
