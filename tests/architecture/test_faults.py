# SPDX-License-Identifier: Apache-2.0
"""What may be raised: a fault that a user meets carries problems with codes and catalogued words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import loyaltyrules
from loyaltyrules.problem.codes import CODES
from loyaltyrules.problem.language import say
from loyaltyrules.problem.render import SHAPES, WHYS

SOURCE = Path(loyaltyrules.__file__).parent
TREES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
}
CALLER = "a call in Python that is wrong whatever the data"
STAGE = "caught by its own stage, which makes a problem of it"
OTHERS = {
    ("__init__.py", "AttributeError"): "what Python asks of a module",
    ("action/action.py", "ValueError"): CALLER,
    ("action/as_data.py", "ValueError"): CALLER,
    ("calendar/anniversary.py", "ValueError"): CALLER,
    ("calendar/instant.py", "TypeError"): CALLER,
    ("calendar/limits.py", "CalendarRangeError"): STAGE,
    ("calendar/lunar.py", "NoSuchLunarDate"): STAGE,
    ("calendar/lunar.py", "RuntimeError"): "another table of lunar years is installed than the proved one",
    ("calendar/period.py", "CalendarRangeError"): STAGE,
    ("calendar/period.py", "ValueError"): CALLER,
    ("calendar/period.py", "TypeError"): CALLER,
    ("calendar/solar_term.py", "ValueError"): CALLER,
    ("calendar/workday.py", "ValueError"): CALLER,
    ("cli/app.py", "Exit"): "how typer ends with an exit code",
    ("cli/app.py", "Misuse"): "how typer tells wrong options; the text has both languages",
    ("cli/ending.py", "SystemExit"): "how a process ends with the code of a signal",
    ("cli/text.py", "Twice"): STAGE,
    ("decision/carry_out.py", "ValueError"): CALLER,
    ("expression/evaluator.py", "TypeError"): "cannot happen after an expression is resolved",
    ("expression/parser.py", "ExpressionFault"): STAGE,
    ("expression/resolve.py", "ExpressionFault"): STAGE,
    ("expression/tokens.py", "UnreadableText"): STAGE,
    ("fact/coerce.py", "FactFault"): STAGE,
    ("fact/frozen.py", "NoSuchNameError"): "what Python asks of a mapping, with the near name",
    ("fact/frozen.py", "TypeError"): CALLER,
    ("frame/days/reach.py", "Everybody"): "a day is decided whole where it cannot be told of whom",
    ("frame/days/turned.py", "NotInColumns"): "the condition is decided by signature instead",
    ("frame/days/walk.py", "Everybody"): "a day is decided whole where it cannot be told of whom",
    ("frame/decide.py", "RowsRefused"): "caught where a part is decided; it is decided again without them",
    ("frame/keys/conditions.py", "NotInColumns"): "caught where columns are made; rows are asked instead",
    ("frame/input/formats.py", "ArrowInvalid"): "caught two lines below",
    ("host/whole.py", "OSError"): STAGE,
    ("policy/model.py", "ValueError"): CALLER,
    ("problem/language.py", "ValueError"): CALLER,
    ("report/asked.py", "ValueError"): CALLER,
    ("report/render.py", "ValueError"): CALLER,
    ("simulation/shown/showing.py", "NotImplementedError"): "what each result says itself",
    ("simulation/shown/plot.py", "AttributeError"): "what notebooks and copies ask of any object",
}  # fmt: skip


def name_of(node: ast.expr | None) -> str:
    """The last part of a dotted name, or of the name of what is called."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Constant):  # an annotation in quotes
        return str(node.value)
    return getattr(node, "id", "") or getattr(node, "attr", "")


def carriers() -> set[str]:
    """The exceptions that carry problems: the root of problem/errors.py and all that derive from it."""
    classes = [n for tree in TREES.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    found = {"LoyaltyRulesError"}
    while True:
        more = {each.name for each in classes if found & set(map(name_of, each.bases))}
        if more <= found:
            return found
        found |= more


def raised() -> Iterator[tuple[str, str]]:
    """Every file and the class of every exception that it raises by name."""
    for file, tree in TREES.items():
        makes = {
            n.name: name_of(n.returns) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)
        }
        caught = {n.name for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc and name_of(node.exc) not in caught:
                name = name_of(node.exc)
                yield file, makes.get(name, name)


def test_what_is_raised_carries_problems_or_is_listed_with_a_reason() -> None:
    known = carriers()
    assert {(file, name) for file, name in raised() if name not in known} == set(OTHERS)


def test_the_public_faults_derive_from_one_root() -> None:
    assert {"PolicyError", "SnapshotError", "FrameError", "ApprovalError"} <= carriers()
    assert {"HistoryError", "MissingTableError", "FaultyColumnError"} <= carriers()


def problems_made() -> Iterator[ast.Call]:
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) in {"problem", "fault", "fail"}:
                yield node


def test_reasons_and_expectations_written_in_the_sources_have_their_chinese() -> None:
    written = {
        keyword.value.value
        for call in problems_made()
        for keyword in call.keywords
        if keyword.arg in {"why", "expected"} and isinstance(keyword.value, ast.Constant)
    }
    assert written and written <= {*WHYS, *SHAPES}
    assert all(say("zh", text) != text for text in (*WHYS, *SHAPES))


def filled(call: ast.Call) -> set[str] | None:
    """The placeholders that a call fills in; None where it passes on what it was given."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return {str(keyword.arg) for keyword in call.keywords}


def test_who_makes_a_problem_fills_in_all_that_its_sentences_name() -> None:
    lacking = {}
    for call in problems_made():
        codes = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        given = filled(call)
        for code in codes if given is not None else ():
            if code in CODES:
                sentences = (CODES[code].message, CODES[code].remedy)
                named = {
                    each for text in sentences for _, each, _, _ in Formatter().parse(text) if each
                }
                if missing := named - (given or set()):
                    lacking[code] = missing
    assert lacking == {}


def test_every_code_that_is_made_exists_and_every_code_is_made_somewhere() -> None:
    texts = {
        node.value
        for file, tree in TREES.items()
        if file != "problem/codes.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {text for text in texts if re.fullmatch(r"LR\d{3}", text)} == set(CODES)
