# SPDX-License-Identifier: Apache-2.0
"""The shipped policies load without doubt, pass their own cases, and carry the rows they claim."""

import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

import effort
from loyaltyrules import Plugins, PolicyError, compile_day, evaluate, load_policy
from loyaltyrules.expression.functions import Function
from loyaltyrules.expression.types import WHOLE
from loyaltyrules.policy.reader.files import read_policy
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.schema import schema, schema_of
from loyaltyrules.testing.cases import case_files, read_cases
from loyaltyrules.testing.coverage import coverage, read_handbook
from loyaltyrules.testing.runner import run_case

ROOT = Path(__file__).parents[2]
POLICIES = sorted(path.parent for path in (ROOT / "policies").glob("*/policy.yaml"))
MENSWEAR = ROOT / "policies" / "menswear"
PRICED = ROOT / "examples" / "store" / "priced"
CASES = [case for policy in POLICIES for file in case_files(policy) for case in read_cases(file)]
HANDBOOK = read_handbook(MENSWEAR)


@pytest.fixture(scope="module")
def plans():
    return {}


@pytest.fixture(scope="module")
def menswear():
    return load_policy(MENSWEAR)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_a_shipped_policy_has_no_doubtful_place(path):
    assert load_policy(path).doubts == ()


@pytest.mark.parametrize("case", effort.each(CASES, 8), ids=lambda case: case.name)
def test_a_case_of_a_shipped_policy_passes(case, menswear, plans):
    assert run_case(menswear, case, plans).failures == ()


@pytest.mark.parametrize("row", HANDBOOK, ids=lambda row: row.id)
def test_a_row_of_the_handbook_is_accounted_for(row, menswear):
    found = {each.statement.id: each for each in coverage(menswear, CASES, HANDBOOK)}
    assert found[row.id].accounted


def test_the_list_of_the_handbook_is_whole_and_names_no_row_that_there_is_not(menswear):
    assert len(HANDBOOK) == 139
    assert {each.statement.id for each in coverage(menswear, CASES)} <= {e.id for e in HANDBOOK}


def test_rows_not_wholly_carried_are_told_in_the_readme():
    told = (MENSWEAR / "README.md").read_text(encoding="utf-8")
    left_out = [row.id for row in HANDBOOK if row.left_out]
    assert left_out == re.findall(r"^\| (TERM-[\w-]+) \|", told, re.MULTILINE)


def test_every_figure_of_the_policy_says_where_it_comes_from(menswear):
    for parameter in menswear.parameters.values():
        assert parameter.grounds.source
        assert parameter.grounds.origin in ("source", "proposed", "example")


def test_a_policy_in_force_without_limits_runs_from_1990_to_2099(menswear):
    member = {"id": "1", "tier": "A", "member_status": "formal", "consent_marketing": "yes"}
    for year in range(1990, 2100, 7):
        plan = compile_day(menswear, on=date(year, 12, 31))
        assert {a.rule for a in evaluate(plan, member | {"mobile_phone": "1"}).actions} == {
            "festivals.new_year.A"
        }


def test_the_texts_of_the_policy_are_in_both_languages(menswear):
    for template in menswear.templates.values():
        assert template.missing or {language for language, _ in template.texts} == {"zh", "en"}


SMALL = """
format: 1
policy: small
facts:
  customer:
    points: {type: whole}
    phone: {type: text, personal: yes}
occasions:
  feast: {solar: 01-01}
words:
  ring: {kind: call, role: guide}
rules:
  thanks: {for: customer, at: feast, if: doubled(points) >= 10, do: hello}
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plug_in_passes_functions_words_and_dates(tmp_path):
    takes_one = lambda given: WHOLE if len(given) == 1 else None  # noqa: E731
    plugins = Plugins(
        functions={"doubled": Function(takes_one, lambda number: 2 * number)},
        words={"hello": {"kind": "call", "role": "guide"}},
        dates={"feast": lambda year: [date(year, 3, 3)]},
    )
    policy = load_policy(_written(tmp_path, SMALL), plugins=plugins)
    on = compile_day(policy, on=date(2027, 3, 3))
    assert [a.kind for a in evaluate(on, {"id": "1", "points": 5}).actions] == ["call"]
    assert evaluate(on, {"id": "1", "points": 4}).actions == ()
    assert (
        evaluate(compile_day(policy, on=date(2027, 1, 1)), {"id": "1", "points": 5}).actions == ()
    )


def test_a_personal_fact_may_not_stand_in_an_action(tmp_path):
    text = SMALL.replace("doubled(points)", "points").replace(
        "do: hello", "do: {do: ring, value: phone}"
    )
    with pytest.raises(PolicyError) as error:
        load_policy(_written(tmp_path, text))
    assert [each.code for each in error.value.problems] == ["LR235"]


def test_the_source_of_an_action_names_rows_of_the_catalogue(menswear):
    member = {"id": "1", "tier": "A", "member_status": "formal", "consent_marketing": "yes"}
    plan = compile_day(menswear, on=date(2027, 2, 5))
    (call,) = [
        a for a in evaluate(plan, member | {"mobile_phone": "1"}).actions if a.kind == "call"
    ]
    assert re.fullmatch(r"TERM-FEST-[\w-]+(;TERM-FEST-[\w-]+)*", call.source or "")


def _as_editors_read(path: Path) -> dict[str, object]:
    """All files of a policy as one document, as YAML's own types, dates as text."""
    whole: dict[str, object] = {}
    for file in [path / "policy.yaml", *sorted(path.glob("*.yaml"))]:
        if not file.name.endswith("_test.yaml"):
            whole |= json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))
    whole.pop("include", None)
    return whole


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_the_schema_accepts_a_shipped_policy_and_refuses_a_misspelt_key(path):
    document = _as_editors_read(path)
    for known in (schema(), schema_of(Document(document))):
        checked = jsonschema.Draft202012Validator(known)
        assert [error.message for error in checked.iter_errors(document)] == []
        assert list(checked.iter_errors(document | {"tabels": {}}))


def test_the_schema_knows_what_may_cost_something_and_short_forms():
    document = yaml.safe_load((PRICED / "policy.yaml").read_text(encoding="utf-8"))
    whole = read_policy(PRICED, ROOT)
    costs = {"cake": "120 CNY", "phone": 3, "flowers": {"cost": 3, "minutes": 0.5, "of": "gift"}}
    for known in (schema(), schema_of(whole)):
        checked = jsonschema.Draft202012Validator(known)
        for said in (document["costs"], costs):
            head = {"format": 1, "policy": "x", "costs": said}
            assert [error.message for error in checked.iter_errors(head)] == []
        wrong = {"format": 1, "policy": "x", "costs": {"cake": {"price": 3}}}
        assert list(checked.iter_errors(wrong))
    offered = schema_of(whole)["properties"]["costs"]["properties"]
    assert {"cake", "spring_festival", "sms", "visit"} <= offered.keys()


def test_the_priced_example_has_no_doubtful_place():
    assert load_policy(PRICED, root=ROOT).doubts == ()


def test_an_expected_field_that_actions_do_not_have_is_told(tmp_path):
    file = tmp_path / "x_test.yaml"
    file.write_text(
        "given: {a: {tier: A}}\n"
        "cases: {c: {who: a, on: 2027-02-05, expect: {actions: [{kind: call, stauts: ready}]}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(PolicyError) as error:
        list(read_cases(file))
    (told,) = error.value.problems
    assert told.code == "LR145" and dict(told.details)["near"] == "status" and told.line == 2
