# SPDX-License-Identifier: Apache-2.0
"""Documents put together: side by side what one policy includes, over each other what extends."""

from collections.abc import Iterable
from typing import Any

from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.problem.problem import Problem, nearest, problem

REMOVED = "none"
FIGURES = {"parameters": ("value", "values", "unit"), "costs": ("cost", "minutes")}


def joined(parts: Iterable[Document], faults: list[Problem]) -> Document:
    """The sections of several files as one document; the same name twice is a fault."""
    whole = Document({})
    for part in parts:
        for section, content in part.data.items():
            _join(whole, part, (section,), whole.data, content, faults)
        whole.places = part.places | whole.places
        whole.keys = part.keys | whole.keys
        whole.added |= part.added
        whole.inherited |= part.inherited
    return whole


def _join(
    whole: Document,
    part: Document,
    path: Path,
    into: dict[Any, Any],
    content: Any,
    faults: list[Problem],
) -> None:
    """Put the content of a section, or of a subject under `facts`, beside what is there."""
    name = path[-1]
    known = into.get(name)
    if known in (None, ""):
        into[name] = content
    elif content == "":
        return
    elif len(path) <= _depth(path) and isinstance(known, dict) and isinstance(content, dict):
        into[name] = known = dict(known)
        for key, value in content.items():
            _join(whole, part, (*path, key), known, value, faults)
    elif len(path) == 1 and isinstance(known, list) and isinstance(content, list):
        into[name] = [*known, *content]
        _move(whole, part, path[0], len(known))
    else:
        first = whole.key_place(path)
        line = f"{first.file}:{first.line}" if first else "?"
        faults.append(problem("LR104", part.key_place(path), name=name, line=line))


def _depth(path: Path) -> int:
    return 2 if path[0] == "facts" else 1


def _move(whole: Document, part: Document, section: str | int, shift: int) -> None:
    """A list goes on in another file: the places of its items move up by the items before."""
    for path in [path for path in part.places if path[:1] == (section,) and len(path) > 1]:
        moved = (section, int(path[1]) + shift, *path[2:])
        whole.places[moved] = part.places.pop(path)
        if path in part.keys:
            whole.keys[moved] = part.keys.pop(path)


WAIVERS = "waivers"
OVERRIDDEN = (
    "parameters", "words", "rules", "tables", "workflows", "labels", "occasions", "templates", "blocks",
    "roles", "channels", "subjects", "reference", "names",
)  # fmt: skip


def extended(base: Document, own: Document, faults: list[Problem]) -> Document:
    """The extended policy with the own one laid over it, key by key."""
    replaced: set[Path] = set()
    data = _merged(base.data, own.data, (), own, faults, replaced)
    if WAIVERS in base.data and isinstance(own.data.get(WAIVERS), list):
        data[WAIVERS] = [*own.data[WAIVERS], *base.data[WAIVERS]]  # what was waived stays so
    places = {path: place for path, place in base.places.items() if not _below(path, replaced)}
    keys = {path: place for path, place in base.keys.items() if not _below(path, replaced)}
    added = {**base.added, **own.added, **_added(base.data, own.data)}
    inherited = base.inherited | _entries(base.data)
    return Document(
        data, places | own.places, keys | own.keys,
        inherited=frozenset(inherited - _entries(own.data)) | own.inherited, added=added,
    )  # fmt: skip


def _entries(data: dict[str, Any]) -> frozenset[Path]:
    """The entries of all sections; of `facts` each fact."""
    sections: list[tuple[Path, dict[str, Any]]]
    sections = [((name,), each) for name, each in data.items() if isinstance(each, dict)]
    sections += [
        (("facts", subject), _at(data, ("facts", subject))) for subject in _at(data, ("facts",))
    ]
    return frozenset((*path, key) for path, each in sections for key in each)


def _added(base: dict[str, Any], own: dict[str, Any]) -> dict[Path, tuple[str, ...]]:
    """The names that are new beside those of the base, and these."""
    sections: list[Path] = [(name,) for name in OVERRIDDEN]
    sections += [("facts", subject) for subject in own.get("facts") or {}]
    found: dict[Path, tuple[str, ...]] = {}
    for path in sections:
        before, after = _at(base, path), _at(own, path)
        new = (name for name in after if name not in before and after[name] != REMOVED)
        called = (*before, *(each["id"] for each in before.values() if _has_id(each)))
        found |= {(*path, name): called for name in new if before}
    return found


def _has_id(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str)


def _at(data: Any, path: Path) -> dict[str, Any]:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _below(path: Path, replaced: set[Path]) -> bool:
    return any(path[:length] in replaced for length in range(1, len(path) + 1))


def _merged(
    base: Any,
    own: Any,
    path: Path,
    document: Document,
    faults: list[Problem],
    replaced: set[Path],
) -> Any:
    if not isinstance(base, dict) or not isinstance(own, dict):
        replaced.add(path)
        return own
    result = dict(base)
    for key, value in own.items():
        here = (*path, key)
        if value == REMOVED and path and not _is_cell(here, base):
            if key not in base:
                near = nearest(key, base)
                faults.append(problem("LR122", document.key_place(here), name=key, near=near))
            result.pop(key, None)
            replaced.add(here)
        elif key in base:
            result[key] = _merged(base[key], value, here, document, faults, replaced)
            if len(path) == 1 and path[0] in FIGURES:
                figure = FIGURES[str(path[0])]
                result[key] = _changed_figure(base[key], value, result[key], figure)
        else:
            result[key] = value
    return result


def _is_cell(path: Path, row: dict[str, Any]) -> bool:
    """True of a cell of a table, where `none` means that nothing is done.

    In a table of one dimension the cells stand where others have rows of cells.
    """
    if len(path) < 4 or path[0] != "tables" or path[2] != "rows":
        return False
    return len(path) == 5 or any(
        not isinstance(each, dict) or "do" in each for each in row.values()
    )


def _changed_figure(before: Any, own: Any, merged: Any, figure: tuple[str, ...]) -> Any:
    """A figure or a price that another policy changed is an override, unless it states its own origin."""
    if not all(isinstance(each, dict) for each in (before, own, merged)):
        return merged
    other = {"value": "values", "values": "value"}
    dropped = {other[key] for key in other if key in own and other[key] not in own}
    kept = {key: each for key, each in merged.items() if key not in dropped}
    if all(before.get(key) == kept.get(key) for key in figure):
        return kept
    return kept | {"origin": own.get("origin", "override")}
