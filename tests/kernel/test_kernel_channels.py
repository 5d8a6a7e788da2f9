# SPDX-License-Identifier: Apache-2.0
"""The channel that each record prefers: the action goes by it, and to the gate it is a channel like any."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from loyaltyrules import (
    Action,
    ApprovalError,
    approve,
    compile_day,
    evaluate,
    evaluate_frame,
    explain,
)
from loyaltyrules import render as filled_in
from loyaltyrules.frame.keys import by_signature

FACTS = """
facts:
  customer:
    preferred: {type: [sms, email, wechat]}
    phone: {type: text, personal: yes}
    mail: {type: text, personal: yes}
    vip: {type: yes/no}
    joined_on: {type: date}
"""
WISH = (
    FACTS
    + """
words:
  wish: {kind: message.send, channel: preferred, template: "birthday_{channel}", purpose: care, instead: ask}
  ask: {kind: task.ask_channel}
rules: {birthday: {for: customer, at: daily, do: wish}}
templates:
  birthday_sms: {en: "Happy birthday!"}
  birthday_email: {en: "Dear customer, happy birthday!"}
  birthday_wechat: {missing: later}
"""
)
REACH = (
    FACTS
    + """
labels:
  reach:
    for: customer
    values: [sms, email]
    cases: {sms: phone is not missing, email: mail is not missing}
words:
  greet: {kind: message.send, channel: reach, instead: update}
  update: {kind: task.update_contact}
