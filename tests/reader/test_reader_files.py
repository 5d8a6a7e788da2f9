# SPDX-License-Identifier: Apache-2.0
"""Policies of several files: include joins, extends lays over, places name the right file and line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import PolicyError, Problem
from loyaltyrules.policy.reader.files import read_policy
from loyaltyrules.policy.reader.model import Document

Files = dict[str, str]
Reads = Callable[[Files], Document]


@pytest.fixture
def reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Write files and read the policy around `policy.yaml`."""

    def read(files: Files) -> Document:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        return read_policy("policy.yaml")

    return read


def refused(reads: Reads, files: Files) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        reads(files)
    return caught.value.problems


def where(problem: Problem) -> tuple[str, str, int, int]:
    place = problem.place
    assert place is not None
    return problem.code, place.file, place.line, place.column


def spot(document: Document, *path: Any) -> tuple[str, int, str]:
    """File, line and the text that stands at the place of a path."""
    place = document.places[path]
    return place.file, place.line, place.excerpt[place.column - 1 :][: place.length]


def test_included_sections_are_joined_and_keep_their_places(reads: Reads) -> None:
    document = reads({
        "policy.yaml": "policy: shop\ninclude: [parts/a.yaml, b.yaml]\nmust:\n  - {rule: x < y}\n",
        "parts/a.yaml": "include: c.yaml\nrules: {r: {if: a in [b]}}\nmust:\n- rule: y < z\n",
        "parts/c.yaml": "\nrules: {s: {if: c}}\nfacts: {customer: {f: {is: g}}}\n",
        "b.yaml": "facts:\n  customer:\n    h: {type: text}\nmust:\n  - {rule: z < q}\n",
    })  # fmt: skip
    assert document.data == {
        "policy": "shop",
        "must": [{"rule": "x < y"}, {"rule": "y < z"}, {"rule": "z < q"}],
        "rules": {"r": {"if": "a in [b]"}, "s": {"if": "c"}},
        "facts": {"customer": {"f": {"is": "g"}, "h": {"type": "text"}}},
    }
    assert spot(document, "must", 1, "rule") == ("parts/a.yaml", 4, "y < z")
    assert spot(document, "must", 2, "rule") == ("b.yaml", 5, "z < q")
    assert spot(document, "rules", "r", "if") == ("parts/a.yaml", 2, "a in [b]")
    assert spot(document, "rules", "s", "if") == ("parts/c.yaml", 2, "c")
    assert spot(document, "facts", "customer", "h", "type") == ("b.yaml", 3, "text")


