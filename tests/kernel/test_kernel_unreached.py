# SPDX-License-Identifier: Apache-2.0
"""Cases, bands and states that those above them leave nothing: told, and never wrongly."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from loyaltyrules import compile_day, evaluate, load_policy

HEAD = """
facts:
  customer:
    n: {type: whole}
    m: {type: whole}
    stage: {type: [a, b, c]}
    seen_on: {type: date, absent: unknown}
parameters:
  high: {values: {2000-01-01: 9, 2999-01-01: 3}, origin: proposed, source: X-1}
  low: {value: 5, origin: proposed, source: X-1}
rules: {r: {for: customer, at: daily, if: l = A, do: task.a}}
"""
LABEL = "labels: {l: {for: customer, values: [A, B, C], SAYS}}\n"


def unreached(policy) -> list[tuple[str, str]]:
    told = [dict(each.details) for each in policy.doubts if each.code == "LR617"]
    return [(each["name"], each["word"]) for each in told]


@pytest.mark.parametrize(
    "says, expected",
    [
        ("cases: {A: rest, B: n > 1, C: n > 0}", [("l", "B"), ("l", "C")]),
        ("cases: {A: n > 0, B: n > 1, C: rest}", [("l", "B")]),
        ("cases: {A: stage = a or stage = b, B: stage = b, C: rest}", [("l", "B")]),
        ("ways: {w: {bands: n, A: 5, B: 5, C: rest}}", [("l.w", "B")]),
        ("ways: {w: {bands: n + m, A: 5, B: 8, C: rest}}", [("l.w", "B")]),
        ("ways: {w: {bands: n, A: low, B: 9, C: rest}}", [("l.w", "B")]),
        ("ways: {w: {score: mean, marks: {h: 3, k: 1}, factors: {n: {h: 5, k: rest}, m: {h: 5, k: rest}}, "
         "A: 2, B: 2.5, C: rest}}", [("l.w", "B")]),
        ("ways: {w: {score: mean, marks: {h: 3, m: 2, k: 1}, factors: {n: {h: 5, m: 9, k: rest}}, "
         "A: 2, B: 1.5, C: rest}}", [("l.w.score.n", "2")]),
        ("if: n > 5, cases: {A: m > 1, B: n > 2, C: n <= 5}", [("l", "C")]),
        ("ways: {w: {bands: n, A: high, B: low, C: rest}}", []),  # so on some days
        ("ways: {w: {bands: n, A: 8, B: 5, C: rest}}", []),
        ("ways: {w: {first: {C: m > 3}, bands: n, A: 8, B: 5, C: rest}}", []),
        ("cases: {A: n > 8, B: m > 8, C: rest}", []),
        ("cases: {A: n > m, B: n > 5, C: rest}", []),
    ],
)  # fmt: skip
def test_a_word_that_is_never_reached_is_told(written, says: str, expected):
    assert unreached(written(HEAD + LABEL.replace("SAYS", says))) == expected


def test_a_label_that_goes_by_one_way_lacks_what_only_another_gives(written):
    ways = "decide: w, ways: {w: {bands: n, A: 5, B: rest}, v: {bands: n, A: 9, B: 5, C: rest}}"
    doubts = written(HEAD + LABEL.replace("SAYS", ways)).doubts
    assert [(e.code, dict(e.details)["word"]) for e in doubts if e.code == "LR611"] == [
        ("LR611", "C")
    ]


def test_a_state_behind_one_that_always_holds_is_told(written):
    flow = (
        "workflows: {w: {for: customer, begins: seen_on, states: "
        "{one: {do: task.a, role: x, next: two}, two: {is: n > 1, final: yes}}}}\n"
    )
    assert unreached(written(HEAD.replace("if: l = A, ", "") + flow)) == [("w", "two")]


SIMPLE = st.sampled_from(
    [
        "n > 1",
        "n > 3",
        "n <= 3",
        "m > 2",
        "stage = a",
        "'stage in [a, b]'",
        "n > m",
        "n is missing",
        "rest",
    ]
)


@settings(max_examples=examples(60), deadline=None)
@given(tests=st.lists(SIMPLE, min_size=3, max_size=3))
def test_what_is_called_unreached_is_so(tmp_path_factory, tests: list[str]):
    rows = ", ".join(f"{word}: {test}" for word, test in zip("ABC", tests, strict=True))
    file = tmp_path_factory.mktemp("drawn") / "x.yaml"
    file.write_text(
        f"format: 1\npolicy: x\n{HEAD}{LABEL.replace('SAYS', f'cases: {{{rows}}}')}", "utf-8"
    )
    policy = load_policy(file)
    plan = compile_day(policy, date(2027, 1, 4))
    never = {word for _, word in unreached(policy)}
    for n in (None, 0, 2, 4):
        for m in (None, 1, 3, 5):
            for stage in (None, "a", "b", "c"):
                record = {"id": "c", "n": n, "m": m, "stage": stage}
                given_ = {key: each for key, each in record.items() if each is not None}
                assert evaluate(plan, given_).labels.get("l") not in never
