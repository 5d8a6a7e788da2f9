# SPDX-License-Identifier: Apache-2.0
"""Pages of HTML, read as a browser reads them."""

import re
from html.parser import HTMLParser

LOADING = {
    "src",
    "href",
    "xlink:href",
    "data",
    "srcset",
    "poster",
    "action",
    "background",
    "formaction",
}
RUNNING = {"script", "iframe", "object", "embed", "link", "base", "form", "img", "video", "audio"}
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """The tags, texts and tables of a page, in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source, self.open = text, list[str]()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.unclosed: list[str] = []
        self.feed(text)
        self.close()
        self.unclosed += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.unclosed.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            return
        if data.strip():
            self.texts.append(data.strip())
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        """All that a reader sees, and what those are told who do not see."""
        labels = [attrs.get("aria-label") or "" for _, attrs in self.tags]
        return "\n".join([*self.texts, *labels])

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for each, attrs in self.tags if each == tag]


def fetched(page: Page) -> list[str]:
    """Whatever a browser would load or run."""
    found = [tag for tag, _ in page.tags if tag in RUNNING]
    for tag, attrs in page.tags:
        for name, value in attrs.items():
            if name in LOADING and not (value or "").startswith("#"):
                found.append(f"{tag} {name}={value}")
            if name.startswith("on") or re.search(r"(?:url\((?!#)|javascript:)", value or ""):
                found.append(f"{tag} {name}={value}")
    styles = re.findall(r"<style>(.*?)</style>", page.source, re.DOTALL)
    return found + [each for style in styles for each in re.findall(r"@import|url\([^)]*\)", style)]
