# SPDX-License-Identifier: Apache-2.0
"""Figures that cannot be meant are refused, such that seldom are told: shares, weights, periods, lists."""

import pytest

from loyaltyrules import PolicyError

FACTS = """
facts:
  customer:
    pts: {type: whole, unit: points}
    n: {type: whole}
    part: {type: share}
    seen_on: {type: date}
    quals: {type: list}
    q: {type: text}
    vip: {type: yes/no}
    tier: {type: [A, B]}
"""
RULE = "rules: {r: {for: customer, at: daily, if: l = A, do: task.a}}\n"


def label(way: str) -> str:
    return (
        f"{FACTS}labels: {{l: {{for: customer, values: [A, B], ways: {{w: {{{way}}}}}}}}}\n{RULE}"
    )


def figure(value: str) -> str:
    return f"parameters: {{f: {{value: {value}, origin: proposed, source: X-1}}}}\n"


@pytest.mark.parametrize(
    "share, refused", [("20", True), ("200%", True), ("-5%", True), ("1.01", True), ("20%", False),
                       ("0.2", False), ("100%", False), ("1", False)],
)  # fmt: skip
def test_the_top_share_of_a_group_is_a_part_of_it(written, faults, share: str, refused: bool):
    way = "top: f, by: pts, smallest: 1, bands: pts, B: rest"
    fact = FACTS + "    best: {top: f, by: pts, smallest: 1}\n"
    for text in (label(way), label(way.replace("top: f", f"top: {share}")), fact):
        policy = f"{text}{figure(share)}"
        if refused:
            assert "LR155" in faults(policy)
        else:
            assert not [each for each in written(policy).doubts if each.code != "LR601"]


@pytest.mark.parametrize("number, refused", [("5%", True), ("2.5", True), ("5", False)])
def test_what_is_counted_is_whole(written, faults, number: str, refused: bool):
    top = f"    best: {{top: 20%, by: pts, smallest: {number}}}\n"
    gate = f"gate: [{{cap: {number}}}]\n"
    rule = "rules: {r: {for: customer, at: daily, do: w}}\n"
    words = f"words: {{w: {{kind: call, sets: {{n: {number}}}}}}}\n{rule}"
    for text, code in ((top, "LR203"), (gate, "LR203"), (words, "LR267")):
        if refused:
            assert faults(FACTS + text) == [code]
        else:
            written(FACTS + text)


def test_a_share_is_looked_at_on_every_day(faulty):
    dated = figure("20%").replace("value: 20%", "values: {2020-01-01: 20%, 2027-01-01: 120%}")
    ((code, found),) = faulty(label("top: f, by: pts, smallest: 1, bands: pts, B: rest") + dated)
    assert (code, found["found"]) == ("LR155", "120% (2027-01-01)")


WEIGHTED = "score: weighted, factors: {{pts: {{weight: {}}}, n: {{weight: {}}}}}, A: 50, B: rest"
MEAN = (
    "score: mean, marks: {{h: 2, k: 1}}, A: 2, B: rest, "
    "factors: {{pts: {{weight: {}, h: 5, k: rest}}, n: {{weight: {}, h: 5, k: rest}}}}"
)


@pytest.mark.parametrize(
    "score, weights, codes",
    [
        (WEIGHTED, ("110%", "-10%"), ["LR155", "LR155"]), (WEIGHTED, ("part", "50%"), ["LR157"]),
        (WEIGHTED, ("60%", "30%"), ["LR258"]), (MEAN, ("60%", "-10%"), ["LR155"]),
        (MEAN, ("part", "1"), ["LR157"]),
    ],
)  # fmt: skip
def test_weights_are_parts_and_the_same_for_all(faults, score: str, weights, codes: list[str]):
    assert faults(label(score.format(*weights))) == codes


def test_a_mean_may_count_one_factor_twice(written):
    assert not written(label(MEAN.format("2", "1"))).doubts


