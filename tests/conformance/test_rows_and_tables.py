# SPDX-License-Identifier: Apache-2.0
"""Every kind of frame says of a table what the evaluation of its rows one by one says."""

from conformance.backends import EACH, SOME, Backend
from conformance.cases import agree, cases, condition_cases
from conformance.effort import tries


@EACH
def test_tables_say_what_their_rows_say_one_by_one(backend: Backend) -> None:
    tries(lambda case: agree(case, backend), cases(backend.holds), backend.examples, backend.name)


@SOME
def test_conditions_hold_in_tables_where_they_hold_in_rows(backend: Backend) -> None:
    few, cases_of = max(1, backend.examples // 2), condition_cases(backend.holds)
    tries(lambda case: agree(case, backend), cases_of, few, f"conditions {backend}")
