# SPDX-License-Identifier: Apache-2.0
"""Run the notebooks of `examples/notebooks`, each in a fresh kernel, and keep or check what they show.

    python scripts/notebooks.py [NOTEBOOK…]             keep the outputs
    python scripts/notebooks.py --check [NOTEBOOK…]     say where they differ from what is kept

A chart is kept as its specification and as a picture, for viewers that run no script. Pictures are
not compared: they are drawn from the specification, and with other fonts they have other measures.
A notebook that warns, or shows a path of this machine, is refused.
"""

import argparse
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import vl_convert
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "notebooks"
CHART, PICTURE = "application/vnd.vegalite.v6+json", "image/svg+xml"
AS_SPECIFICATION = (  # Altair's own renderers give a page with scripts, or a type that no notebook holds
    "import altair; "
    f"altair.renderers.register('kept', lambda chart, **_: {{'{CHART}': chart, 'text/plain': 'chart'}}); "
    "altair.renderers.enable('kept')"
)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TIMEOUT = 600


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the notebooks, keep or check their outputs.")
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted(FOLDER.glob("*.ipynb")))
    parser.add_argument("--check", action="store_true", help="write nothing, tell what differs")
    asked = parser.parse_args()
    told = [line for path in asked.notebooks for line in one(path, asked.check)]
    print("\n".join(told), end="\n" if told else "")
    return 1 if told else 0


def one(path: Path, check: bool) -> list[str]:
    """What is wrong with a notebook; without faults it is written, if it is not only checked."""
    kept = nbformat.read(path, as_version=4)
    try:
        ran = executed(path)
    except CellExecutionError as error:
        return [f"{path.name}: {error}"]
    faults = [f"{path.name}: {each}" for each in unfit(ran)]
    if check:
        return faults + differing(path.name, kept, ran)
    if not faults:
        draw(ran)
        nbformat.write(ran, path)
    return faults


def executed(path: Path) -> NotebookNode:
    """The notebook as a fresh kernel in its folder shows it, without what differs from run to run."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=[f"--IPKernelApp.exec_lines={AS_SPECIFICATION}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    ran = client.execute()
    ran.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(ran.cells, 1):
        cell.id, cell.metadata = f"cell-{number}", nbformat.from_dict({})
    return ran


def outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Every output, with the number of its cell."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            yield number, output


def unfit(notebook: NotebookNode) -> Iterator[str]:
    """What a kept output must not hold."""
    for number, output in outputs(notebook):
        if output.get("name") == "stderr":
            yield f"cell {number} warns: {output.text}"
        if str(ROOT) in json.dumps(output):
            yield f"cell {number} shows a path of this machine"


def draw(notebook: NotebookNode) -> None:
    """Put a picture beside the specification of each chart."""
    for _, output in outputs(notebook):
        if CHART in output.get("data", {}):
            output.data[PICTURE] = vl_convert.vegalite_to_svg(dict(output.data[CHART]))


def differing(name: str, kept: NotebookNode, ran: NotebookNode) -> list[str]:
    """The lines in which what is kept is another than what came of running it."""
    return list(difflib.unified_diff(text(kept), text(ran), f"{name}, kept", "run", "", "", 1, ""))


def text(notebook: NotebookNode) -> list[str]:
    """A notebook as lines, without pictures."""
    bare: Any = json.loads(nbformat.writes(notebook))
    for cell in bare["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(PICTURE, None)
    return json.dumps(bare, ensure_ascii=False, indent=1, sort_keys=True).splitlines()


if __name__ == "__main__":
    sys.exit(main())
