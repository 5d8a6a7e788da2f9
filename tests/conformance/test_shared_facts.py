# SPDX-License-Identifier: Apache-2.0
"""Derived facts mean the same worked out once a record as written out where they are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from conformance.backends import BACKENDS
from conformance.cases import Case, agree, cases, loaded, within_64_bits
from conformance.effort import tries
from conformance.oracle import one_by_one
from loyaltyrules.frame.keys import together
from loyaltyrules.policy import sharing

POLARS = BACKENDS[0]


@contextmanager
def shared_beyond(nodes: int) -> Iterator[None]:
    """Facts of many values are written out only while they have no more parts than so many."""
    most = sharing.Size(nodes=nodes, depth=48, digits=200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "MOST", most)
        patch.setattr(sharing, "MOST_ABOVE", most)
        loaded.cache_clear()
        yield
    loaded.cache_clear()


def _said(case: Case) -> dict[str, Any]:
    """What the rows of a case say; of what is lacking only whether anything is."""
    said = one_by_one(case.plan(), case.rows, case.tables)
    return said | {"undecided": {rule for rule, _ in said["undecided"]}}


def _whole(case: Case) -> bool:
    """True where every record has its parent: what that derives is unknown to those that have none."""
    known = {*case.tables, *(["store"] if case.stores else [])}
    parents = {"customer": "store", "purchase": "customer", "item": "purchase"}
    return "store" not in known and all(
        parents.get(name) in known or name == "customer" for name in case.tables
    )


def _same(case: Case) -> None:
    if not _whole(case):
        return
    with within_64_bits(case):
        with shared_beyond(20000):
            written_out = _said(case)
        with shared_beyond(1):
            assert _said(case) == written_out


def _agree(case: Case) -> None:
    with shared_beyond(1):
        agree(case, POLARS)


def _agree_stage_by_stage(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "_by_one_key", lambda *_: None)
        _agree(case)


def test_what_is_worked_out_once_is_what_is_written_out() -> None:
    tries(_same, cases(POLARS.holds), 24, "shared and written out")


def test_tables_keep_what_is_worked_out_once_exactly() -> None:
    tries(_agree, cases(POLARS.holds), 24, "shared in tables")


def test_tables_keep_it_exactly_stage_by_stage_too() -> None:
    tries(_agree_stage_by_stage, cases(POLARS.holds), 24, "shared stage by stage")
