# SPDX-License-Identifier: Apache-2.0
"""A digest of what a policy means: alike on every machine and every Python, other where it decides otherwise.

Places, layout and comments are no part of a policy's value, and so not of its digest. What has a name is
put in the order of names: in which order a clerk wrote rules, figures and titles says nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

DIGITS = 16  # enough to tell apart all policies that a chain will ever have
NAMED = frozenset({"rules", "labels", "titles", "texts", "sets", "adds", "ways", "columns"})
"""Fields whose parts are told apart by their names; their order means nothing."""


def fingerprint(policy: object) -> str:
    """The digest of a policy, 16 hexadecimal digits."""
    return sha256(_said(policy).encode("ascii")).hexdigest()[:DIGITS]


def _said(value: object) -> str:
    """A value as text that says all that it means, and nothing else."""
    match value:
        case None | bool() | int() | str():
            return json.dumps(value)
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
        case ZoneInfo():
            return json.dumps(value.key)
        case Mapping():
            return _joined("{}", sorted(f"{_said(k)}:{_said(v)}" for k, v in value.items()))
        case set() | frozenset():
            return _joined("<>", sorted(map(_said, value)))
        case tuple() | list():
            return _joined("[]", map(_said, value))
    if is_dataclass(value):
        parts = (f"{name}={_field(name, of)}" for name, of in _compared(value))
        return type(value).__name__ + _joined("()", parts)
    return json.dumps(_called(value))


def _compared(value: object) -> Iterable[tuple[str, object]]:
    """The fields that make a value equal to another."""
    listed = fields(value) if is_dataclass(value) else ()
    return ((each.name, getattr(value, each.name)) for each in listed if each.compare)


def _field(name: str, value: object) -> str:
    if name in NAMED and isinstance(value, tuple):
        return _joined("[]", sorted(map(_said, value)))
    return _said(value)


def _joined(brackets: str, parts: Iterable[str]) -> str:
    return f"{brackets[0]}{','.join(parts)}{brackets[1]}"


def _called(value: object) -> str:
    """What a plug-in computes with, by its name: how a function works cannot be told."""
    kind = type(value)
    module = getattr(value, "__module__", kind.__module__)
    return f"{module}:{getattr(value, '__qualname__', kind.__qualname__)}"