def test_a_folder_stands_for_its_policy_file(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("policy: shop\n")
    assert read_policy(tmp_path).data == read_policy(str(tmp_path / "policy.yaml")).data


def test_an_empty_section_gives_way_to_another_file(reads: Reads) -> None:
    files = {
        "policy.yaml": "rules:\ninclude: a.yaml\nwords: {w: x}\n",
        "a.yaml": "rules: {r: x}\nwords:\n",
    }
    assert reads(files).data == {"rules": {"r": "x"}, "words": {"w": "x"}}


@pytest.mark.parametrize(("here", "there"), [
    ("rules: {r: x}", "rules: {r: y}"), ("facts: {customer: {f: x}}", "facts: {customer: {f: y}}"),
    ("policy: x", "policy: y"), ("rules: {r: x}", "rules: [y]"),
    ("facts: {customer: x}", "facts: {customer: {f: y}}"),
])  # fmt: skip
def test_the_same_name_in_two_files_is_a_fault(reads: Reads, here: str, there: str) -> None:
    [problem] = refused(
        reads, {"policy.yaml": f"include: a.yaml\n\n{here}\n", "a.yaml": f"{there}\n"}
    )
    assert where(problem)[:3] == ("LR104", "a.yaml", 1)
    assert dict(problem.details)["line"] == "policy.yaml:3"


BASE = """policy: base
title: {zh: 底, en: base}
parameters:
  free: {value: 3, unit: days, source: S-1}
  dear: {value: 9, source: S-2}
  dated: {values: {2027-01-01: 5}, source: S-3}
tables:
  t:
    by: [occasion, tier]
    rows:
      春节: {A: [call, gift], B: [sms]}
      元旦: {rest: [sms]}
words: {w: {kind: call, role: guide}, v: {kind: call}}
must: [{rule: a < b}, {rule: b < c}]
"""


def test_an_extending_policy_is_laid_over_by_key(reads: Reads) -> None:
    document = reads({
        "base/policy.yaml": BASE,
        "policy.yaml": "extends: base\npolicy: own\ntitle: {zh: 面}\nwords: {w: {role: boss}, u: {kind: x}}\n"
        "must:\n  - {rule: c < d}\n",
    })  # fmt: skip
    data = document.data
    assert (data["policy"], data["title"]) == ("own", {"zh": "面", "en": "base"})
    assert data["words"] == {
        "w": {"kind": "call", "role": "boss"},
        "v": {"kind": "call"},
        "u": {"kind": "x"},
    }
    assert data["must"] == [{"rule": "c < d"}]
    assert spot(document, "words", "w", "role") == ("policy.yaml", 4, "boss")
    assert spot(document, "words", "w", "kind") == ("base/policy.yaml", 13, "call")
    assert spot(document, "must", 0, "rule") == ("policy.yaml", 6, "c < d")
    assert ("must", 1) not in document.places


def test_none_removes_an_entry_but_empties_a_cell(reads: Reads) -> None:
    document = reads({
        "base/policy.yaml": BASE,
        "policy.yaml": "extends: base\nwords: {v: none}\nparameters: {dear: none}\n"
        "tables: {t: {rows: {春节: {A: none, B: [call]}, 元旦: none}}}\n",
    })  # fmt: skip
    assert list(document.data["words"]) == ["w"]
    assert list(document.data["parameters"]) == ["free", "dated"]
    assert document.data["tables"]["t"]["rows"] == {"春节": {"A": "none", "B": ["call"]}}
    assert ("words", "v", "kind") not in document.places


def test_removing_what_is_not_there_is_a_fault(reads: Reads) -> None:
    files = {
        "base/policy.yaml": BASE,
        "policy.yaml": "extends: base\nwords:\n  ww: none\ntables: {q: none}\n",
    }
    found = refused(reads, files)
    assert [where(each) for each in found] == [
        ("LR122", "policy.yaml", 3, 3),
        ("LR122", "policy.yaml", 4, 10),
    ]
    assert dict(found[0].details) == {"name": "ww", "near": "w"}


def test_a_changed_figure_is_an_override_and_keeps_its_source(reads: Reads) -> None:
    data = reads({
        "base/policy.yaml": BASE,
        "policy.yaml": "extends: base\nparameters:\n  free: {value: 5}\n  dear: {title: 贵, note: x}\n"
        "  dated: {value: 7, origin: proposed}\n  new: {value: 1}\n",
    }).data["parameters"]  # fmt: skip
    assert data["free"] == {"value": "5", "unit": "days", "source": "S-1", "origin": "override"}
    assert data["dear"] == {"value": "9", "source": "S-2", "title": "贵", "note": "x"}
    assert data["dated"] == {"value": "7", "source": "S-3", "origin": "proposed"}
    assert data["new"] == {"value": "1"}


def test_a_policy_may_extend_one_that_extends(reads: Reads) -> None:
    data = reads({
        "a.yaml": "parameters: {x: {value: 1}, y: {value: 1}, z: {value: 1}}\n",
        "b.yaml": "extends: a.yaml\nparameters: {y: {value: 2}, z: {value: 2}}\n",
        "policy.yaml": "extends: b.yaml\nparameters: {z: {value: 3}}\n",
    }).data["parameters"]  # fmt: skip
    assert [data[name]["value"] for name in "xyz"] == ["1", "2", "3"]


@pytest.mark.parametrize("files", [
    {"policy.yaml": "include: policy.yaml\n"},
    {"policy.yaml": "include: [a.yaml]\n", "a.yaml": "include: policy.yaml\n"},
    {"policy.yaml": "extends: a.yaml\n", "a.yaml": "extends: policy.yaml\n"},
    {"policy.yaml": "extends: a.yaml\n", "a.yaml": "include: policy.yaml\n"},
    {"policy.yaml": "include: ./x/../policy.yaml\n", "x/y": ""},
    {"policy.yaml": "include: 0.yaml\n", **{f"{n}.yaml": f"include: {n + 1}.yaml\n" for n in range(12)}},
])  # fmt: skip
def test_circles_and_long_chains_are_refused(reads: Reads, files: Files) -> None:
    assert {problem.code for problem in refused(reads, files)} == {"LR121"}


@pytest.mark.parametrize(
    "line", ["include: [x.yaml]", "include: x.yaml", "extends: x", "include: ''"]
)
def test_a_missing_file_is_told_where_it_is_named(reads: Reads, line: str) -> None:
    [problem] = refused(reads, {"policy.yaml": f"policy: a\n{line}\n"})
    assert where(problem)[:3] == ("LR100", "policy.yaml", 2)


def test_a_policy_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "x.yaml", str(tmp_path / "a\0b")):
        with pytest.raises(PolicyError) as caught:
            read_policy(path)
        assert [each.code for each in caught.value.problems] == ["LR100"]


def test_faults_of_all_files_are_told_at_once(reads: Reads) -> None:
    found = refused(reads, {
        "policy.yaml": "include: [a.yaml, b.yaml, c.yaml]\nextends: d.yaml\n",
        "a.yaml": "x: &y z\nw: *y\n", "b.yaml": "- x\n", "d.yaml": "\tx: y\n",
    })  # fmt: skip
    assert [each.code for each in found] == ["LR105", "LR116", "LR108", "LR100"]


def test_an_include_bomb_ends_soon(reads: Reads) -> None:
    files = {f"{n}.yaml": f"include: [{', '.join([f'{n + 1}.yaml'] * 20)}]\n" for n in range(7)}
    found = refused(reads, {"policy.yaml": "include: 0.yaml\n", "7.yaml": "a: {}\n", **files})
    assert "LR121" in {each.code for each in found}
