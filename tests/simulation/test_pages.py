# SPDX-License-Identifier: Apache-2.0
"""Pages of comparisons and sweeps tell what the frames say, in one language, and fetch nothing."""

import os
import re
from pathlib import Path
from typing import Any

import altair
import polars as pl
import pytest

from loyaltyrules import Delta, FrameError, Grid, Policy, compare, load_policy, sweep
from loyaltyrules.simulation import actions, count
from simulation.conftest import KINDS, ROOT, SOME_KINDS
from simulation.pages import Page, fetched
from simulation.test_compare import CUSTOMERS, MENSWEAR, ON

LANGUAGES = ("en", "zh")
CHANGED = MENSWEAR.with_(tier_a_points=6000)


def delta_of(new: Policy = CHANGED, customers: Any = CUSTOMERS, **more: Any) -> Delta:
    return compare(MENSWEAR, new, customers, on=ON, **more)


def grid_of(customers: Any = CUSTOMERS) -> Grid:
    figures = {"tier_a_points": [1500, 5000, 6000], "tier_b_points": [1900, 2000]}
    return sweep(MENSWEAR, figures, customers, on=ON, measure=[count("tier"), actions("gift.*")])


def page_of(result: Delta | Grid, folder: Path, language: str = "en") -> Page:
    file = folder / "page.html"
    result.to_html(file, language)
    return Page(file.read_text(encoding="utf-8"))


