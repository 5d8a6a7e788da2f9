# SPDX-License-Identifier: Apache-2.0
"""Expressions are read as they are written, and everything keeps its place."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loyaltyrules.policy.reader.document import read_text, scalars
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.reader.raw import quote_expressions


def read(text: str) -> Document:
    return read_text(text, "policy.yaml")


def spot(document: Document, *path: Any) -> tuple[int, int, str]:
    """Line, column and the text that stands there in the line shown."""
    place = document.places[path]
    start = place.column - 1
    return place.line, place.column, place.excerpt[start : start + place.length]


FLOW = [
    ("{if: tier in [A, B], do: x}", "tier in [A, B]"),
    ("{do: x, if: tier in [A, B]}", "tier in [A, B]"),
    ("{if: [A, B] = which}", "[A, B] = which"),
    ("{if: [A, B]}", "[A, B]"),
    ('{if: "a" = note, do: x}', '"a" = note'),
    ('{if: note = "a: b", do: x}', 'note = "a: b"'),
    ('{if: note = "a, b}" and x, do: x}', 'note = "a, b}" and x'),
    ('{if: note = "a # b", do: x}', 'note = "a # b"'),
    ("{if: latest(a, b) is missing, do: x}", "latest(a, b) is missing"),
    ("{ if:   tier = A  , do: x}", "tier = A"),
    ("{if: it's, do: x}", "it's"),
    ("{if: !=5}", "!=5"),
    ("{if: > 5}", "> 5"),
    ("{if: - 5 < x}", "- 5 < x"),
    ('{if: "tier = A", do: x}', "tier = A"),
    ("{if: 'tier in [A, B]', do: x}", "tier in [A, B]"),
    ("{if: 'note = ''a'' ', do: x}", "note = 'a' "),
    ("{if: yes}", "yes"),
    ("{if: no}", "no"),
    ("{if: 5:30}", "5:30"),
    ("{if: 1_000}", "1_000"),
    ("{名称: 甲, if: 级别 in [甲, 乙], 做: x}", "级别 in [甲, 乙]"),
    ('{"名称": "甲，乙", if: tier in [A, B]}', "tier in [A, B]"),
    ("[{if: tier in [A, B]}]", "tier in [A, B]"),
    ("{if: tier in [A,\n     B], do: x}", "tier in [A, B]"),
    ("{if: tier = A\n     and points > 5,\n   do: x}", "tier = A and points > 5"),
    ("{if: tier in [A,   # the best\n     B], do: x}", "tier in [A, B]"),
    ("{if: tier = A   # the best\n     and b, do: x}", "tier = A and b"),
    ("{if: tier = A,   # the best, {if: B}\n     do: x}", "tier = A"),
    ("{\n    if: tier in [A, B],\n    do: x\n  }", "tier in [A, B]"),
]
BLOCK = [
    ("if: tier in [A, B]", "tier in [A, B]"),
    ("if: [A, B] = which", "[A, B] = which"),
    ("if: [A, B]", "[A, B]"),
    ('if: "a" = note and other = "b"', '"a" = note and other = "b"'),
    ("if: \"a\" = 'b'", "\"a\" = 'b'"),
    ('if: note = "a: b"', 'note = "a: b"'),
    ('if: note = "a # b"   # behind', 'note = "a # b"'),
    ("if: tier = A # behind, if: B", "tier = A"),
    ("if: a: b", "a: b"),
    ("if:    tier = A   ", "tier = A"),
    ('if: "tier = A"', "tier = A"),
    ('if: "tier = A"   # behind', "tier = A"),
    ("if: 'tier = A'", "tier = A"),
    ("if: it's 'so'", "it's 'so'"),
    ("if: tier = A\n    and points > 5", "tier = A and points > 5"),
    ("if: tier = A      # 级别\n    # 只有\n    and points > 5 # 积分", "tier = A\nand points > 5"),
    ("if: tier in [\n      A, B\n    ]", "tier in [ A, B ]"),
    ("if: tier = A\n\n  # about what follows", "tier = A"),
    ("if: |\n    tier = A", "tier = A\n"),
    ("if: >-   # folded\n    tier = A\n    and x", "tier = A and x"),
    ("if: yes", "yes"),
    ("if: on", "on"),
    ("if: 5:30", "5:30"),
    ("if: 0o17", "0o17"),
    ("if: 2027-02-06", "2027-02-06"),
    ("if: @x", "@x"),
    ("if: %x", "%x"),
    ("if: `x`", "`x`"),
]


@pytest.mark.parametrize(("text", "value"), FLOW)
def test_a_condition_in_a_flow_mapping_is_raw_text(text: str, value: str) -> None:
    data = read(f"entry: {text}\nafter: {{if: a in [b, c]}}\n").data
    entry = data["entry"][0] if isinstance(data["entry"], list) else data["entry"]
    assert entry["if"] == value
    assert data["after"] == {"if": "a in [b, c]"}


@pytest.mark.parametrize(("text", "value"), BLOCK)
@pytest.mark.parametrize("before", ["entry:\n  for: customer\n  ", "entry:\n- 甲: 乙\n  "])
def test_a_condition_in_a_block_is_raw_text(text: str, value: str, before: str) -> None:
    data = read(f"{before}{text}\n  do: {{x: y}}\nafter: {{if: a in [b, c]}}\n").data
    entry = data["entry"][0] if isinstance(data["entry"], list) else data["entry"]
    assert entry["if"] == value
    assert entry["do"] == {"x": "y"}
    assert data["after"] == {"if": "a in [b, c]"}


@pytest.mark.parametrize("key", ["value", "unless"])
def test_a_list_of_figures_or_days_stays_a_list(key: str) -> None:
    text = "a: {value: [x, y], unit: z}\nb:\n  value: [x, y]  # two\nc:\n  value: [\n    x,\n    y\n  ]\n"
    data = read(text.replace("value", key)).data
    assert [data[name][key] for name in "abc"] == [["x", "y"]] * 3


def test_text_in_block_scalars_and_quotes_is_left_alone() -> None:
    text = (
        'a: |\n  if: [x\n  {if: y\nb: >-\n  at: "z\nc: "{if: x, at: [y"\n'
        "d: it's {not a mapping, if at\ne: '\n  if: [z '\nf: {if: a in [b]}\n"
    )
    data = read(text).data
    assert data["a"] == "if: [x\n{if: y\n"
    assert data["b"] == 'at: "z'
    assert data["c"] == "{if: x, at: [y"
    assert data["e"] == " if: [z "
    assert data["f"] == {"if": "a in [b]"}


def test_a_block_scalar_behind_a_dash_ends_with_the_next_key() -> None:
    data = read("- note: |\n    text\n  if: a in [b, c] and [d]\n  do: x\n").data
    assert data == [{"note": "text\n", "if": "a in [b, c] and [d]", "do": "x"}]


@pytest.mark.parametrize("word", ["on", "no", "yes", "5:30", "1_000", "0o17", "2027-02-06", "1e3"])
def test_words_that_yaml_would_convert_stay_text(word: str) -> None:
    assert read(f"a: {word}\nb: [{word}]\n{word}: c\n").data == {"a": word, "b": [word], word: "c"}


def test_carriage_returns_and_line_separators_do_not_move_lines() -> None:
    document = read("a: x\r\nb: y\u2028c: z\rif: q\n")
    assert document.data["a"] == "x"
    assert document.places[("if",)].line == 4
    assert spot(document, "if")[2] == "q"


def test_the_column_of_a_raw_value_is_that_of_the_line_as_written() -> None:
    text = 'a: {if: it\'s [x], do: 甲, at: "b" = c, to: d, title: "甲, 乙", note: e}\n'
    document = read(text)
    for name, value in document.data["a"].items():
        assert spot(document, "a", name)[2] == value
        key = document.keys[("a", name)]
        assert key.excerpt[key.column - 1 :].startswith(f"{name}: ")


def test_the_place_of_a_condition_over_lines_is_its_first_line() -> None:
    document = read("a:\n  if: tier = A # x\n    and 'b'\n  do: {to: x, at: y}\n")
    assert spot(document, "a", "if") == (2, 7, "tier = A # x")
    assert spot(document, "a", "do", "at") == (4, 19, "y")


def test_the_place_of_a_block_scalar_is_its_first_line_of_text() -> None:
    assert spot(read("if: |\n\n    tier = A\n"), "if") == (3, 5, "tier = A")


def test_an_open_bracket_does_not_swallow_the_next_section() -> None:
    quoting = quote_expressions("a: {if: tier in [A, B\nb:\n  if: x in [y] and z\n")
    assert quoting.text.endswith("b:\n  if: 'x in [y] and z'\n")


SIGN = st.sampled_from(["=", "!=", ">=", "in", "and", "or"])
ATOM = st.sampled_from([
    "tier", "A", "[A, B]", '"a: b"', '"a, b}"', '"a # b"', "latest(a, b)", "12 months", "20%", "积分",
    "it's", "- 5", "(a or b)", '"甲，乙"', "2027-02-06", "x.y", "5:30", "[]", '""', "a#b",
])  # fmt: skip
EXPRESSION = st.lists(st.tuples(ATOM, SIGN), min_size=0, max_size=4).flatmap(
    lambda parts: ATOM.map(lambda last: " ".join([*(f"{a} {s}" for a, s in parts), last]))
)
KEY = st.sampled_from(["if", "unless", "which", "at", "to", "rule", "value", "since"])
OTHER = st.sampled_from(["x", "[A, B]", "{a: b}", '"q: r, s"', "'it''s'", "甲", "none", "a-b"])
ENTRY = st.one_of(
    st.tuples(KEY, EXPRESSION, st.just(True)),
    st.tuples(st.sampled_from(["do", "名称", "title"]), OTHER, st.just(False)),
)
ENTRIES = st.lists(ENTRY, min_size=1, max_size=6, unique_by=lambda entry: entry[0])
SPACES = st.sampled_from(["", " ", "  "])


def as_meant(key: str, text: str) -> Any:
    """A value that stands in quotes as a whole, or a list of figures or days, is YAML's own."""
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        return text[1:-1]
    if (
        key in ("value", "unless")
        and text.startswith("[")
        and text.endswith("]")
        and text.count("[") == 1
    ):
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return text


