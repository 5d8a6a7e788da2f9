# SPDX-License-Identifier: Apache-2.0
"""Names of roles, channels and words: nobody is called none, no fact is a name, slips are told in place."""

import pytest

from loyaltyrules import PolicyError

HEAD = """
facts:
  customer: {tier: {type: [A, B]}, boss: {type: text}, ch: {type: text}, phone_no: {type: text}}
"""
RULE = "rules: {r: {for: customer, at: daily, do: w}}\n"


def told(policy) -> list[tuple[str, str]]:
    return [(each.code, dict(each.details).get("name", "")) for each in policy.doubts]


@pytest.mark.parametrize(
    "said",
    [
        "approver: 无",
        "approver: None",
        "role: 没有",
        "channel: NONE",
        "gift: 无",
        "purpose: 无",
        "reason: nothing",
    ],
)
def test_nobody_and_nothing_has_the_name_of_nothing(faulty, said: str):
    words = f"words: {{w: {{kind: gift.mail, {said}}}}}\n"
    assert [code for code, _ in faulty(HEAD + words + RULE)] == ["LR154"]
    long = f"words: {{w: {{kind: gift.mail}}}}\n{RULE.replace('do: w', f'do: {{do: w, {said}}}')}"
    assert [code for code, _ in faulty(HEAD + long)] == ["LR154"]


def test_nobody_is_told_behind_a_word_too(faults):
    assert faults(f"{HEAD}{RULE.replace('do: w', 'do: escalate 无')}") == ["LR154"]


ADDRESSED = HEAD.replace("ch:", "due: {type: date}, ch:")
LATE = "rules: {r: {for: customer, at: due, within: 1 day, do: task.x, late: LATE}}\n"


@pytest.mark.parametrize(
    "who, codes", [("none", ["LR159"]), ("无", ["LR154"]), ("boss_of_all", [])]
)
def test_what_is_to_reach_somebody_is_addressed_to_somebody(written, who: str, codes: list[str]):
    word = "words: {w: {kind: alert, role: guide}}\n"
    for text in (
        RULE.replace("do: w", f"do: alert {who}"), RULE.replace("do: w", f"do: w, role: {who}") + word,
        RULE.replace("do: w", f"do: {{do: w, role: {who}}}") + word, RULE + word.replace("guide", who),
        LATE.replace("LATE", f"escalate {who}"),
        RULE + f"words: {{w: {{kind: call, needs: phone_no, instead: escalate {who}}}}}\n",
    ):  # fmt: skip
        found = []
        try:
            written(ADDRESSED + text)
        except PolicyError as error:
            found = [each.code for each in error.problems]
        assert found == codes


@pytest.mark.parametrize("who", ["none", "无", "None"])
def test_no_step_of_the_gate_waits_for_nobody(faults, who: str):
    rule = "rules: {r: {for: customer, at: daily, do: reward}}\n"
    assert faults(f"{HEAD}{rule}gate: [{{approve: {who}, which: kind = reward}}]\n") == ["LR154"]


@pytest.mark.parametrize(
    "section", ["words: {none: {kind: letter}}", "roles: {none: nobody}", "channels: {none: nothing}",
                "templates: {none: {en: hello}}"],
)  # fmt: skip
def test_nothing_is_named_none(faults, section: str):
    assert faults(f"{HEAD}{section}\n") == ["LR257"]


@pytest.mark.parametrize(
    "said, name", [("channel: ch", "ch"), ("approver: boss", "boss"), ("role: tier", "tier")]
)
def test_a_fact_in_the_place_of_a_name_is_told(written, said: str, name: str):
    words = f"words: {{w: {{kind: message.send, {said}}}}}\n"
    assert told(written(HEAD + words + RULE)) == [("LR619", name)]
    field = "channel" if said.startswith("channel") else "role"
    meant = f"waivers: [{{code: LR619, at: {field}.{name}, reason: so}}]\n"
    assert not written(HEAD + words + RULE + meant).doubts


@pytest.mark.parametrize(
    "one, other, told",
    [
        ("店长", "店张", True),
        ("导购", "导勾", True),
        ("店长", "店员", False),
        ("店长", "站长", False),
    ],
)
def test_a_slip_in_a_name_of_two_signs_is_told(written, one: str, other: str, told: bool):
    words = f"words: {{w: {{kind: call, role: {one}}}, v: {{kind: letter, role: {other}}}}}\n"
    found = written(HEAD + words + RULE.replace("do: w", "do: [w, v]")).doubts
    assert [(each.code, dict(each.details)["name"]) for each in found] == (
        [("LR615", other)] if told else []
    )


@pytest.mark.parametrize("purposes", [("节日", "生日"), ("短信", "微信")])
def test_names_that_share_a_sign_are_both_meant(written, purposes: tuple[str, str]):
    one, other = purposes
    words = f"words: {{w: {{kind: call, purpose: {one}}}, v: {{kind: letter, purpose: {other}}}}}\n"
    assert not written(HEAD + words + RULE.replace("do: w", "do: [w, v]")).doubts


