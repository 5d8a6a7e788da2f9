# SPDX-License-Identifier: Apache-2.0
"""Texts: every placeholder filled from record, parent, row, figure or action, or a reason why not."""

from datetime import date
from typing import Any

import pytest

from loyaltyrules import (
    DayPlan,
    Plugins,
    PolicyError,
    SnapshotError,
    compile_day,
    evaluate,
    explain,
    load_policy,
    render,
    trace,
)

POLICY = """
format: 1
policy: texts
language: en
subjects:
  shop: {}
  customer: {of: shop, list: customers}
  sale: {of: customer}
facts:
  shop: {brand: {type: text}}
  customer:
    name:   {type: text, personal: yes}
    style:  {type: text}
    points: {type: whole, default: 0}
    likes:  {list: sale.item}
  sale:
    item: {type: text}
    day:  {type: date}
parameters:
  goal: {value: 1000 points, source: X}
occasions:
  spring_festival: {lunar: 1/1, title: {zh: 春节, en: Spring Festival}}
  event: {rows: event, day: day}
reference:
  event: {columns: {id: text, day: date, what: text}}
  offer: {columns: {id: text, from: date, to: date, text: text}}
words:
  letter: {kind: letter, template: letter, value: points}
  asks:   {kind: script, template: asks}
rules:
  letter: {for: customer, at: 2 days before event, do: letter}
  asks:   {for: sale, at: 1 day after day, do: asks}
templates:
  letter:
    en: "{name} ({style}) of {shop.brand}: {event.what} on {event.day}, {value} of {goal} points.{extra}"
    zh: "{name}：{event.day}{event.what}。{extra}"
  asks:
    zh: "{name}，{brand}的{item}好用吗？{likes}"
blocks:
  extra: {first: [soon, offer, few]}
  soon:  {before: spring_festival, within: 7 days, en: " {occasion} is near.", zh: "{occasion}快到了。"}
  offer:
    rows: offer
    if: offer.from <= today and offer.to >= today
    en: " Now: {offer.text}!"
    zh: "现在{offer.text}！"
  few:   {if: points > 0, en: " Points: {points}.", zh: "{points}分。"}
names:
  calm: {en: calm and quiet, zh: 沉静}
"""
TABLES = {
    "shop": [{"id": "s", "brand": "North"}],
    "event": [{"id": "e", "day": "2027-03-03", "what": "Opening"}],
    "offer": [{"id": "o", "from": "2027-03-01", "to": "2027-03-01", "text": "half price"},
              {"id": "p", "from": "2027-03-02", "to": "2027-03-09", "text": "tea"}],
}  # fmt: skip
PERSON = {"id": "c", "name": "Li", "style": "calm", "shop_id": "s", "points": 5}


@pytest.fixture
def written(tmp_path):
    def load(text=POLICY):
        (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
        return load_policy(tmp_path)

    return load


def told(policy, record, on, language, tables=TABLES):
    plan = compile_day(policy, date.fromisoformat(on), tables=tables)
    found = evaluate(plan, record).actions
    return {each.rule: render(each, plan, record, language) for each in found}


def test_a_text_is_filled_from_record_parent_row_figure_action_and_names(written):
    message = told(written(), PERSON, "2027-03-01", "en")["letter"]
    assert message.text == (
        "Li (calm and quiet) of North: Opening on March 3, 5 of 1000 points. Now: half price!"
    )
    assert (message.status, message.language, message.lacking) == ("ready", "en", ())


def test_the_same_in_chinese(written):
    assert told(written(), PERSON, "2027-03-01", "zh")["letter"].text == (
        "Li：3月3日Opening。现在half price！"
    )


def test_a_child_record_speaks_with_the_facts_of_its_parents(written):
    sales = [{"id": "1", "item": "scarf", "day": "2027-03-01"}, {"id": "2", "item": "hat"}]
    message = told(written(), {**PERSON, "sales": sales}, "2027-03-02", "zh")["asks"]
    assert message.text == "Li，North的scarf好用吗？scarf、hat"


@pytest.mark.parametrize(
    ("day", "points", "extra"),
    [("2027-02-06", 5, " Spring Festival is near."), ("2027-01-30", 5, " Spring Festival is near."),
     ("2027-01-29", 5, " Points: 5."), ("2027-02-07", 5, " Points: 5."), ("2027-02-07", 0, "")],
)  # fmt: skip
def test_of_blocks_the_first_that_fits_on_the_day_is_taken(written, day, points, extra):
    event = [{"id": "e", "day": str(date.fromordinal(date.fromisoformat(day).toordinal() + 2)),
              "what": "x"}]  # fmt: skip
    found = told(written(), {**PERSON, "points": points}, day, "en", {**TABLES, "event": event})
    assert found["letter"].text.partition("points.")[2] == extra


def test_what_nothing_fills_blocks_the_text_and_is_named(written):
    found = told(written(), {"id": "c"}, "2027-03-01", "en")["letter"]
    assert (found.text, found.status) == (None, "blocked_missing_data")
    assert found.lacking == ("name", "style", "shop.brand")


def test_a_language_without_text_blocks(written):
    sales = [{"id": "1", "item": "scarf", "day": "2027-03-01"}]
    found = told(written(), {**PERSON, "sales": sales}, "2027-03-02", "en")["asks"]
    assert (found.text, found.status) == (None, "blocked_missing_template")


def test_only_what_may_be_told_gets_a_text(written):
    plan = compile_day(written(), date(2027, 3, 1), tables=TABLES)
    (action,) = evaluate(plan, PERSON).actions
    held = render(action._replace(status="suppressed"), plan, PERSON)
    assert (held.text, held.status) == (None, "suppressed")
    assert render(action._replace(status="pending_approval"), plan, PERSON).text is not None


def test_wrong_use_is_refused(written):
    plan = compile_day(written(), date(2027, 3, 1), tables=TABLES)
    (action,) = evaluate(plan, PERSON).actions
    with pytest.raises(ValueError, match="names no template"):
        render(action._replace(template=None), plan, PERSON)
    with pytest.raises(ValueError, match="no language"):
        render(action, plan, PERSON, "fr")
    with pytest.raises(SnapshotError) as caught:
        render(action, plan, {**PERSON, "id": "other"})
    assert caught.value.problems[0].code == "LR412"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{shop.brand}", "{shop.bramd}", "LR233"),
        ("{event.what}", "{offer.text}", "LR233"),
        ("first: [soon, offer", "first: [sun, offer", "LR238"),
        ("first: [soon, offer", "first: [extra, offer", "LR238"),
        ("extra: {first: [soon, offer, few]}", "extra: {first: [soon], en: x}", "LR239"),
        ("before: spring_festival", "before: event", "LR240"),
        ("few:   {if: points", "gift: {if: points", "LR241"),
        ("before: spring_festival", "before: someday", "LR229"),
        ("rows: offer\n", "rows: offers\n", "LR128"),
        ("few:   {if: points > 0,", "few: {if: points > 0, within: 3 days,", "LR146"),
        ("few:   {if: points", "name: {if: points", "LR241"),
        ("few:   {if: points", "goal: {if: points", "LR241"),
        ("    rows: offer\n", "    rows: offer\n    before: spring_festival\n", "LR146"),
        ("extra: {first: [soon, offer, few]}", "extra: {if: points > 0, first: [soon]}", "LR146"),
    ],
)
def test_faults_of_texts_are_told_at_load(written, old, new, code):
    with pytest.raises(PolicyError) as caught:
        written(POLICY.replace(old, new))
    assert code in {each.code for each in caught.value.problems}


