# SPDX-License-Identifier: Apache-2.0
"""The files of a policy: includes become one document, a policy that extends another is merged in."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from loyaltyrules.host.encoding import is_gb18030, is_utf16, mostly_utf8
from loyaltyrules.policy.reader.document import LARGEST, read_text
from loyaltyrules.policy.reader.merging import REMOVED, extended, joined
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, in_order, problem

DEEPEST = 8  # files that include or extend each other
MOST_FILES = 1000
MOST_CHARACTERS = 2 * LARGEST  # of all files together
MOST_PROBLEMS = 1000  # over all files
Path = str | FilePath


def read_policy(path: Path, root: Path | None = None) -> Document:
    """Read a policy file, or the folder around `policy.yaml`, with what it includes and extends.

    Args:
        path: The file or folder.
        root: A folder whose files may be read besides those in the folder that holds the policy's own.

    Raises:
        PolicyError: files are missing, unreadable or no YAML (LR10x), include each other (LR121),
            override what the extended policy lacks (LR122), lie elsewhere (LR150) or are too large
            together (LR151).
    """
    file = _policy_file(FilePath(path))
    reading = _Reading(_roots(file, root))
    document = reading.read(file, (), None)
    if reading.faults:
        raise PolicyError(limited(reading.faults))
    document.beside = tuple(_beside(FilePath(path), reading.read_files))
    return document


def limited(faults: Iterable[Problem]) -> list[Problem]:
    """The first problems in order; that there are more is one of them (LR152)."""
    told = list(in_order(faults))
    if len(told) <= MOST_PROBLEMS:
        return told
    return [*told[:MOST_PROBLEMS], problem("LR152", None, count=MOST_PROBLEMS)]


def _roots(file: FilePath, root: Path | None = None) -> tuple[FilePath, ...]:
    """Where the files of a policy may lie: what holds its own folder, and what is allowed besides."""
    holder = _resolved(file.parent).parent
    return (holder,) if root is None else (holder, _resolved(FilePath(root)))


def _resolved(path: FilePath) -> FilePath:
    """The path without links; links that lead in a circle stay, and cannot be read later."""
    return FilePath(os.path.realpath(str(path).replace("\0", "?")))


def _require_inside(file: FilePath, roots: tuple[FilePath, ...]) -> FilePath:
    """Where a file really lies.

    Raises:
        PolicyError: outside of all roots (LR150).
    """
    resolved = _resolved(file)
    if not any(map(resolved.is_relative_to, roots)):
        raise PolicyError([problem("LR150", None, file=file)])
    return resolved


def _beside(path: FilePath, read: set[FilePath]) -> Iterator[str]:
    """YAML files in the policy's own folder that neither belong to it nor test it."""
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else ():
        if _resolved(file) not in read and not file.name.endswith("_test.yaml"):
            yield str(file)


def read_yaml(file: FilePath) -> Document:
    """Read one file by itself.

    Raises:
        PolicyError: the file is missing, unreadable, no YAML or no mapping (LR10x), or is a link to
            somewhere else (LR150).
    """
    _require_inside(file, _roots(file))
    return _mapping(file, _text(file))


def _mapping(file: FilePath, text: str) -> Document:
    document = read_text(text, str(file))
    if not isinstance(document.data, dict):
        raise PolicyError([problem("LR116", document.place(()), file=file)])
    return document


def written_out(document: Document) -> Document:
    """The document with a price alone, `cake: 120 CNY`, as the entry that it stands for."""
    costs = document.data.get("costs")
    for name, price in costs.items() if isinstance(costs, dict) else ():
        if isinstance(price, str) and price != REMOVED:
            costs[name] = {"cost": price} if price else {}
            path = ("costs", name, "cost")
            document.places[path] = document.keys[path] = document.places[path[:2]]
    return document


def _policy_file(path: FilePath) -> FilePath:
    return path / "policy.yaml" if os.path.isdir(path) else path


@dataclass
class _Reading:
    """Reads the files of one policy and gathers what is wrong with each."""

    roots: tuple[FilePath, ...]
    faults: list[Problem] = field(default_factory=list)
    files: int = 0
    characters: int = 0
    read_files: set[FilePath] = field(default_factory=set)

    def read(self, file: FilePath, above: tuple[FilePath, ...], place: Place | None) -> Document:
        """One file with all below it; an empty document where it is faulty.

        Raises:
            PolicyError: all files together are too large; no more of them is read (LR151).
        """
        if len(self.faults) > MOST_PROBLEMS:
            return Document({})
        try:
            return self._whole(file, above)
        except PolicyError as error:
            found = [replace(each, place=each.place or place) for each in error.problems]
            if self.characters > MOST_CHARACTERS:
                raise PolicyError(found) from error
            self.faults += found
            return Document({})

    def _whole(self, file: FilePath, above: tuple[FilePath, ...]) -> Document:
        self.files += 1
        resolved = _require_inside(file, self.roots)
        if resolved in above or len(above) > DEEPEST or self.files > MOST_FILES:
            raise PolicyError([problem("LR121", None, file=file)])
        own = written_out(_mapping(file, self._counted(file)))
        self.read_files.add(resolved)
        above = (*above, resolved)
        include, extends = own.data.pop("include", []), own.data.pop("extends", None)
        listed = include if isinstance(include, list) else [include]
        parts = [own]
        for index, name in enumerate(listed):
            place = own.place(("include", index))
            parts.append(self.read(_short(file.parent / str(name)), above, place))
        whole = joined(parts, self.faults)
        if extends is None:
            return whole
        there = _short(_policy_file(file.parent / str(extends)))
        base = self.read(there, above, own.place(("extends",)))
        return extended(base, whole, self.faults) if base.data else whole

    def _counted(self, file: FilePath) -> str:
        """The text of a file, which counts with that of all others.

        Raises:
            PolicyError: together they are too large (LR151).
        """
        text = _text(file)
        self.characters += len(text)
        if (
            len(text) <= LARGEST and self.characters > MOST_CHARACTERS
        ):  # a larger one is told itself
            raise PolicyError([problem("LR151", None, limit=MOST_CHARACTERS)])
        return text


def _short(file: FilePath) -> FilePath:
    """The path without steps up and down again, where that leads to the same file."""
    short = FilePath(os.path.normpath(file))
    try:
        return short if short.samefile(file) else file
    except (OSError, ValueError):  # which is told when the file is read
        return file


def _text(file: FilePath) -> str:
    try:
        kind = file.stat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):  # which never end
            raise PolicyError([problem("LR100", None, file=file, why="a device or a pipe")])
        if file.stat().st_size > 4 * LARGEST:
            raise PolicyError([problem("LR107", Place(str(file), 1, 1), limit=LARGEST)])
        raw = file.read_bytes()
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise PolicyError([problem("LR100", None, file=file, why=why)]) from fault
    if is_utf16(raw):
        raise PolicyError([problem("LR117", None, file=file, line=1, why="UTF-16")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise PolicyError([problem("LR117", None, file=file, line=line, why=_why(raw))]) from fault


def _why(raw: bytes) -> str:
    """Which encoding a text that is not UTF-8 is in."""
    if mostly_utf8(raw):
        return "most lines are UTF-8, this one is not"
    return "GB18030 (GBK)" if is_gb18030(raw) else "neither UTF-8 nor GB18030"