RESULTS = {"delta": delta_of, "grid": grid_of}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_a_page_stands_alone(name: str, language: str, tmp_path: Path) -> None:
    page = page_of(RESULTS[name](), tmp_path, language)
    assert fetched(page) == []
    assert "http:" not in page.source and "https:" not in page.source
    assert page.unclosed == []
    assert page.of("html") == [{"lang": {"en": "en", "zh": "zh-CN"}[language]}]
    assert len(page.of("h1")) == len(page.of("title")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_tables_and_charts_are_told_to_who_does_not_see_them(
    name: str, language: str, tmp_path: Path
) -> None:
    page = page_of(RESULTS[name](), tmp_path, language)
    assert page.of("svg") and len(page.of("table")) == len(page.of("caption"))
    assert len(page.of("figure")) == len(page.of("svg"))
    assert all(each["role"] == "img" and each["aria-label"] for each in page.of("figure"))
    assert {each.get("scope") for each in page.of("th")} == {"col", "row"}


def test_a_page_tells_the_change_the_movers_and_the_actions(tmp_path: Path) -> None:
    delta = delta_of()
    page = page_of(delta, tmp_path)
    assert [
        "tier_a_points",
        "5000 points",
        "6000 points",
        "TERM-TIER-05; TERM-TIER-08",
    ] in page.rows
    movers = delta.movers("tier")
    assert f"Customer tier: {len(movers)} of 28 customers go from A to B (28.6%)." in page.text
    for old, *numbers in delta.matrix("tier").rows():
        assert [str(old), *map(str, numbers), str(sum(numbers))] in page.rows
    for each, why in movers.select("subject_id", "because").iter_rows():
        assert [each, "A", "B", why] in page.rows
    total = [row for row in page.rows if row[0] == "Total" and len(row) == 5]
    lost, gained, both = delta.by().row(0)
    assert [row[1:4] for row in total][-1] == [f"{n:,}" for n in (lost, gained, both)]
    assert MENSWEAR.fingerprint in page.text and CHANGED.fingerprint in page.text


def test_a_page_lists_some_movers_and_says_how_many_more(tmp_path: Path) -> None:
    many = pl.concat([
        CUSTOMERS.filter(pl.col("points_accumulated") == 5000)
        .with_columns(pl.format("n{}-{}", pl.lit(n), "id").alias("id")) for n in range(7)
    ])  # fmt: skip
    page = page_of(delta_of(customers=many), tmp_path)
    listed = [row for row in page.rows if row[0].startswith("n")]
    assert len(listed) == 20
    assert "8 more are not listed here." in page.text


def test_a_page_holds_no_fact_of_a_record_but_its_id(tmp_path: Path) -> None:
    for language in LANGUAGES:
        text = page_of(delta_of(), tmp_path, language).text
        assert "1380000" not in text  # telephone numbers
        assert "c-04" in text


def test_a_page_in_chinese_has_no_words_of_english(tmp_path: Path) -> None:
    known = re.compile(r"\b(TERM(-[A-Z0-9]+)+|menswear|[0-9a-f]{16}|c-\d+|[A-C])\b")
    for name, make in RESULTS.items():
        page = page_of(make(), tmp_path, "zh")
        told = "\n".join([*page.texts, *(each["aria-label"] or "" for each in page.of("figure"))])
        assert (
            re.findall(r"[A-Za-z]{2,}[A-Za-z ]*", known.sub("", told.replace("gift.*", ""))) == []
        ), name
        assert "客户级别" in told and "A级起点积分" in told


def test_a_page_of_the_same_result_is_the_same(tmp_path: Path) -> None:
    for make in RESULTS.values():
        assert page_of(make(), tmp_path).source == page_of(make(), tmp_path).source


def test_what_is_no_html_stays_text(tmp_path: Path) -> None:
    odd = CUSTOMERS.with_columns((pl.lit("<script>&\"'") + pl.col("id")).alias("id"))
    page = page_of(delta_of(customers=odd), tmp_path)
    assert fetched(page) == []
    assert "<script>&\"'c-04" in page.text


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_pages_and_charts_are_those_of_any_kind_of_frame(kind: str, tmp_path: Path) -> None:
    own = KINDS[kind](CUSTOMERS)
    for make in RESULTS.values():
        like = make(customers=CUSTOMERS)
        found = make(customers=own)
        assert page_of(found, tmp_path, "zh").source == page_of(like, tmp_path, "zh").source
        assert found.plot("zh").to_dict() == like.plot("zh").to_dict()


def test_a_plot_is_a_chart_in_either_language() -> None:
    for make in RESULTS.values():
        plot = make().plot
        english, chinese = plot(), plot("zh")
        assert isinstance(english, altair.TopLevelMixin)
        assert plot.to_dict() == english.to_dict() != chinese.to_dict()
        assert "客户级别" in str(chinese.to_dict()) and "客户级别" not in str(english.to_dict())
        assert {*plot._repr_mimebundle_()} == {*english._repr_mimebundle_()}
        with pytest.raises(AttributeError):
            _ = plot._ipython_display_
        with pytest.raises(ValueError, match="language"):
            plot("fr")


def test_where_nothing_changes_the_page_and_the_chart_say_so(tmp_path: Path) -> None:
    for new in (MENSWEAR, MENSWEAR.with_(launch_days="8 days")):
        delta = delta_of(new)
        page = page_of(delta, tmp_path)
        assert "Nobody moves." in page.text
        assert "No action is lost or gained." in page.text
        assert ("The policies say the same." in page.text) == (new is MENSWEAR)
        assert "Nobody moves" in str(delta.plot.to_dict())
    assert page_of(delta_of(customers=CUSTOMERS.head(0)), tmp_path).unclosed == []


def test_more_than_figures_is_told(tmp_path: Path) -> None:
    other = MENSWEAR.with_({"labels.tier.decide": "profile"})
    assert not delta_of(other).only_figures
    assert "The policies differ in more than figures." in page_of(delta_of(other), tmp_path).text
    assert "more than figures" not in page_of(delta_of(), tmp_path).text


def test_what_could_not_be_compared_is_told(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(
        f"format: 1\npolicy: other\nextends: {ROOT / 'policies' / 'menswear'}\n"
        "labels: {loud: {for: customer, values: [a, b], cases: {a: points_accumulated > 7, b: rest}}}\n",
        encoding="utf-8",
    )
    other = load_policy(file, root=ROOT)
    page = page_of(delta_of(other), tmp_path, "zh")
    assert "没能比较的部分" in page.text and "loud" in page.text
    assert "（other）" in page.text  # under its own name
    assert other.fingerprint in page.text


def test_a_span_names_its_first_and_last_day(tmp_path: Path) -> None:
    page = page_of(delta_of(until="2027-02-07"), tmp_path)
    assert "compared from 2027-02-05 to 2027-02-07" in page.text


def test_the_page_of_a_sweep_has_a_row_for_each_combination_and_what_was_refused(
    tmp_path: Path,
) -> None:
    page = page_of(grid_of(), tmp_path, "zh")
    counts = {}
    for row in grid_of().filter(pl.col("label") == "tier").to_dicts():
        counts.setdefault((row["tier_a_points"], row["tier_b_points"]), []).append(row)
    for (points_a, points_b), own in counts.items():
        numbers = [
            f"{each['count']}" + (f" ({each['share']:.1%})" if each["share"] is not None else "")
            for each in own
        ]
        assert [f"{points_a:,}", f"{points_b:,}", *numbers] in page.rows
    assert len(counts) == 4
    assert ["1,500", "1,900", "B级起点积分必须低于A级起点积分"] in page.rows
    assert "（现为 5000 积分）" in page.text


def test_a_page_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.html"
    file.write_text("before", encoding="utf-8")

    def full(self: Path, target: Any) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(FrameError, match="LR100.*No space left"):
            delta_of().to_html(file)
    assert file.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    delta_of().to_html(str(file))
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_where_no_page_can_be_it_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path, tmp_path / "no" / "page.html", pipe, "a\0b.html"):
        with pytest.raises(FrameError) as caught:
            delta_of().to_html(place)
        assert [each.code for each in caught.value.problems] == ["LR100"]
    with pytest.raises(ValueError, match="language"):
        delta_of().to_html(tmp_path / "page.html", "fr")
    assert not (tmp_path / "page.html").exists()


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("before", encoding="utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "there.html")
    delta_of().to_html(tmp_path / "link.html")
    assert (tmp_path / "link.html").is_symlink()
    assert "6000 points" in (tmp_path / "there.html").read_text(encoding="utf-8")


def test_a_notebook_shows_the_sentences_and_the_tables_of_what_moved() -> None:
    delta = delta_of()
    page = Page(delta._repr_html_())
    assert "actions" not in vars(delta)  # which take time to be written out
    assert "_actions" not in vars(delta)
    assert "Customer tier: 8 of 28 customers go from A to B (28.6%)." in page.text
    for row in delta.matrix("tier").rows():
        assert [*map(str, row)] in page.rows
    assert page.unclosed == []