def test_a_wrong_placeholder_is_marked_where_it_stands(written):
    with pytest.raises(PolicyError) as caught:
        written(POLICY.replace("{likes}", "{liked}"))
    (found,) = caught.value.problems
    line = POLICY.splitlines()[found.place.line - 1].replace("{likes}", "{liked}")
    start = found.place.column - 1
    assert line[start : start + found.place.length] == "{liked}"
    assert dict(found.details)["near"] == "likes"


def test_blocks_that_nothing_uses_are_doubted(written):
    policy = written(POLICY.replace("{extra}", ""))
    assert {dict(each.details)["name"] for each in policy.doubts} == {"extra"}


def test_a_block_may_speak_before_a_day_that_is_passed_in(tmp_path):
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    dates = {"spring_festival": lambda year: [date(year, 3, 4)]}
    policy = load_policy(tmp_path, plugins=Plugins(dates=dates))
    found = told(policy, PERSON, "2027-03-01", "en")["letter"]
    assert found.text.endswith("points. Spring Festival is near.")


def test_a_record_below_a_shop_is_found_in_the_mapping_of_the_shop(tmp_path):
    text = POLICY.replace("  sale: {of: customer}", "  sale: {of: customer}\n  visit: {of: shop}")
    text = text.replace(
        "facts:\n", "facts:\n  visit: {day: {type: date}, customer_id: {type: text}}\n"
    )
    text = text.replace(
        "rules:\n", "rules:\n  greet: {for: visit, at: day, do: {do: script, template: hi}}\n"
    ).replace("templates:\n", "templates:\n  hi: {en: 'Welcome to {brand}!'}\n")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    plan = compile_day(load_policy(tmp_path), date(2027, 3, 1))
    visit = {"id": "v", "day": "2027-03-01", "customer_id": "c"}
    shop = {"id": "s", "brand": "North", "visits": [visit]}
    (action,) = evaluate(plan, shop, "shop").actions
    assert render(action, plan, shop, "en").text == "Welcome to North!"


@pytest.fixture(scope="module")
def eve() -> DayPlan:
    return compile_day(load_policy("menswear"), "2027-02-05")


STRANGE = {"template": "nowhere", "rule": "nowhere", "subject": "nowhere", "gift": ["x"]}


@pytest.mark.parametrize("field", STRANGE)
def test_an_action_of_another_policy_is_told(eve: DayPlan, field: str) -> None:
    record = {
        "id": "1",
        "tier": "C",
        "member_status": "formal",
        "email": "a@b.cn",
        "consent_marketing": True,
    }
    action = next(each for each in evaluate(eve, record).actions if each.template)
    assert render(action, eve, record)
    with pytest.raises(ValueError, match="was not decided by Policy"):
        render(action._replace(**{field: STRANGE[field]}), eve, record)


@pytest.mark.parametrize("language", ["fr", "", None, ["zh"], 5])
def test_another_language_is_told_by_all_who_tell(eve: DayPlan, language: Any) -> None:
    decision = evaluate(eve, {"id": "1"})
    for tell in (explain, trace):
        with pytest.raises(ValueError, match="no language"):
            tell(decision, language)