def test_weights_that_are_not_the_whole_are_told_with_their_figures(faulty):
    figures = "parameters: {a: {value: 50%, origin: proposed}, b: {value: 60%, origin: proposed}}\n"
    ((code, found),) = faulty(label(WEIGHTED.format("a", "b")) + figures)
    assert (code, found["weights"]) == ("LR258", "pts 50%, n 60%")


def test_marks_leave_nobody_without_one(faults):
    assert faults(label(MEAN.format("1", "1").replace("h: 5, k: rest", "h: 5, k: 2", 1))) == [
        "LR222"
    ]


def test_each_of_several_factors_says_its_weight(faulty):
    way = "score: weighted, factors: {pts: {weight: 50%}, n: {}}, A: 50, B: rest"
    assert [(code, each["name"]) for code, each in faulty(label(way))] == [("LR141", "weight")]


@pytest.mark.parametrize(
    "target, better, refused", [("0", "higher", True), ("-5", "higher", True), ("0", "lower", False),
                                ("5", "higher", False)],
)  # fmt: skip
def test_a_target_can_be_missed(written, faults, target: str, better: str, refused: bool):
    factor = f"{{weight: 100%, target: {target}, better: {better}}}"
    way = f"score: weighted, factors: {{pts: {factor}}}, A: 50, B: rest"
    if refused:
        assert faults(label(way)) == ["LR155"]
    else:
        assert not written(label(way)).doubts


@pytest.mark.parametrize(
    "value, use, told",
    [
        ("0 months", "if: seen_on < today - f", True),
        ("0", "if: n / f > 1", True), ("0", "if: n > f", False),
        ("120%", "if: part > f", True), ("0 days", "from: f after seen_on", False),
        ("3 days", "if: seen_on < today - f", False), ("100%", "if: part >= f", False),
    ],
)  # fmt: skip
def test_a_figure_that_seldom_is_meant_is_told(written, value: str, use: str, told: bool):
    at = "" if use.startswith("from") else ", at: daily"
    rule = f"rules: {{r: {{for: customer{at}, {use}, do: task.a}}}}\n"
    found = [each.code for each in written(FACTS + figure(value) + rule).doubts]
    assert found == (["LR620"] if told else [])


@pytest.mark.parametrize("item", ["5", "today", "n", "yes", "vip", "1 day", "part"])
def test_what_is_no_text_is_never_in_a_list(faults, item: str):
    rule = "rules: {{r: {{for: customer, at: daily, if: '{}', do: task.a}}}}\n"
    assert faults(FACTS + rule.format(f"{item} in quals")) == ["LR156"]
    assert faults(FACTS + rule.format(f"any_in([{item}], quals)")) == ["LR156"]


@pytest.mark.parametrize("item", ["q", "tier", '"a"'])
def test_texts_and_words_may_be_in_a_list(written, item: str):
    rule = f"rules: {{r: {{for: customer, at: daily, if: '{item} in quals', do: task.a}}}}\n"
    assert not written(FACTS + rule).doubts


@pytest.mark.parametrize("default", ["none", "无", "None"])
def test_a_list_is_not_by_default_the_word_none(faulty, default: str):
    ((code, found),) = faulty(f"facts: {{customer: {{v: {{type: list, default: {default}}}}}}}\n")
    assert (code, found["near"]) == ("LR217", "[]")


def test_an_item_that_is_nearly_a_purpose_is_told(written):
    words = "words: {a: {kind: call, purpose: festival}, b: {kind: letter, purpose: birthday}}\n"
    rule = "rules: {r: {for: customer, at: daily, if: 'any_in(quals, f)', do: [a, b]}}\n"
    doubts = written(FACTS + figure("[birthday, festivall]") + words + rule).doubts
    assert [(each.code, dict(each.details)["near"]) for each in doubts] == [("LR615", "festival")]


@pytest.mark.parametrize(
    "asked, told",
    [
        ('role = "gudie"', True), ('gift = "zzz"', True), ('reason = "x"', True), ('template = "x"', True),
        ('rule in ["r", "x"]', True), ('role != "gudie"', True), ('role = "guide"', False),
        ('rule = "r"', False),
    ],
)  # fmt: skip
def test_a_step_of_the_gate_asks_for_what_there_is(written, asked: str, told: bool):
    rule = "rules: {r: {for: customer, at: daily, do: task.a, role: guide}}\n"
    doubts = written(f"{FACTS}{rule}gate: [{{hold: x, which: '{asked}'}}]\n").doubts
    assert ("LR621" in {each.code for each in doubts}) == told


