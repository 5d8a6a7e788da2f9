# SPDX-License-Identifier: Apache-2.0
"""What is made to harm or comes from elsewhere is refused soon, with a problem."""

import gc
import os
import time
from pathlib import Path

import pytest

from loyaltyrules import PolicyError, load_policy

HEAD = "format: 1\npolicy: shop\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
RULE = "rules: {r: {for: customer, once_per: month, do: call, if: %s}}\n"
MANY = 1_000_000
CASES = {
    "alias bomb": (BOMB, "LR105"),
    "merge key": ("a: &a {b: c}\nd:\n  <<: *a\n", "LR105"),
    "deep lists": ("a: " + "[" * MANY, "LR106"),
    "deep mappings": ("a: " + "{a: " * 200_000, "LR106"),
    "deep blocks": ("".join(f"{' ' * n}a:\n" for n in range(1500)), "LR106"),
    "deep dashes": ("- " * 5000, "LR106"),
    "complex keys": ("? " * 5000, "LR103"),
    "deep brackets": (HEAD + RULE % ("(" * 100_000), "LR112"),
    "deep closed brackets": (HEAD + RULE % ("(" * 100_000 + "a" + ")" * 100_000), "LR112"),
    "long number": (HEAD + RULE % ("points > " + "9" * 10_000), "LR114"),
    "long sum": (HEAD + RULE % " + ".join(["1"] * 100_000), "LR112"),
    "long parameter": (HEAD + "parameters: {p: {value: " + "9" * 10_000 + "}}\n", "LR114"),
    "open expressions": (HEAD + "a: " + "{if: (" * 100_000, "LR101"),
    "open quotes": (HEAD + 'a: "' + "b\\" * MANY, "LR101"),
    "many open quotes": (HEAD + 'if: "a\n' * 30_000, "LR104"),
    "quotes in expressions": (HEAD + "if: " + "'" * MANY + "\n", "LR140"),
    "comments in expressions": (HEAD + "a: {if: x\n" + "  # y\n" * 50_000 + "  }\n", "LR140"),
    "spaces": (HEAD + "a:" + " " * MANY + "b: c\n", "LR101"),
    "one long line": (
        HEAD + "a: {" + ", ".join(f"k{n}: x" for n in range(20_000)) + "}\n",
        "LR140",
    ),
    "many faults": (HEAD + "a: b\n" * 100_000, "LR104"),
    "huge file": ("a: b\n" * 2_000_000, "LR107"),
    "NUL": (HEAD + "note: a\0b\n", "LR101"),
    "escape sequence": (HEAD + "note: \x1b[31m\n", "LR101"),
    "direction override": (HEAD + "tag: !x y\n", "LR101"),
    "empty": ("", "LR116"),
    "only comments": ("# nothing\n", "LR116"),
    "list": ("- a\n", "LR116"),
    "text": ("hello\n", "LR116"),
    "tabs": (HEAD + "facts:\n\tcustomer:\n", "LR108"),
    "object": (HEAD + "a: !!python/object/apply:os.system [ls]\n", "LR101"),
    "two documents": (HEAD + "---\n" + HEAD, "LR101"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_policy_is_refused_soon(case: str, tmp_path: Path) -> None:
    text, code = CASES[case]
    file = tmp_path / "policy.yaml"
    file.write_bytes(text.encode())
    gc.freeze()  # what other tests keep does not count
    start = time.process_time()
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    told = str(caught.value)
    spent = time.process_time() - start
    gc.unfreeze()
    assert spent < 10  # a fraction of a second; what grows faster than the text takes minutes
    assert code in {each.code for each in caught.value.problems}
    assert len(told) < MANY
    assert not set(told) & {"\0", "\x1b"}


@pytest.mark.parametrize("raw", [
    "note: 春节\n".encode("gbk"), "note: 春节\n".encode("utf-16"), b"\xff\xfe\xfa", b"note: \x80\n",
])  # fmt: skip
def test_a_file_in_another_encoding_is_refused(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(raw)
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    assert [each.code for each in caught.value.problems] == ["LR117"]


def test_a_byte_order_mark_and_carriage_returns_are_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert load_policy(file).name == "shop"


def test_a_huge_file_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(2**34)
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    assert [each.code for each in caught.value.problems] == ["LR107"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "part.yaml")
    file = tmp_path / "policy.yaml"
    file.write_text("format: 1\npolicy: x\ninclude: part.yaml\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(file)
    assert [each.code for each in caught.value.problems] == ["LR100"]
