# SPDX-License-Identifier: Apache-2.0
"""The files of a policy: includes become one document, a policy that extends another is merged in."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from loyaltyrules.policy.reader.document import LARGEST, read_text
from loyaltyrules.policy.reader.merging import extended, joined
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Place, Problem, problem

DEEPEST = 8  # files that include or extend each other
MOST_FILES = 1000


def read_policy(path: str | FilePath) -> Document:
    """Read a policy file, or the folder around `policy.yaml`, with what it includes and extends.

    Raises:
        PolicyError: files are missing, unreadable or no YAML (LR10x), include each other (LR121),
            or override what the extended policy lacks (LR122).
    """
    reading = _Reading()
    document = reading.read(_policy_file(FilePath(path)), (), None)
    if reading.faults:
        raise PolicyError(reading.faults)
    document.beside = tuple(_beside(FilePath(path), reading.read_files))
    return document


def _beside(path: FilePath, read: set[FilePath]) -> Iterator[str]:
    """YAML files in the policy's own folder that neither belong to it nor test it."""
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else ():
        if file.resolve() not in read and not file.name.endswith("_test.yaml"):
            yield str(file)


def read_yaml(file: FilePath) -> Document:
    """Read one file by itself.

    Raises:
        PolicyError: the file is missing, unreadable, no YAML or no mapping (LR10x).
    """
    document = read_text(_text(file), str(file))
    if not isinstance(document.data, dict):
        raise PolicyError([problem("LR116", document.place(()), file=file)])
    return document


def _policy_file(path: FilePath) -> FilePath:
    return path / "policy.yaml" if "\0" not in str(path) and path.is_dir() else path


@dataclass
class _Reading:
    """Reads the files of one policy and gathers what is wrong with each."""

    faults: list[Problem] = field(default_factory=list)
    files: int = 0
    read_files: set[FilePath] = field(default_factory=set)

    def read(self, file: FilePath, above: tuple[FilePath, ...], place: Place | None) -> Document:
        """One file with all below it; an empty document where it is faulty."""
        try:
            return self._whole(file, above)
        except PolicyError as error:
            self.faults += [replace(each, place=each.place or place) for each in error.problems]
            return Document({})

    def _whole(self, file: FilePath, above: tuple[FilePath, ...]) -> Document:
        self.files += 1
        resolved = FilePath(str(file).replace("\0", "?")).resolve()
        if resolved in above or len(above) > DEEPEST or self.files > MOST_FILES:
            raise PolicyError([problem("LR121", None, file=file)])
        own = read_yaml(file)
        self.read_files.add(resolved)
        above = (*above, resolved)
        include, extends = own.data.pop("include", []), own.data.pop("extends", None)
        listed = include if isinstance(include, list) else [include]
        parts = [own]
        for index, name in enumerate(listed):
            place = own.place(("include", index))
            parts.append(self.read(file.parent / str(name), above, place))
        whole = joined(parts, self.faults)
        if extends is None:
            return whole
        base = self.read(_policy_file(file.parent / str(extends)), above, own.place(("extends",)))
        return extended(base, whole, self.faults) if base.data else whole


def _text(file: FilePath) -> str:
    try:
        if file.stat().st_size > 4 * LARGEST:
            raise PolicyError([problem("LR107", Place(str(file), 1, 1), limit=LARGEST)])
        raw = file.read_bytes()
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        raise PolicyError([problem("LR100", None, file=file, why=why)]) from fault
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise PolicyError([problem("LR117", None, file=file, line=line)]) from fault
