# SPDX-License-Identifier: Apache-2.0
"""A mapping that cannot change: values hold it, JSON and pickle take it as they take a dict."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from loyaltyrules.problem.problem import nearest

Key = TypeVar("Key")
Value = TypeVar("Value")


class NoSuchNameError(KeyError):
    """A name that a mapping does not have; the near one, if any, is looked for when it is told."""

    def __init__(self, name: object, known: tuple[object, ...]) -> None:
        super().__init__(name, known)

    def __str__(self) -> str:
        name, known = self.args
        texts = [each for each in known if isinstance(each, str)]
        near = nearest(name, texts) if isinstance(name, str) else ""
        return f"{name!r} ({near}?)" if near else repr(name)


class Frozen(dict[Key, Value]):
    """A dict that refuses every change; `dict(frozen)` gives one that may be changed."""

    __slots__ = ()

    def __missing__(self, key: Key) -> NoReturn:
        raise NoSuchNameError(key, tuple(self))

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
