# SPDX-License-Identifier: Apache-2.0
"""The written report: one section takes the place of that of its heading, on the same machine only."""

import pytest
from benchmarks.bench import RESULTS, replaced

HEAD, MACHINE = "# Results\n\nMedians.", "CPython 3.11 on 2 cores\n\npolars 2"
WHOLE = replaced("", [HEAD, MACHINE, "## One\n\n1\n", "## Two\n\n2\n"])


def test_a_section_takes_the_place_of_the_one_before():
    changed = WHOLE.replace("## Two\n\n2", "## Two\n\n3")
    assert replaced(WHOLE, [HEAD, MACHINE, "## Two\n\n3\n"]) == changed != WHOLE
    assert replaced(WHOLE, [HEAD, MACHINE, "## New\n\n4\n"]) == WHOLE + "\n## New\n\n4\n"


def test_figures_of_two_machines_never_stand_in_one_report():
    with pytest.raises(SystemExit, match="whole report"):
        replaced(WHOLE, [HEAD, MACHINE.replace("2 cores", "4 cores"), "## Two\n\n3\n"])


def test_what_is_written_is_read_again_as_it_is():
    known = RESULTS.read_text(encoding="utf-8")
    title, rest = known.split("\n\nCPython", 1)
    machine, *sections = ("CPython" + rest).split("\n## ")
    assert replaced(known, [title, machine, *(f"## {each}" for each in sections)]) == known
