# SPDX-License-Identifier: Apache-2.0
"""Doubtful places: words without a case, never given, always held or misspelt; days that rarely come."""

import shutil
from pathlib import Path

import pytest

from loyaltyrules import Policy, PolicyError, load_policy

ROOT = Path(__file__).parents[2]
MENSWEAR = ROOT / "policies" / "menswear"


@pytest.fixture
def edited(tmp_path):
    """The menswear policy with one edit, without its own cases: its doubts, or its faults."""

    def found(file: str, old: str, new: str) -> list[tuple[str, dict[str, str]]]:
        folder = tmp_path / "menswear"
        shutil.copytree(MENSWEAR, folder, ignore=shutil.ignore_patterns("*_test.yaml"))
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            problems = load_policy(folder).doubts
        except PolicyError as error:
            problems = tuple(error.problems)
        return [(each.code, dict(each.details)) for each in problems]

    return found


def test_the_shipped_policies_leave_no_doubt():
    for name in ("policies/menswear", "examples/cdnow/policy", "src/loyaltyrules/starter"):
        assert load_policy(ROOT / name, root=ROOT).doubts == ()


def test_a_new_word_of_a_label_is_missed_by_every_label_that_goes_by_its_words(edited):
    found = edited("tiers.yaml", "values: [A, B, C]", "values: [钻石, A, B, C]")
    without = {each["name"] for code, each in found if code == "LR610" and each["word"] == "钻石"}
    assert {"care_tier", "birthday_care", "folder"} <= without


def test_a_word_that_no_way_ever_gives_is_told(edited):
    found = edited("tiers.yaml", "values: [A, B, C]", "values: [A, B, C, D]")
    never = [(each["name"], each["word"]) for code, each in found if code == "LR611"]
    assert never == [("tier", "D")]


@pytest.mark.parametrize(
    "old, new, code, name",
    [
        ("channel: sms", "channel: SMS", "LR263", "SMS"),
        ("channel: sms", "channel: 短信", "LR263", "短信"),
        ("role: sales_guide", "role: sales_giude", "LR262", "sales_giude"),
        ("role: sales_guide", "role: 店张", "LR262", "店张"),
        ("purpose: festival", "purpose: festivals", "LR615", "festivals"),
        ("purpose: festival", "purpose: none", "LR612", None),
    ],
)
def test_a_slip_in_a_word_is_told(edited, old, new, code, name):
    found = [each for each in edited("words.yaml", old, new) if each[0] == code]
    assert found and (name is None or {each["name"] for _, each in found} == {name})


def test_a_word_without_a_purpose_is_always_held(edited):
    word = "  月饼礼盒上门: {kind: gift.home_delivery, gift: 月饼礼盒, needs: address_home}\n"
    rule = "rules:\n  mooncake: {for: customer, at: daily, do: 月饼礼盒上门, source: X-1}\n"
    found = edited("words.yaml", "words:\n", f"{rule}words:\n{word}")
    assert [each["name"] for code, each in found if code == "LR612"] == ["月饼礼盒上门"]


WRITTEN = """
facts: {customer: {tier: {type: [A, B]}}}
words: {hello: {kind: call, role: guide}, bye: {kind: call, role: guide}}
rules:
  a: {for: customer, at: daily, do: hello}
  b: {for: customer, at: daily, do: {do: bye, role: ROLE}}
  c: {for: customer, at: daily, do: [task.send_address, task.KIND]}
"""


@pytest.mark.parametrize(
    "role, kind, expected",
    [
        ("guide", "send_letters", []), ("gudie", "send_letters", [("gudie", "guide")]),
        ("guide", "send_adress", [("task.send_adress", "task.send_address")]),
        ("Guide", "send_letters", [("Guide", "guide")]), ("driver", "send_letters", []),
    ],
)  # fmt: skip
def test_what_is_nearly_another_word_of_the_policy_is_told_once(written, role, kind, expected):
    policy = written(WRITTEN.replace("ROLE", role).replace("KIND", kind))
    near = [dict(each.details) for each in policy.doubts if each.code == "LR615"]
    assert [(each["name"], each["near"]) for each in near] == expected


def test_two_words_that_are_both_meant_may_be_waived(written):
    waived = 'waivers: [{code: LR615, at: role.guides, reason: "they are several"}]\n'
    assert not written(WRITTEN.replace("ROLE", "guides").replace("KIND", "x") + waived).doubts


@pytest.mark.parametrize(
    "day, rare", [("solar: 02-29", True), ("solar: 02-28", False), ("lunar: 12/30", True),
                  ("lunar: 12/29", False), ("lunar: 8/15", False), ("lunar: 8/30", True),
                  ("year_end: lunar", False), ("nth: fifth sunday of june", True),
                  ("nth: last sunday of june", False)],
)  # fmt: skip
def test_a_day_that_some_years_lack_is_told(written, day: str, rare: bool):
    text = f"occasions: {{eve: {{{day}}}}}\nrules: {{a: {{for: customer, at: eve, do: task.a}}}}\n"
    assert [each.code for each in written(text).doubts] == (["LR613"] if rare else [])


