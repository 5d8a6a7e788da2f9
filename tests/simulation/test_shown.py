# SPDX-License-Identifier: Apache-2.0
"""What solve, replay and workload find shows itself: charts and pages say what the frames say."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import altair
import polars as pl
import pytest

from effort import each as some_of
from loyaltyrules import Policy, compare, load_policy, replay, solve, sweep, workload
from loyaltyrules.simulation import cost, count, minutes, share
from loyaltyrules.simulation.shown.charts import look
from simulation.conftest import CDNOW, KINDS, ROOT, read
from simulation.pages import Page, fetched
from simulation.test_charts import rows, words
from simulation.test_compare import CUSTOMERS, MENSWEAR
from simulation.test_costs import PRICED, STORE

ON = "2027-02-05"
LANGUAGES = ("en", "zh")
WANT = share("tier", "A") <= 0.2
CAN = {"sales_guide": 2, "store_manager": timedelta(minutes=60)}
SHOP = load_policy(CDNOW / "policy", root=ROOT)
WALKERS = {"3000": SHOP.with_(tier_a_points=3000), "6000": SHOP.with_(tier_a_points=6000)}
As = Callable[[pl.DataFrame], Any]


def same(frame: pl.DataFrame) -> Any:
    return frame


def found(kind: As = same, policy: Policy = MENSWEAR) -> Any:
    return solve(policy, "tier_a_points", kind(CUSTOMERS), on=ON, want=WANT)


def found_by(kind: As = same) -> Any:
    return solve(MENSWEAR, "tier_a_points", kind(CUSTOMERS), on=ON, want=WANT, within="store_id")


def story(kind: As = same) -> Any:
    raw = {name: kind(read(CDNOW / f"{name}.csv").head(900)) for name in ("purchase", "customer")}
    span = {"start": date(1997, 1, 31), "end": date(1997, 4, 30)}
    return replay(WALKERS, raw, **span, tables={"store": read(CDNOW / "store.csv")})


def work(kind: As = same) -> Any:
    customers = {name: kind(frame) for name, frame in STORE.items()}
    return workload(PRICED, customers, start="2027-02-01", end="2027-02-04", capacity=CAN)


MADE: dict[str, Callable[..., Any]] = {
    "found": found, "found_by": found_by, "story": story, "work": work,
}  # fmt: skip
once = cache(lambda name: MADE[name]())


def page_of(result: Any, folder: Path, language: str = "en") -> Page:
    file = folder / "page.html"
    result.to_html(file, language)
    return Page(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MADE)
def test_a_page_stands_alone_and_is_told_to_who_does_not_see_it(
    name: str, language: str, tmp_path: Path
) -> None:
    page = page_of(once(name), tmp_path, language)
    assert fetched(page) == [] and page.unclosed == []
    assert "http:" not in page.source and "https:" not in page.source
    assert page.of("html") == [{"lang": {"en": "en", "zh": "zh-CN"}[language]}]
    assert page.of("svg") and len(page.of("figure")) == len(page.of("svg"))
    assert len(page.of("table")) == len(page.of("caption"))
    assert all(each["role"] == "img" and each["aria-label"] for each in page.of("figure"))


@pytest.mark.parametrize("name", MADE)
def test_a_page_in_chinese_has_no_words_of_english(name: str, tmp_path: Path) -> None:
    page = page_of(once(name), tmp_path, "zh")
    told = "\n".join([*page.texts, *(each["aria-label"] or "" for each in page.of("figure"))])
    known = re.compile(
        r"TERM(-[A-Z0-9]+)+|menswear(_priced)?|CDNOW|cdnow|\b[0-9a-f]{16}\b|\b[sc]-\w+|[A-Z]?\d+"
    )
    rules = {rule.id for policy in (MENSWEAR, PRICED, SHOP) for rule in policy.rules}
    plain = known.sub("", told)
    plain = re.sub("|".join(map(re.escape, sorted(rules, key=len, reverse=True))), "", plain)
    assert re.findall(r"[A-Za-z_]{2,}", plain) == []


@pytest.mark.parametrize("kind", some_of(["pandas", "pyarrow"], 2))
@pytest.mark.parametrize("name", MADE)
def test_pages_and_charts_are_those_of_any_kind_of_frame(
    name: str, kind: str, tmp_path: Path
) -> None:
    own, like = MADE[name](KINDS[kind]), once(name)
    assert page_of(own, tmp_path, "zh").source == page_of(like, tmp_path, "zh").source
    assert own.plot("zh").to_dict() == like.plot("zh").to_dict()


@pytest.mark.parametrize("name", MADE)
def test_a_plot_is_a_chart_in_either_language(name: str) -> None:
    plot = once(name).plot
    assert isinstance(plot(), altair.TopLevelMixin)
    assert plot.to_dict() == plot("en").to_dict() != plot("zh").to_dict()
    with pytest.raises(ValueError, match="language"):
        plot("fr")
    with pytest.raises(ValueError, match="language"):
        once(name).to_html("nowhere.html", "fr")


def test_the_curve_marks_what_was_found_what_stands_beside_it_and_what_is_today() -> None:
    result = once("found")
    drawn = rows(result.plot())
    steps = {(each["x"], each["y"]) for each in drawn if each.get("series") == ""}
    curve = {(float(v), s) for v, s, _ in result.curve.iter_rows()}
    assert steps & curve and len(steps - curve) <= 1  # the chart may end between two steps
    spots = {each["x"]: each["y"] for each in drawn if each.get("series")}
    assert spots[float(result.value)] == result.share
    assert spots[float(result.next_value)] == result.next_share
    assert 5000.0 in spots
    assert {"y": 0.2, "text": "≤ 20.00%"} in drawn


def test_shares_between_two_steps_are_those_of_the_upper_one() -> None:
    layers = once("found").plot().to_dict()["layer"]
    assert layers[0]["mark"]["interpolate"] == "step-before"


def test_the_page_of_a_threshold_tells_the_steps_around_it(tmp_path: Path) -> None:
    result = once("found")
    page = page_of(result, tmp_path)
    for line in str(result.explain()).split("\n"):
        assert line[0].upper() + line[1:] in page.text
    (own,) = [row for row in page.rows if "found" in row[-1].split(", ")]
    assert own[1:3] == [f"{result.share * 100:.2f}%", str(result.count)]
    (beside,) = [row for row in page.rows if "beside it" in row[-1].split(", ")]
    assert beside[1:3] == [f"{result.next_share * 100:.2f}%", str(result.next_count)]
    assert any("now" in row[-1] for row in page.rows)


def test_a_threshold_that_is_not_there_is_told_with_why(tmp_path: Path) -> None:
    result = solve(MENSWEAR, "tier_a_points", CUSTOMERS, on=ON, want=count("tier", "A") >= 1000)
    assert result.value is None
    page = page_of(result, tmp_path, "zh")
    assert result._why("zh") in page.text
    assert any("最接近" in str(each.get("series")) for each in rows(result.plot("zh")))


def test_a_threshold_of_nobody_has_a_page_too(tmp_path: Path) -> None:
    for customers in (CUSTOMERS, CUSTOMERS.head(0)):
        result = solve(MENSWEAR, "tier_a_points", customers, on=ON, want=WANT)
        assert page_of(result, tmp_path).unclosed == []
    assert "No record has a word" in str(result.plot.to_dict())


def test_groups_have_a_bar_and_a_row_each(tmp_path: Path) -> None:
    result = once("found_by")
    page = page_of(result, tmp_path, "zh")
    bars = {each["name"]: each["number"] for each in rows(result.plot("zh"))}
    for group, value, *_ in result.frame.iter_rows():
        (row,) = [row for row in page.rows if row[0] == group]
        if value is not None:
            assert bars[group] == value and row[1] == f"{value} 积分"
    assert len(page.rows) == len(result) + 1


def test_the_page_of_a_walk_tells_the_counts_of_every_step(tmp_path: Path) -> None:
    told, page = once("story"), page_of(once("story"), tmp_path)
    by: dict[str, list[str]] = {}
    for _, on, label, _, number in told.labels.sort("policy", maintain_order=True).iter_rows():
        if label == "tier":
            by.setdefault(on.isoformat(), []).append(f"{number:,}")
    assert len(by) == 4
    for day, numbers in by.items():
        assert [day, *numbers] in page.rows
    assert "4 steps from 1997-01-31 to 1997-04-30" in page.text
    for each in WALKERS.values():
        assert each.fingerprint in page.text
    drawn = {(e["series"], e["manner"], e["x"], e["y"]) for e in rows(told.plot())}
    for policy, on, label, word, number in told.labels.iter_rows():
        if label == "tier" and word != "?":
            assert (word, policy, on.isoformat(), number) in drawn


def test_the_page_of_a_walk_that_was_left_says_how_far_it_went(tmp_path: Path) -> None:
    left = story()
    next(left.steps())
    page = page_of(left, tmp_path)
    assert "3 more are not walked yet" in page.text
    assert "1997-02-28" not in page.text


def test_the_page_of_work_tells_sums_prices_and_days_over_capacity(tmp_path: Path) -> None:
    result = once("work")
    page = page_of(result, tmp_path)
    all_, money, spent = result.by().row(0)
    lacking = result.actions["cost"].null_count()
    assert f"{all_:,} actions." in page.text
    assert f"They cost {money:,.2f} CNY; {lacking} of them have no price" in page.text
    assert f"They take {spent / 60:,.1f} hours" in page.text
    for kind, number, *_ in result.by("kind").iter_rows():
        assert [f"{number:,}"] in [row[1:2] for row in page.rows], kind
    (total,) = [row for row in page.rows if row[0] == "Total"]
    assert total[-1] == f"{all_:,}"
    over = result.over_capacity
    assert len(over)
    stores = over.group_by("store_id", "role").len()
    for store, _, days in stores.iter_rows():
        assert any(row[0] == store and row[2] == str(days) for row in page.rows)


def test_the_page_of_work_that_is_not_done_says_up_to_which_day(tmp_path: Path) -> None:
    left = work()
    assert "<table" not in left._repr_html_() and left.done == []  # nothing walks for a glance
    next(left.steps())
    assert "from 2027-02-01 to 2027-02-04, walked up to 2027-02-01" in page_of(left, tmp_path).text
    assert "目前算到 2027-02-01" in page_of(left, tmp_path, "zh").text
    assert "<table" in left._repr_html_() and len(left.done) == 1


def test_what_a_change_costs_stands_on_its_page_in_money(tmp_path: Path) -> None:
    delta = compare(PRICED, PRICED.with_(festival_gift_cost="150 CNY"), STORE, on=ON)
    summary = {name: said for name, *said in delta.summary.iter_rows()}
    old, new, by = (f"{float(each):,.2f}".rstrip("0").rstrip(".") for each in summary["cost"])
    page = page_of(delta, tmp_path)
    assert ["Cost (CNY)", old, new, f"+{by}"] in page.rows
    assert f"Cost (CNY): {old} → {new} (+{by}, " in page.text
    assert f"before, {summary['no cost'][1]:.0f} after" in page.text
    assert sum(row[0] == "Total" and row[-1] == f"+{by}" for row in page.rows) == 1
    chinese = page_of(delta, tmp_path, "zh")
    assert ["费用（元）", old, new, f"+{by}"] in chinese.rows
    assert "120 元 → 150 元" in chinese.text and "CNY" not in chinese.text
    assert "费用增加" in words(look.svg(delta.plot("zh")))


def test_what_was_swept_of_costs_has_titles_in_either_language(tmp_path: Path) -> None:
    grid = sweep(
        PRICED, {"tier_a_points": [5000, 6000]}, STORE, on=ON, measure=[cost(), minutes("call")]
    )
    english, chinese = (page_of(grid, tmp_path, each).text for each in LANGUAGES)
    assert "Cost (CNY)" in english and "Actions without a cost" in english
    assert "费用（元）" in chinese and "没写费用的措施" in chinese
    assert not re.search("cost|minutes", chinese)
