# SPDX-License-Identifier: Apache-2.0
"""The kinds of action and the channels that hosts know."""

from loyaltyrules.problem.language import mark

CHANNELS = ("phone", "sms", "email", "letter", "wechat", "app", "social", "in_store", "home_visit")
KINDS = frozenset(map(mark, (
    "call", "message.send", "home_visit", "letter", "invite", "script",
    "gift.home_delivery", "gift.collect_in_store", "gift.mail",
    "card.mail", "card.issue_temporary", "card.issue_deferred", "card.handover", "card.hold",
    "tier.assign", "tier.upgrade", "tier.downgrade_proposal", "tier.override_applied",
    "member.promote", "cashback.grant", "cashback.apply", "points.redeem", "points.earn", "coupon.issue",
    "file.move", "file.create", "file.update", "record.consent", "record.refusal",
    "appointment.create", "application.return", "application.reject", "entitlement",
    "visit", "visit.reschedule", "plan.approve", "deny", "allow", "alert", "escalate", "audit.log",
    "reward", "penalty", "training.assign", "scorecard", "offer", "recommend", "assign",
)))  # fmt: skip
FAMILIES = (
    "task.",
    "report.",
    "check.",
    "assign.",
    "offer.",
    "recommend.",
    "quality.",
    "scorecard.",
)
CHANNEL = {
    "call": "phone", "home_visit": "home_visit", "gift.home_delivery": "home_visit",
    "gift.collect_in_store": "in_store", "gift.mail": "letter", "card.mail": "letter",
    "letter": "letter",
}  # fmt: skip
TAKES = {"escalate": "role", "alert": "role", "script": "template"}
ADDRESSED = frozenset(kind for kind, key in TAKES.items() if key == "role")


def is_kind(name: str) -> bool:
    """True for a known kind, or one of an open family such as `task.update_phone`."""
    return name in KINDS or any(name.startswith(each) and name != each for each in FAMILIES)
