# SPDX-License-Identifier: Apache-2.0
"""What was called otherwise is compared as one, and decides nothing else than it did."""

from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from loyaltyrules import Policy, PolicyError, compare, compile_day, evaluate_frame, load_policy
from loyaltyrules.simulation.base.renamed import action_ids
from simulation.conftest import KINDS, SOME_KINDS, rows_of
from simulation.test_compare import MENSWEAR
from simulation.test_costs import ON, PRICED, STORE

OLD = """
format: 1
policy: shop
language: en
parameters: {limit: {value: 10, source: H1}, bonus: {value: 1, source: H1}}
facts:
  customer:
    points: {type: whole}
    joined_on: {type: date}
    level: {type: [gold, plain]}
occasions: {fair: {solar: 02-05, title: fair}}
templates: {hello: {en: "Hello"}}
words:
  letter: {kind: letter, template: hello}
  present: {kind: gift.mail, gift: "{occasion}"}
  change: {kind: tier.assign}
  flag: {kind: alert, takes: role}
labels:
  rank:
    for: customer
    values: [gold, plain]
    standing: level
    ways: {by_points: {bands: points + bonus, gold: limit, plain: rest}}
    moves:
      up: {if: proposed.rank = gold and level = plain, to: gold, do: change, since: joined_on, reason: better}
  size: {for: customer, values: [big, small], cases: {big: points > limit + bonus, small: rest}}
tables:
  feast:
    for: customer
    by: [occasion, size]
    rows: {fair: {big: present, small: letter}}
rules:
  greet: {for: customer, at: fair, within: 2 days, do: [letter, {do: flag manager}], late: [flag boss]}
workflows:
  joining:
    for: customer
    begins: joined_on
    states:
      fresh: {do: [letter], is: points < 5}
      done: {final: true}
"""
NEW = """
format: 1
policy: shop_of_today
language: en
parameters: {least: {value: 10, source: H1, was: limit}, extra: {value: 1, source: H1, was: [plus, bonus]}}
facts:
  customer:
    points: {type: whole}
    joined_on: {type: date}
    level: {type: [gold, plain]}
occasions: {market: {solar: 02-05, title: fair, was: fair}}
templates: {welcome: {en: "Hello", was: hello}}
words:
  letter: {kind: letter, template: welcome}
  present: {kind: gift.mail, gift: "{occasion}"}
  change: {kind: tier.assign}
  flag: {kind: alert, takes: role}
labels:
  class:
    for: customer
    values: [gold, plain]
    standing: level
    was: rank
    ways: {by_points: {bands: points + extra, gold: least, plain: rest}}
    moves:
      rise:
        if: proposed.class = gold and level = plain
        to: gold
        do: change
        since: joined_on
        reason: better
        was: up
  format: {for: customer, values: [big, small], cases: {big: points > least + extra, small: rest}, was: size}
tables:
  party:
    for: customer
    by: [occasion, format]
    was: feast
    rows: {market: {big: present, small: letter}}
rules:
  hail:
    was: greet
    for: customer
    at: market
    within: 2 days
    do: [letter, {do: flag manager}]
    late: [flag boss]
workflows:
  entering:
    for: customer
    begins: joined_on
    was: joining
    states:
      first: {do: [letter], is: points < 5, was: fresh}
      done: {final: true}
"""
CUSTOMERS = pl.DataFrame(
    {
        "id": ["a", "b/c", "d%", "e"], "points": [1, 9, 11, 12], "level": ["plain"] * 3 + ["gold"],
        "joined_on": ["2027-02-01"] * 4,
    }
)  # fmt: skip


def load(folder: Path, text: str, name: str = "policy") -> Policy:
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return load_policy(file)


def without_was(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.strip().startswith("was: ")]
    for was in ("[plus, bonus]", "limit", "fair", "hello", "up", "size", "greet", "fresh"):
        lines = [line.replace(f", was: {was}", "") for line in lines]
    assert "was" not in "\n".join(lines)
    return "\n".join(lines)


@pytest.mark.parametrize("kind", SOME_KINDS)
@pytest.mark.parametrize("until", [None, "2027-02-08"])
def test_a_policy_with_other_names_does_the_same(
    tmp_path: Path, kind: str, until: str | None
) -> None:
    old, new = load(tmp_path, OLD, "old"), load(tmp_path, NEW, "new")
    delta = compare(old, new, KINDS[kind](CUSTOMERS), on=ON, until=until)
    rows = rows_of(delta.actions)
    assert {row["side"] for row in rows} == {"both"}
    assert not any(row["differs"] for row in rows)
    of_day = {"party.market.big", "party.market.small"} if until is None else {"hail.late"}
    rules = {row["rule"] for row in rows}
    assert rules == {"hail", "class.rise", "entering.first", *of_day}
    assert rows_of(delta.parameters) == []
    assert [label for label in delta.moves if rows_of(delta.movers(label))] == []
    assert {*delta.moves} == {"class", "format", "entering"}
    assert {row["old"]: row["first"] for row in rows_of(delta.matrix("entering"))}["first"] == 1
    assert not delta.incomparable
    told = {(row["section"], row["old"], row["new"]) for row in rows_of(delta.renamed)}
    assert {("figures", "bonus", "extra"), ("labels", "rank", "class"), ("rules", "greet", "hail"),
            ("occasions", "fair", "market"), ("templates", "hello", "welcome")} <= told  # fmt: skip


