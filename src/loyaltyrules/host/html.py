# SPDX-License-Identifier: Apache-2.0
"""Small tables of HTML, as notebooks show values."""

from collections.abc import Iterable, Sequence
from html import escape

SHOWN = 20  # rows of one table


def section(title: str, *tables: str) -> str:
    """A heading with tables under it."""
    return f"<div><strong>{escape(title)}</strong>{''.join(tables)}</div>"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; of many rows the first, and how many more there are. Nothing where there are none."""
    listed = list(rows)
    if not listed:
        return ""
    body = "".join(_row("td", each) for each in listed[:SHOWN])
    more = len(listed) - SHOWN
    left = f"<p>… and {more} more</p>" if more > 0 else ""
    return f"<table><thead>{_row('th', head)}</thead><tbody>{body}</tbody></table>{left}"


class Preformatted(str):
    """Lines of text that notebooks show as lines."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self)}</pre>"


def _row(tag: str, cells: Sequence[object]) -> str:
    texts = ("" if cell is None else escape(str(cell)) for cell in cells)
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for text in texts)}</tr>"
