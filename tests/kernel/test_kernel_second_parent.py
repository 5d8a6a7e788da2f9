# SPDX-License-Identifier: Apache-2.0
"""`also: store`: a second parent, read and counted like the first."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from loyaltyrules import DayPlan, Decision, Policy, apply, compile_day, evaluate, evaluate_frame

ON = "2027-02-01"
TEXT = """
subjects: {store: {}, customer: {of: store}, complaint: {of: customer, also: store}, note: {of: complaint}}
facts:
  store:
    brand: {type: text}
    strict: {is: brand = "silk", source: STORE-CMP-02}
    open_complaints: {count: complaint, where: not closed, source: STORE-CMP-02}
    told: {type: whole, default: 0}
  customer: {class: {type: [key, important, ordinary]}, mine: {count: complaint}}
  complaint: {closed: {type: yes/no, default: no}, recorded_on: {type: date}}
  note: {said: {type: text}}
words:
  record: {kind: task.record_complaint, value: store.brand, adds: {store.told: "1"}}
rules:
  record: {for: complaint, if: recorded_on is missing, once_per: id, do: record, source: STORE-CMP-02}
  strict: {for: complaint, if: store.strict, once_per: id, do: task.strict}
  green:  {for: complaint, if: customer.class = key, once_per: id, do: task.green, source: STORE-SERV-07}
  many:   {for: store, if: open_complaints >= 2, once_per: month, do: {do: alert x, value: open_complaints}}
  mine:   {for: customer, if: mine >= 1, once_per: id, do: {do: task.mine, value: mine}}
  read:   {for: note, if: store.brand = "silk", once_per: id, do: task.read}
