# SPDX-License-Identifier: Apache-2.0
"""A row of the handbook counts as carried wherever a policy says it; titles are in languages."""

import pytest

from loyaltyrules import Policy, PolicyError, load_policy
from loyaltyrules.policy.schema import schema
from loyaltyrules.testing.coverage import coverage

TEXT = """\
format: 1
policy: x
language: en
roles: {guide: {zh: 导购, en: guide, source: ROLE-01}, boss: {en: boss, source: [ROLE-02, ROLE-03]}}
channels: {phone: {zh: 电话, source: "WAY-01, WAY-02", note: by hand}}
names: {size_m: {en: medium, source: NAME-01}}
reference: {r: {columns: {id: text, source: text}, source: REF-01}}
occasions: {fair: {solar: 03-01}, ball: {solar: 04-01}}
facts: {customer: {begun: {type: date}, source: {type: [A, B]}}}
tables:
  t:
    for: customer
    by: [occasion, source]
    source: TAB-01
    rows:
      fair: {A: call, B: none, source: ROW-01}
      ball: {rest: none, source: ROW-02}
  u: {for: customer, at: daily, by: source, rows: {A: {do: [call], source: CELL-01}, B: none}, source: TAB-02}
workflows:
  w: {for: customer, begins: begun, states: {new: {until: begun, source: STATE-01}, old: {final: yes}}}
"""


def loaded(tmp_path, text: str) -> Policy:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    return load_policy(tmp_path / "x.yaml")


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ("ROLE-01", "roles.guide"), ("ROLE-03", "roles.boss"), ("WAY-02", "channels.phone"),
        ("NAME-01", "names.size_m"), ("REF-01", "reference.r"), ("TAB-01", "tables.t"),
        ("ROW-01", "t.fair.A"), ("ROW-02", "tables.t"), ("CELL-01", "u.A"), ("TAB-02", "tables.u"),
        ("STATE-01", "workflows.w"),
    ],
)  # fmt: skip
def test_a_row_counts_wherever_it_is_said(tmp_path, row: str, part: str):
    rows = {each.statement.id: each for each in coverage(loaded(tmp_path, TEXT), ())}
    assert rows[row].parts == (part,)


def test_what_a_name_says_beside_its_titles_is_no_title(tmp_path):
    names = loaded(tmp_path, TEXT).names
    assert names["guide"] == (("en", "guide"), ("zh", "导购"))
    assert names["phone"] == (("zh", "电话"),)


@pytest.mark.parametrize(
    ("old", "new", "key", "near"),
    [
        ("source: ROLE-01", "sorce: ROLE-01", "sorce", "source"), ("{en: boss", "{eng: boss", "eng", "en"),
        ("{en: medium", "{fr: moyen", "fr", ""), ("note: by hand", "origin: proposed", "origin", ""),
        ("solar: 03-01}", "solar: 03-01, title: {zhh: 集市}}", "zhh", "zh"),
        ("until: begun,", "until: begun, title: {sz: x},", "sz", ""),
        ("policy: x", "policy: x\\ntitle: {xx: X}", "xx", ""),
    ],
)  # fmt: skip
def test_a_key_beside_titles_that_is_no_language_is_refused(tmp_path, old, new, key, near):
    assert old in TEXT
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, TEXT.replace(old, new.replace("\\n", "\n"), 1))
    (found,) = caught.value.problems
    details = dict(found.details)
    assert (found.code, details["name"], details["near"]) == ("LR140", key, near)


def test_editors_take_several_rows_beside_titles():
    roles = schema()["properties"]["roles"]["additionalProperties"]["anyOf"]
    mapping = next(each for each in roles if "additionalProperties" in each)
    assert "array" in str(mapping["additionalProperties"])