rules: {greeting: {for: customer, at: daily, do: greet}}
"""
)
ON = "2027-02-05"


def told(action: Action) -> tuple[Any, ...]:
    return action.kind, action.channel, action.template, action.status, action.reason


def both(decide: Any, policy: Any, **facts: Any) -> list[tuple[Any, ...]]:
    """What becomes of one customer's actions: alone, and in a table by columns."""
    record = {"id": "c", **facts}
    found = decide(policy, record, ON)
    alone = sorted((*found.actions, *found.suppressed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(by_signature, "FEW", 0)
        result = evaluate_frame(compile_day(policy, date.fromisoformat(ON)), pl.DataFrame([record]))
    rows = pl.concat([result.actions, result.suppressed]).sort("action_id").to_dicts()
    assert [told(Action.from_dict(row)) for row in rows] == [told(each) for each in alone]
    assert not found.undecided
    assert not result.notes.undecided
    return [told(each) for each in alone]


@pytest.mark.parametrize(
    "way, status, reason",
    [("sms", "ready", None), ("email", "ready", None),
     ("wechat", "blocked_missing_template", "missing_template:birthday_wechat")],
)  # fmt: skip
def test_a_birthday_wish_goes_by_the_channel_that_the_customer_prefers(
    written, decide, way: str, status: str, reason: str | None
):
    """STORE-COM-01, STORE-CARE-01: one word, a text for each channel."""
    kind, text = "message.send", f"birthday_{way}"
    assert both(decide, written(WISH), preferred=way) == [(kind, way, text, status, reason)]


def test_who_prefers_nothing_is_told_and_asked(written, decide):
    assert both(decide, written(WISH), preferred=None) == [
        ("message.send", None, None, "blocked_missing_data", "missing_data:preferred"),
        ("task.ask_channel", None, None, "ready", None),
    ]


def test_a_default_of_the_fact_speaks_for_who_says_nothing(written, decide):
    policy = written(WISH.replace("[sms, email, wechat]", "[sms, email, wechat], default: email"))
    assert [each[1] for each in both(decide, policy)] == ["email"]


@pytest.mark.parametrize(
    "facts, found",
    [
        ({"phone": "1", "mail": "2"}, [("message.send", "sms")]),
        ({"phone": None, "mail": "2"}, [("message.send", "email")]),
        ({"phone": None, "mail": None}, [("message.send", None), ("task.update_contact", None)]),
    ],
)
def test_the_first_channel_that_reaches_is_taken_and_none_makes_a_task(
    written, decide, facts, found
):
    """RETAIL-CHN-01: reachable in the order of the policy; none reachable, a task."""
    assert [each[:2] for each in both(decide, written(REACH), **facts)] == found


@pytest.mark.parametrize("way, held", [("sms", True), ("email", False), (None, False)])
def test_the_gate_reads_the_channel_as_if_the_word_said_it(written, decide, way, held: bool):
    policy = written(WISH + "gate: [{hold: no_sms, which: channel = sms}]\n")
    assert [each[3] == "suppressed" for each in both(decide, policy, preferred=way)][0] is held


def test_a_sieve_that_holds_one_way_is_no_doubtful_place(written):
    policy = written(
        WISH.replace("{missing: later}", "{en: Hi}")
        + "gate: [{hold: no_sms, which: channel = sms}]\n"
    )
    assert not policy.doubts
    every = written(WISH + "gate: [{hold: no_wish, which: purpose = care}]\n")
    assert {"LR612"} <= {each.code for each in every.doubts}


def test_a_doubt_about_a_word_is_told_once_however_many_ways_it_goes(written):
    text = "words: {w: {kind: message.send, channel: preferred, priority: 200}}\n"
    policy = written(FACTS + text + "rules: {r: {for: customer, at: daily, do: w}}\n")
    assert [each.code for each in policy.doubts] == ["LR624"]


def test_the_id_names_the_channel_so_that_a_wish_comes_once_by_each(written, decide):
    ids = {way: decide(written(WISH), {"id": "c", "preferred": way}, ON).actions[0].action_id
           for way in ("sms", "email", None)}  # fmt: skip
    assert len({*ids.values()}) == 3
    assert ids["sms"].endswith("/message.send:sms:birthday_sms")


def test_the_text_is_that_of_the_channel(written):
    policy = written(WISH)
    plan, record = compile_day(policy, ON), {"id": "c", "preferred": "email"}
    (action,) = evaluate(plan, record).actions
    assert filled_in(action, plan, record, "en").text == "Dear customer, happy birthday!"


def test_the_long_form_says_a_channel_or_a_fact(written, decide):
    policy = written(
        FACTS + "words: {w: {kind: message.send, channel: preferred}}\n"
        "rules:\n"
        "  a: {for: customer, at: daily, do: {do: w, channel: letter}}\n"
        "  b: {for: customer, at: daily, do: {do: call, channel: preferred}}\n"
    )
    assert [each[:2] for each in both(decide, policy, preferred="wechat")] == [
        ("message.send", "letter"), ("call", "wechat")
    ]  # fmt: skip


def test_a_channel_that_the_word_says_fills_names_too(written, decide):
    policy = written(
        FACTS + 'words: {w: {kind: gift.mail, channel: letter, gift: "box_{channel}"}, '
        'v: {kind: gift.mail, channel: preferred, gift: "bag_{channel}"}}\n'
        "rules: {a: {for: customer, at: daily, do: w}, b: {for: customer, at: daily, do: v}}\n"
    )
    for way, gift in (("sms", "bag_sms"), (None, None)):
        found = decide(policy, {"id": "c", "preferred": way}, ON).actions
        assert [each.gift for each in found] == ["box_letter", gift]


def test_a_channel_that_is_called_like_a_fact_is_the_channel(written, decide):
    policy = written(
        "facts: {customer: {email: {type: [sms, phone]}}}\n"
        "words: {w: {kind: message.send, channel: email}}\n"
        "rules: {r: {for: customer, at: daily, do: w}}\n"
    )
    assert [each[1] for each in both(decide, policy, email="sms")] == ["email"]


def test_a_child_goes_by_the_channel_of_its_parent(written, decide):
    policy = written(
        FACTS + "subjects: {customer: {}, purchase: {of: customer}}\n"
        "words: {thank: {kind: message.send, channel: preferred}}\n"
        "rules: {r: {for: purchase, once_per: id, do: thank}}\n"
    )
    record = {"id": "c", "preferred": "wechat", "purchases": [{"id": "p"}]}
    assert [each.channel for each in decide(policy, record, ON).actions] == ["wechat"]


@pytest.mark.parametrize(
    "sections, code",
    [
        (
            "facts: {customer: {way: {type: [sms, pigeon]}}}\nchannels: {sms: Text, letter: Letter}\n",
            "LR178",
        ),
        ("facts: {customer: {way: {type: [sms, email]}}}\nchannels: {sms: Text}\n", "LR178"),
        ("facts: {customer: {way: {type: [sms, email], personal: yes}}}\n", "LR235"),
        (
            "subjects: {customer: {}, visit: {of: customer}}\nfacts: {visit: {way: {type: [sms]}}}\n",
            "LR201",
        ),
    ],
)
def test_a_fact_that_names_no_channel_of_the_record_is_a_fault(faults, sections: str, code: str):
    text = "words: {w: {kind: message.send, channel: way}}\nrules: {r: {for: customer, at: daily, do: w}}\n"
    assert {*faults(sections + text)} == {code}


def test_own_channels_of_the_policy_count(written, decide):
    policy = written(
        "facts: {customer: {way: {type: [pigeon]}}}\nchannels: {pigeon: Pigeon}\n"
        "words: {w: {kind: message.send, channel: way}}\nrules: {r: {for: customer, at: daily, do: w}}\n"
        "gate: [{hold: no_pigeon, which: channel = pigeon}]\n"
    )
    assert [each[4] for each in both(decide, policy, way="pigeon")] == ["no_pigeon"]


def test_two_words_of_one_rule_that_could_have_one_id_are_a_fault(faulty):
    text = "words: {w: {kind: message.send, channel: preferred}, v: {kind: message.send, channel: email}}\n"
    ((code, details),) = faulty(
        FACTS + text + "rules: {r: {for: customer, at: daily, do: [w, v]}}\n"
    )
    assert (code, details["key"]) == ("LR236", "w, v (message.send:email)")


def test_a_label_that_only_a_channel_reads_is_not_unused(written):
    assert not [each for each in written(REACH).doubts if each.code == "LR601"]


def test_each_rule_is_explained_once(written):
    policy = written(WISH)
    for way in ("sms", None):
        lines = explain(evaluate(compile_day(policy, ON), {"id": "c", "preferred": way})).split(
            "\n"
        )
        assert len([line for line in lines if line.startswith("  birthday")]) == 1


def test_what_awaits_approval_is_refused_where_the_customer_now_prefers_another_way(written):
    policy = written(
        FACTS + "words: {w: {kind: message.send, channel: preferred, approver: store_manager}}\n"
        "rules: {r: {for: customer, at: joined_on, do: w}}\n"
    )
    record = {"id": "c", "preferred": "sms", "joined_on": date(2027, 2, 5)}
    (action,) = evaluate(compile_day(policy, ON), record).actions
    later = compile_day(policy, "2027-02-08")
    assert approve(action, "store_manager", later, record).channel == "sms"
    with pytest.raises(ApprovalError) as refused:
        approve(action, "store_manager", later, {**record, "preferred": "email"})
    assert refused.value.reason == "changed"
