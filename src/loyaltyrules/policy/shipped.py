# SPDX-License-Identifier: Apache-2.0
"""The policies that come with the library, by name: in the package where it is installed, else beside it."""

import os
from pathlib import Path

import loyaltyrules.policy
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import nearest, problem

LONGEST = 100  # letters of a name; what is longer can only be a path
PACKAGE = Path(loyaltyrules.policy.__file__).parents[1]
PLACES = (PACKAGE / "policies", PACKAGE.parents[1] / "policies")  # of a wheel, of a checkout


def shipped() -> dict[str, Path]:
    """The folders of the shipped policies by name."""
    place = next((each for each in PLACES if each.is_dir()), PLACES[0])
    return {each.parent.name: each.parent for each in sorted(place.glob("*/policy.yaml"))}


def located(path: str | Path) -> Path:
    """Where a policy lies: a path that is there, else what is shipped under the name.

    Raises:
        PolicyError: a bare name that is neither (LR472).
    """
    found = Path(path)
    bare = len(found.parts) == 1 and not found.suffix and len(found.name) <= LONGEST
    if not bare or "\0" in found.name or os.path.exists(found):
        return found
    return shipped_as(found.name)


def shipped_as(name: str) -> Path:
    """The folder of a shipped policy.

    Raises:
        PolicyError: none is shipped under the name (LR472).
    """
    known = shipped()
    if name not in known:
        details = {"name": name, "names": ", ".join(known), "near": nearest(name, known)}
        raise PolicyError([problem("LR472", None, **details)])
    return known[name]
