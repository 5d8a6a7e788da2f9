# SPDX-License-Identifier: Apache-2.0
"""The sound policies that are mutated: those of the tests, the starter, and what these lack in `corpus`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from fuzz.structure import Mutator, read

ROOT = Path(__file__).parents[1]
FOLDERS = ("fuzz/corpus/club", "fuzz/corpus/branch", "src/loyaltyrules/starter")
SINGLE = ("tests/kernel/policies", "tests/frame/policies")
FAULTY = "tests/golden/problems"  # small ones, each with one fault already: what comes behind it?
Files = Mapping[str, str]  # texts by name; that of `policy.yaml` is the policy itself


@dataclass(frozen=True)
class Seed:
    """A policy by its files."""

    name: str
    files: Files

    @cached_property
    def documents(self) -> Mapping[str, Any]:
        """The files as plain data; those that are no YAML are left out."""
        found = {name: read(text) for name, text in self.files.items()}
        return {name: each for name, each in found.items() if each}

    @cached_property
    def weight(self) -> float:
        """How often it is drawn: seldom where it takes long."""
        return 1 / (500 + sum(map(len, self.files.values())))


@cache
def sound() -> Mapping[str, Seed]:
    """The policies without a fault, by name."""
    return {each.name: each for each in _sound()}


def _sound() -> Iterator[Seed]:
    for folder in map(ROOT.joinpath, FOLDERS):
        files = [each for each in sorted(folder.glob("*.yaml")) if "_test" not in each.name]
        yield Seed(folder.name, {each.name: _text(each) for each in files})
    for folder in map(ROOT.joinpath, SINGLE):
        for each in sorted(folder.glob("*.yaml")):
            yield Seed(each.stem, {"policy.yaml": _text(each)})


@cache
def faulty() -> Mapping[str, Seed]:
    """Policies of one file with one fault, by name."""
    files = sorted(ROOT.joinpath(FAULTY).glob("[!_]*.yaml"))
    return {each.stem: Seed(each.stem, {"policy.yaml": _text(each)}) for each in files}


@cache
def mutator() -> Mutator:
    """What changes documents, out of the parts of all that are sound."""
    return Mutator([each for seed in sound().values() for each in seed.documents.values()])


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogateescape")
