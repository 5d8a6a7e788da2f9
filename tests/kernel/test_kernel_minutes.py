# SPDX-License-Identifier: Apache-2.0
"""Hours and minutes: exact on instants, faults on days, deadlines to the minute, the moment of the run."""

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from loyaltyrules import (
    ArgumentError,
    Policy,
    PolicyError,
    apply,
    compile_day,
    evaluate,
    explain,
    load_policy,
)

Written = Callable[[str], Policy]
VISITS = """
timezone: {zone}
subjects: {{visit: {{}}}}
facts:
  visit:
    arrived_at: {{type: datetime}}
    greeted_at: {{type: datetime}}
    called_on: {{type: date}}
    interval: {{type: number}}
    minutes: {{type: whole, unit: minutes}}
"""
DERIVED = """
    hour_later: {is: arrived_at + 1 hours}
    in_hour: {is: greeted_at <= arrived_at + 1 hours}
    waited: {is: "minutes_between(arrived_at, greeted_at)"}
    hours: {is: "hours_between(arrived_at, greeted_at)"}
    next_call: {is: called_on + days(interval)}
    long: {is: minutes + 5 minutes > 30 minutes}
rules:
  tell: {for: visit, once_per: id, do: {do: task.tell, value: hour_later}}
  soon: {for: visit, if: in_hour, once_per: id, do: {do: task.soon, value: waited, to: hours}}
  call: {for: visit, once_per: id, do: {do: task.call, value: next_call}}
  slow: {for: visit, if: long, once_per: id, do: task.slow}
"""
DUTIES = """
rules:
  open:
    {for: visit, from: arrived_at, if: greeted_at is missing, within: WITHIN, do: task.greet,
     late: escalate store_manager}
  once: {for: visit, at: arrived_at, within: WITHIN, do: task.once, late: alert store_manager}
"""


def policy_of(written: Written, text: str, zone: str = "Asia/Shanghai") -> Policy:
    return written(VISITS.format(zone=zone) + text)


def said(policy: Policy, on: date, now: Any = None, **record: Any) -> dict[str, Any]:
    found = evaluate(compile_day(policy, on, now=now), {"id": "v", **record}, subject="visit")
    return {each.kind: each for each in found.actions}


DAY = date(2027, 3, 1)
ONCE = "for: visit, once_per: id, do: task.x"


def test_an_hour_later_is_an_hour_later(written: Written) -> None:
    policy = policy_of(written, DERIVED)
    late = said(policy, DAY, arrived_at="2027-03-01T10:00", greeted_at="2027-03-01T17:00")
    assert late["task.tell"].value == "2027-03-01T11:00"
    assert "task.soon" not in late
    soon = said(policy, DAY, arrived_at="2027-03-01T10:00", greeted_at="2027-03-01T11:00")
    assert (soon["task.soon"].value, soon["task.soon"].to_value) == ("60", "1")
    over = said(policy, DAY, arrived_at="2027-03-01T10:00", greeted_at="2027-03-01T11:00:00.000001")
    assert "task.soon" not in over


def test_numbers_become_days_and_minutes_numbers(written: Written) -> None:
    policy = policy_of(written, DERIVED)
    found = said(policy, DAY, called_on="2027-02-27", interval="2.9", minutes=26)
    assert found["task.call"].value == "2027-03-01", "what is begun of a day does not count"
    assert "task.slow" in found
    assert "task.slow" not in said(policy, DAY, minutes=25)


def test_hours_pass_exactly_where_the_clocks_are_turned(written: Written) -> None:
    policy = policy_of(written, DERIVED, "America/New_York")
    day = date(2026, 11, 1)
    found = said(policy, day, arrived_at="2026-11-01T00:45", greeted_at="2026-11-01T01:30-05:00")
    assert "task.soon" not in found, "01:30 comes twice, and this is the second"
    assert found["task.tell"].value == "2026-11-01T01:45"
    found = said(policy, day, arrived_at="2026-11-01T00:45", greeted_at="2026-11-01T01:30")
    assert found["task.soon"].value == "45"


@pytest.mark.parametrize(("zone", "deadline"), [
    ("Asia/Shanghai", "2027-03-01T10:30+08:00"), ("America/New_York", "2027-03-01T10:30-05:00"),
    ("UTC", "2027-03-01T10:30+00:00"),
])  # fmt: skip
def test_a_deadline_is_stated_to_the_minute(written: Written, zone: str, deadline: str) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"), zone)
    found = said(policy, DAY, arrived_at="2027-03-01T10:00")
    assert found["task.greet"].deadline == found["task.once"].deadline == deadline


