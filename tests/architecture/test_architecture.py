# SPDX-License-Identifier: Apache-2.0
"""What a reader may rely on: one importer a dependency, no clock and no eval in the core."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import loyaltyrules

SOURCE = Path(loyaltyrules.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
ONLY_IN = {
    "lunardate": {"calendar/lunar.py"},
    "pydantic": {"policy", "testing"},
    "yaml": {"policy"},
    "dateutil": {"calendar", "history"},
    "narwhals": {
        "fact/rows.py",
        "frame",
        "history",
        "cli",
        "fact/tolerance_columns.py",
        "simulation",
    },
    "polars": {
        "cli",
        "frame/streaming/run.py",
        "frame/streaming/shelf.py",
        "frame/streaming/split.py",
        "simulation/base/ordered.py",
    },
    "altair": {"simulation/shown/charts/look.py"},
    "vl_convert": {"simulation/shown/charts/look.py"},
    "rich": {"cli"},
    "typer": {"cli"},
}


@cache
def imports(path: Path) -> set[str]:
    """The packages that a file imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_dependency_is_imported_only_where_it_belongs(package):
    for path in FILES:
        if package in imports(path):
            name = path.relative_to(SOURCE).as_posix()
            assert name in ONLY_IN[package] or name.split("/")[0] in ONLY_IN[package], name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_the_core_reads_no_clock_and_evaluates_no_text(path):
    if path.relative_to(SOURCE).parts[0] == "cli":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            assert name not in {"today", "now", "utcnow", "eval", "exec"}, node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_nothing_inside_imports_the_package_root(path):
    if path.name == "__init__.py" and path.parent == SOURCE:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.module == "loyaltyrules"), path


def test_every_public_name_exists_and_has_a_docstring():
    for name in loyaltyrules.__all__:
        assert getattr(loyaltyrules, name).__doc__, name


@pytest.mark.parametrize(
    ("names", "absent"),
    [
        ("__version__", {"pydantic", "yaml", "narwhals"}),
        ("load_policy, compile_day, evaluate", {"narwhals", "polars", "pandas"}),
        ("evaluate_frame", {"polars", "pandas", "pyarrow", "pyspark", "dask", "duckdb"}),
    ],
)
def test_names_load_only_the_packages_that_they_need(names: str, absent: set[str]) -> None:
    code = f"import sys; from loyaltyrules import {names}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not absent & set(loaded.stdout.split())
