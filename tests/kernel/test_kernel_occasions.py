# SPDX-License-Identifier: Apache-2.0
"""Every form of occasion, and when what it occasions opens, is due and closes."""

from datetime import date, timedelta
from typing import Any

import pytest

import effort


def days(decide: Any, rule: str, since: str, on: str, kind: str = "", **facts: object) -> list[str]:
    """The days in the span on which a rule acts, found day by day."""
    start, end = date.fromisoformat(since), date.fromisoformat(on)
    found = []
    for step in range(1, (end - start).days + 1):
        day = start + timedelta(days=step)
        actions = decide("occasions", {"id": "c1", **facts}, str(day)).actions
        found += [str(day) for e in actions if e.rule == rule and kind in ("", e.kind)]
    return found


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    effort.each(
        [
            ("fathers_day", 2027, ["2027-06-20"]),
            ("last_friday", 2027, ["2027-11-26"]),
            ("qingming", 2027, ["2027-04-05"]),
            ("qingming", 2028, ["2028-04-04"]),
            ("eve", 2027, ["2027-02-05"]),
            ("eve", 2028, ["2028-01-25"]),
            ("leap_day", 2027, []),
            ("leap_day", 2028, ["2028-02-29"]),
            ("month_end", 2027, None),
        ],
        2,
    ),
)
def test_an_occasion_comes_once_a_year_or_not_at_all(decide, rule, year, expected):
    decision = decide("occasions", {"id": "c1"}, f"{year}-12-31", f"{year - 1}-12-31")
    found = [e for e in (*decision.actions, *decision.suppressed) if e.rule == rule]
    opened = [str(each.due_on) for each in found]
    assert opened == expected if expected is not None else len(opened) == 12


def by_kind(decision: Any, rule: str) -> dict[str, tuple[str, str]]:
    found = [each for each in decision.actions if each.rule == rule]
    return {each.kind: (str(each.due_on), str(each.window_end)) for each in found}


def test_a_festival_opens_on_its_eve_and_posted_items_three_days_before(decide):
    posted = decide("occasions", {"id": "c1"}, "2026-12-28")
    assert by_kind(posted, "new_year") == {"card.mail": ("2026-12-28", "2027-01-01")}
    eve = decide("occasions", {"id": "c1"}, "2026-12-31")
    assert by_kind(eve, "new_year") == {
        "call": ("2026-12-31", "2027-01-01"),
        "message.send": ("2027-01-01", "2027-01-01"),
    }
    assert by_kind(decide("occasions", {"id": "c1"}, "2027-01-01"), "new_year") == {}


def test_a_lunar_festival_moves_through_the_year(decide):
    assert days(decide, "mid_autumn", "2027-09-10", "2027-09-16", "call") == ["2027-09-14"]
    assert days(decide, "mid_autumn", "2027-09-08", "2027-09-13", "card.mail") == ["2027-09-11"]


def test_the_occurrence_is_the_day_of_the_occasion_whatever_opens_when(decide):
    decision = decide("occasions", {"id": "c1"}, "2026-12-31", "2026-12-27")
    found = {each.action_id.split("/")[4] for each in decision.actions if each.rule == "new_year"}
    assert found == {"2027-01-01"}


BORN = {"born_on": "1990-05-20"}


def test_a_birthday_is_greeted_on_the_day_a_card_posted_and_a_visit_two_days_before(decide):
    span = ("2027-05-10", "2027-05-25")
    assert days(decide, "birthday", *span, "call", **BORN) == ["2027-05-20"]
    assert days(decide, "birthday", *span, "card.mail", **BORN) == ["2027-05-17"]
    assert days(decide, "birthday", *span, "home_visit", **BORN) == ["2027-05-18"]


def test_everything_for_a_birthday_closes_on_the_birthday(decide):
    decision = decide("occasions", {"id": "c1", **BORN}, "2027-05-20", "2027-05-16")
    ends = {str(e.window_end) for e in decision.actions if e.rule == "birthday"}
    assert ends == {"2027-05-20"}


