# SPDX-License-Identifier: Apache-2.0
"""The command line: verbs, options, exit codes. What a verb needs is loaded when it is called."""

import re
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from loyaltyrules.cli.days import Span, Whole
from loyaltyrules.cli.ending import ending_in_order, told_to_end
from loyaltyrules.cli.figures import Outputs
from loyaltyrules.cli.misuse import framed, language_of, told
from loyaltyrules.cli.policy_at import PolicyAt
from loyaltyrules.cli.terminal import (
    INTERRUPTED,
    MISUSED,
    OutputError,
    Terminal,
    code_of,
    default_language,
)  # fmt: skip
from loyaltyrules.problem.errors import LoyaltyRulesError
from loyaltyrules.problem.language import mark

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Customer-care policies: check them, test them, run them on customers. 客户关怀政策工具。",
)  # fmt: skip


Misuse: Any = typer.BadParameter.__mro__[2]  # the root of all faults in options and arguments


class Language(StrEnum):
    zh = "zh"
    en = "en"


class Engine(StrEnum):
    duckdb = "duckdb"
    dask = "dask"
    spark = "spark"


class Style(StrEnum):
    text = "text"
    json = "json"


Day = Annotated[str, typer.Option(metavar="DAY", help="The day, 2027-02-05. 日期")]
Since = Annotated[
    str | None, typer.Option(metavar="DAY", help="The last day already done. 已办到的那一天")
]
Now = Annotated[
    str | None,
    typer.Option(metavar="MOMENT", help="The moment of the run, 2027-02-05T14:30. 运算的时刻"),
]
Second = Annotated[Path | None, typer.Argument(metavar="NEW", help="Another policy. 另一份政策")]
Third = Annotated[
    Path | None,
    typer.Argument(
        metavar="SNAPSHOT", help="Table of customers, or folder of tables. 客户表或文件夹"
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A change; may be repeated. 一项改动"),
]
FailOn = Annotated[
    str | None, typer.Option(metavar="EXPR", help="End with 1 where it holds. 条件成立时以 1 结束")
]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="The last day of a span. 最后一天")]
Root = Annotated[
    Path | None,
    typer.Option(help="A folder that include and extends may reach too. 另准引用此文件夹内的文件"),
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse faulty rows. 有错误行就不出结果")]
Lenient = Annotated[
    bool, typer.Option("--lenient", help="Go on though nothing is left. 没有可用的记录也照常结束")
]
PolicyPath = Annotated[Path, typer.Argument(help="Policy file or folder. 政策文件或文件夹")]
Records = Annotated[
    Path, typer.Argument(help="Table of customers, or folder of tables. 客户表或文件夹")
]
In = Annotated[Language | None, typer.Option("--language", help="zh or en. 语言")]
As = Annotated[Style, typer.Option("--format", help="text or json. 输出格式")]
Out = Annotated[
    Path | None, typer.Option(help="Write to this file (.csv .jsonl .parquet). 写入文件")
]


def _terminal(language: str | None, style: Style = Style.text) -> Terminal:
    return Terminal(language or default_language(), style)


@app.command()
def run(
    policy: PolicyPath, snapshot: Records, on: Day, since: Since = None, out: Out = None,
    suppressed: Out = None, faults: Out = None, labels: Out = None, report: Out = None,
    changes: Out = None, strict: Strict = False, lenient: Lenient = False,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only so many customers. 只取若干名客户")
    ] = None,
    backend: Annotated[
        Engine | None, typer.Option(help="Decide inside of this engine. 在此引擎中运算")
    ] = None,
    now: Now = None, root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """What every customer receives on a day or in a span. 逐客户给出措施"""
    if sample is not None and backend is not None:
        raise Misuse(mark("--sample and --backend exclude each other"))
    outputs = Outputs(out, suppressed, faults, labels, report, changes)
    from loyaltyrules.cli import run as running

    manner = running.Manner(strict, lenient, sample, backend.value if backend else None, now)
    terminal, given = _terminal(language, style), PolicyAt(policy, root)
    _do(terminal, lambda: running.run(
        terminal, given, snapshot, *Span(on, since).read(), outputs, manner
    ))  # fmt: skip


@app.command()
def render(
    policy: PolicyPath, snapshot: Records, on: Day, since: Since = None,
    identity: Annotated[str | None, typer.Option("--id", help="One customer. 一位客户的编号")] = None,
    out: Out = None, lenient: Lenient = False, root: Root = None, language: In = None,
    style: As = Style.text,
) -> None:  # fmt: skip
    """The texts of messages, letters and calls. 填好的短信、信函与话术"""
    terminal, given = _terminal(language, style), PolicyAt(policy, root)
    from loyaltyrules.cli.messages import Wanted, render_all

    wanted = Wanted(identity, out, lenient)
    _do(terminal, lambda: render_all(
        terminal, given, snapshot, *Span(on, since).read(), wanted
    ))  # fmt: skip


@app.command()
def explain(
    policy: PolicyPath, snapshot: Records, on: Day,
    identity: Annotated[str, typer.Option("--id", help="Id of the record. 编号")],
    since: Since = None,
    subject: Annotated[str, typer.Option(help="Kind of record. 记录种类")] = "customer",
    rules: Annotated[
        list[str] | None, typer.Option("--rule", help="Only this rule; may be repeated. 只看这条规则")
    ] = None,
    now: Now = None, root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """Why, and why not, for one customer. 解释一位客户的结果"""
    terminal, given = _terminal(language, style), PolicyAt(policy, root)
    from loyaltyrules.cli.explaining import explain_one

    _do(terminal, lambda: explain_one(
        terminal, given, snapshot, *Span(on, since).read(), identity, subject, rules or None, now
    ))  # fmt: skip


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="The policy as it is. 现行政策")],
    on: Day, new: Second = None, snapshot: Third = None, until: Until = None,
    settings: Settings = None, fail_on: FailOn = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file. 写成网页")] = None,
    movers: Out = None, actions: Out = None,
    root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """What a change does: who moves, which actions come and go. 一项改动有什么影响"""
    terminal, given = _terminal(language, style), PolicyAt(old, root)
    from loyaltyrules.cli import compare as comparing
    from loyaltyrules.cli.compare_asked import Days, Files, asked_of

    files = Files(html, movers, actions)
    _do(terminal, lambda: comparing.compare_policies(
        terminal, asked_of(given, new, snapshot, settings or (), fail_on),
        Days(*Whole(on, until).read()), files,
    ))  # fmt: skip


