# SPDX-License-Identifier: Apache-2.0
"""What work costs: each price where it stands, the same for tables and single actions, and summed up."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import (
    Action,
    ArgumentError,
    Policy,
    PolicyError,
    compare,
    compile_day,
    evaluate_frame,
    load_policy,
    sweep,
)
from loyaltyrules.simulation import actions, cost, minutes
from loyaltyrules.simulation.base.costs import Spent, priced, spent
from loyaltyrules.simulation.comparison.headline import Headline
from loyaltyrules.simulation.comparison.kinds import by_kind
from loyaltyrules.simulation.shown.titles import number_text
from simulation.conftest import KINDS, ROOT, SOME_KINDS, rows_of

ON = date(2027, 2, 5)
PRICED = load_policy(ROOT / "examples" / "store" / "priced", root=ROOT)
STORE = {
    name: pl.read_csv(file, infer_schema=False)
    for name in PRICED.vocabulary.subjects
    if (file := ROOT / "examples" / "store" / f"{name}.csv").exists()
}
TEXT = """
format: 1
policy: shop
language: en
parameters:
  cake_price: {value: 80 CNY, source: H1}
  by_day: {values: {2026-01-01: 3 CNY, 2027-01-01: 4 CNY}, source: H1}
facts:
  customer:
    points: {type: whole}
    amount: {type: money}
words:
  cake: {kind: gift.mail, gift: cake}
  flowers: {kind: gift.home_delivery, gift: flowers}
  back: {kind: cashback.grant, value: amount}
  call_back: {kind: call}
rules:
  a: {for: customer, at: daily, if: points > 3, do: [cake, call_back, back]}
  b: {for: customer, at: daily, do: [flowers]}
"""
COSTS = """
costs:
  cake: {cost: cake_price + by_day}
  phone: {minutes: 6}
  gift.*: {minutes: 4, cost: 1.50 CNY}
  gift.home_delivery: {minutes: 30}
  cashback.grant: {cost: value}
