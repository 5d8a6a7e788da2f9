# SPDX-License-Identifier: Apache-2.0
"""The till: decided, explained, approved and reloaded over HTTP; and typed for those who copy it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import effort
from loyaltyrules import explain, load_policy

pytest.importorskip("fastapi", reason="FastAPI is not installed: pip install 'loyaltyrules[till]'")
pytest.importorskip("httpx2", reason="FastAPI's test client needs httpx2, which is not installed")
from fastapi.testclient import TestClient

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "examples" / "till" / "till.py"
CUSTOMER: dict[str, Any] = {
    "id": "c-001", "member_status": "formal", "tier": "B", "points_accumulated": 5200,
    "mobile_phone": "13800000001", "consent_marketing": True, "points_acumulated": 1,
}  # fmt: skip
DAY = date(2027, 2, 5)


@pytest.fixture(scope="module")
def till() -> Any:
    spec = importlib.util.spec_from_file_location("till_example", SOURCE)
    assert spec and spec.loader
    module = sys.modules["till_example"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def client(till: Any, tmp_path: Path) -> TestClient:
    shutil.copytree(ROOT / "policies" / "menswear", tmp_path / "rules")
    return TestClient(till.create_app(str(tmp_path / "rules"), lambda: DAY))


@pytest.fixture
def upgrade(client: TestClient) -> dict[str, Any]:
    actions = client.post("/decide", json=CUSTOMER).json()["actions"]
    (found,) = [each for each in actions if each["kind"] == "tier.upgrade"]
    return dict(found)


def test_a_customer_is_decided_and_told_what_nobody_reads(client: TestClient) -> None:
    told = client.post("/decide", json=CUSTOMER).json()
    assert told["labels"]["tier"] == "A" and told["on"] == "2027-02-05"
    assert told["ignored"] == {"points_acumulated": "points_accumulated"}
    assert told["fingerprint"] == client.get("/policy").json()["fingerprint"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_decision_is_explained(client: TestClient, till: Any, language: str) -> None:
    told = client.post(f"/explain?language={language}", json=CUSTOMER).text
    plan = till.planned(load_policy("menswear"), DAY)
    assert told == explain(till.evaluate(plan, CUSTOMER), language)


def test_what_a_browser_hands_back_is_approved_and_carried_out(
    client: TestClient, upgrade: dict[str, Any]
) -> None:
    asked = {"customer": CUSTOMER, "action": upgrade, "by_role": "store_manager"}
    done = client.post("/approve", json=asked).json()
    assert done["action"]["status"] == "ready"
    assert (done["customer"]["tier"], done["customer"]["tier_since"]) == ("A", "2027-02-05")


def test_what_was_forged_on_the_way_is_refused(client: TestClient, upgrade: dict[str, Any]) -> None:
    forged = {**upgrade, "sets": [["points_accumulated", 10**6]]}
    asked = {"customer": CUSTOMER, "action": forged, "by_role": "store_manager"}
    refused = client.post("/approve", json=asked)
    assert (refused.status_code, refused.json()["reason"]) == (403, "changed")
    assert refused.json()["problems"][0]["code"] == "LR504"
    wrong = client.post("/approve", json={**asked, "by_role": "sales_guide"})
    assert wrong.json()["reason"] == "wrong_role"
    nothing = client.post("/approve", json={**asked, "action": {"kind": "call"}})
    assert nothing.status_code == 400


def test_a_faulty_customer_is_told_in_words(client: TestClient) -> None:
    told = client.post("/decide", json={**CUSTOMER, "tier": "D"})
    (problem,) = told.json()["problems"]
    assert (told.status_code, problem["code"], problem["details"]["field"]) == (
        422,
        "LR403",
        "tier",
    )


def test_rules_are_read_anew_and_faulty_ones_leave_the_old_in_force(
    client: TestClient, tmp_path: Path
) -> None:
    file = tmp_path / "rules" / "parameters.yaml"
    text = file.read_text(encoding="utf-8")
    before = client.get("/policy").json()["fingerprint"]
    file.write_text(f"# a comment\n{text}", encoding="utf-8")
    assert client.post("/reload").json() == {"changed": False, "fingerprint": before}
    file.write_text(text.replace("5000", "9000"), encoding="utf-8")
    after = client.post("/reload").json()
    assert after["changed"] and after["fingerprint"] != before
    assert client.post("/decide", json=CUSTOMER).json()["labels"]["tier"] == "B"
    file.write_text("parameters: [", encoding="utf-8")
    refused = client.post("/reload")
    assert refused.status_code == 409 and refused.json()["problems"]
    assert client.get("/policy").json()["fingerprint"] == after["fingerprint"]


def mypy(folder: Path) -> list[str]:
    pytest.importorskip("mypy", reason="mypy is not installed")
    return [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder), str(SOURCE)]


def pyright(folder: Path) -> list[str]:
    pytest.importorskip("basedpyright", reason="pyright is not installed: pip install basedpyright")
    settings = folder / "pyrightconfig.json"
    settings.write_text(
        f'{{"include": ["{SOURCE}"], "extraPaths": ["{ROOT / "src"}"], "typeCheckingMode": "strict",'
        f' "reportUnusedFunction": false}}',  # its routes are called by the framework
        encoding="utf-8",
    )
    python = ["--pythonpath", sys.executable]
    return [sys.executable, "-m", "basedpyright", "--project", str(settings), *python]


@effort.ALL
@pytest.mark.parametrize("checker", [mypy, pyright])
def test_strict_checkers_of_types_find_nothing_in_it(
    checker: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    command = checker(tmp_path)
    path = {"MYPYPATH": str(ROOT / "src")}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **path}
    )
    assert done.returncode == 0, done.stdout + done.stderr
