# SPDX-License-Identifier: Apache-2.0
"""run: rules and rows may have any sign in their names; no action is lost for it."""

import csv
from pathlib import Path
from typing import Any

import pytest

from loyaltyrules.frame.keys import by_signature

POLICY = """
format: 1
policy: t
facts: {customer: {tier: {type: text}}}
tables:
  care: {for: customer, by: tier, once_per: month, rows: {金卡/白金卡: task.call, 银卡: task.mail}}
rules:
  up/down: {for: customer, do: task.both, once_per: month}
"""


@pytest.mark.parametrize("few", [0, by_signature.FEW])
def test_no_action_is_lost_for_a_slash_in_the_name_of_its_rule(
    told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(by_signature, "FEW", few)
    policy, table, out = (tmp_path / name for name in ("p.yaml", "customer.csv", "out.csv"))
    policy.write_text(POLICY, encoding="utf-8")
    table.write_text("id,tier\nc/1,金卡/白金卡\nc2,银卡\n", encoding="utf-8")
    assert told("run", policy, table, "--on", "2027-05-04", "--out", out).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        found = [(row["action_id"], row["rule"]) for row in csv.DictReader(file)]
    assert found == [
        ("t/care.金卡%2F白金卡/customer/c%2F1/2027-05/task.call", "care.金卡/白金卡"),
        ("t/care.银卡/customer/c2/2027-05/task.mail", "care.银卡"),
        ("t/up%2Fdown/customer/c%2F1/2027-05/task.both", "up/down"),
        ("t/up%2Fdown/customer/c2/2027-05/task.both", "up/down"),
    ]
