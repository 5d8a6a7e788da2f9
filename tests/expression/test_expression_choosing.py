# SPDX-License-Identifier: Apache-2.0
"""A case of many rows, of which only those of one value are asked, says what all rows say in turn."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loyaltyrules.expression import tree
from loyaltyrules.expression.choosing import MANY, choosing, choosing_by_value
from loyaltyrules.expression.evaluator import evaluator
from loyaltyrules.expression.tree import Node
from loyaltyrules.expression.types import TEXT, WHOLE, YES_NO

TOPIC, OPEN = tree.FactRef("topic", TEXT), tree.FactRef("open", YES_NO)
CONSTANTS = st.sampled_from(["a", "b", "c", None])


def equal(constant: str | None, turned: bool) -> Node:
    literal = tree.Literal(constant, TEXT)
    return tree.Compare("=", *((literal, TOPIC) if turned else (TOPIC, literal)))


TESTS = st.one_of(
    st.builds(equal, CONSTANTS, st.booleans()),
    st.builds(lambda c, t: tree.And((OPEN, equal(c, t))), CONSTANTS, st.booleans()),
    st.builds(lambda c, t: tree.Or((OPEN, equal(c, t))), CONSTANTS, st.booleans()),
    st.sampled_from([OPEN, tree.NO, tree.Missing(TOPIC)]),
)


def case_of(tests: list[Node]) -> tree.Case:
    return tree.Case(tuple((test, tree.Literal(n, WHOLE)) for n, test in enumerate(tests)), WHOLE)


def one_by_one(case: tree.Case) -> Callable[[dict[str, Any]], Any]:
    return choosing([(evaluator(test), evaluator(value)) for test, value in case.rows])


@given(
    tests=st.lists(TESTS, min_size=MANY, max_size=2 * MANY),
    topic=st.sampled_from(["a", "b", "z", None]), open_=st.sampled_from([True, False, None]),
)  # fmt: skip
def test_the_rows_of_one_value_say_what_all_rows_say(
    tests: list[Node], topic: str | None, open_: bool | None
) -> None:
    facts = {
        name: value for name, value in (("topic", topic), ("open", open_)) if value is not None
    }
    case = case_of(tests)
    assert evaluator(case)(facts) == one_by_one(case)(facts)


def test_only_the_rows_of_a_value_are_asked() -> None:
    case = case_of([equal(str(n), False) for n in range(2 * MANY)])
    asked: list[int] = []

    def noting(number: int) -> Callable[[Any], Any]:
        def run(facts: Any) -> Any:
            asked.append(number)
            return facts["topic"] == str(number)

        return run

    rows = [(noting(n), evaluator(tree.Literal(n, WHOLE))) for n in range(2 * MANY)]
    choose = choosing_by_value(case, rows, evaluator)
    assert choose is not None
    assert (choose({"topic": "7"}), asked) == (7, [7])
    assert (choose({"topic": "none"}), asked) == (None, [7])


def test_few_rows_and_rows_that_compare_several_things_are_asked_one_by_one() -> None:
    few = case_of([equal("a", False)] * (MANY - 1))
    other = case_of([OPEN] * MANY)
    for case in (few, other):
        rows = [(evaluator(test), evaluator(value)) for test, value in case.rows]
        assert choosing_by_value(case, rows, evaluator) is None
