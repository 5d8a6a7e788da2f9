# SPDX-License-Identifier: Apache-2.0
"""The family of schedules: whatever one of them is known by, all of them are."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml

import effort
from loyaltyrules import PolicyError
from loyaltyrules.calendar import SCHEDULES, Schedule, schedule_named
from loyaltyrules.policy.reader.files import read_policy
from loyaltyrules.policy.schema import schema_of

NOTICE = (
    "reference: {rest_day: {columns: {day: date, kind: [rest, work]},"
    " rows: [{day: 2027-01-01, kind: rest}]}}\n"
)
YEAR = [date(2027, 1, 1) + timedelta(days=step) for step in range(365)]


def test_every_kind_of_schedule_has_a_name_and_every_name_is_of_one_kind():
    kinds = get_args(Schedule)
    assert {type(each) for each in SCHEDULES.values()} == set(kinds)
    assert len(set(SCHEDULES.values())) == len(SCHEDULES)


@pytest.mark.parametrize("name", effort.each([*SCHEDULES], 2))
def test_every_schedule_is_read_and_comes_on_some_day_but_not_before(name, written, does):
    assert schedule_named(name) is SCHEDULES[name]
    policy = written(f"{NOTICE}rules: {{r: {{for: customer, at: {name}, do: call}}}}")
    (rule,) = policy.rules
    assert rule.moment is not None and rule.moment.schedule == SCHEDULES[name]
    days = [day for day in YEAR if does(policy, {"id": "c"}, str(day))]
    assert days
    later = written(f"{NOTICE}rules: {{r: {{for: customer, at: 1 day after {name}, do: call}}}}")
    after = [day for day in YEAR if does(later, {"id": "c"}, str(day))]
    assert [day for day in after if day > YEAR[0]] == [
        moved for day in days if (moved := day + timedelta(days=1)) in YEAR
    ]


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_may_be_the_row_of_a_table(name, written):
    table = f"tables: {{t: {{for: customer, by: schedule, rows: {{{name}: call}}}}}}"
    policy = written(NOTICE + table)
    (rule,) = policy.rules
    assert rule.moment is not None and rule.moment.schedule == SCHEDULES[name]


def offered(shape: dict[str, Any], key: str) -> set[str]:
    """The names that an editor offers for a key."""
    return {name for way in shape["properties"][key]["anyOf"] for name in way.get("enum", ())}


def test_the_schema_of_a_policy_offers_every_schedule(tmp_path: Path):
    file = tmp_path / "policy.yaml"
    file.write_text("format: 1\npolicy: p\noccasions: {feast: {solar: 05-01}}\n", encoding="utf-8")
    shapes = schema_of(read_policy(file))["$defs"]
    for name in ("RuleShape", "TableShape"):
        assert set(SCHEDULES) | {"feast"} == offered(shapes[name], "at")
    assert set(SCHEDULES) <= set(shapes["TableShape"]["properties"]["rows"]["properties"])


def test_the_schema_of_a_policy_accepts_tables_of_one_dimension_and_of_two(tmp_path: Path):
    file = tmp_path / "policy.yaml"
    file.write_text(
        """\
format: 1
policy: p
facts: {customer: {tier: {type: [A, B]}}}
tables:
  week: {for: customer, by: schedule, rows: {monday: call, friday: [call, letter]}}
  both: {for: customer, by: [schedule, tier], rows: {monday: {A: call, B: none}}}
  ends: {for: customer, by: tier, at: month_end, rows: {A: call, B: none}}
""",
        encoding="utf-8",
    )
    checked = jsonschema.Draft202012Validator(schema_of(read_policy(file)))
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [error.message for error in checked.iter_errors(document)] == []


def test_a_misspelt_schedule_is_told_with_the_name_that_is_near(written):
    for text in (
        "rules: {r: {for: customer, at: month_edn, do: call}}",
        "rules: {r: {for: customer, at: 3 days after month_edn, do: call}}",
        "rules: {r: {for: customer, at: month end, do: call}}",
        "rules: {r: {for: customer, at: 3 days after the month end, do: call}}",
        "tables: {t: {for: customer, by: schedule, rows: {month_edn: call}}}",
    ):
        with pytest.raises(PolicyError) as caught:
            written(text)
        (told,) = caught.value.problems
        assert dict(told.details)["near"] == "month_end", text
    with pytest.raises(PolicyError) as caught:
        written("rules: {r: {for: customer, at: 2 days before 3rd workday of month, do: call}}")
    (told,) = caught.value.problems
    assert (told.code, dict(told.details)["near"]) == ("LR304", "third workday of month")
