# SPDX-License-Identifier: Apache-2.0
"""The files of a policy: includes become one document, a policy that extends another is merged in."""

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from loyaltyrules.policy.reader.document import Document, Path, read_text
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Problem, nearest, problem

DEEPEST = 8
REMOVED = "none"


def read_policy(path: str | FilePath) -> Document:
    """Read a policy file, or the folder around `policy.yaml`, with what it includes and extends.

    Raises:
        PolicyError: files are missing, unreadable or no YAML (LR10x), include each other (LR121),
            or override what the extended policy lacks (LR122).
    """
    file = FilePath(path)
    return _read(file / "policy.yaml" if file.is_dir() else file, ())


def _read(file: FilePath, above: tuple[FilePath, ...]) -> Document:
    resolved = file.resolve()
    if resolved in above or len(above) > DEEPEST:
        raise PolicyError([problem("LR121", None, file=file)])
    own = read_text(_text(file), str(file))
    if not isinstance(own.data, dict):
        raise PolicyError([problem("LR116", own.place(()), file=file)])
    faults: list[Problem] = []
    parts = [own]
    for each in _names(own.data.pop("include", [])):
        parts.append(_gathered(file.parent / each, (*above, resolved), faults))
    joined = _joined(parts, faults)
    if "extends" in joined.data:
        base = _read(
            _policy_file(file.parent / str(joined.data.pop("extends"))), (*above, resolved)
        )
        joined = _extended(base, joined, faults)
    if faults:
        raise PolicyError(faults)
    return joined


def _gathered(file: FilePath, above: tuple[FilePath, ...], faults: list[Problem]) -> Document:
    try:
        return _read(file, above)
    except PolicyError as error:
        faults.extend(error.problems)
        return Document({})


def _policy_file(path: FilePath) -> FilePath:
    return path / "policy.yaml" if path.is_dir() else path


def _names(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _text(file: FilePath) -> str:
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise PolicyError([problem("LR100", None, file=file, why=fault.strerror)]) from fault
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise PolicyError([problem("LR117", None, file=file, line=line)]) from fault


def _joined(parts: Iterable[Document], faults: list[Problem]) -> Document:
    """The sections of several files as one document; the same name twice is a fault."""
    whole = Document({})
    for part in parts:
        for section, content in part.data.items():
            _join(whole, part, section, content, faults)
        whole.places = part.places | whole.places
        whole.keys = part.keys | whole.keys
    return whole


def _join(
    whole: Document, part: Document, section: str, content: Any, faults: list[Problem]
) -> None:
    known = whole.data.get(section)
    if known is None:
        whole.data[section] = dict(content) if isinstance(content, dict) else content
    elif isinstance(known, dict) and isinstance(content, dict):
        for name, value in content.items():
            path: Path = (section, name)
            if section == "facts" and isinstance(known.get(name), dict):
                known[name] = {**known[name], **value}
            elif name in known:
                first = whole.keys[path]
                details = {"name": name, "line": f"{first.file}:{first.line}"}
                faults.append(problem("LR104", part.key_place(path), **details))
            else:
                known[name] = value
    elif isinstance(known, list) and isinstance(content, list):
        _append(whole, part, section, known, content)
    else:
        faults.append(problem("LR104", part.key_place((section,)), name=section, line="?"))


def _append(
    whole: Document, part: Document, section: str, known: list[Any], content: list[Any]
) -> None:
    """A list goes on in another file: its items and their places move up by the items before."""
    shift = len(known)
    for path in [path for path in part.places if path[:1] == (section,) and len(path) > 1]:
        moved = (section, int(path[1]) + shift, *path[2:])
        whole.places[moved] = part.places.pop(path)
        if path in part.keys:
            whole.keys[moved] = part.keys.pop(path)
    known.extend(content)


def _extended(base: Document, own: Document, faults: list[Problem]) -> Document:
    """The extended policy with the own one laid over it, key by key."""
    data = _merged(base.data, own.data, (), own, faults)
    places, keys = dict(base.places), dict(base.keys)
    for path, place in own.places.items():
        places[path] = place
    keys |= own.keys
    return Document(data, places, keys)


def _merged(base: Any, own: Any, path: Path, document: Document, faults: list[Problem]) -> Any:
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own
    result = dict(base)
    for key, value in own.items():
        here = (*path, key)
        if value == REMOVED and path:
            if key not in base:
                near = nearest(key, base)
                faults.append(problem("LR122", document.key_place(here), name=key, near=near))
            result.pop(key, None)
        elif key in base:
            result[key] = _merged(base[key], value, here, document, faults)
            if path == ("parameters",):
                result[key] = _changed_figure(base[key], value, result[key])
        else:
            result[key] = value
    return result


def _changed_figure(before: Any, own: Any, merged: Any) -> Any:
    """A figure that another policy changed is an override, unless it states its own origin."""
    if not isinstance(merged, dict) or not isinstance(own, dict) or before == merged:
        return merged
    replaced = {"value": "values", "values": "value"}
    dropped = {replaced[key] for key in replaced if key in own}
    kept = {key: each for key, each in merged.items() if key not in dropped}
    return kept | {"origin": own.get("origin", "override")}
