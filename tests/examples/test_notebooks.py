# SPDX-License-Identifier: Apache-2.0
"""The notebooks show what they were kept with: each is run in a kernel of its own, by the script for it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import effort

pytest.importorskip("nbclient", reason="nbclient is not installed: pip install nbclient ipykernel")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
pytest.importorskip(
    "altair", reason="Altair is not installed: pip install 'loyaltyrules[notebook]'"
)

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "notebooks.py"
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))
QUICK = ("1_first_policy",)
RUNNING = [pytest.param(path, marks=() if path.stem in QUICK else effort.ALL) for path in NOTEBOOKS]


def checked(notebook: Path) -> tuple[int, str]:
    """How the script ends that checks a notebook, and what it tells."""
    command = [sys.executable, str(SCRIPT), "--check", str(notebook)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def cells(notebook: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


@pytest.mark.parametrize("notebook", RUNNING, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_was_kept_with(notebook: Path) -> None:
    code, told = checked(notebook)
    assert code == 0, told


def test_an_output_that_is_another_is_told_with_its_notebook(tmp_path: Path) -> None:
    code, told = checked(made(tmp_path, "print(42)", kept="41\n"))
    assert code == 1
    assert "made.ipynb, kept" in told and '-      "41' in told and '+      "42' in told


def test_a_notebook_that_warns_is_refused(tmp_path: Path) -> None:
    code, told = checked(made(tmp_path, "import warnings\nwarnings.warn('old')", kept=""))
    assert code == 1 and "made.ipynb: cell 1 warns" in told


def test_a_notebook_that_fails_is_told(tmp_path: Path) -> None:
    code, told = checked(made(tmp_path, "1 / 0", kept=""))
    assert code == 1 and "made.ipynb" in told and "ZeroDivisionError" in told


def made(folder: Path, source: str, kept: str) -> Path:
    """A notebook of one cell, and what it is kept with."""
    cell = nbformat.v4.new_code_cell(source, id="cell-1", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=kept)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "made.ipynb")
    return folder / "made.ipynb"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_chart_is_kept_as_a_specification_and_as_a_picture(notebook: Path) -> None:
    data = [
        output.get("data", {}) for cell in cells(notebook) for output in cell.get("outputs", ())
    ]
    charts = [each for each in data if "application/vnd.vegalite.v6+json" in each]
    assert charts and all("".join(each["image/svg+xml"]).startswith("<svg") for each in charts)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_note_is_written_in_both_languages(notebook: Path) -> None:
    for cell in cells(notebook):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            assert any("一" <= sign <= "龥" for sign in text), text
            assert sum(sign.isascii() and sign.isalpha() for sign in text) > 5, text
