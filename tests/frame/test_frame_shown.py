# SPDX-License-Identifier: Apache-2.0
"""Results, decisions, plans and policies are shown in short, and as HTML where a notebook asks."""

from html.parser import HTMLParser
from typing import Any

import duckdb
import polars as pl
import pytest

from loyaltyrules import (
    FrameError,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
    with_signature,
)
from shipped import menswear

POLICY = menswear()
PLAN = compile_day(POLICY, "2027-02-05", tables={"store": [{"id": "s1"}]})
CUSTOMERS = pl.DataFrame({
    "id": ["<b>1</b>", "2", "3"], "tier": ["B", "B", "?"], "member_status": ["formal"] * 3,
    "points_accumulated": [5200] * 3, "<i>": [1] * 3, "mobile_phone": ["13800000001"] * 3,
})  # fmt: skip
RESULT = evaluate_frame(PLAN, CUSTOMERS)
DECISION = evaluate(PLAN, CUSTOMERS.to_dicts()[0])
SHOWN: dict[str, Any] = {"policy": POLICY, "plan": PLAN, "decision": DECISION, "result": RESULT}
ALONE: dict[str, Any] = {
    "action": DECISION.actions[0],
    "figure": POLICY.parameters["tier_a_points"],
}


class Tags(HTMLParser):
    """Which tags are open, and which there were."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.met.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("value", [*SHOWN.values(), *ALONE.values()], ids=[*SHOWN, *ALONE])
def test_a_value_is_shown_on_one_short_line(value: Any) -> None:
    assert len(repr(value)) < 140 and "\n" not in repr(value)


def test_an_explanation_is_shown_as_lines_and_a_plan_offers_what_hosts_use() -> None:
    html = explain(DECISION)._repr_html_()  # type: ignore[attr-defined]
    assert html.startswith("<pre>Customer &lt;b&gt;1&lt;/b&gt; on 2027-02-05")
    assert all(hasattr(PLAN, name) for name in dir(PLAN)) and "memory" not in dir(PLAN)


def test_a_name_that_looks_like_a_value_is_masked_among_what_is_not_read() -> None:
    odd = {"unknown_13912345678": 1, "id": "1"}
    decision, result = evaluate(PLAN, odd), evaluate_frame(PLAN, pl.DataFrame([odd]))
    told = (repr(decision.ignored), explain(decision), result._repr_html_(), decision._repr_html_())
    assert all("5678" in each and "13912345678" not in each for each in told)


@pytest.mark.parametrize("name", SHOWN)
def test_a_value_is_shown_as_sound_html_without_anything_of_a_person(name: str) -> None:
    html = SHOWN[name]._repr_html_()
    parser = Tags()
    parser.feed(html)
    known = {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert parser.open == [] and parser.met <= known
    assert "138" not in html


def test_html_names_what_matters() -> None:
    assert POLICY.fingerprint in RESULT._repr_html_() and "&lt;i&gt;" in RESULT._repr_html_()
    assert "tier.upgrade" in DECISION._repr_html_() and "&lt;i&gt;" in DECISION._repr_html_()


def test_columns_that_are_named_like_values_are_masked_in_notes() -> None:
    notes = evaluate_frame(PLAN, pl.DataFrame({"id": ["a"], "13912345678": [1]})).notes
    assert notes.ignored == {"customer": {"139****5678": ""}}


@pytest.mark.parametrize("twice", ["'B' as TIER", "1 as x, 2 as X"])
def test_columns_that_differ_in_capitals_are_one_to_duckdb_and_told(twice: str) -> None:
    for read in (evaluate_frame, with_signature):
        with pytest.raises(FrameError) as caught:
            read(PLAN, duckdb.sql(f"select 'a' as id, 'A' as tier, {twice}"))
        assert [each.code for each in caught.value.problems] == ["LR425"]
