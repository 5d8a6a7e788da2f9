# SPDX-License-Identifier: Apache-2.0
"""The command line, called as a person or a script calls it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from loyaltyrules.cli.app import main

ROOT = Path(__file__).parents[2]
POLICY = """\
# A small policy of one figure, two rules and a gate.
format: 1
policy: club
language: en
facts:
  customer:
    name:   {type: text, personal: yes}
    tier:   {type: [A, B, C]}
    points: {type: whole, default: 0}
    born_on: {type: date, absent: unknown, personal: yes}
    phone:  {type: text, personal: yes}
    consent: {type: yes/no}
    spent:  {sum: purchase.amount}
  purchase:
    amount: {type: money}
    sold_on: {type: date}
subjects:
  purchase: {of: customer}
labels:
  level:
    for: customer
    values: [high, low]
    cases: {high: points >= 2000, low: rest}
occasions:
  party: {solar: 02-06, opens: 1 day}
words:
  greeting: {kind: message.send, channel: sms, needs: phone, purpose: care}
rules:
  greet: {for: customer, at: party, if: level = high, do: greeting}
  check_tier: {for: customer, if: level = high and tier = C, once_per: month, do: task.check_tier}
  after_sale: {for: purchase, at: 3 days after sold_on, do: call}
gate:
  - {hold: no_consent, which: purpose is not missing and not consent, unknown: consent_unknown}
"""
CUSTOMERS = """\
id,name,tier,points,born_on,phone,consent
001,王小明,A,2000,1980-02-06,13800000001,是
002,Ärmel,C,1999,1980-02-30,13800000002,yes
003,陈,C,5000,,,否
"""
DAY = "2027-02-05"


class Told(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Told]:
    """Run a command in this process, in English unless it says otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C")

    def run(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["loyaltyrules", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return Told(int(ended.value.code or 0), found.out, found.err)

    return run


@pytest.fixture
def club(tmp_path: Path) -> Path:
    """A folder with a policy `club.yaml` and its customers `customer.csv`."""
    (tmp_path / "club.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "customer.csv").write_text(CUSTOMERS, encoding="utf-8")
    return tmp_path
