# SPDX-License-Identifier: Apache-2.0
"""The values that a figure may take, as whole numbers of its smallest step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any, Literal, TypeAlias

import narwhals.stable.v2 as nw

from loyaltyrules.calendar import Period
from loyaltyrules.expression.types import Value
from loyaltyrules.policy.model import Parameter

Kind: TypeAlias = Literal["number", "date", "months", "days", "minutes"]
HALF = 2  # decimals that a figure with decimals may have at least: money is counted in hundredths
OF_SHARES = 4  # a share is told to a hundredth of a percent
LONGEST = {"days": 36_525, "months": 1_200, "minutes": 525_600}  # a hundred years, a year


@dataclass(frozen=True, slots=True)
class Grain:
    """How finely a figure is counted, and between which steps it lies; no `high`: without end."""

    kind: Kind
    decimals: int
    low: int | None
    high: int | None

    @classmethod
    def of(cls, figure: Parameter) -> "Grain | None":
        """The steps of a figure; None where its values are not in order: a text, a list."""
        values = [value for _, value in figure.values]
        match figure.type.kind:
            case "whole":
                return cls("number", 0, _lowest(values), None)
            case "number":
                return cls("number", max(HALF, *map(_decimals, values)), _lowest(values), None)
            case "share":
                return cls("number", OF_SHARES, 0, 10**OF_SHARES)
            case "date":
                return cls("date", 0, None, date.max.toordinal())
            case "period":
                return _of_periods(values)
        return None

    def value(self, step: int) -> Value:
        """The value at a step, as `with_` takes it."""
        match self.kind:
            case "date":
                return date.fromordinal(step)
            case "days":
                return Period(days=step)
            case "months":
                return Period(months=step)
            case "minutes":
                return Period(minutes=step)
        return Decimal(step).scaleb(-self.decimals) if self.decimals else step

    def step(self, value: Value) -> int:
        """The step of a value, or the one below it."""
        match value:
            case date():
                return value.toordinal()
            case Period():
                return value.days or value.months or value.minutes
        return floor(Decimal(value).scaleb(self.decimals))  # type: ignore[arg-type]

    def cell(self, step: int | None) -> Any:
        """The same in a column."""
        if step is None:
            return None
        if self.kind in LONGEST:
            return f"{step} {self.kind}"
        found = self.value(step)
        return float(found) if isinstance(found, Decimal) else found

    @property
    def dtype(self) -> Any:
        """The type of such a column."""
        if self.kind == "number":
            return nw.Float64 if self.decimals else nw.Int64
        return nw.Date if self.kind == "date" else nw.String


def _lowest(values: Iterable[Value]) -> int | None:
    """Figures stay on their side of zero."""
    return 0 if all(isinstance(e, int | Decimal) and e >= 0 for e in values) else None


def _decimals(value: Value) -> int:
    exponent = Decimal(value).normalize().as_tuple().exponent  # type: ignore[arg-type]
    return max(0, -int(exponent))


def _of_periods(values: Iterable[Value]) -> Grain | None:
    """Periods in the unit that they are written in; None where they have several."""
    kind = unit_of(each for each in values if isinstance(each, Period))
    return None if kind is None else Grain(kind, 0, 0, LONGEST[kind])


def unit_of(periods: Iterable[Period]) -> Kind | None:
    """The one unit that periods are written in; days where all are nothing."""
    known = [*periods]
    units: dict[Kind, bool] = {
        "months": any(each.months for each in known), "days": any(each.days for each in known),
        "minutes": any(each.minutes for each in known),
    }  # fmt: skip
    said = [unit for unit, there in units.items() if there]
    return (said[0] if said else "days") if len(said) < 2 else None