@app.command()
def check(
    policies: list[Path], root: Root = None, language: In = None, style: As = Style.text
) -> None:
    """Faults and doubtful places of policies. 检查政策"""
    terminal, given = _terminal(language, style), [PolicyAt(each, root) for each in policies]
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.check(terminal, given))


@app.command()
def test(
    policies: Annotated[list[Path] | None, typer.Argument(help="Policies. 政策")] = None,
    root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """Run the policies' own tests. 运行政策自带的用例"""
    found = policies or sorted(path.parent for path in Path("policies").glob("*/policy.yaml"))
    found = found or [Path(".")]
    terminal, given = _terminal(language, style), [PolicyAt(each, root) for each in found]
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.run_tests(terminal, given))


@app.command()
def coverage(
    policy: PolicyPath,
    snapshot: Annotated[Path | None, typer.Argument(help="Folder of tables. 表所在文件夹")] = None,
    year: Annotated[int | None, typer.Option(help="Run every day of this year. 逐日运行的年份")] = None,
    root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """Rows of the handbook, rules, cases, and what acted. 手册条目、规则、用例与全年执行情况"""
    if (snapshot is None) != (year is None):
        raise Misuse(mark("SNAPSHOT and --year go together: give both or none"))
    terminal, given = _terminal(language, style), PolicyAt(policy, root)
    from loyaltyrules.cli.coverage import tell_coverage

    _do(terminal, lambda: tell_coverage(terminal, given, snapshot, year))


@app.command()
def calendar(
    year: Annotated[int, typer.Option(help="The year. 年份")],
    policy: Annotated[Path | None, typer.Argument(help="Policy. 政策")] = None,
    root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """Festival dates, and when a policy acts on them. 节日日期与办理日"""
    terminal, given = _terminal(language, style), PolicyAt(policy, root) if policy else None
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.calendar(terminal, given, year))


@app.command()
def snapshot(
    folder: Annotated[Path, typer.Argument(help="Folder of raw tables. 原始表所在文件夹")],
    on: Day,
    out: Annotated[Path, typer.Option(help="File to write. 写入文件")],
    policy: Annotated[Path | None, typer.Option(help="Policy with points per amount. 政策")] = None,
    root: Root = None,
    language: In = None,
) -> None:
    """Customer facts from raw purchases and contacts, as of a day. 由原始记录生成客户资料"""
    terminal, given = _terminal(language), PolicyAt(policy, root) if policy else None
    from loyaltyrules.cli.snapshot import snapshot as build_snapshot

    _do(terminal, lambda: build_snapshot(terminal, folder, Span(on).read()[0], out, given))


@app.command()
def schema(
    policy: Annotated[Path | None, typer.Argument(help="Policy. 政策")] = None,
    root: Root = None, language: In = None, style: As = Style.text,
) -> None:  # fmt: skip
    """JSON Schema for editors. 编辑器用的结构说明"""
    terminal, given = _terminal(language, style), PolicyAt(policy, root) if policy else None
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.show_schema(terminal, given))


