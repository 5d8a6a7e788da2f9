# SPDX-License-Identifier: Apache-2.0
"""The family of aggregates: each is a key of facts, and tables make of it what rows make of it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import effort
from conformance.backends import Backend, Column, Columns
from conformance.cases import loaded
from conformance.test_columns import KIND
from conformance.test_found import HEAD, compared
from loyaltyrules.expression.aggregates import AGGREGATES
from loyaltyrules.expression.types import KINDS
from loyaltyrules.policy.lowering.facts import RANKS
from loyaltyrules.policy.schema import schema
from loyaltyrules.policy.shape import FactShape

VALUES: Mapping[str, tuple[str, tuple[Any, ...]]] = {  # the type of a column, and four values
    "text": ("text", ("golf", "茶", "a;b", "golf")), "whole": ("int64", (7, -3, 7, 100)),
    "number": ("decimal", ("1.5", "0.0001", "-2.25", "33.3333")),
    "share": ("text", ("20%", "0.5", "12.5%", "0")), "yes/no": ("bool", (True, False, True, True)),
    "date": ("date", ("2027-02-05", "2024-02-29", "2027-02-05", "2026-12-31")),
    "datetime": ("datetime", ("2027-02-05", "2024-02-29", "2027-02-05", "2026-12-31")),
    "list": ("text", ("golf;茶", "茶", "golf", "x")), "word": ("text", ("A", "C", "B", "A")),
}  # fmt: skip
CHECKS: Mapping[str, str] = {
    "whole": "{} >= 1", "number": "{} > 0.5", "share": "{} > 20%", "yes/no": "{}",
    "date": "{} > 2026-12-31", "datetime": "{} > 2026-12-31", "list": "size({}) > 1",
    "text": '{} = "golf"', "word": "{} >= B",
}  # fmt: skip
KNOWN = "1111 1101 1010 1000 0000 1111 0001"  # which of the values of each customer are there
COUNTS = "1111 1111 1101 11?1 1111 0000 111?"  # which of them their condition lets count
DAYS = (date(2027, 1, 3), date(2027, 1, 2), date(2027, 1, 2), None, date(2027, 1, 1))
CASES = [
    (name, kind)
    for name, each in AGGREGATES.items()
    for kind in VALUES
    if kind in each.takes or (not each.takes and kind == "text")
]


def policy(name: str, kind: str) -> str:
    """Every way to say an aggregate of one kind of value, its figure stated and compared."""
    aggregate = AGGREGATES[name]
    of = "purchase.value" if aggregate.takes else "purchase"
    of += ", by: at" if aggregate.picks else ""
    said = {"all": f"{{{name}: {of}}}", "some": f"{{{name}: {of}, where: counts}}"}
    if kind in ("whole", "number", "share"):
        parts = of.replace("value", "(value / 7)")
        said["parts"] = f"{{{name}: {parts}, where: counts}}"
    if aggregate.cut:
        said["first"] = f"{{{name}: {of}, by: value, take: 2}}"
        said["last"] = f"{{{name}: {of}, by: [-value, -at], take: 2}}"
    if aggregate.picks:
        said["best"] = f"{{{name}: purchase.value, by: [-value, at]}}"
        said["told"] = f"{{{name}: purchase.value, by: [-at, value], where: value is not missing}}"
    declared = "[A, B, C]" if kind == "word" else kind
    made = loaded(f"{HEAD}{FACTS.format(declared=declared)}  customer: {{all: {said['all']}}}\n")
    check = CHECKS[made.derived["customer"]["all"].type.kind]
    lines = [f"    {fact}: {text}" for fact, text in said.items()]
    rules = [RULES.format(fact=fact, check=check.format(fact)) for fact in said]
    return "\n".join([FACTS.format(declared=declared) + "  customer:", *lines, "rules:", *rules])


FACTS = """
subjects: {{purchase: {{of: customer}}}}
facts:
  purchase:
    value: {{type: {declared}}}
    counts: {{type: yes/no}}
    at: {{type: date, absent: unknown}}