@settings(max_examples=300, deadline=None)
@given(ENTRIES, SPACES)
@example([("if", "[A, B] in [A, B]", True)], "")
def test_what_is_read_of_a_flow_mapping_is_what_was_written(entries: Any, gap: str) -> None:
    inner = f", {gap}".join(f"{key}: {value}{gap}" for key, value, _ in entries)
    document = read(f"a: {{{gap}{inner}}}  # behind\nb: {{if: c in [d, e]}}\n")
    check(document, entries, ("a",))
    assert document.data["b"] == {"if": "c in [d, e]"}


@settings(max_examples=300, deadline=None)
@given(ENTRIES, SPACES, st.booleans())
def test_what_is_read_of_a_block_is_what_was_written(entries: Any, gap: str, listed: bool) -> None:
    lines = [f"{key}: {gap}{value}{gap}{'  # behind' if gap else ''}" for key, value, _ in entries]
    start = "- " if listed else "  "
    text = "\n".join((start if not number else "  ") + line for number, line in enumerate(lines))
    document = read(f"a:\n{text}\nb: {{if: c in [d, e]}}\n")
    check(document, entries, ("a", 0) if listed else ("a",))
    assert document.data["b"] == {"if": "c in [d, e]"}


def check(document: Document, entries: Any, path: tuple[Any, ...]) -> None:
    data = document.data
    for step in path:
        data = data[step]
    for key, value, raw in entries:
        if raw:
            assert data[key] == as_meant(key, value)
    for where, text in scalars(data, path):
        if text and "'" not in text:
            assert spot(document, *where)[2] == text
