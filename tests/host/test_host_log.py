# SPDX-License-Identifier: Apache-2.0
"""The logger tells what was loaded, compiled and run, and nothing of any customer."""

import logging
import subprocess
import sys

import polars as pl
import pytest

from loyaltyrules import compile_day, evaluate, evaluate_frame, load_policy

RECORD = {
    "id": "secret-7", "surname": "欧阳", "mobile_phone": "13812345678", "tier": "B",
    "member_status": "formal", "points_accumulated": 5200, "consent_marketing": True,
}  # fmt: skip


def test_who_listens_hears_names_counts_and_fingerprints_and_no_record(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "loyaltyrules")
    policy = load_policy("menswear")
    plan = compile_day(policy, on="2027-02-05")
    evaluate(plan, RECORD)
    evaluate_frame(plan, pl.DataFrame([RECORD, {**RECORD, "id": "secret-8", "tier": "?"}]))
    told = [(each.levelname, each.getMessage()) for each in caplog.records]
    assert {each.name for each in caplog.records} == {"loyaltyrules"}
    assert told[0][0] == "INFO" and f"fingerprint {policy.fingerprint}" in told[0][1]
    assert ("DEBUG", "compiled menswear for 2027-02-05") in told
    assert told[-1] == (
        "INFO",
        f"decided by menswear ({policy.fingerprint}) on 2027-02-05: rows 1 of customer, set aside 1",
    )
    text = " ".join(message for _, message in told)
    assert not [v for v in ("secret", "欧阳", "138", "5200") if v in text]


def test_who_does_not_listen_hears_nothing() -> None:
    code = "from loyaltyrules import *; compile_day(load_policy('menswear'), on='2027-02-05')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
