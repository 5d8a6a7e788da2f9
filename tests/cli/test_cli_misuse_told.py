# SPDX-License-Identifier: Apache-2.0
"""Wrong use of verbs and options is told in the reader's language."""

import json
from typing import Any

import pytest

ON = ("--on", "2027-02-05")
RUN = ("run", "club.yaml", "customer.csv")
WRONG = {
    "缺少 policy": ("run",),
    "缺少 snapshot": ("run", "club.yaml"),
    "缺少选项 --on": RUN,
    "选项 --on 后面要写内容": (*RUN, "--on"),
    "选项 --strict 后面不写内容": (*RUN, *ON, "--strict=1"),
    "没有选项 --onn；是不是想写 --now, --on, --out？": (*RUN, "--onn", "1"),
    "没有选项 -x": (*RUN, *ON, "-x"),
    "没有命令 foo": ("foo",),
    "没有命令 runn；是不是想写 run？": ("runn", "club.yaml"),
    "命令后面多写了：a b": (*RUN, "a", "b", *ON),
    "--sample 要写整数，而且不能超出范围": (*RUN, *ON, "--sample", "many"),
    "--backend 不能写 'duck'，只能写其中之一：duckdb, dask, spark": (*RUN, *ON, "--backend", "duck"),
    "--sample 和 --backend 不能同时用": (*RUN, *ON, "--sample", "1", "--backend", "duckdb"),
    "数据文件夹和 --year 要么都给，要么都不给": ("coverage", "club.yaml", "customer.csv"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", WRONG)
def test_wrong_use_is_told_in_chinese(
    told: Any, monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    ended = told(*WRONG[sentence])
    assert (ended.code, ended.out) == (2, "")
    lines = ended.err.splitlines()
    assert lines[-1] == f"用法有误：{sentence}"
    assert not any(english in ended.err for english in ("Error", "Usage", "Try", "Missing"))
    verb, *others = WRONG[sentence]
    machine = told(verb, "--format=json", *others)
    assert json.loads(machine.out) == {"problems": [{"code": None, "message": sentence}]}
    assert machine.code == 2


@pytest.mark.parametrize("way", [("--language", "zh"), ("--language=zh",)])
def test_the_language_of_wrong_use_is_the_one_asked_for(
    told: Any, monkeypatch: pytest.MonkeyPatch, way: tuple[str, ...]
) -> None:
    assert "缺少 policy" in told("run", *way).err
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "Missing argument 'policy'" in told("run", "--language", "en").err


@pytest.mark.parametrize("sentence", WRONG)
def test_wrong_use_is_told_in_english_otherwise(told: Any, sentence: str) -> None:
    ended = told(*WRONG[sentence])
    assert (ended.code, ended.out) == (2, "") and "Error: " in ended.err
    assert ended.err.isascii()


@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8"])
def test_without_a_verb_all_of_them_are_told(
    told: Any, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert "  coverage  " in told().err
