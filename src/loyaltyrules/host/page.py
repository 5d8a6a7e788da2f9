# SPDX-License-Identifier: Apache-2.0
"""A page of HTML that stands alone: it fetches nothing, runs nothing, and prints on A4."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import NamedTuple

LANG = {"zh": "zh-CN", "en": "en"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # of browsers: nothing is loaded
PAGE = """\
<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


class Number(NamedTuple):
    """A cell with a number as it is written; `shade` from 0 to 1 says how much it counts for the eye."""

    text: str
    shade: float = 0.0
    muted: bool = False


Cell = str | Number


def page(title: str, language: str, parts: Iterable[str]) -> str:
    """A whole page out of its parts."""
    style = files("loyaltyrules.host").joinpath("page.css").read_text(encoding="utf-8")
    told = {"lang": LANG[language], "policy": POLICY, "title": escape(title)}
    return PAGE.format(**told, style=style.strip(), body="\n".join(filter(None, parts)))


def head(title: str, under: str) -> str:
    """The head of a page: what it is about, and a line under it."""
    return f'<header><h1>{escape(title)}</h1><p class="under">{escape(under)}</p></header>'


def heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{_class(kind)}>{escape(text)}</p>"


def points(texts: Iterable[str], kind: str = "") -> str:
    """A list; nothing where there is nothing to list."""
    listed = "".join(f"<li>{escape(each)}</li>" for each in texts)
    return f"<ul{_class(kind)}>{listed}</ul>" if listed else ""


def section(*parts: str, kind: str = "") -> str:
    """Parts that belong together."""
    return f"<section{_class(kind)}>\n{chr(10).join(filter(None, parts))}\n</section>"


def foot(parts: Iterable[str]) -> str:
    return f"<footer>{''.join(parts)}</footer>"


def figure(svg: str, label: str) -> str:
    """A chart, with what those who do not see it are told."""
    return f'<figure role="img" aria-label="{escape(label)}">{svg}</figure>'


def table(
    caption: str, names: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str = ""
) -> str:
    """A table whose first column names the rows; where a column holds numbers, its name is right too.

    Nothing where there are no rows.
    """
    listed = list(rows)
    if not listed:
        return ""
    right = [any(isinstance(row[at], Number) for row in listed) for at in range(len(names))]
    top = "".join(
        f'<th scope="col"{_class("number" if at else "")}>{escape(name)}</th>'
        for at, name in zip(right, names, strict=True)
    )
    body = "\n".join(_row(each) for each in listed)
    return (
        f'<div class="wide"><table{_class(kind)}><caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(cells: Sequence[Cell]) -> str:
    first, *rest = cells
    text = first.text if isinstance(first, Number) else first
    number = "number" if isinstance(first, Number) else ""
    name = f'<th scope="row"{_class(number)}>{escape(text)}</th>'
    return f"<tr>{name}{''.join(map(_cell, rest))}</tr>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"<td>{escape(cell)}</td>"
    words = "number muted" if cell.muted else "number"
    if not cell.shade:
        return f"<td{_class(words)}>{escape(cell.text)}</td>"
    light = 93 - 55 * min(1.0, cell.shade)
    ink = "#fff" if light < 60 else "#1c2733"
    style = f"background:hsl(211 62% {light:.0f}%);color:{ink}"
    return f'<td{_class(words)} style="{style}">{escape(cell.text)}</td>'


def _class(words: str) -> str:
    return f' class="{words}"' if words else ""
