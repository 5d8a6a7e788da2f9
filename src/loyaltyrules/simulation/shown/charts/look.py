# SPDX-License-Identifier: Apache-2.0
"""How charts look: fonts with Chinese signs, colours that colour-blind readers tell apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from loyaltyrules.problem.errors import FrameError
from loyaltyrules.problem.problem import problem

if TYPE_CHECKING:
    import altair

    Chart: TypeAlias = altair.TopLevelMixin
else:
    Chart = Any

FONTS = (
    "Segoe UI, Helvetica Neue, PingFang SC, Hiragino Sans GB, Microsoft YaHei, "
    "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, Arial, sans-serif"
)
INK, PALE, GRID = "#1c2733", "#6b7885", "#e3e8ed"
UNKNOWN, BEFORE, AFTER = "#9aa0a6", "#a9b8c6", "#1f5fa8"
LESS, MORE = "#d5652a", "#2a72b5"  # what is lost and what is gained
BEST_FIRST = ("#46085c", "#34618d", "#26a784", "#8fd643")  # of viridis, the lightest part left out
SPOTS = ("#1c2733", "#d5652a", "#218c74")  # points that are marked on a line
APART = ("#1f5fa8", "#d5652a", "#218c74", "#9b4f96", "#8a6d1d", "#4aa3c9")  # what has no order
WIDTH = 560
IDS = re.compile(r'( id="|url\(#)(\w+)')
CONFIG: Mapping[str, Any] = {
    "font": FONTS,
    "background": "white",
    "view": {"stroke": None},
    "title": {"fontSize": 14, "color": INK, "anchor": "start", "offset": 12, "subtitleColor": PALE},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelColor": INK,
        "titleColor": PALE, "gridColor": GRID, "domainColor": "#b9c3cd", "tickColor": "#b9c3cd",
        "labelLimit": 320, "titlePadding": 8,
    },
    "legend": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titleColor": PALE,
        "labelColor": INK, "orient": "top", "labelLimit": 320,
    },
    "header": {"labelFontSize": 12, "titleFontSize": 12, "titleColor": PALE, "labelColor": INK},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What is written at a chart, in the reader's language."""

    title: str = ""
    x: str = ""
    y: str = ""
    legend: str = ""


def library() -> Any:
    """Altair.

    Raises:
        FrameError: it is not installed (LR530).
    """
    return _installed("altair")


def svg(chart: Any) -> str:
    """A chart as an `<svg>` that names no address, drawn without a browser.

    Raises:
        FrameError: what draws it is not installed (LR530).
    """
    silent = {**chart.to_dict()["config"], "aria": False}  # who does not see it is told by the page
    drawn: str = _installed("vl_convert").vegalite_to_svg({**chart.to_dict(), "config": silent})
    head, _, rest = drawn.partition(">")
    words = [each for each in head.split(" ") if not each.startswith(("xmlns", "version="))]
    return _told_apart(f"{' '.join(words)}>{rest}")


def _told_apart(drawn: str) -> str:
    """The drawing with ids of its own, so that one page may hold several; the same for the same drawing."""
    known: dict[str, int] = {}
    plain = IDS.sub(lambda found: f"{found[1]}{known.setdefault(found[2], len(known))}", drawn)
    own = sha256(plain.encode()).hexdigest()[:8]
    return IDS.sub(lambda found: f"{found[1]}c{own}-{found[2]}", plain)


def require() -> None:
    """Refuse to begin where charts cannot be drawn.

    Raises:
        FrameError: a package is not installed (LR530).
    """
    _installed("altair")
    _installed("vl_convert")


def _installed(package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(package)
    except ImportError as fault:
        raise FrameError([problem("LR530", None, package=package)]) from fault


def ramp(words: Sequence[str], unknown: str = "?") -> list[str]:
    """A colour for each word, best first, from dark to light; the unknown is grey."""
    known = [each for each in words if each != unknown]
    found = {word: _between(n / max(1, len(known) - 1)) for n, word in enumerate(known)}
    return [found.get(each, UNKNOWN) for each in words]


def _between(part: float) -> str:
    """The colour at a part of the way along `BEST_FIRST`."""
    place = part * (len(BEST_FIRST) - 1)
    first = min(int(place), len(BEST_FIRST) - 2)
    pair = (_parts(each) for each in BEST_FIRST[first : first + 2])
    mixed = (round(a + (b - a) * (place - first)) for a, b in zip(*pair, strict=True))
    return "#" + "".join(f"{each:02x}" for each in mixed)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def dressed(chart: Any, said: Said) -> Any:
    """The chart with its title and the look of all."""
    return (chart.properties(title=said.title) if said.title else chart).configure(**CONFIG)


def together(charts: Sequence[Any]) -> Any:
    """Charts below each other, as one."""
    if len(charts) == 1:
        return charts[0]
    plain = [each.copy(deep=True) for each in charts]
    for each in plain:
        each.config = library().Undefined  # which only the whole may have
    whole = library().vconcat(*plain, spacing=36).resolve_scale(color="independent")
    return whole.configure(**CONFIG)


def nothing(sentence: str) -> Any:
    """What stands in the place of a chart that has nothing to show."""
    alt = library()
    text = alt.Chart(alt.Data(values=[{"text": sentence}]), width=WIDTH, height=40)
    return dressed(text.mark_text(fontSize=13, color=PALE).encode(text="text:N"), Said())


def named(alt: Any, field: str, title: str, order: Sequence[str], channel: str, **more: Any) -> Any:
    """A channel of names in the order that they come in."""
    kind = getattr(alt, channel)
    return kind(f"{field}:N", title=title or None, sort=list(order), **more)


def in_order(names: Iterable[str]) -> list[str]:
    """Each once, as they first come."""
    return list(dict.fromkeys(names))
