# SPDX-License-Identifier: Apache-2.0
"""What failed to load still counts as declared: one fault is told once, where it stands."""

from collections.abc import Callable
from typing import Any

import pytest

from loyaltyrules import PolicyError

FACTS = "facts: {customer: {n: {type: whole}, d: {type: date}, share: {type: share}}}\n"
READING = """
must: [{rule: other < a, say: other is less than a}]
facts:
  customer:
    n: {type: whole, unit: points}
    far: {is: abs(n - a)}
    product: {is: round(a * n)}
    part: {is: floor(n / a)}
    larger: {is: "max(n, a)"}
    chosen: {is: "if(n > a, n, a)"}
rules: {r: {for: customer, at: daily, if: n > a and a in [5] and far > 3, do: {do: task.r, value: a}}}
"""


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("６０００", "LR110"), ("20％", "LR110"), ("6 000", "LR124"), ("五千", "LR253"),
        ("1万", "LR253"), ("5000分", "LR253"), ('"5+5"', "LR124"), ("2027-02-30", "LR301"),
    ],
)  # fmt: skip
def test_of_a_faulty_figure_nothing_follows(
    faults: Callable[[str], list[str]], value: str, code: str
) -> None:
    figures = "parameters: {a: {value: VALUE, unit: points}, other: {value: 5, unit: points}}"
    assert faults(figures.replace("VALUE", value) + READING) == [code]


def test_a_faulty_figure_is_called_by_its_name_and_shown_as_it_is_to_be(
    written: Callable[[str], Any],
) -> None:
    with pytest.raises(PolicyError) as caught:
        written("parameters: {most: {value: ６０００}, half: {value: 6 000}}")
    said = str(caught.value)
    assert "nor a figure can contain '６'" in said and "Did you mean '6000'?" in said
    assert "the value of 'half' is no constant" in said


def test_of_two_figures_in_one_expression_the_guilty_one_is_told_alone(
    faults: Callable[[str], list[str]],
) -> None:
    figures = "parameters: {most: {value: 2 days}, week: {value: 5}}\n"
    derived = "facts: {customer: {n: {type: whole}, x: {is: n - most > 0}, y: {is: most * week}}}\n"
    assert faults(figures + derived) == ["LR254"]


@pytest.mark.parametrize(
    "rest",
    [
        "facts: {customer: {n: {type: whoel}, m: {is: abs(n)}, k: {is: n + 5}, l: {is: 'max(n, 3)'}}}\n"
        "rules: {r: {for: customer, at: daily, if: n > 3 and m in [2] and k > 1, do: task.r}}",
        "subjects: {bought: {of: customer}}\n"
        "facts: {customer: {s: {sum: bought.cost}, t: {is: s > 3 CNY}}, bought: {cost: {type: mony}}}",
        "reference: {sale: {columns: {id: text, from_day: dat}, rows: [{id: a, from_day: x}]}}\n"
        "blocks: {now: {rows: sale, if: sale.from_day <= today, en: x}}\n"
        "templates: {hello: {en: '{now}'}}\n"
        "words: {hi: {kind: message.send, channel: sms, template: hello}}\n"
        "rules: {r: {for: customer, at: daily, do: hi}}",
    ],
)
def test_of_a_misspelt_type_nothing_follows(faults: Callable[[str], list[str]], rest: str) -> None:
    assert faults(rest) == ["LR213"]


@pytest.mark.parametrize("parent", ["custommer", "nobody"])
def test_of_a_misspelt_parent_nothing_follows(
    faults: Callable[[str], list[str]], parent: str
) -> None:
    counted = "s: {sum: bought.cost}, t: {latest: bought.on_day}, u: {is: s > 3 and t > 2027-01-01}"
    facts = f"facts: {{customer: {{{counted}}}, bought: {{cost: {{type: whole}}, on_day: {{type: date}}}}}}"
    assert faults(f"subjects: {{bought: {{of: {parent}}}}}\n{facts}") == ["LR215"]


def test_an_anniversary_of_a_misspelt_date_is_told_once(
    faults: Callable[[str], list[str]],
) -> None:
    assert faults(FACTS + "occasions: {x: {anniversary: date_of_brith}}") == ["LR201"]


def test_figures_by_date_need_values(faults: Callable[[str], list[str]]) -> None:
    assert faults("parameters: {a: {value: {2020-01-01: 5000}}}") == ["LR123"]


GRID = (
    "facts: {customer: {vip: {type: yes/no}, tier: {type: [gold, iron]}}}\n"
    "tables: {t: {for: customer, at: daily, by: BY, rows: {ROWS}}}\n"
)


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("[vip, tier]", "yse: {gold: call, iron: none}, no: none"), ("vip", "yse: call, no: none"),
        ("[tier, vip]", "rest: {yse: call, no: none}"), ("tier", "gold: call, irn: none"),
        ("[tier, vip]", "golf: {rest: call}, iron: none"),
    ],
)  # fmt: skip
def test_of_a_misspelt_row_or_column_nothing_follows(
    faults: Callable[[str], list[str]], by: str, rows: str
) -> None:
    assert faults(GRID.replace("BY", by).replace("ROWS", rows)) == ["LR202"]


def test_a_row_that_lacks_beside_a_misspelt_one_is_told_too(
    faults: Callable[[str], list[str]],
) -> None:
    text = GRID.replace("BY", "tier").replace("ROWS", "glod: call")
    assert sorted(faults(text)) == ["LR202", "LR259"]


@pytest.mark.parametrize("use", ["at: s", "at: 2 days after s", "at: s, if: sale.day > today"])
def test_of_a_misspelt_type_of_a_column_nothing_follows(
    faults: Callable[[str], list[str]], use: str
) -> None:
    sale = "reference: {sale: {columns: {id: text, day: dat}, rows: [{id: a, day: 2027-03-01}]}}\n"
    occasion = "occasions: {s: {rows: sale, day: day}}\n"
    rule = f"rules: {{r: {{for: customer, {use}, do: call}}}}\n"
    assert faults(sale + occasion + rule) == ["LR213"]