@pytest.mark.parametrize("cell", ["{do: [90 days]}", "{do: [90 days], source: X}", "[90 days]",
                                  "{every: 30 days, do: x}"])  # fmt: skip
def test_the_cell_of_an_interval_is_one_period(faulty, cell: str):
    every = "for: customer, by: tier, cells: every, since: seen_on, do: task.a"
    table = f"tables: {{t: {{{every}, rows: {{A: {cell}, B: 9 days}}}}}}\n"
    ((code, found),) = faulty(FACTS + table)
    assert (code, found["expected"]) == ("LR143", "a period, such as 90 days")


def test_a_step_that_asks_for_a_title_is_told_the_name(written):
    text = "roles: {guide: {zh: 导购}}\nrules: {r: {for: customer, at: daily, do: task.a, role: guide}}\n"
    doubts = written(f"{FACTS}{text}gate: [{{hold: x, which: 'role = \"导购\"'}}]\n").doubts
    assert [dict(each.details)["near"] for each in doubts] == ["guide"]


TOP = "top: f, by: pts, smallest: 1, bands: pts, B: rest"
TOLD_WITH_FIGURES = [
    (TOP, "120%", "LR155"), (TOP.replace("top: f", "top: 20%").replace("1,", "f,"), "5%", "LR254"),
    (TOP.replace("top: f", "top: 20%").replace("1,", "f,"), "2.5", "LR254"),
    ("score: weighted, factors: {pts: {weight: 100%, target: f}}, A: 50, B: rest", "0", "LR155"),
    ("score: mean, marks: {h: 2, k: 1}, A: 2, B: rest, factors: {pts: {weight: f, h: 5, k: rest}}",
     "-1", "LR155"),
]  # fmt: skip


@pytest.mark.parametrize("way, value, code", TOLD_WITH_FIGURES)
def test_a_figure_out_of_range_is_told_where_it_stands(written, way: str, value: str, code: str):
    with pytest.raises(PolicyError) as caught:
        written(label(way) + figure(value))
    (found,) = caught.value.problems
    assert (found.code, dict(found.details)["name"]) == (code, "f")
    assert found.place.excerpt.startswith("parameters: ")


def test_of_dated_values_that_one_is_told_which_is_out_of_range(written):
    values = "{2020-01-01: 20%, 2027-01-01: 120%}"
    with pytest.raises(PolicyError) as caught:
        written(label(TOP) + figure("20%").replace("value: 20%", f"values: {values}"))
    (found,) = caught.value.problems
    start = found.place.column - 1
    assert found.place.excerpt[start:].startswith("120%")


def test_a_number_that_counts_elsewhere_is_told_where_it_counts_nothing(faults):
    way = TOP.replace("top: f", "top: 20%").replace("1,", "f,")
    reads = RULE.replace("l = A", "l = A and part > f")
    assert faults(label(way).replace(RULE, reads) + figure("5%")) == ["LR203"]


@pytest.mark.parametrize("unit, told", [("CNY", ["LR254", "LR254"]), ("points", [])])
def test_figures_that_fit_only_each_other_are_all_told(written, unit: str, told: list[str]):
    text = f"""{FACTS}
parameters:
  high: {{value: 9, unit: {unit}, origin: proposed, source: X-1}}
  low: {{value: 5, unit: {unit}, origin: proposed, source: X-1}}
must: [{{rule: low < high, say: x}}]
rules:
  a: {{for: customer, at: daily, if: pts > high, do: task.a}}
  b: {{for: customer, at: daily, if: pts > low, do: task.b}}
"""
    found = []
    try:
        written(text)
    except PolicyError as error:
        found = [(each.code, dict(each.details)["name"]) for each in error.problems]
    assert found == list(zip(told, ("high", "low"), strict=False))