def test_what_changes_beside_its_name_is_told_under_the_new_one(tmp_path: Path) -> None:
    old, new = load(tmp_path, OLD, "old"), load(tmp_path, NEW, "new")
    changed = new.with_({"least": 12, "rules.hail.if": "points > 5", "rules.hail.role": "guide"})
    delta = compare(old, changed, CUSTOMERS, on=ON)
    assert delta.parameters.select("name", "old", "new").rows() == [("least", "10", "12")]
    moved = delta.movers("format")
    assert moved.select("subject_id", "old", "new").rows() == [("e", "big", "small")]
    assert [*moved["because"]] == ["points 12 <= least + extra 13"]
    lost = delta.actions.filter((pl.col("side") == "lost") & (pl.col("rule") == "hail"))
    assert {*lost["subject_id"]} == {"a"}
    assert all(each.startswith("shop/greet/") for each in lost["action_id"])
    both = delta.actions.filter((pl.col("side") == "both") & (pl.col("rule") == "hail"))
    assert {*both["differs"]} == {None, "role"}  # of an alert the word says whom it goes to


def test_without_was_a_new_name_is_another_thing(tmp_path: Path) -> None:
    old, new = load(tmp_path, OLD, "old"), load(tmp_path, without_was(NEW), "new")
    delta = compare(old, new, CUSTOMERS, on=ON)
    assert {*delta.actions["side"]} == {"lost", "gained"}
    assert {each.code for each in delta.incomparable} == {"LR512"}
    assert len(delta.renamed) == 0


def test_was_decides_nothing(tmp_path: Path) -> None:
    said, unsaid = load(tmp_path, NEW, "new"), load(tmp_path, without_was(NEW), "new")
    assert said == unsaid
    assert said.fingerprint == unsaid.fingerprint
    one, other = (evaluate_frame(compile_day(each, ON), CUSTOMERS) for each in (said, unsaid))
    assert one.actions.equals(other.actions)
    assert one.labels.equals(other.labels)


def test_a_rule_may_have_been_a_cell_of_a_table(tmp_path: Path) -> None:
    cells = "{fair: {big: none, small: letter}}"
    rule = "  feast_of_big: {for: customer, at: fair, if: size = big, do: present, was: feast.fair.big}\n"
    text = OLD.replace("{fair: {big: present, small: letter}}", cells).replace(
        "rules:\n", f"rules:\n{rule}"
    )
    delta = compare(load(tmp_path, OLD, "old"), load(tmp_path, text, "new"), CUSTOMERS, on=ON)
    assert {*delta.actions["side"]} == {"both"}
    assert delta.actions["differs"].is_null().all()


def test_of_two_former_names_that_counts_which_there_was(tmp_path: Path) -> None:
    first, last = load(tmp_path, OLD, "old"), load(tmp_path, NEW, "new")
    between = load(tmp_path, OLD.replace("bonus", "plus"), "between")
    for each in (first, between):
        assert len(compare(each, last, CUSTOMERS, on=ON).parameters) == 0
    assert {*compare(last, last, CUSTOMERS, on=ON).actions["side"]} == {"both"}


@pytest.mark.parametrize(("old", "new", "why"), [
    ("bonus: {value: 1", "bonus: {was: bonus, value: 1", "its own name"),
    ("bonus: {value: 1", "bonus: {was: limit, value: 1", "still called"),
    ("bonus: {value: 1", "bonus: {was: x, value: 1}, other: {was: x, value: 2", "something else"),
    ("greet: {for", "greet: {was: feast.fair.big, for", "still called"),
    ("greet: {for", "greet: {id: hallo, was: hallo, for", "its own name"),
    ("    by: [occasion, size]\n", "    by: [occasion, size]\n    was: greet\n", "still called"),
    ("    standing: level\n", "    standing: level\n    was: joining\n", "still called"),
    ("fresh: {do", "fresh: {was: done, do", "still called"),
    ("up: {if", "up: {was: up, if", "its own name"),
    ("fair: {solar", "fair: {was: fair, solar", "its own name"),
    ("hello: {en", "hello: {was: [a, a], en", "something else"),
])  # fmt: skip
def test_a_name_that_nothing_can_have_had_is_refused(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    assert OLD.count(old) == 1
    with pytest.raises(PolicyError) as wrong:
        load(tmp_path, OLD.replace(old, new))
    (found,) = [each for each in wrong.value.problems if each.code == "LR494"]
    assert why in dict(found.details)["why"]
    assert found.line


@pytest.mark.parametrize("kind", ["polars", "pyarrow"])
@pytest.mark.parametrize("on", ["2027-02-05", "2027-05-09", "2027-03-31"])
def test_ids_are_made_of_the_columns_of_actions(kind: str, on: str) -> None:
    given: Any = {name: KINDS[kind](table) for name, table in STORE.items()}
    for policy in (PRICED, MENSWEAR):
        result = evaluate_frame(compile_day(policy, on), given)
        for frame in (result.actions, result.suppressed):
            known = nw.from_native(frame, eager_only=True)
            assert known.select(made=action_ids())["made"].to_list() == known["action_id"].to_list()
        assert len(result.actions) > 5


def test_figures_that_only_the_new_policy_has_are_no_reason(tmp_path: Path) -> None:
    old = load(tmp_path, OLD, "old")
    text = OLD.replace("bonus: {value", "more: {value: 3, source: H1}, bonus: {value")
    new = load(
        tmp_path, text.replace("points > limit + bonus", "points > limit + bonus + more"), "new"
    )
    moved = compare(old, new.with_(limit=7), CUSTOMERS, on=ON).movers("size")
    assert all(moved["because"])
    same = compare(old, new, CUSTOMERS, on=ON).movers("size")
    assert {*same["subject_id"]} == {"e"}
    assert all(same["because"])