"""
CUSTOMERS = pl.DataFrame(
    {"id": ["1", "2", "3"], "points": [1, 5, 6], "amount": ["1", "2.55", None]}
)


def policy_of(folder: Path, costs: str, name: str = "shop") -> Policy:
    file = folder / f"{name}.yaml"
    file.write_text(TEXT + costs, encoding="utf-8")
    return load_policy(file)


def found(policy: Policy, on: date = ON) -> dict[tuple[str, str], Spent]:
    """What each action costs, by customer and kind."""
    frame = priced(actions_of(policy, CUSTOMERS, on), policy)
    rows = frame.select("subject_id", "kind", "cost", "minutes").iter_rows()
    return {(who, kind): Spent(money, time) for who, kind, money, time in rows}


def actions_of(policy: Policy, given: Any, on: date) -> Any:
    return nw.from_native(evaluate_frame(compile_day(policy, on), given).actions, eager_only=True)


def test_an_action_costs_its_gift_its_channel_and_its_closest_kind(tmp_path: Path) -> None:
    costs = found(policy_of(tmp_path, COSTS))
    assert costs["2", "gift.mail"] == (Decimal("85.5"), 4)  # 80 + 4 + 1.50
    assert costs["2", "call"] == (None, 6)
    assert costs["2", "cashback.grant"] == (Decimal("2.55"), None)
    assert costs["3", "cashback.grant"] == (None, None)  # nobody knows the amount
    assert costs["1", "gift.home_delivery"] == (None, 30)  # as the kind itself says it
    before = found(policy_of(tmp_path, COSTS), date(2026, 5, 1))
    assert before["2", "gift.mail"].cost == Decimal("84.5")


def test_a_price_alone_is_its_cost_and_is_changed_as_if_written_out(tmp_path: Path) -> None:
    short = policy_of(tmp_path, "costs: {cake: 120 CNY, phone: {minutes: 6}}")
    assert (
        short.costs
        == policy_of(tmp_path, "costs: {cake: {cost: 120 CNY}, phone: {minutes: 6}}").costs
    )
    for changes in (
        {"costs.cake.cost": "150 CNY"},
        {"costs.cake": "150 CNY"},
        {"costs.cake.cost": 150},
    ):
        changed = short.with_(changes)
        assert found(changed)["2", "gift.mail"].cost == 150
        assert changed.costs["cake"].grounds.origin == "override"
        assert changed.fingerprint != short.fingerprint
    longer = short.with_({"costs.cake.minutes": 3})
    assert found(longer)["2", "gift.mail"] == (120, 3)
    assert "cake" not in short.with_({"costs.cake": None}).costs


def test_a_figure_may_be_a_price_and_is_moved_as_figures_are(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, COSTS)
    assert found(policy.with_(cake_price=100))["2", "gift.mail"].cost == Decimal("105.5")
    with pytest.raises(PolicyError) as wrong:
        policy.with_(cake_price=-100)
    assert [each.code for each in wrong.value.problems] == ["LR155"]


@pytest.mark.parametrize(("entry", "code"), [
    ("flwers: 3 CNY", "LR491"),
    ("gifts.*: 3 CNY", "LR491"),
    ("cake: {of: channel, cost: 3 CNY}", "LR491"),
    ("home_visit: {cost: 20 CNY}\n  letter: {of: gift, minutes: 3}", "LR491"),
    ("cake: {source: H1}", "LR169"),
    ("cake: {}", "LR169"),
    ("cake:", "LR169"),
    ("cake: -3 CNY", "LR155"),
    ("phone: {minutes: -1}", "LR155"),
    ("cake: 3 points", "LR203"),
    ("cake: 20%", "LR203"),
    ("phone: {minutes: 2 days}", "LR203"),
    ("cake: much", "LR201"),
    ("cake: points", "LR201"),
    ("phone: {minutes: value}", "LR201"),
    ("cake: value", "LR493"),
    ("'*': {cost: value}", "LR493"),
    ("cake: [3]", "LR143"),
    ("cake: {price: 3}", "LR140"),
    ("cake: {of: box, cost: 3}", "LR142"),
])  # fmt: skip
def test_what_no_price_can_be_is_refused(tmp_path: Path, entry: str, code: str) -> None:
    with pytest.raises(PolicyError) as wrong:
        policy_of(tmp_path, f"costs:\n  {entry}\n")
    problems = wrong.value.problems
    assert {each.code for each in problems} == {code}
    assert all(each.line and "costs" in (tmp_path / "shop.yaml").read_text() for each in problems)


@pytest.mark.parametrize(("name", "near"), [
    ("电话", "phone"), ("春节", "spring_festival"), ("spring_festivl", "spring_festival"),
    ("home_visits", "home_visit"), ("gift.male", "gift.mail"),
])  # fmt: skip
def test_the_name_of_what_is_meant_is_told(name: str, near: str) -> None:
    with pytest.raises(PolicyError) as wrong:
        PRICED.with_({("costs", name): "3 CNY"})
    (found,) = wrong.value.problems
    assert (found.code, dict(found.details)["near"]) == ("LR491", near)


def test_a_name_of_several_things_must_say_which_it_is(tmp_path: Path) -> None:
    words = "words: {post: {kind: letter}}\nrules: {r: {for: customer, at: daily, do: post}}\n"
    file = tmp_path / "post.yaml"
    for said, code in (("", ["LR492"]), ("of: channel, ", []), ("of: kind, ", [])):
        file.write_text(
            f"format: 1\npolicy: p\n{words}costs: {{letter: {{{said}cost: 2 CNY}}}}\n",
            encoding="utf-8",
        )
        try:
            load_policy(file)
            told = []
        except PolicyError as wrong:
            told = [each.code for each in wrong.problems]
        assert told == code


def test_a_price_of_what_no_action_has_is_doubtful(tmp_path: Path) -> None:
    policy = policy_of(
        tmp_path, "costs: {sms: 0.05 CNY, tier.*: {minutes: 3}, phone: {minutes: 6}}"
    )
    doubts = {dict(each.details)["name"] for each in policy.doubts if each.code == "LR601"}
    assert {"sms", "tier.*"} <= doubts
    assert "phone" not in doubts


def test_money_is_that_of_the_facts(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    text = TEXT.replace("{type: money}", "{type: money, unit: EUR}") + "costs: {cake: 3 EUR}"
    file.write_text(text, encoding="utf-8")
    assert load_policy(file).costs["cake"]
    file.write_text(text.replace("3 EUR", "3 CNY"), encoding="utf-8")
    with pytest.raises(PolicyError):
        load_policy(file)


# ---- tables, actions and sums

ENTRIES = st.dictionaries(
    st.sampled_from(["cake", "flowers", "phone", "home_visit", "gift.*", "*", "*.mail", "gift.mail", "call",
                     "cashback.*"]),
    st.fixed_dictionaries({}, optional={
        "cost": st.sampled_from(["0 CNY", "1.5", "120 CNY", "cake_price", "by_day * 2"]),
        "minutes": st.sampled_from(["0", "2.25", "30 minutes"]),
    }).filter(bool),
)  # fmt: skip


def by_hand(policy: Policy, action: Mapping[str, Any], what: str) -> Decimal | None:
    """What an action costs, as the reference says it."""
    figures = {"cake_price": 80, "by_day * 2": 8, "1.5": Decimal("1.5"), "2.25": Decimal("2.25")}
    written = policy.written.document.data.get("costs", {})
    fitting = [n for n in (action["gift"], action["channel"]) if n in written]
    kinds = [n for n in written if n not in ("cake", "flowers", "phone", "home_visit")]
    kinds = [n for n in kinds if fnmatchcase(action["kind"], n)]
    if action["kind"] in kinds:
        fitting.append(action["kind"])
    elif kinds:
        fitting.append(max(kinds, key=lambda n: (len(n), n.index("*"))))
    said = [written[n][what] for n in fitting if what in written[n]]
    known = [
        Decimal(figures.get(each, each.split()[0] if each[0].isdigit() else each)) for each in said
    ]
    return sum(known, Decimal(0)) if known else None


@settings(max_examples=examples(30), deadline=None)
@given(ENTRIES, ENTRIES)
def test_sums_of_a_comparison_are_those_of_the_prices_by_hand(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    old, new = map(_with_costs, (before, after))
    new = new.with_({"rules.a.if": "points > 5"})
    delta = compare(old, new, CUSTOMERS, on=ON)
    for what in ("cost", "minutes"):
        sides = [
            [
                by_hand(policy, row, what)
                for row in rows_of(actions_of(policy, CUSTOMERS, ON).to_native())
            ]
            for policy in (old, new)
        ]
        if not any(what in each for each in (*before.values(), *after.values())):
            assert f"{what}_old" not in delta.by("kind").columns
            continue
        groups = delta.by("kind", "gift")
        summary = {name: rest for name, *rest in delta.summary.rows()}
        for place, side in enumerate(("old", "new")):
            wanted = sum(each for each in sides[place] if each is not None)
            assert sum(groups[f"{what}_{side}"].to_list()) == wanted
            assert summary[what][place] == wanted
            assert summary[f"no {what}"][place] == sides[place].count(None)
            assert groups[f"no_{what}_{side}"].sum() == sides[place].count(None)
    if any("cost" in each for each in (*before.values(), *after.values())):
        assert sum(delta.cost["change"].to_list()) == summary_change(delta, "cost")


def summary_change(delta: Any, what: str) -> Decimal:
    return next(row[3] for row in delta.summary.rows() if row[0] == what)


def _with_costs(entries: Mapping[str, Any]) -> Policy:
    return BASE.with_({("costs", name): entry for name, entry in entries.items()})


@pytest.fixture(scope="module", autouse=True)
def base(tmp_path_factory: pytest.TempPathFactory) -> None:
    global BASE
    BASE = policy_of(tmp_path_factory.mktemp("base"), "")


BASE: Policy


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
def test_tables_and_single_actions_cost_the_same(kind: str) -> None:
    given_ = {name: KINDS[kind](table) for name, table in STORE.items()}
    frame = priced(actions_of(PRICED, given_, ON), PRICED)
    rows = frame.rows(named=True)
    assert [row["action_id"] for row in rows] == sorted(row["action_id"] for row in rows)
    assert len({row["cost"] for row in rows}) > 5
    for row in rows:
        assert spent(Action.from_dict(row), PRICED) == (row["cost"], row["minutes"])


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_costs_are_told_in_the_callers_kind_of_frame(kind: str) -> None:
    changed = PRICED.with_(tier_a_points=6000, cake_cost="99.50 CNY")
    delta = compare(PRICED, changed, {n: KINDS[kind](t) for n, t in STORE.items()}, on=ON)
    like = compare(PRICED, changed, STORE, on=ON)
    for read in (lambda each: each.cost, lambda each: each.by("gift"), lambda each: each.summary):
        assert [*map(texts, rows_of(read(delta)))] == [*map(texts, rows_of(read(like)))]


def test_counts_beside_costs_are_shown_as_counts() -> None:
    delta = compare(PRICED, PRICED.with_(cake_cost="99.50 CNY"), STORE, on=ON)
    shown = delta._repr_html_()
    assert f"<td>Records</td><td>{delta.summary['old'][0]:.0f}</td>" in shown
    assert ".00<" not in shown


def texts(row: Mapping[str, Any]) -> list[str]:
    return [f"{v:.4f}" if isinstance(v, Decimal | float | int) else str(v) for v in row.values()]


def test_what_is_not_done_costs_nothing() -> None:
    for status in ("blocked_missing_data", "blocked_missing_template", "suppressed"):
        row = {"kind": "gift.mail", "gift": "cake", "channel": "letter", "status": status}
        assert spent(_action(row), PRICED) == (0, 0)
    assert spent(_action({"kind": "deny", "status": "ready"}), PRICED) == (None, None)


def _action(said: Mapping[str, Any]) -> Action:
    row = dict.fromkeys(Action._fields) | {"due_on": ON} | dict(said)
    return Action(**{name: row[name] for name in Action._fields})


def test_a_sweep_moves_a_price_and_tells_what_has_none() -> None:
    prices = [100, 150]
    grid = sweep(
        PRICED, {"festival_gift_cost": prices}, STORE, on=ON,
        measure=[cost(), cost("gift.*"), minutes("call"), actions("gift.*")],
    )  # fmt: skip
    found = {(price, name): value for price, name, value in grid.iter_rows()}
    rows = rows_of(evaluate_frame(compile_day(PRICED, ON), STORE).actions)
    done = [row for row in rows if not row["status"].startswith("blocked")]
    given_ = sum(row["gift"] == "spring_festival" for row in done)
    assert found[150, "cost *"] - found[100, "cost *"] == pytest.approx(50 * given_)
    assert found[150, "cost gift.*"] - found[100, "cost gift.*"] == 50 * given_
    assert found[100, "minutes call"] == 6 * sum(row["kind"] == "call" for row in done)
    assert found[100, "no cost *"] > 0
    assert (100, "no cost gift.*") not in found


def test_who_asks_for_costs_of_a_policy_that_says_none_is_told(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "costs: {phone: {minutes: 6}}")
    delta = compare(policy, policy, CUSTOMERS, on=ON)
    asks: Iterable[Any] = (
        lambda: delta.cost,
        lambda: sweep(policy, {"cake_price": [1]}, CUSTOMERS, on=ON, measure=[cost()]),
    )
    for ask in asks:
        with pytest.raises(ArgumentError) as wrong:
            ask()
        assert [each.code for each in wrong.value.problems] == ["LR528"]
    assert "minutes_old" in delta.by().columns
    assert "cost_old" not in delta.by().columns


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_of_policies_with_costs_tells_what_is_lost_and_what_it_costs(language: str) -> None:
    changed = PRICED.with_(tier_a_points=6000, cake_cost="70 CNY")
    delta = compare(PRICED, changed, STORE, on=ON)
    lost = delta.actions.filter(pl.col("side") == "lost").height
    page = delta.page(language)
    assert lost and Headline.of(delta, language).sides["lost"] == lost
    assert sum(each.lost for each in by_kind(delta)) == lost
    known = {name: (old, new) for name, old, new, _ in delta.summary.iter_rows()}
    for name, title in {
        "cost": ("Cost (CNY)", "费用（元）"),
        "no minutes": ("Actions without minutes", "没写工时的措施"),
    }.items():
        for each in (title[language == "zh"], *map(number_text, known[name])):
            assert f">{each}</t" in page
