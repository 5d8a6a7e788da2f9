# SPDX-License-Identifier: Apache-2.0
"""The family of functions: for each, and for every type of argument, tables say what rows say."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

import effort
from conformance.backends import Backend, Column, Columns
from conformance.cases import loaded
from conformance.test_columns import KIND, KINDS
from conformance.test_found import HEAD, ON, agreed, compared
from loyaltyrules import Plugins, PolicyError, compile_day, load_policy
from loyaltyrules.expression import tree
from loyaltyrules.expression.functions import FUNCTIONS, SINCE, Function
from loyaltyrules.expression.resolve import CHOICE, WORDS
from loyaltyrules.expression.types import COUNTED, DATE, DATED, NUMBER, WHOLE, YES_NO, Type
from loyaltyrules.frame.actions.write_text import written
from loyaltyrules.frame.keys.conditions import Conditions

TIER = Type("word", words=("A", "B", "C"))
PLAIN = ("whole", "number", "share", "date", "datetime", "text", "list")
TYPES = {**{kind: Type(kind) for kind in PLAIN}, "yes": YES_NO, "word": TIER}
DAYS = (date(2027, 2, 5), None, date(2024, 2, 29), date(2026, 12, 31), date(2028, 1, 1))
TIMES = tuple(each and datetime(each.year, each.month, each.day, 23, 59) for each in DAYS)
FACTS: Mapping[str, tuple[str, tuple[Any, ...]]] = {  # two of each type, of coprime lengths
    "whole": ("int64", (7, -3, None, 0, 2, 100, 1)),
    "number": ("decimal", tuple(map(Decimal, ("1.5", "-0.0001", "33.3333", "2", "-2.5")))),
    "share": ("decimal", (Decimal("0.2"), None, Decimal(1))),
    "date": ("date", DAYS), "datetime": ("datetime", TIMES),
    "text": ("text", ("golf", None, "2027-02", "茶")), "list": ("text", ("a;b", "b", None)),
    "yes": ("bool", (True, None, False, True)), "word": ("text", ("B", "A", None, "C", "B")),
}  # fmt: skip
FORMED = [name for name, each in FUNCTIONS.items() if each.form]
FACT = re.compile(rf"(?:{'|'.join(FACTS)})_[01]")
MANY = 12  # signatures of a function that are tried
ROWS = 84


def signatures(name: str) -> Iterator[tuple[str, ...]]:
    """The kinds of argument that a function takes, the shortest first."""
    if name == CHOICE:
        yield from (("yes", kind, kind) for kind in TYPES)
        return
    function, more = FUNCTIONS[SINCE.get(name, name)], (DATE,) if name in SINCE else ()
    for count in (1, 2, 3):
        for kinds in product(TYPES, repeat=count):
            if function.result((*(TYPES[kind] for kind in kinds), *more)) is not None:
                yield kinds


def spread(name: str) -> list[tuple[str, ...]]:
    """Some of the signatures, from all over."""
    found = list(islice(signatures(name), 120))
    return found[:: max(1, len(found) // MANY)]


def called(name: str, kinds: tuple[str, ...]) -> tuple[str, Type]:
    """A call with facts of these kinds, and what it gives."""
    names = [f"{kind}_{kinds[:n].count(kind) % 2}" for n, kind in enumerate(kinds)]
    types = [TYPES[kind] for kind in kinds]
    if name == CHOICE:
        return f"{name}({', '.join(names)})", types[1]
    result = FUNCTIONS[SINCE.get(name, name)].result((*types, *[DATE] * (name in SINCE)))
    assert result is not None
    return f"{name}({', '.join(names)})", result


def conditions(call: str, kind: Type) -> Iterator[str]:
    """What asks of a value: whether it is there, how it compares with a constant and with a fact."""
    yield f"{call} is missing"
    if kind.kind in COUNTED:
        yield from (f"{call} {sign} 2" for sign in (">=", "!="))
        yield from (f"{call} > {fact}" for fact in ("whole_1", "number_0"))
    elif kind.kind in DATED:
        yield from (f"{call} {sign} 2026-12-31" for sign in ("<=", "="))
        yield from (f"{call} > date_1", f"not ({call} <= datetime_0)")
    elif kind.kind == "word":
        yield from (f"{call} {sign} {kind.words[1]}" for sign in ("=", "<="))
    elif kind.kind == "text":
        yield from (f'{call} != "2027-02"', f"{call} = text_1")
    elif kind.kind == "list":
        yield from (f"size({call}) > 1", f'"a" in {call}')
    elif kind.kind == "period":
        yield from (f"date_1 + {call} > 2026-12-31", f"datetime_0 - {call} <= datetime_1")
    else:
        yield from (call, f"not {call}")


def rules(name: str) -> Iterator[str]:
    """Each rule reads facts of its own, so that nothing else tells records apart."""
    said: list[str] = []
    for kinds in spread(name):
        call, kind = called(name, kinds)
        said.append(f"once_per: ['{call}'], do: {{do: task.t, value: '{call}'}}")
        said += [f"once_per: id, if: '{each}', do: task.t" for each in conditions(call, kind)]
    for number, each in enumerate(said):
        own = FACT.sub(rf"f{number}_\g<0>", each)
        yield f"  r{number}: {{for: customer, {own}}}"


def policy(name: str) -> str:
    made = [*rules(name)]
    lines = [f"    {fact}: {declared(fact)}" for fact in facts_of(made)]
    return "\n".join(["", "facts:", "  customer:", *lines, "rules:", *made])


def facts_of(made: list[str]) -> list[str]:
    return sorted({each for line in made for each in re.findall(rf"f\d+_{FACT.pattern}", line)})


def declared(fact: str) -> str:
    kind = TYPES[fact.split("_")[-2]]
    absent = ", absent: unknown" if fact.endswith("date_1") else ""
    return f"{{type: {'[A, B, C]' if kind == TIER else kind}{absent}}}"


def customers(name: str) -> dict[str, Columns]:
    """Of the two facts of a kind one runs through its values row by row, the other slowly."""
    columns = {"id": Column("text", [f"c{n}" for n in range(ROWS)])}
    for fact in facts_of([*rules(name)]):
        _, kind, second = fact.split("_")
        dtype, values = FACTS[kind]
        places = [n // len(values) if second == "1" else n for n in range(ROWS)]
        columns[fact] = Column(dtype, [values[n % len(values)] for n in places])
    return {"customer": columns}


@pytest.mark.parametrize("name", effort.each([*FUNCTIONS, *SINCE, CHOICE], 3))
def test_tables_say_of_a_function_what_rows_say(name: str) -> None:
    assert spread(name), f"no facts fit the arguments of {name}"
    compared(policy(name), customers(name), KINDS[0])


@pytest.mark.parametrize(
    ("name", "backend"), effort.each([*product(FORMED, KINDS[1:])], 7), ids=repr
)
def test_every_kind_of_frame_computes_a_form_as_rows_do(backend: Backend, name: str) -> None:
    compared(policy(name), customers(name), backend)


# ---- what is said of a function in the table


def first_call(name: str, of: str) -> tree.Call:
    """A call of facts of one kind, as the resolver leaves it."""
    kinds = next(each for each in signatures(name) if {*each} == {of})
    call, kind = called(name, kinds)
    facts = "".join(f"    {of}_{n}: {{type: {of}}}\n" for n in (0, 1))
    made = loaded(f"{HEAD}facts:\n  customer:\n{facts}    made: {{is: '{call}'}}\n")
    origin = made.derived["customer"]["made"].origin
    assert isinstance(origin, tree.Call), kind
    return origin


@pytest.mark.parametrize("name", FORMED)
def test_a_function_that_has_a_form_is_computed_in_columns(name: str) -> None:
    if FUNCTIONS[name].selects:
        assert written(first_call(name, "date"), {}) is not None
        return
    frame = nw.from_native(pl.DataFrame({"whole_0": [1, -2], "whole_1": [3, None]}))
    test = tree.Compare(">", first_call(name, "whole"), tree.FactRef("whole_1", WHOLE))
    frame.select(Conditions({}, frame).truth(test).alias("test"))


def test_a_form_that_columns_do_not_know_is_no_other() -> None:
    frame = nw.from_native(pl.DataFrame({"n": [1]}))
    number = tree.FactRef("n", WHOLE)
    call = tree.Call("cube", (number,), NUMBER, form="cubed")  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="cubed"):
        Conditions({}, frame).truth(tree.Compare("=", call, number))


# ---- plug-ins

CEILING = Function(lambda kinds: WHOLE if len(kinds) == 1 else None, lambda n: -int(-n // 1))
ROUNDED_UP = """
facts: {customer: {a: {type: whole}, b: {type: whole}}}
rules: {tell: {for: customer, if: CALL(a / 10) > b, once_per: id, do: task.tell}}
"""


def plugged(folder: Path, name: str, function: Function, text: str) -> Any:
    file = folder / "policy.yaml"
    file.write_text(HEAD + text.replace("CALL", name), encoding="utf-8")
    return load_policy(file, plugins=Plugins(functions={name: function}))


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_plugin_may_not_give_a_word_of_the_language_another_meaning(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        plugged(tmp_path, name, CEILING, ROUNDED_UP.replace("CALL(a / 10)", "floor(a / 10)"))
    assert [each.code for each in caught.value.problems] == ["LR251"]
    assert repr(name) in str(caught.value)


@KIND
def test_a_plugin_is_computed_in_tables_as_in_rows(backend: Backend, tmp_path: Path) -> None:
    pairs = [(a, b) for a in (None, -11, 0, 10, 19, 20) for b in (None, -1, 0, 1, 2)]
    table: Columns = {
        "id": Column("text", [f"c{n}" for n in range(len(pairs))]),
        "a": Column("int64", [a for a, _ in pairs]), "b": Column("int64", [b for _, b in pairs]),
    }  # fmt: skip
    made = plugged(tmp_path, "ceiling", CEILING, ROUNDED_UP)
    agreed(compile_day(made, ON), {"customer": table}, backend)
    larger = Function(FUNCTIONS["max"].result, max, form="greatest")
    made = plugged(tmp_path, "larger", larger, ROUNDED_UP.replace("(a / 10)", "(a, b + 1)"))
    agreed(compile_day(made, ON), {"customer": table}, backend)