def test_a_step_of_the_gate_may_ask_for_a_kind_that_only_a_rule_says(written):
    rule = "rules: {r: {for: customer, at: daily, do: task.foo}}\n"
    assert not written(
        HEAD + rule + "gate: [{approve: boss_of_all, which: kind = task.foo}]\n"
    ).doubts


def test_a_role_of_the_section_may_be_called_as_a_fact_is(written):
    words = "roles: {boss: {en: boss}}\nwords: {w: {kind: call, role: boss}}\n"
    assert not written(HEAD + words + RULE).doubts


HELD = "gate: [{hold: no_purpose, which: purpose is missing}]\n"
LETTER = """
words:
  w: {kind: call, needs: phone_no, role: x, purpose: p, instead: l}
  l: {kind: letter, role: x}
"""


def test_what_only_takes_the_place_of_another_word_is_looked_at(written):
    assert told(written(HEAD + LETTER + RULE + HELD)) == [("LR612", "l")]


def test_a_role_that_only_a_replacement_names_is_looked_at(faulty):
    words = "roles: {boss: x}\nwords: {w: {kind: call, needs: phone_no, instead: escalate bosss}}\n"
    assert [(code, each["near"]) for code, each in faulty(HEAD + words + RULE)] == [
        ("LR262", "boss")
    ]


def test_a_word_that_is_held_in_one_rule_is_told_there(written):
    words = "words: {w: {kind: call, role: x, purpose: p}}\n"
    rules = (
        "rules:\n  a: {for: customer, at: daily, do: w}\n"
        "  b: {for: customer, at: daily, do: [task.a, {do: w, purpose: none}]}\n"
    )
    doubts = written(HEAD + words + rules + HELD).doubts
    found = [each for each in doubts if dict(each.details).get("name") == "w"]
    assert [(each.code, dict(each.details)["rule"]) for each in found] == [("LR623", "b")]
    assert found[0].place and found[0].place.excerpt[found[0].place.column - 1 :].startswith(
        "{do: w"
    )


def test_a_slip_is_told_where_it_stands(written):
    rules = (
        "rules:\n  r:\n    for: customer\n    at: daily\n    do: {do: call, role: guide}\n"
        "    within: 1 day\n    late: escalate bosss\n"
    )
    with pytest.raises(PolicyError) as caught:
        written(HEAD + "roles: {guide: 导购, boss: 店长}\n" + rules)
    (found,) = caught.value.problems
    assert found.code == "LR262" and found.place and "late" in found.place.excerpt


@pytest.mark.parametrize(
    "section, said, near",
    [
        ("roles: {guide: {zh: 导购, en: guide}}", "role: 导购", "guide"),
        ("channels: {sms: 短信}", "channel: 短信", "sms"),
    ],
)
def test_who_writes_a_title_is_told_the_name(faulty, section: str, said: str, near: str):
    found = faulty(f"{HEAD}{section}\nwords: {{w: {{kind: call, {said}}}}}\n{RULE}")
    assert near in {each["near"] for _, each in found}


def test_a_kind_that_names_calls_otherwise_is_told(written):
    text = "words: {w: {kind: task.get_adress}}\nnames: {task.get_address: an address}\n"
    assert told(written(HEAD + text + RULE)) == [("LR615", "task.get_adress")]


@pytest.mark.parametrize(
    "text, code",
    [
        ("rules: {r: {for: customer, at: daily, do: none}}", "LR159"),
        ("rules: {r: {for: customer, at: daily, do: [call, none]}}", "LR159"),
        ("rules: {r: {for: customer, at: daily, do: call, within: 1 day, late: none}}", "LR159"),
        ("words: {w: {kind: call, instead: none}}\n" + RULE, "LR159"),
        ("words: {w: {kind: call, instead: 无}}\n" + RULE, "LR159"),
        ("rules: {r: {for: customer, at: daily, do: {do: [call, none]}}}", "LR143"),
        ("tables: {t: {for: customer, cells: allow, action: boss, by: tier, otherwise: none, "
         "rows: {A: '\"x\"'}}}", "LR159"),
    ],
)  # fmt: skip
def test_none_stands_for_nothing_in_cells_alone(faults, text: str, code: str):
    assert faults(f"{HEAD}{text}\n") == [code]


def test_words_that_only_a_listing_comma_parts_are_offered_as_a_list(faulty):
    words = "words: {甲: {kind: call}, 乙: {kind: letter}}\n"
    found = faulty(
        f"{HEAD}{words}tables: {{t: {{for: customer, at: daily, by: tier, rows: {{A: 甲、乙, B: 乙}}}}}}\n"
    )
    assert [(code, each["near"]) for code, each in found] == [("LR224", "[甲, 乙]")]


@pytest.mark.parametrize("priority, odd", [(0, False), (100, False), (300, True), (-3, True)])
def test_a_priority_out_of_use_is_told(written, priority: int, odd: bool):
    policy = written(f"{HEAD}words: {{w: {{kind: call, priority: {priority}}}}}\n{RULE}")
    assert told(policy) == ([("LR624", "w")] if odd else [])