@pytest.mark.parametrize(
    "text, told", [("“祝您安康！”", True), ("祝“您”安康！", False), ("“a”和“b”", False)]
)
def test_a_text_in_quotes_is_told(written, text: str, told: bool):
    policy = written(
        "words: {hi: {kind: message.send, channel: sms, template: hi}}\n"
        f"templates: {{hi: {{zh: '{text}'}}}}\n"
        "rules: {a: {for: customer, at: daily, do: hi}}\n"
    )
    assert [each.code for each in policy.doubts] == (["LR614"] if told else [])


BASE = """\
format: 1
policy: base
language: en
facts: {customer: {points: {type: whole, unit: points}}}
parameters: {tier_a_points: {value: 5000, unit: points, origin: proposed, source: X-1}}
words: {greeting: {kind: call, role: store_manager}}
roles: {store_manager: manager, guide_a: guide}
channels: {sms: text, phone: telephone}
subjects: {purchase: {of: customer}}
reference: {rest_day: {columns: {day: date}}}
names: {points_accumulated: points, size_m: medium}
rules: {upgrade: {for: customer, at: daily, if: points >= tier_a_points, do: greeting}}
occasions: {spring_festival: {lunar: 1/1}, 中秋: {id: mid_autumn, lunar: 8/15}}
tables: {festivals: {for: customer, by: occasion, rows: {spring_festival: greeting}}}
"""


@pytest.mark.parametrize(
    "own, near",
    [
        ("parameters: {tier_a_pionts: {value: 6000}}", "tier_a_points"),
        ("words: {greetings: {kind: call}}", "greeting"),
        ("rules: {upgarde: {for: customer, at: daily, do: greeting}}", "upgrade"),
        ("facts: {customer: {point: {type: whole}}}", "points"),
        ("occasions: {sprng_festival: {lunar: 1/2}}", "spring_festival"),
        ("tables: {festivls: {for: customer, by: occasion, rows: {spring_festival: none}}}", "festivals"),
        ("roles: {store_manger: manager}", "store_manager"),
        ("channels: {smms: text}", "sms"),
        ("subjects: {purchse: {of: customer}}", "purchase"),
        ("reference: {rest_dya: {columns: {day: date}}}", "rest_day"),
        ("names: {points_acumulated: points}", "points_accumulated"),
        ("occasions: {mid_autum: {lunar: 8/16}}", "中秋"),
        ("occasions: {mid_autum: {lunar: 8/16}}\nrules: {b: {for: customer, at: mid_autum, do: "
         "greeting}}", None),
        ("roles: {guide_b: guide}\nrules: {b: {for: customer, at: daily, do: alert guide_b}}", None),
        ("channels: {smms: text}\nwords: {w: {kind: message.send, channel: smms}}\n"
         "rules: {b: {for: customer, at: daily, do: w}}", None),
        ("subjects: {purchases: {of: customer, list: those}}\nfacts: {customer: {n: {count: purchases}}}",
         None),
        ("names: {size_l: large}", None),
        ("names: {point_accumulated: points}\nfacts: {customer: {point_accumulated: {type: whole}}}", None),
        ("parameters: {tier_a_points: {value: 6000}}", None),
        ("parameters: {gift_price: {value: 50, origin: proposed, source: X-2}}", None),
        ("facts: {customer: {point: {type: whole}}}\nrules: {b: {for: customer, at: daily, "
         "if: point > 1, do: greeting}}", None),
    ],
)  # fmt: skip
def test_a_misspelt_override_is_refused(tmp_path, own: str, near: str | None):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    file = tmp_path / "own.yaml"
    file.write_text(f"format: 1\npolicy: own\nextends: base.yaml\n{own}\n", encoding="utf-8")
    if near is None:
        load_policy(file)
        return
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.details)["near"]) == ("LR261", near)
    assert problem.place is not None and problem.place.file.endswith("own.yaml")


OWN = "format: 1\npolicy: own\nextends: base.yaml\n"