"""
RULES = """\
  tell_{fact}: {{for: customer, once_per: id, do: {{do: task.{fact}, value: {fact}}}}}
  none_{fact}: {{for: customer, once_per: id, if: {fact} is missing, do: task.{fact}}}
  test_{fact}: {{for: customer, once_per: id, if: {check}, do: task.{fact}}}"""


def customers() -> Columns:
    return {"id": Column("text", [f"c{n}" for n in range(len(KNOWN.split()) + 1)])}


def purchases(kind: str) -> Columns:
    """Four of each customer; the last customer has none."""
    dtype, values = VALUES[kind]
    read = {"decimal": Decimal, "date": date.fromisoformat, "datetime": datetime.fromisoformat}
    known = [read.get(dtype, lambda value: value)(value) for value in values]
    given, let = "".join(KNOWN.split()), "".join(COUNTS.split())
    return {
        "id": Column("text", [f"p{n}" for n in range(len(given))]),
        "customer_id": Column("text", [f"c{n // 4}" for n in range(len(given))]),
        "value": Column(dtype, [known[n % 4] if each == "1" else None for n, each in enumerate(given)]),
        "counts": Column("bool", [{"1": True, "0": False, "?": None}[each] for each in let]),
        "at": Column("date", [DAYS[n % len(DAYS)] for n in range(len(given))]),
    }  # fmt: skip


@KIND
@pytest.mark.parametrize(("name", "kind"), effort.each(CASES, 3))
def test_tables_make_of_an_aggregate_what_rows_make_of_it(
    backend: Backend, name: str, kind: str
) -> None:
    text = policy(name, kind)
    compared(text, {"customer": customers(), "purchase": purchases(kind)}, backend)
    compared(text, {"customer": customers()}, backend)  # no child records were brought
    none = {column: Column(each.dtype, []) for column, each in purchases(kind).items()}
    compared(text, {"customer": customers(), "purchase": none}, backend)


@pytest.mark.parametrize("name", AGGREGATES)
def test_every_aggregate_is_a_key_of_facts_and_of_the_schema(name: str) -> None:
    assert name in FactShape.model_fields
    assert name in schema()["$defs"]["FactShape"]["properties"]


@pytest.mark.parametrize("name", AGGREGATES)
def test_what_an_aggregate_does_not_take_is_refused_at_load(name: str) -> None:
    for kind in {*VALUES} - AGGREGATES[name].takes if AGGREGATES[name].takes else ():
        with pytest.raises(AssertionError, match="LR250"):
            policy(name, kind)


@KIND
def test_what_is_made_of_several_kinds_of_number_keeps_its_decimals(backend: Backend) -> None:
    text = """
subjects: {purchase: {of: customer}}
facts:
  purchase: {pieces: {type: whole}, paid: {type: number}}
  customer: {least: {sum: "purchase.(min(pieces, paid))"}}
rules: {tell: {for: customer, once_per: id, do: {do: task.tell, value: least}}}
"""
    below: Columns = {
        "id": Column("text", ["p1", "p2"]), "customer_id": Column("text", ["c0", "c0"]),
        "pieces": Column("int64", [3, 1]), "paid": Column("decimal", [Decimal("1.5"), Decimal(9)]),
    }  # fmt: skip
    compared(text, {"customer": customers(), "purchase": below}, backend)


def test_an_aggregate_of_records_takes_no_value() -> None:
    text = FACTS.format(declared="whole") + "  customer: {n: {count: purchase.value}}\n"
    with pytest.raises(AssertionError, match="LR218"):
        loaded(HEAD + text)


def test_every_kind_of_value_that_facts_may_have_is_tried() -> None:
    assert {*VALUES} == {*KINDS} - {"period"}
    assert not {*AGGREGATES} & {*RANKS}
