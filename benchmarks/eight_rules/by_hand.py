# SPDX-License-Identifier: Apache-2.0
"""The eight rules in plain Python, written for speed: what a library must be measured against.

A day is prepared once: dates become constants, the festival's row is looked up. `decide` then is
straight-line code on a validated record; `decide_raw` reads a mapping with ISO dates first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from loyaltyrules.calendar import Lunar, Solar, occurrences

READY, PENDING, SUPPRESSED = "ready", "pending_approval", "suppressed"
BLOCKED = "blocked_missing_data"
TIERS = frozenset("ABC")
PHONE_STATUSES = frozenset({"valid", "vacant", "expired", "unknown"})
POLICY = "eight_rules"

Act: TypeAlias = tuple[Any, ...]
"""action_id, rule, kind, channel, template, gift, to_value, status, due_on, reason, occurrence"""


@dataclass(slots=True)
class Customer:
    """A validated record. Slotted and not frozen: the quickest to make and to read."""

    id: str
    tier: str | None
    tier_since: date | None
    points: int
    last_purchase_on: date | None
    joined_on: date | None
    purchases_12m: int
    purchases_prev_12m: int
    date_of_birth: date | None
    occupation: str | None
    mobile_phone: str | None
    phone_status: str
    consent: bool | None


class Form(NamedTuple):
    """One action of a cell on a day, all but the customer."""

    prefix: str
    suffix: str
    rule: str
    kind: str
    channel: str | None
    template: str | None
    gift: str | None
    due_on: date
    occurrence: str
    by_phone: bool  # goes to the phone number: needs one, and a valid one


Cell: TypeAlias = tuple[Form, ...]


@dataclass(slots=True)
class Prepared:
    """All that depends on the day."""

    today: date
    idle_cut: date
    birth_month: int
    birth_days: tuple[int, ...]
    festival: Mapping[str | None, Cell]
    birthday: Mapping[str | None, Cell]
    occupation: Mapping[str | None, Cell]
    after_sale: Mapping[date | None, Cell]


class _Word(NamedTuple):
    kind: str
    channel: str
    template: str | None = None
    gift: str | None = None
    on_the_day: bool = False


CALL = _Word("call", "phone", "call_festival")
SMS = _Word("message.send", "sms", "sms_{}", on_the_day=True)
HOME = _Word("gift.home_delivery", "home_visit", gift="{}")
COLLECT = _Word("gift.collect_in_store", "in_store", gift="{}")
CARD = _Word("card.mail", "letter", "card_festival")
PLAIN: dict[str, tuple[_Word, ...]] = {"A": (SMS,), "B": (SMS,), "C": (SMS,)}
LOW: dict[str, tuple[_Word, ...]] = {"B": (SMS,), "C": (SMS,)}

FESTIVALS: dict[str, tuple[Solar | Lunar, dict[str, tuple[_Word, ...]]]] = {
    "new_year": (Solar(1, 1), {"A": (CALL, SMS), **LOW}),
    "spring_festival": (
        Lunar(1, 1), {"A": (CALL, HOME), "B": (SMS, COLLECT), "C": (SMS, CARD)},
    ),
    "lantern": (Lunar(1, 15), {"A": (SMS, COLLECT), "B": (SMS,)}),
    "valentine": (Solar(2, 14), {"A": (SMS, COLLECT), **LOW}),
    "womens_day": (Solar(3, 8), PLAIN),
    "labour_day": (Solar(5, 1), PLAIN),
    "dragon_boat": (Lunar(5, 5), {"A": (CALL, HOME), "B": (SMS, COLLECT), "C": (SMS,)}),
    "double_seventh": (Lunar(7, 7), {"A": (SMS,), "B": (SMS,)}),
    "mid_autumn": (Lunar(8, 15), {"A": (CALL, HOME), "B": (SMS, COLLECT), "C": (SMS, CARD)}),
    "national_day": (Solar(10, 1), {"A": (CALL,), **LOW}),
    "double_ninth": (Lunar(9, 9), {"A": (CALL,), "B": (SMS,)}),
    "christmas": (Solar(12, 25), {"A": (SMS, COLLECT), **LOW}),
}  # fmt: skip
OCCUPATIONS = {
    "teacher": ("teachers_day", Solar(9, 10), (SMS, COLLECT)),
    "soldier": ("army_day", Solar(8, 1), (SMS, COLLECT)),
}
BIRTHDAY = {
    "A": (
        _Word("call", "phone", "call_birthday"),
        _Word("gift.home_delivery", "home_visit", gift="cake"),
    ),
    "B": (
        _Word("message.send", "sms", "sms_birthday"),
        _Word("gift.collect_in_store", "in_store", gift="birthday"),
    ),
    "C": (_Word("message.send", "sms", "sms_birthday"),),
}
AFTER_SALE = {
    1: _Word("message.send", "sms", "sms_after_sale"),
    3: _Word("call", "phone", "call_after_sale"),
    5: _Word("message.send", "sms", "sms_review"),
}


def prepare(today: date) -> Prepared:
    """Make constants of all that depends on the day."""
    leap_too = today.month == 2 and today.day == 28 and today.year % 4 != 0
    return Prepared(
        today, today - timedelta(days=365), today.month,
        (28, 29) if leap_too else (today.day,),
        _festival(today),
        {tier: _cell(f"birthdays.birthday.{tier}", words, "birthday", today, today)
         for tier, words in BIRTHDAY.items()},
        _occupation(today),
        {today - timedelta(days=days): _after_sale(days, today) for days in AFTER_SALE},
    )  # fmt: skip


def _festival(today: date) -> dict[str | None, Cell]:
    found: dict[str | None, Cell] = {}
    for name, (rule, row) in FESTIVALS.items():
        for day in occurrences(rule, today, today + timedelta(days=1)):
            for tier, words in row.items():
                cell = _cell(f"festivals.{name}.{tier}", words, name, today, day)
                found[tier] = found.get(tier, ()) + cell
    return found


def _occupation(today: date) -> dict[str | None, Cell]:
    return {
        occupation: _cell(f"occupations.{name}.{occupation}", words, name, today, day)
        for occupation, (name, rule, words) in OCCUPATIONS.items()
        for day in occurrences(rule, today, today + timedelta(days=1))
    }


def _after_sale(days: int, today: date) -> Cell:
    bought = today - timedelta(days=days)
    return tuple(
        form._replace(due_on=today)
        for form in _cell(f"after_sale_{days}", (AFTER_SALE[days],), "", today, bought)
    )


def _cell(rule: str, words: tuple[_Word, ...], name: str, today: date, day: date) -> Cell:
    return tuple(_form(rule, word, name, today, day) for word in words)


def _form(rule: str, word: _Word, name: str, today: date, day: date) -> Form:
    template = word.template and word.template.format(name)
    gift = word.gift and word.gift.format(name)
    return Form(
        f"{POLICY}/{rule}/customer/", f"/{day}/{word.kind}:{word.channel}:{gift or template}",
        rule, word.kind, word.channel, template, gift,
        day if word.on_the_day else today, str(day), word.channel in ("phone", "sms"),
    )  # fmt: skip


def decide(customer: Customer, day: Prepared) -> tuple[str, list[Act]]:
    """The tier by points, and the actions of one customer, held ones included."""
    points, tier, bought = customer.points, customer.tier, customer.last_purchase_on
    computed = "A" if points >= 5000 else "B" if points >= 2000 else "C"
    acts: list[Act] = []
    if tier is not None:
        move = _move(customer, day, tier, computed)
        if move is not None:
            acts.append(move)
        if tier in day.festival:
            _send(customer, day.festival[tier], acts)
        born = customer.date_of_birth
        if born is not None and born.month == day.birth_month and born.day in day.birth_days:
            _send(customer, day.birthday[tier], acts)
    if bought in day.after_sale:
        _send(customer, day.after_sale[bought], acts)
    if customer.occupation in day.occupation:
        _send(customer, day.occupation[customer.occupation], acts)
    return computed, acts


def _move(customer: Customer, day: Prepared, tier: str, computed: str) -> Act | None:
    """At most one change of tier: idle before slowing before upgrade."""
    if tier != "C":
        since = customer.last_purchase_on or customer.joined_on
        if since is not None and since <= day.idle_cut:
            return _downgrade(customer, day, tier, "idle", since)
        before = customer.purchases_prev_12m
        if before >= 4 and 2 * customer.purchases_12m <= before:
            return _downgrade(customer, day, tier, "slowing", customer.tier_since)
    if computed < tier:
        occurrence = f"{tier}>{computed}>{customer.tier_since or 'none'}"
        return (
            f"{POLICY}/tier.upgrade/customer/{customer.id}/{occurrence}/tier.upgrade",
            "tier.upgrade", "tier.upgrade", None, None, None, computed, PENDING, day.today, "upgrade",
            occurrence,
        )  # fmt: skip
    return None


def _downgrade(
    customer: Customer, day: Prepared, tier: str, reason: str, since: date | None
) -> Act:
    to = "B" if tier == "A" else "C"
    rule, occurrence = f"tier.{reason}", f"{tier}>{to}>{since or 'none'}"
    return (
        f"{POLICY}/{rule}/customer/{customer.id}/{occurrence}/tier.downgrade_proposal",
        rule, "tier.downgrade_proposal", None, None, None, to, PENDING, day.today, reason,
        occurrence,
    )  # fmt: skip


def _send(customer: Customer, cell: Cell, acts: list[Act]) -> None:
    """The actions of a cell, through the gate: consent, then the number."""
    identity, consent = customer.id, customer.consent
    invalid = customer.phone_status in ("vacant", "expired")
    for (
        prefix, suffix, rule, kind, channel, template, gift, due_on, occurrence, by_phone
    ) in cell:  # fmt: skip
        status, reason = READY, None
        if not consent:
            status = SUPPRESSED
            reason = "consent_unknown" if consent is None else "no_consent"
        elif by_phone:
            if invalid:
                status, reason = SUPPRESSED, "invalid_phone"
            elif customer.mobile_phone is None:
                status, reason = BLOCKED, "missing_data:mobile_phone"
        acts.append((
            f"{prefix}{identity}{suffix}", rule, kind, channel, template, gift, None,
            status, due_on, reason, occurrence,
        ))  # fmt: skip


def decide_raw(record: Mapping[str, Any], day: Prepared) -> tuple[str, list[Act]]:
    """The same from a mapping as it comes: types checked, ISO text read."""
    return decide(read(record), day)


def read(record: Mapping[str, Any]) -> Customer:
    """Check one record and read its dates.

    Raises:
        ValueError: a value of the wrong type, or none of its vocabulary.
    """
    get = record.get
    return Customer(
        _id(get("id")), _word(get("tier"), TIERS), _date(get("tier_since")),
        _whole(get("points_accumulated")), _date(get("last_purchase_on")), _date(get("joined_on")),
        _whole(get("purchases_12m")), _whole(get("purchases_prev_12m")),
        _date(get("date_of_birth")), _text(get("occupation")), _text(get("mobile_phone")),
        _word(get("phone_status"), PHONE_STATUSES) or "unknown", _yes_no(get("consent_marketing")),
    )  # fmt: skip


def _id(value: Any) -> str:
    if type(value) is not str or not value:
        raise ValueError(f"no id: {value!r}")
    return value


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if type(value) is not str:
        raise ValueError(f"not a text: {value!r}")
    return value


def _word(value: Any, words: frozenset[str]) -> str | None:
    if value is None or value == "":
        return None
    if value not in words:
        raise ValueError(f"none of {sorted(words)}: {value!r}")
    return str(value)


def _date(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if type(value) is str:
        return date.fromisoformat(value)
    if type(value) is not date:
        raise ValueError(f"not a date: {value!r}")
    return value


def _whole(value: Any) -> int:
    if value is None or value == "":
        return 0
    if type(value) is not int:
        raise ValueError(f"not a whole number: {value!r}")
    return value


def _yes_no(value: Any) -> bool | None:
    if value is None or value == "":
        return None
    if type(value) is not bool:
        raise ValueError(f"not yes or no: {value!r}")
    return value
