# SPDX-License-Identifier: Apache-2.0
"""A mapping that cannot change: values hold it, JSON and pickle take it as they take a dict."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Frozen(dict[Key, Value]):
    """A dict that refuses every change; `dict(frozen)` gives one that may be changed."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(
            "this mapping belongs to a value that never changes; change a copy: dict(…)"
        )

    __setitem__ = __delitem__ = _refuse
    __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none, since it changes
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)


def frozen(mapping: Mapping[Key, Any]) -> Frozen[Key, Any]:
    """A mapping, and those that are its values, as mappings that cannot change."""
    return Frozen(
        {key: frozen(of) if isinstance(of, Mapping) else of for key, of in mapping.items()}
    )


NOTHING: Frozen[str, Any] = Frozen()