def test_days_from_an_instant_are_days(written: Written) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "2 days"))
    assert said(policy, DAY, arrived_at="2027-03-01T10:00")["task.greet"].deadline == "2027-03-03"


@pytest.mark.parametrize(("day", "now", "late"), [
    (1, None, ""), (1, "2027-03-01T10:29:59", ""), (1, "2027-03-01T10:30", "both"),
    (1, "2027-03-01T02:30Z", "both"), (1, datetime(2027, 3, 1, 23, 59), "both"),
    (1, pd.Timestamp("2027-03-01 11:00"), "both"),
    (2, None, "both"), (2, "2027-03-02T08:00", "both"), (3, None, "open"), (3, "2027-03-03T08:00", "open"),
])  # fmt: skip
def test_late_is_told_in_the_first_run_after_the_deadline(
    written: Written, day: int, now: Any, late: str
) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"))
    found = said(policy, date(2027, 3, day), now, arrived_at="2027-03-01T10:00")
    assert ("escalate" in found, "alert" in found) == (late in ("both", "open"), late == "both")
    assert all(found[kind].due_on <= date(2027, 3, day) for kind in found)


def test_who_arrives_before_midnight_is_late_after_it(written: Written) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"))
    record = {"arrived_at": "2027-03-01T23:45"}
    for day, late in ((1, False), (2, False), (3, True), (4, False)):
        assert ("alert" in said(policy, date(2027, 3, day), **record)) is late
    assert "alert" in said(policy, date(2027, 3, 2), "2027-03-02T00:15", **record)


def test_only_the_last_day_of_a_span_knows_the_moment(written: Written) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"))
    plan = compile_day(policy, date(2027, 3, 2), date(2027, 2, 27), now="2027-03-02T10:00")
    found = evaluate(plan, {"id": "v", "arrived_at": "2027-03-01T10:00"}, subject="visit")
    assert [each.kind for each in found.actions].count("alert") == 1


def test_the_moment_is_part_of_the_plan(written: Written) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"))
    plan, other = (
        compile_day(policy, DAY, now=f"2027-03-01T{clock}") for clock in ("10:00", "10:01")
    )
    assert (
        plan
        == compile_day(policy, DAY, now="2027-03-01T02:00Z")
        == pickle.loads(pickle.dumps(plan))
    )
    assert plan not in (other, compile_day(policy, DAY))