@app.command()
def rule(code: str, language: In = None, style: As = Style.text) -> None:
    """What a problem's code means. 解释问题编号"""
    terminal = _terminal(language, style)
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.show_rule(terminal, code))


@app.command()
def new(
    folder: Path,
    like: Annotated[str | None, typer.Option(help="A shipped policy. 自带的政策")] = None,
    language: In = None,
) -> None:
    """Write a starter policy into a new folder. 新建样例政策"""
    terminal = _terminal(language)
    from loyaltyrules.cli import policies as on_policies

    _do(terminal, lambda: on_policies.new(terminal, folder, like))


def _do(terminal: Terminal, verb: Callable[[], int]) -> None:
    """Do what a verb does; problems become sentences and exit codes, never a traceback."""
    try:
        code = verb()
        terminal.flush()
    except OutputError:
        raise
    except LoyaltyRulesError as error:
        code = code_of(error)
        terminal.problems(error.problems)
        terminal.flush()
    raise typer.Exit(code)


def main() -> None:
    """Run the command line; wrong use is told on one line, or as JSON where that was asked for."""
    with ending_in_order():
        try:
            code = app(standalone_mode=False)
        except typer.Abort:
            code = INTERRUPTED
        except Misuse as fault:
            code = _misused(fault, sys.argv[1:])
        except OutputError as error:
            code = _unsaid(error)
        except BaseException as fault:  # a signal inside of Polars comes up as a panic of its own
            code = _from_below(fault)
    sys.exit(code)


def _from_below(fault: BaseException) -> int:
    """The code of a signal that came up as another fault, or of help for which there was no room."""
    ended = told_to_end()
    if ended is not None:
        return ended
    if isinstance(fault, OSError) and fault.filename is None:
        return _unsaid(_terminal(None).no_room(fault))
    raise fault


def _unsaid(error: OutputError) -> int:
    """Tell on the other channel what standard output did not take, also where JSON was asked for."""
    _terminal(error.language).problems(error.problems)
    return code_of(error)


def _misused(fault: Any, arguments: list[str]) -> int:
    """Tell what is wrong with the options; they could not be read, so the style is guessed."""
    style = Style.json if re.search(r"--format[= ]json", " ".join(arguments)) else Style.text
    language = language_of(arguments)
    terminal, message = _terminal(language, style), told(fault, arguments, language)
    if style == Style.json:
        terminal.json({"problems": [{"code": None, "message": message}]})
    elif language == "en" or not arguments:  # then it is the help
        fault.show()
    else:
        terminal.warn(framed(fault, message, language))
    return MISUSED


if __name__ == "__main__":
    main()
