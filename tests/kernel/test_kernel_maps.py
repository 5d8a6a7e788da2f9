# SPDX-License-Identifier: Apache-2.0
"""A label by the words of another fact: each word has its place, and none is misspelt; yes and no too."""

import pytest

MAPPED = """
facts: {customer: {stage: {type: [closed, lost, intent]}, vip: {type: yes/no}, tier: {type: [A, B]}}}
labels: {l: {for: customer, values: [A, B], ways: {w: {map: stage, ROWS}}}}
rules: {r: {for: customer, at: daily, if: l = A, do: task.a}}
"""


@pytest.mark.parametrize(
    "rows, near",
    [
        ("A: closed, B: 'lost, intnet'", "intent"), ("A: clsoed, B: 'lost, intent'", "closed"),
        ("A: closed, B: rest", ""), ("A: closed、lost, B: intent", "closed, lost"),
        ("A: closed, C: 'lost, intent'", ""),
    ],
)  # fmt: skip
def test_what_a_map_names_must_be_a_word(faulty, rows: str, near: str):
    (found,) = faulty(MAPPED.replace("ROWS", rows))
    assert found[0] == "LR202" and found[1]["near"] == near


@pytest.mark.parametrize("cell", ["{x: 1}", "[[closed]]", "", "[]"])
def test_a_map_holds_words_or_lists_of_them(faulty, cell: str):
    found = faulty(MAPPED.replace("ROWS", f"A: {cell}, B: 'lost, intent'"))
    assert [(code, each["name"]) for code, each in found] == [("LR143", "A")]


@pytest.mark.parametrize(
    "says, unread",
    [
        ("cases: {A: vip, B: rest}, A: 5", "A"),
        ("map: stage, A: closed, B: 'lost, intent', bands: n", "bands"),
        ("bands: n, A: 5, B: rest, within: stage", "within"),
        ("bands: n, A: 5, B: rest, marks: {h: 1}", "marks"),
        ("map: stage, first: {A: vip}, A: closed, B: 'lost, intent'", "first"),
    ],
)  # fmt: skip
def test_what_a_way_says_in_vain_is_refused(faulty, says: str, unread: str):
    text = MAPPED.replace("map: stage, ROWS", says).replace("vip: {", "n: {type: whole}, vip: {")
    assert [(code, each["name"]) for code, each in faulty(text)] == [("LR146", unread)]


def test_a_word_of_a_label_stands_once(faulty):
    text = MAPPED.replace("values: [A, B]", "values: [A, A, B]").replace(
        "ROWS", "A: closed, B: 'lost, intent'"
    )
    assert [(code, each["name"]) for code, each in faulty(text)] == [("LR260", "A")]


def test_a_word_has_one_place_in_a_map(faulty):
    found = faulty(MAPPED.replace("ROWS", "A: [closed, lost], B: 'lost, intent'"))
    assert [(code, each["name"]) for code, each in found] == [("LR260", "lost")]


def test_a_word_that_a_map_leaves_out_is_told(written):
    policy = written(MAPPED.replace("ROWS", "A: closed, B: lost"))
    left = [dict(each.details) for each in policy.doubts if each.code == "LR610"]
    assert [(each["of"], each["word"]) for each in left] == [("stage", "intent")]


def test_a_rest_of_one_way_covers_no_other_way(written):
    both = "labels: {l: {for: customer, values: [A, B], decide: w, ways: {v: {cases: {A: vip, B: rest}}, w: "
    text = MAPPED.replace("ROWS", "A: closed, B: lost")
    policy = written(text.replace("labels: {l: {for: customer, values: [A, B], ways: {w: ", both))
    assert [dict(each.details)["word"] for each in policy.doubts] == ["intent"]


@pytest.mark.parametrize("rows", ["A: [closed, lost], B: intent", "A: 'closed，lost', B: intent"])
def test_several_words_of_a_map_stand_in_a_list_or_between_commas(decide, written, rows: str):
    policy = written(MAPPED.replace("ROWS", rows))
    for stage, expected in (("closed", "A"), ("lost", "A"), ("intent", "B")):
        assert decide(policy, {"id": "c", "stage": stage}, "2027-01-04").labels["l"] == expected


def test_a_map_may_go_by_yes_and_no(decide, written):
    policy = written(MAPPED.replace("stage, ROWS", "vip, A: yes, B: no"))
    for vip, expected in ((True, "A"), (False, "B")):
        assert decide(policy, {"id": "c", "vip": vip}, "2027-01-04").labels["l"] == expected


CASES = """
facts: {customer: {stage: {type: [closed, lost, intent]}, n: {type: whole}}}
labels: {l: {for: customer, values: [a, b], cases: {CASES}}}
rules: {r: {for: customer, at: daily, if: l = a, do: task.a}}
"""


@pytest.mark.parametrize(
    "cases, left",
    [
        ("a: stage = closed, b: stage = lost", ["intent"]), ("a: stage = closed, b: rest", []),
        ("a: stage = closed, b: 'stage in [lost, intent]'", []),
        ("a: stage = closed, b: n > 1", []),  # who is not closed may well go by the number alone
    ],
)  # fmt: skip
def test_cases_by_the_words_of_one_fact_leave_none_out(written, cases: str, left: list[str]):
    doubts = written(CASES.replace("CASES", cases)).doubts
    assert [dict(e.details)["word"] for e in doubts if e.code == "LR610"] == left


TABLE = """
facts: {customer: {vip: {type: yes/no}, tier: {type: [A, B]}}}
tables: {t: {for: customer, at: daily, by: BY, rows: {ROWS}}}
"""


@pytest.mark.parametrize(
    "by, rows, codes",
    [
        ("[vip, tier]", "yes: {A: task.a, B: none}", ["LR259"]),
        ("[tier, vip]", "A: {yes: task.a}, B: none", ["LR228"]), ("vip", "yes: task.a", ["LR259"]),
        ("vip", "yes: task.a, maybe: none, no: none", ["LR202"]),
    ],
)  # fmt: skip
def test_yes_and_no_each_have_their_row(faults, by: str, rows: str, codes: list[str]):
    assert faults(TABLE.replace("BY", by).replace("ROWS", rows)) == codes


def test_the_rest_of_yes_is_no(decide, written):
    policy = written(TABLE.replace("BY", "vip").replace("ROWS", "yes: task.a, rest: task.b"))
    for vip, kind in ((True, "task.a"), (False, "task.b")):
        (action,) = decide(policy, {"id": "c", "vip": vip}, "2027-01-04").actions
        assert action.kind == kind
