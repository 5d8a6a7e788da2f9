# SPDX-License-Identifier: Apache-2.0
"""Gather every sentence that a person may read, and compile the Chinese catalogue.

`python scripts/messages.py` updates the catalogue's text and compiles it; `--check` only says
whether it is complete and compiled from the present text.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "loyaltyrules"
PO = SOURCE / "locale" / "zh_CN" / "LC_MESSAGES" / "loyaltyrules.po"
SAYING = {"say", "mark"}


def sentences() -> Iterator[tuple[str, str]]:
    """Every marked or said sentence, with the file that says it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "map" and _marks(node):
                for text in ast.literal_eval(node.args[1]):
                    yield text, path.relative_to(ROOT).as_posix()
            if isinstance(node, ast.Call) and _name(node.func) in SAYING:
                texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                for text in texts[:1]:
                    yield str(text), path.relative_to(ROOT).as_posix()


def _marks(call: ast.Call) -> bool:
    """True of `map(mark, (…))`."""
    return getattr(call.args[0], "id", "") == "mark"


def _name(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def gathered(known: Catalog) -> Catalog:
    """The catalogue of today's sentences with the translations known so far."""
    catalog = Catalog("zh_CN", project="loyaltyrules", charset="utf-8", fuzzy=False)
    for text, path in sentences():
        old = known.get(text)
        catalog.add(text, string=old.string if old else "", locations=[(path, None)])
    return catalog


def main(check: bool) -> int:
    known = read_po(io.BytesIO(PO.read_bytes()), "zh_CN") if PO.exists() else Catalog("zh_CN")
    catalog = gathered(known)
    lacking = [message.id for message in catalog if message.id and not message.string]
    for text in lacking:
        print(f"no Chinese for: {text!r}")
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, sort_output=True, omit_header=True, width=0)
    write_mo(compiled, catalog)
    header = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    mo = PO.with_suffix(".mo")
    stale = not mo.exists() or known_sentences(known) != known_sentences(catalog)
    if check:
        return 1 if lacking or stale else 0
    PO.write_bytes(header + text.getvalue())
    mo.write_bytes(compiled.getvalue())
    return 1 if lacking else 0


def known_sentences(catalog: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog if message.id}


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