@pytest.mark.parametrize(("year", "greeted"), [(2027, "02-28"), (2028, "02-29")])
def test_who_was_born_on_the_leap_day_is_greeted_the_day_before_in_common_years(
    decide, year, greeted
):
    span = (f"{year}-02-26", f"{year}-03-02")
    assert days(decide, "birthday", *span, "call", born_on="1996-02-29") == [f"{year}-{greeted}"]


def test_a_lunar_birthday_in_a_leap_month_is_kept_in_the_regular_one(decide):
    born = {"born_on": "2001-05-23", "calendar": "lunar"}  # first day of leap month 4
    assert days(decide, "birthday", "2027-04-25", "2027-06-10", "call", **born) == ["2027-05-06"]
    # 2020 has a leap month 4 of its own
    assert days(decide, "birthday", "2020-04-20", "2020-05-30", "call", **born) == ["2020-05-23"]


def test_an_unknown_date_of_birth_is_listed(decide):
    decision = decide("occasions", {"id": "c1"}, "2027-05-20")
    assert "birthday" in {each.rule for each in decision.undecided}
    assert "born_on" in {fact for each in decision.undecided for fact in each.facts}


def test_an_offset_counts_from_the_occasion_and_shares_its_occurrence(decide):
    (action,) = [
        each
        for each in decide("occasions", {"id": "c1", **BORN}, "2027-04-20").actions
        if each.rule == "before_birthday"
    ]
    assert (str(action.due_on), str(action.window_end)) == ("2027-04-20", "2027-05-20")
    assert action.action_id.endswith("/2027-05-20/invite")


def test_several_birthdays_of_long_months_may_open_on_one_day(decide):
    for born, opens in (("1990-03-31", "02-28"), ("1990-03-28", "02-28"), ("1990-03-27", "02-27")):
        span = ("2027-02-25", "2027-03-03")
        found = days(decide, "before_birthday", *span, born_on=born)
        assert found == [f"2027-{opens}"], born


def test_an_anniversary_of_an_instant_is_that_of_its_day(decide):
    joined = {"joined_at": "2020-07-09T23:30:00+08:00"}
    assert days(decide, "joining", "2027-07-07", "2027-07-12", **joined) == ["2027-07-09"]
    assert (
        days(decide, "joining", "2020-07-07", "2020-07-12", **joined) == []
    )  # not on the day itself


def test_the_special_dates_of_a_customer_are_child_records(decide):
    dates = [
        {"id": "w", "day": "2015-08-08"},
        {"id": "l", "day": "2015-08-08", "calendar": "lunar"},
    ]
    decision = decide("occasions", {"id": "c1", "special_dates": dates}, "2027-08-08")
    assert [(e.rule, e.subject_id) for e in decision.actions if e.rule == "wedding"] == [
        ("wedding", "w")
    ]


def test_schedules_come_on_their_days_and_may_be_moved(decide):
    assert days(decide, "month_end", "2027-01-30", "2027-03-02") == ["2027-01-31", "2027-02-28"]
    assert days(decide, "after_month_end", "2027-01-30", "2027-03-05") == [
        "2027-02-03",
        "2027-03-03",
    ]
    assert days(decide, "quarter_start", "2027-03-30", "2027-04-03") == ["2027-04-01"]
    (report,) = [e for e in decide("occasions", {"id": "c1"}, "2027-04-01").actions
                 if e.rule == "quarter_start"]  # fmt: skip
    assert report.window_end is None


def test_today_is_the_day_of_the_moment_in_dated_rules(decide):
    assert days(decide, "daily", "2027-05-01", "2027-05-05", term_on="2027-05-03") == ["2027-05-03"]


def test_a_deadline_counts_from_the_occasion_and_late_is_the_day_after(decide):
    (action,) = [e for e in decide("occasions", {"id": "c1"}, "2027-06-20").actions
                 if e.rule == "fathers_day"]  # fmt: skip
    assert action.deadline == "2027-06-22"
    assert days(decide, "fathers_day.late", "2027-06-19", "2027-06-26") == ["2027-06-23"]


