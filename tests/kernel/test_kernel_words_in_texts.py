# SPDX-License-Identifier: Apache-2.0
"""Words that texts must not have: found in every language, in blocks too, and told where they stand."""

from typing import Any

import pytest

from loyaltyrules import PolicyError

HEAD = """
facts: {customer: {kol: {type: text}, points: {type: whole}}}
words: {greet: {kind: message.send, channel: sms, template: hello}}
rules: {r: {for: customer, at: daily, do: greet}}
"""
PLAIN = (
    "{texts: all, never: [NEVER], say: {en: Speak plainly., zh: 说人话。}, source: LOREAL3-STD-03}"
)


def found_in(
    written: Any, templates: str, must: str, blocks: str = "{}"
) -> list[tuple[str, str, int]]:
    """Each word that was found: in which text, the word, and its column."""
    text = f"{HEAD}templates: {templates}\nblocks: {blocks}\nmust:\n  - {must}\n"
    try:
        written(text)
    except PolicyError as error:
        assert {each.code for each in error.problems} == {"LR293"}
        told = [(dict(each.details), each.place.column) for each in error.problems if each.place]
        return [(details["name"], details["found"], column) for details, column in told]
    return []


@pytest.mark.parametrize(
    "never, text, found",
    [
        ("KOL", "Ask our kol!", ["kol"]), ("KOL", "Ask our KOLs!", []), ("KOL", "问KOL吧", ["KOL"]),
        ("KOL", "ＫＯＬ", ["ＫＯＬ"]), ("ＫＯＬ", "a KOL", ["KOL"]), ("café", "Le CAFÉ", ["CAFÉ"]),
        ("caf", "Le café", []), ("私域", "欢迎加入私域流量", ["私域"]),
        ("cheap deal", "A Cheap Deal, a cheap  deal", ["Cheap Deal", "cheap  deal"]),
        ("C++", "like C++11", ["C++"]), ("10%", "now 10% off, 110% off", ["10%"]), ("kol", "for {kol}", []),
        ("a.b", "axb a.b", ["a.b"]), ("deal", "deal deal", ["deal", "deal"]),
    ],
)  # fmt: skip
def test_a_word_is_found_as_people_read_it(written, never: str, text: str, found: list[str]):
    """LOREAL3-STD-03: plain language, no jargon."""
    told = found_in(written, f"{{hello: {{zh: '{text}'}}}}", PLAIN.replace("NEVER", f"'{never}'"))
    assert [word for _, word, _ in told] == found


def test_each_place_is_told_in_every_language_and_in_blocks(written):
    templates = '{hello: {zh: "大促来了{more}", en: "Big sale: sale"}, other: {en: "SALE"}}'
    blocks = '{more: {zh: "大促"}, other_one: {first: [more]}, alone: {en: "sale"}}'
    must = "{texts: TEXTS, never: [大促, sale], say: Not so.}"
    own = [("hello", "大促"), ("hello", "sale"), ("hello", "sale"), ("more", "大促")]
    every = [*own[:3], ("other", "SALE"), own[3], ("alone", "sale")]
    for texts, expected in (("hello", own), ("[hello]", own), ("all", every)):
        told = found_in(written, templates, must.replace("TEXTS", texts), blocks)
        assert [each[:2] for each in told] == expected


def test_a_block_of_which_one_is_taken_is_looked_into(written):
    blocks = '{more: {first: [one, two]}, one: {if: points > 1, en: "fine"}, two: {en: "cheap"}}'
    must = "{texts: hello, never: cheap, say: Not so.}"
    told = found_in(written, '{hello: {en: "Hi {more}"}}', must, blocks)
    assert [each[:2] for each in told] == [("two", "cheap")]


def test_the_spot_is_that_of_the_word(written):
    ((_, _, column),) = found_in(
        written, '{hello: {en: "Hi, cheap!"}}', PLAIN.replace("NEVER", "cheap")
    )
    assert column == len('templates: {hello: {en: "Hi, ') + 1


@pytest.mark.parametrize("say", ["Not so.", "{en: Not so.}"])
@pytest.mark.parametrize("entry", ["texts: all, never: cheap", "rule: 1 > 2"])
def test_what_the_author_says_is_told(written, say: str, entry: str):
    text = f"{HEAD}templates: {{hello: {{en: cheap}}}}\nmust: [{{{entry}, say: {say}}}]\n"
    with pytest.raises(PolicyError) as caught:
        written(text)
    assert [dict(each.details)["say"] for each in caught.value.problems] == ["Not so."]


@pytest.mark.parametrize(
    "entry, codes",
    [("texts: all", ["LR141"]), ("never: x", ["LR141"]), ("note: x", ["LR141"]),
     ("texts: all, never: []", ["LR141"]),
     ("texts: hullo, never: x", ["LR292"]), ("rule: 1 < 2, never: x", ["LR146"]),
     ("rule: 1 < 2, texts: all, never: x", ["LR146", "LR146"])],
)  # fmt: skip
def test_an_entry_that_says_too_little_or_too_much_is_told(faults, entry: str, codes: list[str]):
    text = f"{HEAD}templates: {{hello: {{en: Hi}}}}\nmust: [{{{entry}, say: Not so.}}]\n"
    assert faults(text) == codes


def test_its_source_counts(written):
    policy = written(f"{HEAD}templates: {{hello: {{en: Hi}}}}\nmust: [{PLAIN}]\n")
    assert "LOREAL3-STD-03" in {row for _, grounds in policy.grounded for row in grounds.source}
