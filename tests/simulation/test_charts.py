# SPDX-License-Identifier: Apache-2.0
"""Charts say what the rows say: names in their order, numbers at their places; no drawing has an address."""

import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from loyaltyrules import FrameError
from loyaltyrules.simulation.shown.charts import (
    Bar,
    Cell,
    Point,
    Said,
    Work,
    bars,
    course,
    curve,
    heat,
    lines,
    look,
    nothing,
    together,
    work,
)  # fmt: skip

SAID = Said("标题", "横轴", "纵轴", "图例")


def parts(value: Any) -> Iterator[Any]:
    """All mappings of a specification."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def channels(chart: Any, name: str) -> list[Any]:
    return [each[name] for each in parts(chart.to_dict()) if isinstance(each.get(name), dict)]


def rows(chart: Any) -> list[Any]:
    """The data of a chart."""
    return [
        row
        for each in parts(chart.to_dict())
        for row in each.get("values", ())
        if isinstance(row, dict)
    ]


def words(drawn: str) -> list[str]:
    """The texts of a drawing."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


EXAMPLES = {
    "bars": lambda: bars([Bar("电话", "减少", -40), Bar("电话", "增加", 3)], SAID),
    "groups": lambda: bars([Bar("A", "改前", 3), Bar("A", "改后", 4)], SAID),
    "heat": lambda: heat([Cell("A", "A", 1), Cell("A", "B", 2)], SAID),
    "lines": lambda: lines([Point(1, 0.5, "A"), Point(2, 0.6, "A")], SAID, percent=True),
    "facets": lambda: lines([Point(1, 5, "A", "p"), Point(1, 6, "A", "q")], SAID),
    "course": lambda: course([Point(date(2027, 1, n), n, "A", "", f"{n}") for n in (5, 6)], SAID),
    "curve": lambda: curve([Point(1, 0.5), Point(2, 0.1)], 0.2, SAID, "20%"),
    "work": lambda: work([Work("一月", "导购", 5), Work("二月", "店长", 6)], SAID, capacity=5, mark="可办"),
    "nothing": lambda: nothing("没有"),
    "together": lambda: together([bars([Bar("A", "x", 1)], SAID), nothing("没有")]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_chart_is_drawn_without_an_address_or_a_script(name: str) -> None:
    drawn = look.svg(EXAMPLES[name]())
    assert drawn.startswith("<svg") and drawn.endswith("</svg>")
    assert "://" not in drawn
    assert "<script" not in drawn and "href" not in drawn


@pytest.mark.parametrize("name", ["bars", "heat", "lines", "curve", "work"])
def test_the_titles_stand_at_the_chart(name: str) -> None:
    said = words(look.svg(EXAMPLES[name]()))
    assert "标题" in said and "横轴" in said


def test_no_id_of_one_drawing_is_that_of_another() -> None:
    drawn = [look.svg(EXAMPLES[name]()) for name in ("bars", "groups")]
    first, second = ({*re.findall(r' id="([^"]+)"', each)} for each in drawn)
    assert first and second and not first & second
    for each, own in zip(drawn, (first, second), strict=True):
        assert {*re.findall(r"url\(#([^)]+)\)", each)} <= own


def test_names_stand_in_the_order_in_which_they_come() -> None:
    order = ["C", "A", "B"]
    chart = bars([Bar(name, "x", n) for n, name in enumerate(order, 1)], SAID)
    assert all(each["sort"] == order for each in channels(chart, "y"))
    series = lines([Point(1, 1, name) for name in order], SAID)
    assert {tuple(each["scale"]["domain"]) for each in channels(series, "color")} == {tuple(order)}


def test_what_is_lost_and_what_is_gained_go_to_both_sides_and_count_up() -> None:
    said = words(look.svg(bars([Bar("a", "lost", -1200), Bar("a", "gained", 1300)], SAID)))
    assert "1,200" in said and "1,300" in said
    assert not any(each.startswith(("-", "−")) for each in said)


def test_those_who_stayed_have_no_colour_of_those_who_moved() -> None:
    chart = heat(
        [Cell("A", "A", 900), Cell("A", "B", 3), Cell("B", "A", 0), Cell("B", "B", 5)], SAID
    )
    shades = [each for each in channels(chart, "color") if "scale" in each]
    assert [each["scale"]["domain"] for each in shades] == [[0, 3]]
    assert {"900", "3", "0", "5"} <= {*words(look.svg(chart))}


def test_the_wanted_share_and_the_capacity_are_lines_across() -> None:
    assert {"y": 0.2, "text": "20%"} in rows(EXAMPLES["curve"]())
    assert {"y": 5, "text": "可办"} in rows(EXAMPLES["work"]())
    assert "可办" in words(look.svg(EXAMPLES["work"]()))


def test_days_and_texts_are_places_too() -> None:
    def kinds(points: list[Point]) -> set[str]:
        return {each["type"] for each in channels(lines(points, SAID), "x")}

    assert kinds([Point(date(2027, 1, 1), 1)]) == {"temporal"}
    assert kinds([Point(3, 1)]) == {"quantitative"}
    assert kinds([Point("20%", 1), Point("6 months", 2)]) == {"nominal"}


def test_ordered_words_go_from_dark_to_light_and_the_unknown_is_grey() -> None:
    def light(colour: str) -> int:
        return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5))

    for count in (2, 3, 5, 9):
        *known, unknown = look.ramp([*map(str, range(count)), "?"])
        assert len({*known}) == count
        assert known == sorted(known, key=light)
        assert unknown == look.UNKNOWN
    assert look.ramp(["one"]) == [look.BEST_FIRST[0]]


@pytest.mark.parametrize(("package", "ask"), [
    ("altair", lambda: nothing("x")), ("vl_convert", lambda: look.svg(nothing("x"))),
    ("altair", look.require), ("vl_convert", look.require),
])  # fmt: skip
def test_a_missing_package_is_told_with_what_to_install(
    package: str, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(FrameError) as caught:
        ask()
    assert [each.code for each in caught.value.problems] == ["LR530"]
    assert 'pip install "loyaltyrules[notebook]"' in str(caught.value)