@pytest.mark.parametrize(
    "own", ["mid_autumn: {lunar: 8/16}", "autumn: {id: mid_autumn, lunar: 8/16}"]
)
def test_an_occasion_of_the_base_is_changed_by_its_key(tmp_path, own: str):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    file = tmp_path / "own.yaml"
    file.write_text(f"{OWN}occasions: {{{own}}}\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.details)["near"]) == ("LR166", "中秋")
    before = load_policy(tmp_path / "base.yaml").occasions["mid_autumn"]
    file.write_text(f"{OWN}occasions: {{中秋: {{lunar: 8/16}}}}\n", encoding="utf-8")
    assert load_policy(file).occasions["mid_autumn"].base != before.base


REPLACED = """
parameters: {price: {value: 5}}
templates: {hello: {en: hello}}
words:
  hi: {kind: message.send, channel: sms, template: hello, purpose: care}
facts: {customer: {points: {type: whole}}}
rules:
  r: {for: customer, at: daily, if: points > price, do: hi}
  s: {for: customer, at: monday, do: call}
"""


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("rules: {r: none}", []),
        ("rules: {r: {do: call, if: points > 3}}", []),
        ("rules: {r: none}\nwords: {mine: {kind: visit}}", ["mine"]),
        ("rules: {r: none}\nparameters: {price: {value: 6}}", ["price"]),
    ],
)
def test_what_only_the_extended_policy_brings_is_not_told_as_unused_in_a_branch(
    tmp_path, own: str, told: list[str]
):
    (tmp_path / "base.yaml").write_text(f"format: 1\npolicy: base\n{REPLACED}", encoding="utf-8")
    (tmp_path / "own.yaml").write_text(
        f"format: 1\npolicy: own\nextends: base.yaml\n{own}\n", encoding="utf-8"
    )
    (tmp_path / "third.yaml").write_text(
        "format: 1\npolicy: third\nextends: own.yaml\n", encoding="utf-8"
    )
    unused = [each for each in load_policy(tmp_path / "own.yaml").doubts if each.code == "LR601"]
    assert [dict(each.details)["name"] for each in unused] == told
    third = load_policy(tmp_path / "third.yaml").doubts
    assert "LR601" not in [each.code for each in third]
    assert all(each.place is not None and each.place.file.endswith("own.yaml") for each in unused)


UNUSED = """
subjects: {store: {}, purchase: {of: customer}, customer: {of: store}}
facts:
  store: {big: {is: size > 5}, size: {type: whole}}
  customer: {x: {type: whole}, y: {is: x > 5}, z: {is: y}, n: {sum: purchase.dear}, w: {rank: n}}
  purchase: {dear: {is: price}, price: {type: whole}}
reference:
  sale: {columns: {id: text, day: date}}
  store: {columns: {id: text}}
  rest_day: {columns: {id: text, day: date, kind: [rest, work]}}
occasions:
  fair: {id: f, solar: 03-01}
  ball: {solar: 04-01}
  sales: {rows: sale, day: day}
words: {tell: {kind: script, template: t}}
templates: {t: {en: "hello"}}
"""
USES = [
    ("facts.store.big", "rules: {r: {for: customer, at: daily, if: store.big, do: tell}}"),
    ("facts.store.big", "rules: {r: {for: customer, at: daily, do: tell}}", "hello {big}"),
    ("facts.customer.z", "rules: {r: {for: customer, at: daily, if: z, do: tell}}"),
    ("facts.customer.w", "rules: {r: {for: customer, at: daily, if: w < 9, do: tell}}"),
    ("occasions.fair", "rules: {r: {for: customer, at: f, do: tell}}"),
    ("occasions.fair", "tables: {r: {for: customer, by: occasion, rows: {fair: none}}}"),
    ("occasions.fair", "blocks: {b: {before: [fair], within: 2 days, en: x}}"),
    ("reference.rest_day", "rules: {r: {for: customer, at: first workday of month, do: tell}}"),
    ("reference.sale", "blocks: {b: {rows: sale, en: x}}"),
]


@pytest.mark.parametrize("use", USES)
def test_what_nothing_uses_is_told(written, use: tuple[str, ...]):
    name, text, *said = use
    policy = (
        UNUSED
        if name != "reference.sale"
        else UNUSED.replace("  sales: {rows: sale, day: day}\n", "")
    )
    before = unused_in(written(policy))
    after = unused_in(written((policy + text).replace("hello", *said) if said else policy + text))
    assert {"facts.store.big", "facts.customer.z", "facts.customer.w", "occasions.fair"} <= before
    assert before.isdisjoint(
        {"facts.customer.y", "facts.customer.n", "facts.purchase.dear", "reference.store"}
    )
    assert name in before
    assert name not in after


def unused_in(policy: Policy) -> set[str]:
    found = [each for each in policy.doubts if each.code == "LR601"]
    names = {dict(each.details)["name"] for each in found}
    keys = policy.written.document.keys
    at = {place: ".".join(map(str, path)) for path, place in keys.items()}
    assert len(names) == len(found)
    return {at[each.place] for each in found}


def test_a_fact_of_the_base_is_not_told_as_unused_in_a_branch(tmp_path):
    base = "format: 1\npolicy: b\nlanguage: en\nfacts: {customer: {x: {type: whole}, y: {is: x > 5}}}\n"
    own = (
        "format: 1\npolicy: o\nextends: b.yaml\nlanguage: en\nfacts: {customer: {z: {is: x > 6}}}\n"
    )
    (tmp_path / "b.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "o.yaml").write_text(own, encoding="utf-8")
    assert unused_in(load_policy(tmp_path / "o.yaml")) == {"facts.customer.z"}
