# SPDX-License-Identifier: Apache-2.0
"""Odd values by name, and how a record is written as plain JSON: a case can be kept and read."""

import array
import collections
import enum
import ipaddress
import types
from collections.abc import Callable, Mapping
from dataclasses import make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from keyword import iskeyword
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa


class Plain(enum.Enum):
    """Members that are not their own values."""

    A = "A"
    FIVE = 5
    DAY = date(2027, 2, 5)


class Several(enum.StrEnum):
    B = "B"


class Flags(enum.IntFlag):
    ONE = 1
    TWO = 2


class Text(str):
    """A text of another type."""


def nested(depth: int, wrap: Callable[[Any], Any]) -> Any:
    """Something within something, so deep."""
    found: Any = "A"
    for _ in range(depth):
        found = wrap(found)
    return found


def circle() -> Any:
    """A map that holds itself."""
    found: dict[str, Any] = {"id": "1"}
    found["a"] = found
    return found


def ring() -> list[Any]:
    """A list that holds itself."""
    found: list[Any] = ["A"]
    found.append(found)
    return found


FAR = np.datetime64("20000-01-01", "s")
ODD: Mapping[str, Any] = {
    "long whole": 10**5000, "large whole": -(10**30), "2**63": 2**63, "15 digits": 10**15, "-1": -1,
    "tiny decimal": Decimal("1E-1000000"), "huge decimal": Decimal("1E+1000000"),
    "long decimal": Decimal("1." + "1" * 5000), "snan": Decimal("sNaN"), "dnan": Decimal("NaN"),
    "dinf": Decimal("-Infinity"), "-0": Decimal("-0"), "0E9": Decimal("0E+999999"),
    "long numeral": "9" * 100_000, "long share": "0." + "1" * 100_000, "1e9999": "1e9999",
    "long text": "茶" * 200_000, "many commas": ";" * 50_000,
    "nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "1e300": 1e300, "5e-324": 5e-324,
    "-0.0": -0.0, "0.30000000000000004": 0.1 + 0.2, "5.551115e-17": 5.551115e-17, "f32": np.float32(0.1),
    "f16": np.float16(0.1), "longdouble": np.longdouble(1), "f32 nan": np.float32("nan"),
    "array": np.array(5), "array text": np.array("A"), "array yes": np.array(True),
    "array none": np.array(None), "array day": np.array("2027-02-05", "datetime64[s]"),
    "two": np.array([1, 2]), "table": np.array([[1], [2]]), "empty array": np.array([]),
    "objects": np.array([{}, None], dtype=object), "records": np.array([(1, 2)], dtype="i4,i4"),
    "far": FAR, "before": np.datetime64("-5000-01-01"), "years": np.datetime64("300000", "Y"),
    "nat": np.datetime64("NaT"), "td": np.timedelta64(5, "ns"), "complex128": np.complex128(1),
    "npbytes": np.bytes_(b"A"), "void": np.void(b"x"), "npstr": np.str_("A"), "i64": np.int64(-(2**63)),
    "u64": np.uint64(2**64 - 1), "i8": np.int8(5), "nptrue": np.True_,
    "ts far": pd.Timestamp(FAR), "ts max": pd.Timestamp.max, "pdnat": pd.NaT, "na": pd.NA,
    "pd td": pd.Timedelta(1), "period": pd.Period("2027-02", "M"), "interval": pd.Interval(0, 1),
    "categorical": pd.Categorical(["A"]), "series": pd.Series(["A"]), "frame": pd.DataFrame({"id": ["1"]}),
    "no frame": pd.DataFrame(), "pl series": pl.Series(["A"]), "pl frame": pl.DataFrame({"id": ["1"]}),
    "lazy": pl.LazyFrame({"id": ["1"]}), "pa scalar": pa.scalar(5), "pa array": pa.array(["A"]),
    "pa table": pa.table({"id": ["1"]}), "tz ts": pd.Timestamp("2027-02-05", tz="UTC"),
    "surrogate": "\ud800", "half": "A\udfff", "nul": "\x00", "line": "\u2028", "bidi": "\u202eA",
    "surrogate day": "2027-02-05\ud800", "surrogates": ["\ud800"], "wide": "５", "wide day": "２０２７-02-05",
    "nbsp": "\u00a0A\u00a0", "bom": "\ufeffA", "combining": "e\u0301" * 500, "escape": "\x1b[31m",
    "lists": ["A", np.array(["B"])], "arrays": [np.array(5)], "numbers": [1, 2.5, None, True],
    "set": {"A"}, "frozenset": frozenset({1}), "tuple": (), "map": {"a": 1}, "no map": {}, "key": {1: 2},
    "deep map": nested(900, lambda each: {"a": each}), "deep list": nested(900, lambda each: [each]),
    "deeper map": nested(50_000, lambda each: {"a": each}),
    "deeper list": nested(50_000, lambda each: [each]), "circle": circle(), "ring": ring(),
    "many": ["A"] * 20_000, "wide map": {f"k{n}": n for n in range(2000)}, "ordered":
    collections.OrderedDict(id="1"), "counter": collections.Counter("ab"), "chain":
    collections.ChainMap({"id": "1"}), "proxy": types.MappingProxyType({"id": "1"}), "user":
    collections.UserDict({"id": "1"}), "deque": collections.deque(["A"]), "userlist":
    collections.UserList(["A"]), "namespace": types.SimpleNamespace(id="1"), "bytes": b"A", "bytes ff":
    b"\xff", "bytearray": bytearray(b"A"), "memoryview": memoryview(b"A"), "ints": array.array("i", [1]),
    "uuid": UUID(int=5), "enum": Plain.A, "enum five": Plain.FIVE, "enum day": Plain.DAY, "strenum":
    Several.B, "flags": Flags.ONE | Flags.TWO, "enum class": Plain, "subtext": Text("A"), "fraction":
    Fraction(1, 2), "third": Fraction(1, 3), "1j": 1j, "timedelta": timedelta(1), "time": time(1),
    "last": datetime.max.replace(tzinfo=UTC), "first": datetime(1, 1, 1, tzinfo=UTC), "date.min": date.min,
    "date.max": date.max, "fold": datetime(2027, 2, 5, fold=1, tzinfo=ZoneInfo("Europe/Berlin")), "east":
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23))), "west": datetime.max.replace(
        tzinfo=timezone(-timedelta(hours=23))), "class": object, "object": object(), "range": range(2),
    "function": len, "ip": ipaddress.ip_address("::1"), "path": PurePosixPath("A"), "ellipsis": ...,
    "module": types, "blank": " ", "wide blank": "\u3000", "tab": "\t", "no": False,
    "13 months": "2027-13-05", "30 February": "2027-02-30", "year 0": "0000-01-01", "year 10000":
    "10000-01-01", "24:00": "2027-02-05T24:00", "leap second": "2016-12-31T23:59:60Z", "zone":
    "2027-02-05T10:00+99:99", "week": "2027-W05", "ordinal": "2027-036", "short year": "27-02-05",
    "1,000": "1,000", "1_000": "1_000", "٣": "٣", "x10": "0x10", "share": "101%", "%": "%", "money": "￥5",
}  # fmt: skip
NO_CELLS = (  # what makes frames breaks on these, before the library sees them
    "deep map", "deep list", "deeper map", "deeper list", "circle", "ring", "tiny decimal", "huge decimal",
    "long decimal", "0E9",
)  # fmt: skip
MADE: Mapping[str, Callable[[Any], Any]] = {
    "!odd": ODD.__getitem__, "!date": date.fromisoformat, "!datetime": datetime.fromisoformat,
    "!decimal": Decimal, "!float": float,
}  # fmt: skip


def value_of(written: Any) -> Any:
    """The value that plain JSON stands for; `{"!odd": NAME}` and the like are what they name."""
    if isinstance(written, list):
        return [value_of(each) for each in written]
    if not isinstance(written, dict):
        return written
    if len(written) == 1 and (name := next(iter(written))) in MADE:
        return MADE[name](written[name])
    return {name: value_of(each) for name, each in written.items()}


def as_dataclass(record: dict[str, Any]) -> Any:
    names = [
        each for each in record if each.isascii() and each.isidentifier() and not iskeyword(each)
    ]
    kind = make_dataclass("Row", names)
    return kind(**{name: record[name] for name in names})


def as_named(record: dict[str, Any]) -> Any:
    names = list(record)
    kind = collections.namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return kind(*record.values())


def as_series(record: dict[str, Any]) -> Any:
    found = pd.Series([None] * len(record), index=pd.Index([*record], dtype=object), dtype=object)
    for place, each in enumerate(record.values()):
        found.iat[place] = each
    return found


SHAPES: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "dict": dict, "series": as_series, "dataclass": as_dataclass, "named tuple": as_named,
    "proxy": types.MappingProxyType, "user": collections.UserDict, "items": lambda each: [*each.items()],
}  # fmt: skip
