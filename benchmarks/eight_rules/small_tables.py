# SPDX-License-Identifier: Apache-2.0
"""What a day's tables need beside the customers: a row for each action that the day can send.

`by_hand.prepare` knows the calendar. The rows are kept as JSON, so that the processes that are
timed with Polars and DuckDB need nothing of the library, not even its import.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.eight_rules import by_hand
from loyaltyrules.action.action import COLUMNS

Row = dict[str, Any]
BEFORE = ("action_id", "subject_id", "customer_id", "store_id", "occurrence")  # known to the gate
ALWAYS: Row = dict.fromkeys(COLUMNS) | {
    "policy": by_hand.POLICY, "subject": "customer", "origin": "source", "policy_version": "1",
}  # fmt: skip
MOVES = {"idle": ("AB", "BC"), "slowing": ("AB", "BC"), "upgrade": ("BA", "CA", "CB")}
MATCH = ("trigger", "match", "from_value", "to_value", "prefix", "suffix", "occurrence", "by_phone",
         "by_consent")  # fmt: skip
VERDICTS: dict[str, Row] = {
    "passed": {},
    "consent_unknown": {"suppressed_by": "gate.no_consent"},
    "no_consent": {"suppressed_by": "gate.no_consent"},
    "invalid_phone": {"suppressed_by": "gate.invalid_phone"},
    "missing_data:mobile_phone": {"status": by_hand.BLOCKED},
}
HELD = {"status": by_hand.SUPPRESSED}


def small_tables(on: date) -> Row:
    """Dates of the day; `forms`, what sets an action off; `outcomes`, what it then says.

    A form matches customers and has the parts of the id, and the occurrence; that of a move is each
    customer's own, so it has none here, and the suffix of the id lacks it. An outcome is a form
    after a verdict of the gate: all other columns.
    """
    day = by_hand.prepare(on)
    found = [*_cells(day), *_moves(on)]
    return {
        "today": day.today,
        "idle_cut": day.idle_cut,
        "birth_month": day.birth_month,
        "birth_days": day.birth_days,
        "columns": COLUMNS,
        "forms": [{"form": n, **{k: each[k] for k in MATCH}} for n, each in enumerate(found)],
        "outcomes": [row for n, each in enumerate(found) for row in _outcomes(n, each)],
    }


def written(on: date, folder: Path) -> Path:
    """The same as a file of JSON; dates as ISO text."""
    file = folder / f"{on}.json"
    file.write_text(json.dumps(small_tables(on), default=str), encoding="utf-8")
    return file


def _outcomes(number: int, form: Row) -> Iterator[Row]:
    columns = [name for name in COLUMNS if name not in BEFORE]
    for verdict, change in VERDICTS.items():
        held = HELD if "suppressed_by" in change else {}
        reason = {} if verdict == "passed" else {"reason": verdict}
        stated = form | reason | held | change
        yield {"form": number, "verdict": verdict, **{name: stated[name] for name in columns}}


def _cells(day: by_hand.Prepared) -> Iterator[Row]:
    tomorrow = day.today + timedelta(days=1)
    yield from _rows("festival", day.festival, 40, tomorrow)
    yield from _rows("birthday", day.birthday, 30, day.today)
    yield from _rows("occupation", day.occupation, 45, tomorrow)
    yield from _rows("after_sale", day.after_sale, 50, None)


def _rows(
    trigger: str, cells: Mapping[Any, by_hand.Cell], priority: int, window_end: date | None
) -> Iterator[Row]:
    for value, cell in cells.items():
        for form in cell:
            yield {
                **ALWAYS, "trigger": trigger, "match": str(value), "prefix": form.prefix,
                "suffix": form.suffix, "by_phone": form.by_phone, "by_consent": True,
                "rule": form.rule, "kind": form.kind, "channel": form.channel,
                "template": form.template, "gift": form.gift, "role": "sales_guide",
                "status": by_hand.READY, "due_on": form.due_on, "window_end": window_end,
                "priority": priority, "occurrence": form.occurrence,
            }  # fmt: skip


def _moves(on: date) -> Iterator[Row]:
    for reason, steps in MOVES.items():
        kind = "tier.upgrade" if reason == "upgrade" else "tier.downgrade_proposal"
        for tier, to in steps:
            yield {
                **ALWAYS, "trigger": "move", "match": reason,
                "prefix": f"{by_hand.POLICY}/tier.{reason}/customer/", "suffix": f"/{kind}",
                "by_phone": False, "by_consent": False,
                "rule": f"tier.{reason}", "kind": kind, "from_value": tier, "to_value": to,
                "role": "store_manager", "approver_role": "store_manager",
                "status": by_hand.PENDING, "due_on": on, "priority": 20, "reason": reason,
            }  # fmt: skip
