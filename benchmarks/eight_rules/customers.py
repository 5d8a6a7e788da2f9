# SPDX-License-Identifier: Apache-2.0
"""Made-up customers, the same for the same seed: realistic shares, gaps and boundary figures."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

POINTS = (0, 1999, 2000, 2001, 4999, 5000, 5001)
DAYS_AGO = (0, 1, 2, 3, 4, 5, 6, 364, 365, 366)
BOUNDARY = 0.15  # share of records with a figure on or beside a boundary


def customers(count: int, on: date, seed: int) -> list[dict[str, Any]]:
    """Records as they come from JSON: ISO dates, some keys absent, null or empty."""
    random = Random(f"{seed} {on}")
    return [_customer(random, on, number) for number in range(1, count + 1)]


def _customer(random: Random, on: date, number: int) -> dict[str, Any]:
    points = _points(random)
    joined = on - timedelta(days=random.randrange(30, 4000))
    before = random.choice((0, 1, 2, 3, 4, 4, 5, 6, 8, 12))
    facts = {
        "store_id": _some(random, 0.95, lambda: f"S{random.randrange(1, 40):02d}"),
        "occupation": _some(random, 0.7, lambda: _drawn(random, OCCUPATIONS)),
        "date_of_birth": _some(random, 0.85, lambda: _born(random, on)),
        "mobile_phone": _some(random, 0.92, lambda: f"138{random.randrange(10**8):08d}"),
        "phone_status": _some(random, 0.8, lambda: _drawn(random, PHONES)),
        "consent_marketing": _some(random, 0.9, lambda: random.random() < 0.88),
        "joined_on": _some(random, 0.97, joined.isoformat),
        "tier": _some(random, 0.96, lambda: _tier(random, points)),
        "tier_since": _some(
            random, 0.9, (on - timedelta(days=random.randrange(1, 1500))).isoformat
        ),
        "points_accumulated": _some(random, 0.97, lambda: points),
        "last_purchase_on": _some(random, 0.93, lambda: _bought(random, on)),
        "purchases_12m": _some(random, 0.95, lambda: _now(random, before)),
        "purchases_prev_12m": _some(random, 0.95, lambda: before),
    }
    return {"id": f"{number:08d}"} | {k: v for k, v in facts.items() if v is not ABSENT}


ABSENT: Any = object()
OCCUPATIONS = {"clerk": 40, "engineer": 25, "doctor": 15, "teacher": 12, "soldier": 8}
PHONES = {"valid": 80, "unknown": 8, "vacant": 7, "expired": 5}


def _some(random: Random, share: float, value: Any) -> Any:
    """The value for a share of the records; the others lack it in one of the usual ways."""
    return value() if random.random() < share else random.choice((ABSENT, None, ""))


def _drawn(random: Random, weights: dict[str, int]) -> str:
    return random.choices(tuple(weights), tuple(weights.values()))[0]


def _points(random: Random) -> int:
    if random.random() < BOUNDARY:
        return random.choice(POINTS)
    return int(random.expovariate(1 / 1800))


def _tier(random: Random, points: int) -> str:
    """Mostly the tier that the points deserve: about 8 % A, 27 % B, the rest C."""
    if random.random() < 0.06:
        return random.choice("ABC")
    return "A" if points >= 5000 else "B" if points >= 2000 else "C"


def _bought(random: Random, on: date) -> str:
    ago: Sequence[int] = DAYS_AGO
    days = random.choice(ago) if random.random() < BOUNDARY else int(random.expovariate(1 / 150))
    return (on - timedelta(days=days)).isoformat()


def _now(random: Random, before: int) -> int:
    if random.random() < 0.3:
        return before // 2 + random.choice((0, 1))
    return max(0, before + random.choice((-1, 0, 0, 1, 2)))


def _born(random: Random, on: date) -> str:
    if random.random() < 0.01:
        return f"{random.choice((1960, 1976, 1988, 2000))}-02-29"
    day = date(1950, 1, 1) + timedelta(days=random.randrange(55 * 365))
    if random.random() < 0.01 and (on.month, on.day) != (2, 29):
        day = day.replace(month=on.month, day=on.day)
    return day.isoformat()
