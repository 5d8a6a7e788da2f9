# SPDX-License-Identifier: Apache-2.0
"""Shipped policies are found by name, from a checkout and in an installation."""

import tomllib
from pathlib import Path

import pytest

from loyaltyrules import PolicyError, load_policy
from loyaltyrules.policy import shipped

ROOT = Path(__file__).parents[2]


def test_a_shipped_policy_is_loaded_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = load_policy(ROOT / "policies" / "menswear")
    monkeypatch.chdir(tmp_path)
    assert load_policy("menswear") == load_policy(Path("menswear")) == known
    assert set(shipped.shipped()) == {each.name for each in (ROOT / "policies").iterdir()}


def test_a_path_that_is_there_goes_before_what_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "menswear").mkdir()
    text = "format: 1\npolicy: own\nlanguage: en\n"
    (tmp_path / "menswear" / "policy.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_policy("menswear").name == "own"
    assert load_policy(tmp_path / "menswear").name == "own"


@pytest.mark.parametrize(("name", "near"), [("mensware", "menswear"), ("qqq", "")])
def test_an_unknown_name_tells_those_that_are_shipped(name: str, near: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(name)
    (problem,) = refused.value.problems
    details = dict(problem.details)
    assert (problem.code, details["near"]) == ("LR472", near)
    assert "menswear" in details["names"]


@pytest.mark.parametrize("path", ["nowhere.yaml", "policies/mensware", "./x/y", "a\0b"])
def test_what_is_written_as_a_path_is_a_path(path: str) -> None:
    with pytest.raises(PolicyError, match="LR100"):
        load_policy(path)


def test_an_installation_holds_them_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"policies": "loyaltyrules/policies"}
    assert (
        shipped.PLACES[0] == shipped.PACKAGE / "policies" and shipped.PACKAGE.name == "loyaltyrules"
    )
    installed = tmp_path / "policies"
    (installed / "other").mkdir(parents=True)
    text = "format: 1\npolicy: other\nlanguage: en\n"
    (installed / "other" / "policy.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(shipped, "PLACES", (installed, *shipped.PLACES))
    assert load_policy("other").name == "other"


def test_types_are_told_to_checkers() -> None:
    assert (shipped.PACKAGE / "py.typed").is_file()
