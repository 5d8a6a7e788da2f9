# SPDX-License-Identifier: Apache-2.0
"""--set NAME=VALUE: changes of a policy, written as they would stand in its file."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from loyaltyrules.cli.terminal import MisuseError
from loyaltyrules.policy.changes import FILE
from loyaltyrules.policy.model import Policy
from loyaltyrules.policy.reader.document import read_text
from loyaltyrules.problem.errors import PolicyError
from loyaltyrules.problem.problem import Problem, problem

OPTION = "--set"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
KEY = "value"


def changes_of(texts: Sequence[str]) -> dict[str, Any]:
    """The changes by name, title or path.

    Raises:
        MisuseError: one is no NAME=VALUE, or names what another names (LR534).
        PolicyError: a value is no YAML (LR10x).
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or name.strip() in found:
            raise MisuseError([problem("LR534", None, option=OPTION, value=text)])
        found[name.strip()] = _read(value.strip())
    return found


def _read(text: str) -> Any:
    """A value as a file gives it; a plain number is in the unit of its figure."""
    return _numbers(read_text(f"{KEY}: {text}", OPTION).data[KEY])


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(each) for key, each in value.items()}
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    return value


def changed(policy: Policy, changes: dict[str, Any]) -> Policy:
    """The policy with the changes; faults in them are told as those of the option.

    Raises:
        PolicyError: there is no such part (LR510), or the policy would be faulty.
    """
    if not changes:
        return policy
    try:
        return policy.with_(changes)
    except PolicyError as error:
        raise PolicyError(map(_placed, error.problems)) from error


def _placed(found: Problem) -> Problem:
    if found.place is None or found.place.file != FILE:
        return found
    return Problem(found.code, found.details, found.place._replace(file=OPTION))