def test_an_early_opening_does_not_make_what_is_late_come_early(decide):
    assert days(decide, "greet_late", "2026-12-29", "2027-01-05") == ["2026-12-31"]
    assert days(decide, "greet_late.late", "2026-12-29", "2027-01-05") == ["2027-01-03"]
    (late,) = [e for e in decide("occasions", {"id": "c1"}, "2027-01-03").actions
               if e.rule == "greet_late.late"]  # fmt: skip
    assert (late.deadline, late.window_end) == (None, None)


def test_dates_that_never_come_are_refused(faults):
    for text in ("solar: 02-30", "lunar: 13/1", "nth: sixth monday of may", "term: midsummer"):
        assert faults(f"occasions: {{x: {{{text}}}}}") == ["LR302"], text
    assert faults("occasions: {x: {solar: 01-01, lunar: 1/1}}") == ["LR127"]


def test_an_anniversary_of_other_records_is_refused(faults):
    text = (
        "subjects: {special: {of: customer}}\nfacts: {special: {day: {type: date}}}\n"
        "occasions: {wedding: {anniversary: special.day}}\n"
        "rules: {r: {for: customer, at: wedding, do: call}}"
    )
    assert faults(text) == ["LR163"]


@pytest.mark.parametrize(("day", "opens"), [("31", "02-28"), ("29", "02-28"), ("27", "02-27")])
def test_a_word_may_open_a_month_before_any_date(written, does, day, opens):
    policy = written(
        "facts: {customer: {ends_on: {type: date}}}\n"
        "words: {early: {kind: letter, opens: 1 month}}\n"
        "rules: {r: {for: customer, at: ends_on, do: early}}"
    )
    record = {"id": "c1", "ends_on": f"2027-03-{day}"}
    days = [f"2027-{each}" for each in ("02-26", "02-27", "02-28", "03-01")]
    assert [on for on in days if does(policy, record, on)] == [f"2027-{opens}"]


def test_a_deadline_beyond_the_calendar_stays_at_its_edge(decide, written):
    far = written("""
facts: {customer: {joined_on: {type: date}}}
occasions: {new_year: {solar: 01-01}}
rules:
  fixed: {for: customer, at: new_year, within: 9000 years, do: task.call}
  own: {for: customer, from: joined_on, within: 9000 years, do: task.mail}
""")
    found = decide(far, {"id": "c1", "joined_on": "2026-05-01"}, "2027-01-01").actions
    assert [each.deadline for each in found] == ["9999-12-31", "9999-12-31"]


@pytest.mark.parametrize(
    "moment",
    ["9000 years after month_end", "90000 days before new_year", "2400 months after joined_on",
     "far before joined_on"],
)  # fmt: skip
@pytest.mark.parametrize("opens", ["", ", opens: 9000 years"])
def test_a_moment_further_off_than_the_calendar_reaches_is_refused(faults, moment, opens):
    found = faults(f"""
facts: {{customer: {{joined_on: {{type: date}}}}}}
parameters: {{far: {{values: {{2020-01-01: 3 days, 2030-01-01: 400 years}}}}}}
occasions: {{new_year: {{solar: 01-01{opens}}}}}
rules: {{r: {{for: customer, at: {moment}, do: task.a}}}}
""")
    assert found == ["LR488"] * (2 if opens else 1)


def test_moments_at_the_edge_of_all_days_never_open(does, written):
    policy = written("""
facts: {customer: {joined_on: {type: date}}}
reference: {sale: {columns: {id: text, day: date}}}
occasions: {sale: {rows: sale, day: day, opens: 1 day}, new_year: {solar: 01-01}}
words: {early: {kind: letter, opens: 2 days}}
rules:
  after: {for: customer, at: 7 days after sale, do: early}
  before: {for: customer, at: 7 days before sale, do: early}
  late: {for: customer, at: new_year, within: 9000 years, late: task.late, do: task.now}
""")
    rows = [{"id": "a", "day": "9999-12-31"}, {"id": "b", "day": "0001-01-01"}]
    for day in ("1901-02-21", "2027-05-04", "2099-12-31"):
        assert does(policy, {"id": "c1"}, day, tables={"sale": rows}) == []
