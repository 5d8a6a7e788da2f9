# SPDX-License-Identifier: Apache-2.0
"""The whole menswear policy over tables of every subject: as row by row, whatever the frame."""

import pytest

import effort

STORES = [
    {"id": "s1", "name": "一店", "visit_plan_required": None},
    {"id": "s2", "name": "二店", "visit_plan_required": "yes"},
]
MEMBER = {
    "member_status": "formal", "mobile_phone": "1", "consent_marketing": "yes", "tier": "A",
    "points_accumulated": 2350, "joined_on": "2020-01-01", "address_home": "1 North Road",
    "email": None, "visits_without_growth": 0, "declines_visits": None, "cashback_granted": 0,
    "cashback_available": 50, "date_of_birth": "1980-05-04", "file_folder": "A",
}  # fmt: skip
TABLES = {
    "store": STORES,
    "customer": [
        {**MEMBER, "id": "c1", "store_id": "s1"},
        {**MEMBER, "id": "c2", "store_id": "s2", "declines_visits": "yes"},
        {**MEMBER, "id": "c3", "store_id": "s9", "member_status": "temporary", "address_home": None},
        {**MEMBER, "id": "c4", "store_id": None, "visits_without_growth": 3, "tier": None},
        {**MEMBER, "id": "c5", "store_id": "s2", "consent_marketing": None, "date_of_birth": None},
    ],
    "purchase": [
        {"id": "p1", "customer_id": "c1", "occurred_at": "2026-05-01T10:00", "amount": 100.5,
         "item_category": "衬衫", "care_tip": None, "returned": None},
        {"id": "p2", "customer_id": "c1", "occurred_at": "2026-05-01T19:00", "amount": 200,
         "item_category": "领带;皮带", "care_tip": "冷水洗", "returned": "no"},
        {"id": "p3", "customer_id": "c2", "occurred_at": "2026-05-03T19:00", "amount": 80,
         "item_category": "衬衫", "care_tip": None, "returned": "no"},
        {"id": "p4", "customer_id": "c3", "occurred_at": "2026-05-01T09:00", "amount": 70,
         "item_category": None, "care_tip": None, "returned": "yes"},
        {"id": "p5", "customer_id": "c3", "occurred_at": "2026-05-04T09:00", "amount": 70,
         "item_category": None, "care_tip": None, "returned": "no"},
    ],
    "card": [
        {"id": "k1", "customer_id": "c1", "threshold_reached_on": "2026-05-01",
         "requested_on": "2026-05-01", "ready_on": "2026-05-03", "customer_reply": None,
         "collected_on": None, "appointment_at": None},
        {"id": "k2", "customer_id": "c2", "threshold_reached_on": "2026-04-20",
         "requested_on": None, "ready_on": None, "customer_reply": "other_day",
         "collected_on": None, "appointment_at": "2026-05-02T10:00"},
        {"id": "k3", "customer_id": "c3", "threshold_reached_on": "2026-04-20",
         "requested_on": "2026-04-21", "ready_on": None, "customer_reply": "no_time",
         "collected_on": None, "appointment_at": None},
    ],
    "special_date": [
        {"id": "d1", "customer_id": "c1", "kind": "wedding", "date": "2010-05-06", "calendar": None},
        {"id": "d2", "customer_id": "c2", "kind": "wedding", "date": "2010-05-02", "calendar": "solar"},
    ],
    "visit": [
        {"id": "v1", "customer_id": "c1", "kind": "routine", "due_on": "2026-05-02",
         "approved_by": None, "executed_on": None, "recorded_on": None},
        {"id": "v2", "customer_id": "c2", "kind": "routine", "due_on": "2026-05-02",
         "approved_by": None, "executed_on": None, "recorded_on": None},
        {"id": "v3", "customer_id": "c4", "kind": "festival", "due_on": "2026-05-02",
         "approved_by": "e1", "executed_on": "2026-05-02", "recorded_on": None},
    ],
    "plan": [
        {"id": "m1", "store_id": "s1", "month": "2026-05", "status": "submitted",
         "submitted_on": "2026-04-30", "reviewed_on": None, "summary_completed_on": None},
    ],
    "employee": [
        {"id": "e1", "store_id": "s1", "role": "sales_guide", "kpi_values_visits": 90},
        {"id": "e2", "store_id": "s1", "role": "sales_guide", "kpi_values_visits": 90},
        {"id": "e3", "store_id": "s2", "role": "staff", "kpi_values_visits": None},
    ],
    "assigned": [
        {"id": "a1", "employee_id": "e1", "customer_id": "c1", "tier": "B", "times_memorised": 1,
         "memorised_on": "2026-04-01"},
        {"id": "a2", "employee_id": "e1", "customer_id": "c2", "tier": "C", "times_memorised": 0,
         "memorised_on": None},
        {"id": "a3", "employee_id": "e1", "customer_id": "c3", "tier": "A", "times_memorised": 1,
         "memorised_on": None},
    ],
    "memory": [{"id": "y1", "employee_id": "e1", "customer_id": "c1", "on": "2026-05-02"}],
    "duty_day": [{"id": "t1", "employee_id": "e1", "on": f"2026-05-{n:02}"} for n in (1,)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "since"),
    effort.each([("2026-05-02", ""), ("2026-05-04", ""), ("2026-05-08", ""),
                 ("2026-05-06", "2026-04-29"), ("2026-05-31", "2026-05-27")], 5),
)  # fmt: skip
def test_tables_of_every_subject_say_what_their_rows_say(plan, same, on, since):
    result = same(plan("menswear", on, since), TABLES, ["polars", "pandas", "pandas_numpy"])
    assert len(result.actions)


def test_without_child_tables_the_defaults_of_aggregates_hold(plan, same):
    only = {"customer": TABLES["customer"], "store": STORES}
    same(plan("menswear", "2026-05-02"), only, ["polars", "pandas"])