@pytest.mark.parametrize(
    "now", ["2027-03-01", date(2027, 3, 1), "soon", 5, pd.NaT, "2027-03-01T25:00"]
)
def test_what_is_no_moment_is_refused(written: Written, now: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        compile_day(policy_of(written, DERIVED), DAY, now=now)
    assert caught.value.problems[0].code == "LR314"


@pytest.mark.parametrize("now", ["2027-03-02T00:00", datetime(2027, 3, 1, 16, tzinfo=UTC)])
def test_a_moment_of_another_day_is_refused(written: Written, now: Any) -> None:
    with pytest.raises(PolicyError) as caught:
        compile_day(policy_of(written, DERIVED), DAY, now=now)
    assert caught.value.problems[0].code == "LR313"


@pytest.mark.parametrize(("text", "code"), [
    ("rules: {r: {for: visit, if: called_on + 2 hours > today, once_per: id, do: call}}", "LR270"),
    ("rules: {r: {for: visit, if: today - 30 minutes < called_on, once_per: id, do: call}}", "LR270"),
    ("rules: {r: {for: visit, from: called_on, within: 30 minutes, do: task.x}}", "LR312"),
    ("rules: {r: {for: visit, from: date(arrived_at), within: 30 minutes, do: task.x}}", "LR312"),
    ("rules: {r: {for: visit, at: monday, within: 2 hours, do: task.x}}", "LR312"),
    ("rules: {r: {for: visit, at: 2 hours after called_on, do: task.x}}", "LR312"),
    ("rules: {r: {for: visit, once_per: day, within: 2 hours, do: task.x}}", "LR312"),
    ("words: {w: {kind: task.x, opens: 2 hours}}\nrules: {r: {for: visit, at: monday, do: w}}", "LR271"),
    (f"rules: {{r: {{{ONCE}, if: 'minutes_between(called_on, today) > 3'}}}}", "LR211"),
    (f"rules: {{r: {{{ONCE}, if: called_on + days(minutes) > today}}}}", "LR211"),
    ("""workflows:
  state:
    for: visit
    begins: called_on
    states: {open: {until: greeted_at, do: task.x, within: 2 hours}, done: {final: yes}}
""", "LR312"),
    ("""parameters: {p: {values: {2020-01-01: 1 day, 2027-01-01: 3 hours}}}
rules: {r: {for: visit, from: called_on, within: p, do: task.x}}
""", "LR312"),
])  # fmt: skip
def test_a_day_has_no_hours(faults: Callable[[str], list[str]], text: str, code: str) -> None:
    assert code in faults(VISITS.format(zone="UTC") + text)


def test_a_figure_may_be_days_and_then_hours(written: Written) -> None:
    policy = policy_of(written, """
parameters: {p: {values: {2020-01-01: 1 day, 2027-03-02: 3 hours}}}
rules: {r: {for: visit, from: arrived_at, within: p, do: task.x}}
""")  # fmt: skip
    record = {"arrived_at": "2027-03-01T10:00"}
    assert said(policy, DAY, **record)["task.x"].deadline == "2027-03-02"
    assert said(policy, date(2027, 3, 2), **record)["task.x"].deadline == "2027-03-01T13:00+08:00"


def test_hours_before_and_after_an_instant_are_moments(written: Written) -> None:
    policy = policy_of(
        written,
        "rules: {r: {for: visit, at: 3 hours after arrived_at, within: 1 hour, do: task.x}}",
    )
    assert said(policy, DAY, arrived_at="2027-03-01T22:00") == {}
    found = said(policy, date(2027, 3, 2), arrived_at="2027-03-01T22:00")["task.x"]
    assert (found.due_on, found.deadline) == (date(2027, 3, 2), "2027-03-02T02:00+08:00")


def test_hosts_see_local_times_as_before(written: Written) -> None:
    policy = policy_of(written, """
words: {w: {kind: task.x, sets: {greeted_at: arrived_at + 90 minutes}, value: arrived_at}}
rules: {r: {for: visit, if: arrived_at + 30 minutes < greeted_at, once_per: arrived_at, do: w}}
""")  # fmt: skip
    record = {"id": "v", "arrived_at": "2027-03-01T02:00Z", "greeted_at": "2027-03-01T12:00"}
    decision = evaluate(compile_day(policy, DAY), record, subject="visit")
    (action,) = decision.actions
    assert (action.value, action.occurrence) == ("2027-03-01T10:00", "2027-03-01T10:00")
    assert action.sets == (("greeted_at", datetime(2027, 3, 1, 11, 30)),)
    assert action.to_dict()["sets"] == [["greeted_at", "2027-03-01T11:30:00", "datetime"]]
    assert apply(record, action, policy=policy)["greeted_at"] == datetime(2027, 3, 1, 11, 30)
    assert "+08:00" not in explain(decision)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_what_never_ends_is_never_late(written: Written, zone: str) -> None:
    policy = policy_of(written, DUTIES.replace("WITHIN", "30 minutes"), zone)
    for never in ("9999-12-31", "9999-12-31T23:59:59", "9999-12-31T23:59:59Z"):
        assert said(policy, DAY, "2027-03-01T12:00", arrived_at=never) == {}


ROWS = """
reference: {gala: {columns: {at: datetime}, rows: [{at: 2027-03-05T19:30}, {at: 2027-03-05T21:00}]}}
occasions: {gala: {rows: gala, day: at}}
rules:
  invite: {for: reception, at: 2 days before gala, do: {do: invite, value: gala.at}}
"""


def test_rows_that_say_a_time_open_on_their_day_each_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "rows.yaml"
    file.write_text(
        f"format: 1\npolicy: x\nlanguage: en\nsubjects: {{reception: {{}}}}\n{ROWS}",
        encoding="utf-8",
    )
    policy = load_policy(file)
    found = {
        day: [
            (each.occurrence, each.value)
            for each in evaluate(
                compile_day(policy, date(2027, 3, day)), {"id": "e"}, "reception"
            ).actions
        ]
        for day in (2, 3, 5)
    }
    times = ["2027-03-05T19:30", "2027-03-05T21:00"]
    assert found == {2: [], 3: [*zip(times, times, strict=True)], 5: []}
