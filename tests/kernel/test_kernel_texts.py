# SPDX-License-Identifier: Apache-2.0
"""Texts go out as they are meant: no lone brace, no quotes around them, no brackets that fill in nothing."""

import pytest

HEAD = """
subjects: {store: {}, customer: {of: store}}
facts: {customer: {name: {type: text, title: 姓名}}, store: {name: {type: text, title: 店名}}}
words: {hi: {kind: message.send, channel: sms, template: hi}}
rules: {r: {for: customer, at: daily, do: hi}}
"""
TEXT = HEAD + "templates: {hi: {zh: 'SAYS'}}\n"


@pytest.mark.parametrize(
    "text, signs",
    [
        ("{store.name祝您安康", ["{"]), ("store.name}祝您安康", ["}"]), ("{{store.name}}祝您", ["{"]),
        ("{name｝您好", ["{"]), ("{name}您好，{店名}祝您安康", None),
    ],
)  # fmt: skip
def test_a_brace_alone_is_refused(faulty, written, text: str, signs: list[str] | None):
    if signs is None:
        assert not written(TEXT.replace("SAYS", text)).doubts
    else:
        found = faulty(TEXT.replace("SAYS", text))
        assert [(code, each["found"]) for code, each in found] == [
            ("LR153", each) for each in signs
        ]


def test_a_brace_alone_is_refused_in_a_block_too(faults):
    assert faults(TEXT.replace("SAYS", "{b}") + "blocks: {b: {zh: '{name'}}\n") == ["LR153"]


@pytest.mark.parametrize(
    "text, near",
    [
        ("【姓名】您好", "{姓名}"), ("｛姓名｝您好", "{姓名}"), ("｛客户｝您好", "{客户}"),
        ("[name]您好", "{name}"),
        ("<店名>祝您", "{店名}"), ("《b》", "{b}"), ("【重要】您好", None),
        ("[a]您好", None), ("本月（姓名）", None),
    ],
)  # fmt: skip
def test_a_name_in_other_brackets_is_told(written, text: str, near: str | None):
    block = "blocks: {b: {zh: 祝您安康}}\n"
    found = written(TEXT.replace("SAYS", text) + block).doubts
    told = [dict(each.details)["near"] for each in found if each.code == "LR618"]
    assert told == ([] if near is None else [near])


@pytest.mark.parametrize(
    "text, told",
    [
        ("「祝您」", True), ("『祝您』", True), ("‘祝您’", True), ("＂祝您＂", True),
        ("“祝“端午”安康”", True),
        ("“祝您安康", True), ("“祝您！”{store.name}", True), ("“端午”快到了", False),
        ("「甲」和「乙」", False),
        ("您好”", True), ('您好"', True), ("您好＂", True), ("您好」{store.name}", True),
        ("祝您得到5\"", False), ("您好“甲”", False), ('说"您好"', False), ("祝“您”", False),
        ("“端午”和“中秋”{name}", False),
    ],
)  # fmt: skip
def test_quotes_that_would_be_sent_are_told(written, text: str, told: bool):
    codes = [each.code for each in written(TEXT.replace("SAYS", text)).doubts]
    assert codes == (["LR614"] if told else [])


@pytest.mark.parametrize(
    "old, new",
    [
        ("channel: sms", "channel: sms, gift: “月饼”"), ("do: hi", "do: {do: hi, gift: “月饼”}"),
        ("words:", "names: {sms: “短信”}\nwords:"), ("words:", "channels: {sms: {zh: 「短信」}}\nwords:"),
        ("words:", "blocks: {b: {zh: “祝您”}}\nwords:"),
        ("title: 姓名", "title: “姓名”"), ("title: 店名", "title: {zh: 店名”}"),
        ("{store: {}", "{store: {title: 「门店」}"), ("do: hi", "do: hi, title: {zh: “问候”}"),
        ("words:", "title: “店规”\nwords:"), ("words:", "roles: {boss: “店长”}\nwords:"),
    ],
)  # fmt: skip
def test_quotes_are_told_of_gifts_names_and_blocks(written, old: str, new: str):
    text = "您好{b}" if "blocks" in new else "您好"
    doubts = written(TEXT.replace("SAYS", text).replace(old, new)).doubts
    assert [each.code for each in doubts] == ["LR614"]


@pytest.mark.parametrize("gift", ["{occassion}", "{occasion", "{name}"])
def test_a_gift_is_called_by_nothing_that_stays_in_braces(faults, gift: str):
    word = f"words: {{g: {{kind: gift.mail, gift: '{gift}'}}}}\n"
    rest = "occasions: {o: {solar: 05-01}}\nrules: {r: {for: customer, at: o, do: g}}\n"
    assert faults(word + rest) == ["LR233" if gift.endswith("}") else "LR153"]


def test_single_quotes_around_a_text_are_told(written):
    for text, told in (("\"'您好'\"", True), ('"\'tis so"', False), ("\"it's Li's\"", False)):
        found = written(TEXT.replace("'SAYS'", text)).doubts
        assert [each.code for each in found] == (["LR614"] if told else [])


@pytest.mark.parametrize(
    ("gift", "code"),
    [("【name】", "LR625"), ("［姓名］", "LR625"), ("【occasion】", "LR618"), ("｛row｝", "LR618"),
     ("【月饼】", None)],
)  # fmt: skip
def test_a_name_in_brackets_in_a_gift_is_told(written, gift: str, code: str | None):
    text = TEXT.replace("SAYS", "您好").replace("channel: sms", f"channel: sms, gift: '{gift}'")
    assert [each.code for each in written(text).doubts] == ([code] if code else [])
