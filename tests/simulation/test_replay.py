# SPDX-License-Identifier: Apache-2.0
"""A walk is what a host does who computes the facts of a day, decides, and carries out what is approved."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from warnings import catch_warnings, simplefilter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import ALL, examples
from loyaltyrules import (
    Action,
    ArgumentError,
    Policy,
    Story,
    apply,
    compile_day,
    evaluate,
    evaluate_frame,
    replay,
)
from loyaltyrules.expression.tree import YES
from loyaltyrules.frame.input.canonical import restored
from loyaltyrules.history import HistoryWarning, facts_as_of
from loyaltyrules.policy.model import Grounds, Merge
from loyaltyrules.simulation import always
from loyaltyrules.simulation.replaying.changers import changing
from loyaltyrules.simulation.replaying.needed import needed
from loyaltyrules.simulation.replaying.walk_days import days_of
from simulation.conftest import CDNOW, KINDS, Shop, read, rows_of

START, END = date(1997, 1, 31), date(1998, 6, 30)
FIRST = date(1997, 1, 1)
WALKED = pytest.mark.xdist_group("cdnow-walk")  # which walks once for all of them
Approve = Callable[[Action], bool]
ON_FILE = ("tier", "tier_since", "last_downgrade_on")


@pytest.fixture(scope="session")
def raw() -> dict[str, pl.DataFrame]:
    return {"purchase": read(CDNOW / "purchase.csv"), "customer": read(CDNOW / "customer.csv")}


@pytest.fixture(scope="session")
def policies(cdnow: Shop) -> dict[str, Policy]:
    return {"5000": cdnow.policy, "6000": cdnow.policy.with_(tier_a_points=6000)}


@pytest.fixture(scope="session")
def story(cdnow: Shop, raw: dict[str, pl.DataFrame], policies: dict[str, Policy]) -> Story:
    return replay(
        policies, raw, start=START, end=END, every="1mo", approve=always, tables=cdnow.stores
    )


def tiers(story: Story, policy: str, on: date) -> tuple[int, ...]:
    found = story.labels.filter(policy=policy, on=on, label="tier")
    return tuple(found["count"])


@WALKED
@ALL
def test_the_tiers_of_cdnow_at_the_end_of_a_year_and_half_a_year_later(story: Story) -> None:
    december = date(1997, 12, 31)
    assert {name: tiers(story, name, december) for name in ("5000", "6000")} == {
        "5000": (166, 341, 1850), "6000": (119, 388, 1850),
    }  # fmt: skip
    assert {name: tiers(story, name, END) for name in ("5000", "6000")} == {
        "5000": (177, 299, 1881), "6000": (145, 315, 1897),
    }  # fmt: skip


@WALKED
@ALL
def test_who_files_the_tier_alone_comes_to_others_after_a_downgrade(
    cdnow: Shop, raw: Any, policies: dict[str, Policy], story: Story
) -> None:
    """With the day of the last downgrade lost, people go up again without buying, and down once more."""
    keep = ("tier", "tier_since")
    other = replay(policies, raw, start=START, end=END, tables=cdnow.stores, keep=keep)
    december = date(1997, 12, 31)
    for name in policies:
        assert tiers(other, name, december) == tiers(story, name, december)
    assert tiers(other, "5000", END) == (186, 277, 1894)
    assert tiers(other, "6000", END) == (149, 306, 1902)


def test_what_no_action_changes_cannot_be_kept(cdnow: Shop) -> None:
    with pytest.raises(ArgumentError, match="LR546"):
        replay({"p": cdnow.policy}, SMALL, start=START, end=END, keep=["teir"])


@WALKED
def test_moves_account_for_every_tier_on_file(story: Story) -> None:
    for policy, on in (("5000", date(1997, 6, 30)), ("6000", END)):
        counted: Counter[str] = Counter()
        moves = story.moves.filter(pl.col("on") <= on, policy=policy)
        for before, after in moves.select("from_value", "to_value").iter_rows():
            counted.update({after: 1, before: -1})
        del counted[None]  # type: ignore[arg-type]
        assert tuple(counted[word] for word in "ABC") == tiers(story, policy, on)


@WALKED
def test_customers_are_there_from_their_first_purchase_on(story: Story, raw: Any) -> None:
    first = raw["purchase"].group_by("customer_id").agg(pl.col("occurred_at").min().str.to_date())
    for on in (START, date(1997, 2, 28), END):
        there = first.filter(pl.col("occurred_at") <= on).height
        assert sum(tiers(story, "5000", on)) == there
    assigned = story.moves.filter(policy="5000", kind="tier.assign")
    joined = assigned.join(first, left_on="subject_id", right_on="customer_id")
    assert joined.height == first.height
    assert joined.select((pl.col("on") >= pl.col("occurred_at")).all()).item()


@WALKED
def test_those_who_oscillate_moved_up_and_down_within_twelve_months(story: Story) -> None:
    moves = story.moves.filter(policy="6000").drop_nulls("from_value")
    own: dict[str, list[tuple[date, bool]]] = {}
    for on, each, before, after in moves.select(
        "on", "subject_id", "from_value", "to_value"
    ).iter_rows():
        own.setdefault(each, []).append((on, after < before))
    expected = {
        each for each, theirs in own.items()
        if any(up != other and (then.year * 12 + then.month) - (on.year * 12 + on.month) in range(12)
               for on, up in theirs for then, other in theirs)
    }  # fmt: skip
    found = story.oscillating.filter(policy="6000")
    assert [*found["subject_id"]] == sorted(expected)
    assert found["label"].unique().to_list() == ["tier"]
    assert "1997-05-31 B → A" in dict(
        story.oscillating.filter(policy="5000").select("subject_id", "moves").iter_rows()
    )["0092"]  # fmt: skip


@WALKED
def test_the_story_says_how_far_it_went_and_what_it_is_not(story: Story) -> None:
    assert story.labels.height
    assert repr(story).endswith(": 18 of 18 steps, up to 1998-06-30)")
    told = {each.code: dict(each.details) for each in story.notes}
    assert told["LR527"]["names"] == "redeem.belt, redeem.shirt, redeem.tie"
    assert "18 of 18" in story._repr_html_()


# ---- as a host would do it by hand


def by_hand(
    policy: Policy, raw: Any, days: list[date], tables: Any, approve: Approve,
    own: dict[str, dict[str, Any]], catch_up: bool = False,
) -> Iterator[tuple[date, dict[str, str]]]:  # fmt: skip
    """Record by record: the facts of a day, what was changed in place of them, decide, carry out."""
    last = None
    for day in days:
        with catch_warnings():
            simplefilter("ignore", HistoryWarning)  # of rows that look like lines of one receipt
            facts = facts_as_of(raw, on=day, points_per_amount=20)
        rows = [
            {**row, **own.get(row["id"], {})}
            for row in facts.filter(pl.col("first_purchase_on").is_not_null()).to_dicts()
        ]
        plan = compile_day(policy, day, last if catch_up else None, tables=tables)
        plan, last = plan.with_population(rows), day
        tiers = {}
        for row in rows:
            decision, after = evaluate(plan, row), row
            for action in sorted(decision.actions, key=lambda e: (e.due_on or day, e.action_id)):
                if action.status == "pending_approval" and approve(action):
                    action = action._replace(status="ready")
                if action.status == "ready":
                    after = apply(after, action, policy=policy)
                    facts_changed = [name for name, _ in (*action.sets, *action.adds)]
                    own.setdefault(row["id"], {}).update({n: after[n] for n in facts_changed})
            tiers[row["id"]] = after.get("tier") or "?"
        yield day, tiers


def walked(story: Story) -> dict[date, Counter[str]]:
    found: dict[date, Counter[str]] = {}
    for on, word, count in (
        story.labels.filter(label="tier").select("on", "word", "count").iter_rows()
    ):
        found.setdefault(on, Counter())[word] += count
    return {on: +counts for on, counts in found.items()}


def some_history(customers: int) -> Any:
    """A shop of few customers with purchases and returns, some of them with a tier on file."""
    people = st.lists(
        st.tuples(
            st.integers(0, customers - 1), st.integers(0, 540),
            st.sampled_from([-40, 0, 7, 60, 99, 130, 180, 240]),
        ),
        min_size=1, max_size=14,
    )  # fmt: skip
    tiers = st.lists(st.sampled_from([None, "A", "B", "C"]), min_size=customers, max_size=customers)
    return st.tuples(people, tiers).map(lambda drawn: history_of(*drawn))


def history_of(people: list[tuple[int, int, int]], tiers: list[str | None]) -> Any:
    purchases = [
        {"customer_id": f"c{each}", "occurred_at": FIRST + timedelta(days=day), "amount": amount}
        for each, day, amount in people
    ]
    customers = [
        {"id": f"c{n}", "store_id": "cdnow", "member_status": "formal", "joined_on": FIRST,
         "tier": tier, "tier_since": FIRST if tier else None}
        for n, tier in enumerate(tiers)
    ]  # fmt: skip
    schema = {"tier": pl.String, "tier_since": pl.Date}
    return {
        "purchase": pl.DataFrame(purchases),
        "customer": pl.DataFrame(customers, schema_overrides=schema),
    }


def odd(action: Action) -> bool:
    """Somebody who approves by the customer: every second one."""
    return action.subject_id[-1] in "024"


HISTORIES = some_history(5)


@settings(max_examples=examples(30), deadline=None)
@given(HISTORIES, st.sampled_from([always, odd]), st.booleans())
def test_a_walk_is_the_loop_by_hand(
    cdnow: Shop, raw: Any, approve: Approve, catch_up: bool
) -> None:
    days = days_of(date(1997, 3, 30), END, "5mo" if not catch_up else "8d")[:4]
    story = replay(
        {"p": cdnow.policy}, raw, start=days[0], end=days[-1], approve=approve,
        every="8d" if catch_up else "5mo", tables=cdnow.stores, catch_up=catch_up,
    )  # fmt: skip
    filed: dict[str, dict[str, Any]] = {}
    hand = by_hand(cdnow.policy, raw, [*days], cdnow.stores, approve, filed, catch_up)
    assert walked(story) == {on: Counter(found.values()) for on, found in hand}
    declared = cdnow.policy.vocabulary.declarations["customer"]
    kept = {
        (each, name): restored(value, declared[name].type)
        for name, values in story._at.kept[0].values.items()
        for each, value in values.items()
    }
    assert kept == {(each, name): v for each, own in filed.items() for name, v in own.items()}


@settings(max_examples=examples(20), deadline=None)
@given(HISTORIES)
def test_two_policies_that_walk_together_walk_as_each_alone(cdnow: Shop, raw: Any) -> None:
    policies = {"5000": cdnow.policy, "2500": cdnow.policy.with_(tier_a_points=2500)}
    asked: dict[str, Any] = {
        "start": START, "end": END, "every": "4mo", "tables": cdnow.stores
    }  # fmt: skip
    together = replay(policies, raw, **asked)
    alone = [replay({name: each}, raw, **asked) for name, each in policies.items()]
    for name in ("labels", "moves", "oscillating"):
        parts = [getattr(each, name).rows() for each in alone]
        found = sorted(map(str, getattr(together, name).rows()))
        assert found == sorted(str(row) for rows in parts for row in rows)


@settings(max_examples=examples(20), deadline=None)
@given(HISTORIES, st.booleans())
def test_a_daily_walk_is_daily_runs(cdnow: Shop, raw: Any, catch_up: bool) -> None:
    days = [date(1998, 1, 26) + timedelta(days=n) for n in range(6)]
    asked: dict[str, Any] = {"tables": cdnow.stores, "catch_up": catch_up}
    story = replay({"p": cdnow.policy}, raw, start=days[0], end=days[-1], every="1d", **asked)
    hand = by_hand(cdnow.policy, raw, days, cdnow.stores, always, {})
    assert walked(story) == {on: Counter(found.values()) for on, found in hand}


SMALL = history_of(
    [(0, 3, 300), (1, 10, 130), (2, 20, 20), (3, 100, 240), (0, 300, 90), (1, 500, -40)],
    ["B", None, "A", "C", None],
)


def small(cdnow: Shop, **asked: Any) -> Story:
    given = {"start": START, "end": END, "every": "3mo", "tables": cdnow.stores, **asked}
    return replay({"p": cdnow.policy}, SMALL, **given)


def frames(story: Story) -> list[list[tuple[Any, ...]]]:
    return [each.rows() for each in (story.labels, story.moves, story.oscillating)]


def test_who_leaves_a_walk_and_goes_on_comes_to_the_same(cdnow: Shop) -> None:
    whole, left = small(cdnow), small(cdnow)
    assert repr(left) == "Story(p: 0 of 6 steps)"
    for day in left.steps():
        if day >= date(1997, 7, 31):
            break
    assert repr(left) == "Story(p: 3 of 6 steps, up to 1997-07-31)"
    through = frames(whole)
    assert left.labels.rows() == [row for row in through[0] if row[1] <= date(1997, 7, 31)]
    assert left.moves.rows() == [row for row in through[1] if row[1] <= date(1997, 7, 31)]
    rest = [*left.steps()]
    assert rest == [*days_of(START, END, "3mo")][3:]
    assert frames(left) == through
    assert [*left.steps()] == []


def test_a_step_that_is_broken_off_is_not_taken(cdnow: Shop) -> None:
    asked = Counter[str]()

    def impatient(action: Action) -> bool:
        asked[action.subject_id] += 1
        if sum(asked.values()) == 2:  # as when somebody presses Ctrl-C
            raise KeyboardInterrupt
        return True

    broken = small(cdnow, approve=impatient)
    with pytest.raises(KeyboardInterrupt):
        for _ in broken.steps():
            pass
    done = broken.labels["on"].unique().to_list()
    assert 0 < len(done) < 6
    assert broken.labels.rows() == [row for row in small(cdnow).labels.rows() if row[1] in done]
    assert len([*broken.steps()]) == 6 - len(done)
    assert frames(broken) == frames(small(cdnow))


def test_refusing_everything_leaves_the_tier_on_file(cdnow: Shop) -> None:
    asked = []

    def refuse(action: Action) -> bool:
        asked.append(action)
        return False

    story = small(cdnow, approve=refuse)
    assert [*story.moves["kind"].unique()] == ["tier.assign"]  # which needs nobody's approval
    last = story.labels.filter(pl.col("on") == pl.col("on").max(), label="tier")
    assert dict(last.select("word", "count").iter_rows()) == {"A": 1, "B": 2, "C": 1}
    assert {each.status for each in asked} == {"pending_approval"}
    assert {each.kind for each in asked} <= {"tier.upgrade", "tier.downgrade_proposal"}
    file = story.moves["subject_id"].to_list()
    assert file == ["c1"]


def test_rules_that_change_nobody_may_stay_away(cdnow: Shop) -> None:
    """What a walk asks of a policy is what the whole of it says of changes and labels."""
    plan = compile_day(cdnow.policy, cdnow.on, tables=cdnow.stores)
    few = compile_day(needed(changing(cdnow.policy)), cdnow.on, tables=cdnow.stores)
    assert len(few.policy.rules) < 20 < len(plan.policy.rules)
    whole, part = (evaluate_frame(each, cdnow.customers) for each in (plan, few))
    assert whole.changes.height
    assert part.changes.rows() == whole.changes.rows()
    assert part.labels.equals(whole.labels.select(part.labels.columns))


def test_where_actions_are_weighed_against_each_other_all_rules_stay(cdnow: Shop) -> None:
    merging = replace(
        cdnow.policy, gate=(*cdnow.policy.gate, Merge(YES, "one_at_a_time", Grounds(), ("kind",)))
    )
    assert changing(merging) is merging


def test_frames_are_of_the_caller_s_kind_with_words_in_their_order(cdnow: Shop) -> None:
    expected = small(cdnow)
    for name in ("polars", "lazy", "pandas", "pyarrow", "duckdb"):
        made = {key: KINDS[name](frame) for key, frame in SMALL.items()}
        story = replay(
            {"p": cdnow.policy}, made, start=START, end=END, every="3mo", tables=cdnow.stores
        )
        for frame in ("labels", "moves", "oscillating"):
            found, wanted = rows_of(getattr(story, frame)), rows_of(getattr(expected, frame))
            assert [[str(v)[:10] for v in row.values()] for row in found] == [
                [str(v)[:10] for v in row.values()] for row in wanted
            ]
        kind = "pyarrow" if name == "duckdb" else "polars" if name == "lazy" else name
        assert type(story.labels).__module__.startswith(kind)
    words = expected.labels["word"].dtype.categories.to_list()
    assert words.index("A") < words.index("B") < words.index("C") < words.index("?")
