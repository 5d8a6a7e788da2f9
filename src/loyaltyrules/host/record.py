# SPDX-License-Identifier: Apache-2.0
"""A record as hosts hold it: any object that names its fields is read as a mapping."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, Protocol, TypeAlias, TypeGuard


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
    if _is_record(record):
        try:
            return _fields(record)
        except RecursionError:  # dataclasses that hold each other in a circle
            return None
    for dump in () if isinstance(record, type) else ("model_dump", "_asdict"):
        if callable(dumped := getattr(record, dump, None)):
            found = dumped()
            return found if isinstance(found, Mapping) else None
    return _by_keys(record)


def _fields(record: DataClass) -> dict[str, Any]:
    """The fields of a dataclass, and of those inside."""
    return {each.name: _plain(getattr(record, each.name, None)) for each in fields(record)}


def _plain(value: Any) -> Any:
    """A dataclass, or a list of some, as mappings; any other value as it is."""
    if _is_record(value):
        return _fields(value)
    if isinstance(value, list | tuple) and any(map(_is_record, value)):
        return [_fields(each) if _is_record(each) else each for each in value]
    return value


def _is_record(value: Any) -> TypeGuard[DataClass]:
    return is_dataclass(value) and not isinstance(value, type)


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
