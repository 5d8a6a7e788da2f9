# SPDX-License-Identifier: Apache-2.0
"""A record as hosts hold it: any object that names its fields is read as a mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, ClassVar, Protocol, TypeAlias


class DataClass(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class Model(Protocol):
    """A model of pydantic, or what dumps itself as one does."""

    def model_dump(self) -> dict[str, Any]: ...


class Tuple(Protocol):
    """A named tuple, or a row that has the same method."""

    def _asdict(self) -> Any: ...


class Row(Protocol):
    """A row of a database, a series of pandas: keys, and a value for each."""

    def keys(self) -> Iterable[Any]: ...
    def __getitem__(self, key: Any, /) -> Any: ...


Record: TypeAlias = Mapping[str, Any] | DataClass | Model | Tuple | Row


def mapping_of(record: object) -> Mapping[str, Any] | None:
    """The fields of a record by name; None where it is no record."""
    if isinstance(record, Mapping):
        return record
    if is_dataclass(record) and not isinstance(record, type):
        return asdict(record)
    for dump in () if isinstance(record, type) else ("model_dump", "_asdict"):
        if callable(dumped := getattr(record, dump, None)):
            found = dumped()
            return found if isinstance(found, Mapping) else None
    return _by_keys(record)


def _by_keys(record: Any) -> Mapping[str, Any] | None:
    """What has keys and a value for each; a table has them too, but two dimensions."""
    if (
        isinstance(record, type)
        or not hasattr(record, "keys")
        or not hasattr(record, "__getitem__")
    ):
        return None
    if getattr(record, "ndim", 1) != 1:
        return None
    return {str(name): record[name] for name in record.keys()}  # noqa: SIM118  # no mapping
