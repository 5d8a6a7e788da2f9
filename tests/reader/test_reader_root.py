# SPDX-License-Identifier: Apache-2.0
"""What a policy may read: files near it, and of a size that can be read; nothing else is looked at."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules import Policy, PolicyError, load_policy
from loyaltyrules.cli.app import main
from loyaltyrules.policy.reader import files
from loyaltyrules.testing.cases import read_cases

HEAD = "format: 1\npolicy: own\n"
SECRET = "DB_PASSWORD: hunter2-secret\n"
PART = "facts: {customer: {tier: {type: text}}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """`policies` with the folders `own` and `sister`; a secret outside of it."""
    for name in ("policies/own", "policies/sister", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "policies/sister/policy.yaml").write_text(f"format: 1\npolicy: sister\n{PART}")
    (tmp_path / "elsewhere/secret.yaml").write_text(SECRET)
    (tmp_path / "elsewhere/part.yaml").write_text(PART)
    return tmp_path


def policy(shop: Path, text: str) -> Path:
    (shop / "policies/own/policy.yaml").write_text(
        f"format: 1\npolicy: own\n{text}", encoding="utf-8"
    )
    return shop / "policies/own"


def told(call: Callable[[], Any]) -> list[str]:
    """The codes of the problems; none of what lies outside is told with them."""
    with pytest.raises(PolicyError) as caught:
        call()
    text = str(caught.value) + repr(caught.value.problems)
    assert "hunter2" not in text and "root:" not in text and "DB_PASSWORD" not in text
    return [each.code for each in caught.value.problems]


def facts(loaded: Policy) -> set[str]:
    return set(loaded.vocabulary.declarations["customer"])


@pytest.mark.parametrize("text", ["extends: ../sister", "include: ../sister/policy.yaml"])
def test_sister_policies_may_be_read(shop: Path, text: str) -> None:
    if "include" in text:
        (shop / "policies/sister/policy.yaml").write_text(PART)
    assert "tier" in facts(load_policy(policy(shop, f"{text}\n")))
    assert "tier" in facts(load_policy(policy(shop, f"{text}\n") / "policy.yaml"))


def test_a_sister_is_read_wherever_the_process_stands(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(shop, "extends: ../sister\n")
    for place, path in (
        ("policies/own", "policy.yaml"),
        ("policies/own", "."),
        ("policies", "own"),
    ):
        monkeypatch.chdir(shop / place)
        assert "tier" in facts(load_policy(path))


@pytest.mark.parametrize("key", ["include: {}", "include: [{}]", "extends: {}"])
@pytest.mark.parametrize("name", ["../../elsewhere/secret.yaml", "{shop}/elsewhere/secret.yaml",
                                  "/etc/passwd", "/proc/self/environ", "../../elsewhere/absent.yaml",
                                  "../sister/../../elsewhere/secret.yaml"])  # fmt: skip
def test_what_lies_outside_is_neither_read_nor_shown(shop: Path, key: str, name: str) -> None:
    path = policy(shop, key.format(name.format(shop=shop)) + "\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    [found] = caught.value.problems
    assert (found.code, found.file, found.line) == ("LR150", str(path / "policy.yaml"), 3)
    assert told(lambda: load_policy(path)) == ["LR150"]


def test_what_a_sister_includes_is_held_to_the_same_folder(shop: Path) -> None:
    (shop / "policies/sister/policy.yaml").write_text("include: ../../elsewhere/secret.yaml\n")
    assert told(lambda: load_policy(policy(shop, "extends: ../sister\n"))) == ["LR150"]


def test_links_are_followed_before_it_is_asked_where_a_file_lies(shop: Path) -> None:
    path = policy(shop, "include: part.yaml\n")
    link = path / "part.yaml"
    link.symlink_to(shop / "elsewhere/secret.yaml")
    assert told(lambda: load_policy(path)) == ["LR150"]
    link.unlink()
    (path / "folder").symlink_to(shop / "elsewhere")
    policy(shop, "include: folder/secret.yaml\n")
    assert told(lambda: load_policy(path)) == ["LR150"]
    link.symlink_to("../sister/policy.yaml")
    (shop / "policies/sister/policy.yaml").write_text(PART)
    policy(shop, "include: part.yaml\n")
    assert "tier" in facts(load_policy(path))


def test_the_file_of_the_policy_itself_and_its_tests_are_no_way_out(shop: Path) -> None:
    own = shop / "policies/own"
    (own / "policy.yaml").symlink_to(shop / "elsewhere/secret.yaml")
    assert (
        told(lambda: load_policy(own))
        == told(lambda: load_policy(own / "policy.yaml"))
        == ["LR150"]
    )
    (own / "own_test.yaml").symlink_to(shop / "elsewhere/secret.yaml")
    assert told(lambda: list(read_cases(own / "own_test.yaml"))) == ["LR150"]


def test_a_linked_folder_is_the_folder_that_it_leads_to(shop: Path) -> None:
    policy(shop, "extends: ../sister\n")
    (shop / "elsewhere/current").symlink_to(shop / "policies/own")
    assert "tier" in facts(load_policy(shop / "elsewhere/current"))


def test_a_root_adds_a_folder_and_takes_none_away(shop: Path) -> None:
    path = policy(shop, "extends: ../sister\ninclude: ../../elsewhere/part2.yaml\n")
    (shop / "elsewhere/part2.yaml").write_text("facts: {customer: {size: {type: text}}}\n")
    assert facts(load_policy(path, root=shop / "elsewhere")) >= {"tier", "size"}
    assert facts(load_policy(path, root=str(shop))) >= {"tier", "size"}
    assert told(lambda: load_policy(path, root=shop / "else")) == ["LR150"]


@pytest.mark.parametrize("text", ["include: [round.yaml]", "extends: round.yaml"])
def test_links_in_a_circle_are_told(shop: Path, text: str) -> None:
    path = policy(shop, f"{text}\n")
    (path / "round.yaml").symlink_to("round.yaml")
    assert told(lambda: load_policy(path)) == ["LR100"]


def test_files_are_limited_together(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = policy(shop, "include: [a.yaml, b.yaml, c.yaml, d.yaml]\n")
    for name in "abcd":
        text = f"facts: {{customer: {{{name}: {{type: text}}}}}}\n"
        (path / f"{name}.yaml").write_text(text + "#" * 1000)
    assert len(facts(load_policy(path))) == 4
    monkeypatch.setattr(files, "MOST_CHARACTERS", 2000)
    assert told(lambda: load_policy(path)) == ["LR151"]


def test_the_same_large_file_again_and_again_is_refused_before_it_is_joined(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_CHARACTERS", 200_000)
    path = policy(shop, f"include: [{', '.join(['big.yaml'] * 20)}]\n")
    (path / "big.yaml").write_text(
        "names:\n" + "".join(f"  n{n}: {{zh: x}}\n" for n in range(3000))
    )
    assert told(lambda: load_policy(path)) == ["LR151"]


def test_problems_are_limited_over_all_files(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_PROBLEMS", 100)
    path = policy(shop, "include: [a.yaml, b.yaml, c.yaml, d.yaml]\n")
    for name in "abcd":
        (path / f"{name}.yaml").write_text(f"{name}: x\n" * 90)
    codes = told(lambda: load_policy(path))
    assert len(codes) == 101 and codes[0] == "LR152" and set(codes[1:]) == {"LR104"}


@pytest.mark.parametrize("section", ["rules: {{{}}}", "facts: {{customer: {{{}}}}}"])
def test_problems_of_what_a_policy_means_are_limited_too(
    shop: Path, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_PROBLEMS", 100)
    many = ", ".join(f"n{n}: {{if: nobody}}" for n in range(300))
    codes = told(lambda: load_policy(policy(shop, section.format(many) + "\n")))
    assert len(codes) == 101 and codes[0] == "LR152"


def test_the_command_line_takes_a_root(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = policy(shop, "include: ../../elsewhere/part.yaml\n")
    (shop / "customer.csv").write_text("id,tier\n1,A\n")
    table = str(shop / "customer.csv")
    day = ["--on", "2027-02-05"]
    for verb in (
        ["check", path], ["schema", path], ["calendar", path, "--year", "2027"], ["test", path],
        ["run", path, table, *day], ["render", path, table, *day], ["coverage", path],
        ["explain", path, table, *day, "--id", "1"],
    ):  # fmt: skip
        for more, refused in ((["--root", str(shop)], False), ([], True)):
            monkeypatch.setattr(sys, "argv", ["loyaltyrules", *map(str, verb), *more])
            with pytest.raises(SystemExit) as ended:
                main()
            assert (ended.value.code == 3) == refused, (verb, more)


def test_places_are_told_without_steps_up_and_down_again(tmp_path: Path) -> None:
    for name in ("base", "own"):
        (tmp_path / name).mkdir()
    base = "format: 1\npolicy: base\nparameters: {a: {value: 5OO, unit: points}}\n"
    (tmp_path / "base" / "policy.yaml").write_text(base, encoding="utf-8")
    own = tmp_path / "own" / "policy.yaml"
    own.write_text("format: 1\npolicy: own\nextends: ../base\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(own)
    places = {each.place.file for each in caught.value.problems if each.place}
    assert places == {str(tmp_path / "base" / "policy.yaml")}
