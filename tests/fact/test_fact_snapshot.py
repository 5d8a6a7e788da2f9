# SPDX-License-Identifier: Apache-2.0
"""Records become snapshots: defaults, maps, child records, and data faults that keep secrets."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from loyaltyrules import SnapshotError
from loyaltyrules.expression.types import DATE, TEXT, WHOLE, Type
from loyaltyrules.fact.declaration import Declaration, Subject
from loyaltyrules.fact.snapshot import Snapshot, Vocabulary, masked

TIER = Type("word", words=("A", "B", "C"))
CUSTOMER = [
    Declaration("customer", "tier", TIER),
    Declaration("customer", "visits", WHOLE, default=0),
    Declaration("customer", "points", WHOLE),
    Declaration("customer", "mobile_phone", WHOLE, personal=True),
    Declaration("customer", "date_of_birth", DATE, personal=True),
    Declaration("customer", "tier_override_tier", TIER),
    Declaration("customer", "tier_override_expires_on", DATE),
    Declaration("customer", "city", TEXT),
]
PURCHASE = [Declaration("purchase", "points_earned", WHOLE), Declaration("purchase", "store", TEXT)]
VOCABULARY = Vocabulary(
    {
        "customer": Subject("customer", "store", "customers"),
        "purchase": Subject("purchase", "customer", "purchases"),
        "line": Subject("line", "purchase", "lines"),
        "store": Subject("store"),
    },
    {
        "customer": {each.name: each for each in CUSTOMER},
        "purchase": {each.name: each for each in PURCHASE},
        "line": {"points": Declaration("line", "points", WHOLE)},
        "store": {},
    },
    ZoneInfo("Asia/Shanghai"),
)


def read(record: dict[Any, Any], subject: str = "customer") -> Snapshot:
    return VOCABULARY.snapshot(record, subject)


def faults(record: dict[Any, Any], subject: str = "customer") -> list[tuple[str, str, str]]:
    """Code, field and shown value of each data fault."""
    with pytest.raises(SnapshotError) as caught:
        read(record, subject)
    told = [(each.code, dict(each.details)) for each in caught.value.problems]
    return [(code, found.get("field", ""), found.get("value", "")) for code, found in told]


def test_only_known_facts_are_kept() -> None:
    snapshot = read({"id": "c-1", "tier": "A", "points": None, "city": " "})
    assert snapshot.facts == {"id": "c-1", "tier": "A", "visits": 0}
    assert snapshot.by_default == {"visits"}


def test_a_stated_value_is_no_default() -> None:
    snapshot = read({"id": "c-1", "visits": "0"})
    assert snapshot.facts["visits"] == 0
    assert snapshot.by_default == frozenset()


@pytest.mark.parametrize(("value", "text"), [
    ("007", "007"), ("123456789012345678", "123456789012345678"), (123456789012345678, "123456789012345678"),
    (5.0, "5"), (" 7 ", "7"),
])  # fmt: skip
def test_ids_are_text(value: object, text: str) -> None:
    assert read({"id": value}).id == text


@pytest.mark.parametrize("value", [None, "", "  ", float("nan")])
def test_a_record_needs_an_id(value: object) -> None:
    assert faults({"id": value}) == [("LR401", "", "")]
    assert faults({}) == [("LR401", "", "")]


@pytest.mark.parametrize("value", [True, float("inf"), 1e18, ["c-1"], b"c-1"])
def test_an_id_that_is_no_text_is_refused(value: object) -> None:
    assert [code for code, field, _ in faults({"id": value}) if field == "id"] == ["LR402"]


def test_a_map_is_unfolded() -> None:
    override = {"tier": "B", "expires_on": "2027-01-01", "reason": "x"}
    snapshot = read({"id": "c-1", "tier_override": override})
    assert snapshot.facts["tier_override_tier"] == "B"
    assert snapshot.facts["tier_override_expires_on"] == date(2027, 1, 1)
    assert list(snapshot.ignored) == ["tier_override_reason"]
    assert read({"id": "c-1", "tier_override": {}}).ignored == {}


def test_the_long_name_counts_more_than_the_map_in_any_order() -> None:
    pairs = [("id", "c-1"), ("tier_override", {"tier": "B"}), ("tier_override_tier", "A")]
    for order in (pairs, pairs[::-1]):
        assert read(dict(order)).facts["tier_override_tier"] == "A"
    empty = {"id": "c-1", "tier_override": {"tier": "B"}, "tier_override_tier": ""}
    assert read(empty).facts["tier_override_tier"] == "B"


def test_a_map_in_the_place_of_a_value_or_list_is_a_fault() -> None:
    assert [code for code, *_ in faults({"id": "c-1", "city": {"name": "x"}})] == ["LR402"]
    assert [code for code, *_ in faults({"id": "c-1", "purchases": {"id": "p"}})] == ["LR407"]


def test_child_records_are_snapshots_of_their_own() -> None:
    snapshot = read({
        "id": "c-1",
        "purchases": [
            {"id": "p-1", "points_earned": "5", "lines": [{"points": 1}, {"points": 2.0}]},
            {"store": "s", "colour": "red"},
        ],
    })  # fmt: skip
    first, second = snapshot.children["purchase"]
    assert (first.id, first.facts["points_earned"]) == ("p-1", 5)
    assert [line.id for line in first.children["line"]] == ["p-1-1", "p-1-2"]
    assert [line.facts["points"] for line in first.children["line"]] == [1, 2]
    assert (second.id, [*second.ignored]) == ("c-1-2", ["colour"])
    assert snapshot.ignored == {}


@pytest.mark.parametrize("value", [[], ()])
def test_no_child_records_is_an_empty_list(value: object) -> None:
    assert read({"id": "c-1", "purchases": value}).children["purchase"] == ()


@pytest.mark.parametrize("value", [None, "", " ", float("nan"), {}])
def test_nothing_in_place_of_child_records_is_as_good_as_absent(value: object) -> None:
    assert read({"id": "c-1", "purchases": value}) == read({"id": "c-1"})


@pytest.mark.parametrize("value", ["p-1", 5, ["p-1"], [5], [None], [["p"]]])
def test_what_is_no_list_of_records_is_refused(value: object) -> None:
    assert [code for code, *_ in faults({"id": "c-1", "purchases": value})] == ["LR407"]


def test_all_data_faults_are_told_at_once() -> None:
    record = {"id": "c-1", "tier": "D", "points": 1.5, "purchases": [{"points_earned": "x"}]}
    assert sorted(faults(record)) == [
        ("LR402", "points", "1.5"), ("LR402", "points_earned", "x"), ("LR403", "tier", "D"),
    ]  # fmt: skip


def test_personal_values_are_masked_and_long_ones_cut() -> None:
    assert faults({"id": "c-1", "mobile_phone": "13800x90001"}) == [
        ("LR402", "mobile_phone", "138****0001")
    ]
    assert faults({"id": "c-1", "date_of_birth": "1990-13-45"}) == [
        ("LR404", "date_of_birth", "1*********")
    ]
    code, _, shown = faults({"id": "c-1", "points": "x" * 10_000})[0]
    assert (code, len(shown)) == ("LR402", 61)
    assert faults({"id": "c-1", "points": 10**5000}) == [("LR406", "points", "1…")]


@pytest.mark.parametrize(("text", "shown"), [
    ("13812340001", "138****0001"), ("张三", "张*"), ("张", "张*"), ("", "*"), ("1990-01-01", "1*********"),
])  # fmt: skip
def test_masking_hides_the_middle_or_all_but_the_first_sign(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_an_unknown_subject_is_told() -> None:
    assert [code for code, *_ in faults({"id": "1"}, "custmer")] == ["LR414"]


def test_the_order_of_facts_changes_nothing() -> None:
    record = {"id": "c-1", "tier": "A", "points": 5, "colour": "red", "size": "L"}
    other = dict(reversed(record.items()))
    assert read(record) == read(other)
    assert list(read(record).facts) == list(read(other).facts)