"""
STORES: list[dict[str, Any]] = [
    {"id": "s1", "brand": "silk", "complaints": [{"id": "k1", "customer_id": "c1"}, {"id": "k3"}]},
    {"id": "s2", "brand": "wool"},
]
K1 = {"id": "k1", "store_id": "s1", "notes": [{"id": "n1"}]}
CUSTOMER: dict[str, Any] = {
    "id": "c1", "store_id": "s2", "class": "key", "complaints": [K1, {"id": "k2"}],
}  # fmt: skip
ANONYMOUS = {"id": "k3", "store_id": "s1", "notes": [{"id": "n3"}]}


@pytest.fixture
def plan(written: Callable[[str], Policy]) -> DayPlan:
    return compile_day(written(TEXT), ON, tables={"store": STORES})


def said(decision: Decision) -> list[tuple[str, str, str | None, str]]:
    return [(e.rule, e.subject_id, e.value, e.status) for e in decision.actions]


def tables() -> dict[str, pl.DataFrame]:
    return {
        "store": pl.DataFrame({"id": ["s1", "s2"], "brand": ["silk", "wool"]}),
        "customer": pl.DataFrame({"id": ["c1"], "store_id": ["s2"], "class": ["key"]}),
        "complaint": pl.DataFrame(
            {"id": ["k1", "k2", "k3"], "customer_id": ["c1", "c1", None], "store_id": ["s1", None, "s1"]}
        ),
        "note": pl.DataFrame({"id": ["n1", "n3"], "complaint_id": ["k1", "k3"]}),
    }  # fmt: skip


def test_a_record_reads_its_own_store_not_that_of_its_customer(plan: DayPlan) -> None:
    found = evaluate(plan, CUSTOMER)
    assert said(found) == [
        ("green", "k1", None, "ready"), ("green", "k2", None, "ready"), ("mine", "c1", "2", "ready"),
        ("read", "n1", None, "ready"), ("record", "k1", "silk", "ready"),
        ("record", "k2", None, "blocked_missing_data"), ("strict", "k1", None, "ready"),
    ]  # fmt: skip


def test_without_its_store_what_reads_it_is_undecided_and_says_so(plan: DayPlan) -> None:
    found = evaluate(plan, CUSTOMER).undecided
    assert [(each.rule, each.subject_id, each.facts) for each in found] == [
        ("strict", "k2", ("store.brand",))
    ]
    other = evaluate(plan, {"id": "k9", "store_id": "s9", "customer_id": "c9"}, "complaint")
    assert [(each.rule, each.facts) for each in other.undecided] == [
        ("strict", ("store.brand",)), ("green", ("customer.class",)),
    ]  # fmt: skip


def test_a_store_counts_its_complaints_and_does_not_decide_them(plan: DayPlan) -> None:
    assert said(evaluate(plan, STORES[0], "store")) == [("many", "s1", "2", "ready")]


def test_a_complaint_without_a_customer_is_a_record_of_its_own(plan: DayPlan) -> None:
    assert said(evaluate(plan, ANONYMOUS, "complaint")) == [
        ("read", "n3", None, "ready"), ("record", "k3", "silk", "ready"),
        ("strict", "k3", None, "ready"),
    ]  # fmt: skip


def test_tables_decide_what_rows_decide(plan: DayPlan) -> None:
    result = evaluate_frame(compile_day(plan.policy, ON), tables())
    rows = [evaluate(plan, CUSTOMER), evaluate(plan, ANONYMOUS, "complaint")]
    rows += [evaluate(plan, each, "store") for each in STORES]
    actions = sorted(
        (each.action_id, each.value, each.status, each.customer_id, each.store_id)
        for one in rows
        for each in one.actions
    )
    names = ("action_id", "value", "status", "customer_id", "store_id")
    assert result.actions.select(names).rows() == actions
    assert result.faults.is_empty()
    changes = [tuple(row.values()) for one in rows for row in one.changes]
    assert result.changes.rows() == sorted(changes, key=lambda row: (row[0], row[3]))


def test_a_row_without_any_parent_is_set_aside(plan: DayPlan) -> None:
    given = tables()
    lost = pl.DataFrame({"id": ["k4", "k5"], "customer_id": [None, "c9"], "store_id": [None, "s1"]})
    given["complaint"] = pl.concat([given["complaint"], lost])
    faults = evaluate_frame(compile_day(plan.policy, ON), given).faults
    assert faults.select("id", "code").rows() == [("k4", "LR415"), ("k5", "LR415")]


def test_what_a_complaint_changes_is_its_own_store(plan: DayPlan) -> None:
    made = [each for each in evaluate(plan, CUSTOMER).actions if each.rule == "record"]
    record = next(each for each in made if each.subject_id == "k1")
    assert apply({"id": "s1", "told": 2}, record)["told"] == 3
    with pytest.raises(ValueError, match="is for k1 and store s1, not s2"):
        apply({"id": "s2"}, record)


CROSSING = "facts: {store: {size: {type: whole}}, customer: {silk: {is: store.size > 5}}}"
RULE = "rules: {r: {for: complaint, if: FACT, once_per: id, do: task.x}}"


@pytest.mark.parametrize(
    ("also", "code"),
    [("shop", "LR215"), ("customer", "LR291"), ("[store, store]", "LR291"), ("note", "LR216")],
)
def test_what_is_no_second_parent_is_refused(
    faults: Callable[[str], list[str]], also: str, code: str
) -> None:
    assert code in faults(
        f"subjects: {{store: {{}}, complaint: {{of: customer, also: {also}}}, note: {{of: complaint}}}}\n"
        + RULE.replace("FACT", "id is not missing")
    )


def test_what_a_parent_reads_of_another_store_is_refused(
    faults: Callable[[str], list[str]], written: Callable[[str], Policy]
) -> None:
    subjects = (
        "subjects: {store: {}, customer: {of: store}, complaint: {of: customer, also: store}}\n"
    )
    assert faults(f"{subjects}{CROSSING}\n{RULE.replace('FACT', 'customer.silk')}") == ["LR460"]
    one = subjects.replace(", also: store", "")
    assert written(f"{one}{CROSSING}\n{RULE.replace('FACT', 'customer.silk')}").rules
