# SPDX-License-Identifier: Apache-2.0
"""Notes name what rules need and no table says: through texts, parents, children and reference data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loyaltyrules import Policy, compile_day, evaluate_frame, load_policy

POLICY = """
format: 1
policy: needed
language: en
subjects:
  {region: {}, store: {of: region}, customer: {of: store}, employee: {of: store}, purchase: {of: customer}}
facts:
  region: {head: {type: text}}
  store:
    brand: {type: text}
    area: {type: whole, default: 1}
    staff: {count: employee, where: on_duty}
    guests: {count: employee, default: 0}
  employee: {on_duty: {type: yes/no}}
  customer:
    name: {type: text}
    points: {type: whole}
    bonus: {type: whole}
    phone: {type: text}
    address: {type: text}
    spent: {sum: purchase.amount, where: not returned}
    often: {any: purchase, where: weight > 3, default: no}
  purchase:
    amount: {type: whole}
    returned: {type: yes/no, default: no}
    weight: {type: whole}
    kind: {type: text}
words:
  hello: {kind: message.send, channel: sms, template: hello, needs: phone, instead: letter}
  letter: {kind: message.send, channel: letter, template: letter, needs: address}
  bought: {kind: message.send, channel: sms, template: bought}
  more: {kind: task.more, adds: {points: bonus}}
templates:
  hello: {en: "Dear {name}, yours, {store.brand}, {region.head}"}
  letter: {en: Hello}
  bought: {en: "Thank you, {customer.name}, for {kind}"}
rules:
  text: {for: customer, once_per: id, do: hello}
  grow: {for: customer, once_per: id, do: more}
  much: {for: customer, if: spent > 5 or often, once_per: id, do: task.much}
  full: {for: customer, if: store.staff > store.area + store.guests, once_per: id, do: task.full}
  thanks: {for: purchase, once_per: id, do: bought}
"""


@pytest.fixture(scope="module")
def needed(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    file = Path(tmp_path_factory.mktemp("needed")) / "policy.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return load_policy(file)


@pytest.fixture
def lacks(needed: Policy) -> Callable[..., dict[str, dict[str, tuple[str, ...]]]]:
    """What notes say is lacking of frames, and of reference data."""

    def told(frames: Any, tables: Any = None) -> Any:
        plan = compile_day(needed, "2027-05-04", tables=tables)
        given = {name: pl.DataFrame({c: ["1"] for c in each}) for name, each in frames.items()}
        return evaluate_frame(plan, given).notes.missing

    return told


def test_customers_alone_lack_their_own_facts_their_store_and_their_purchases(lacks: Any) -> None:
    assert lacks({"customer": ["id"]}) == {
        "customer": {
            "address": ("text",), "bonus": ("grow",), "name": ("text",), "phone": ("text",),
            "store_id": ("text", "full"),
        },
        "store": {"id": ("text", "full")},
        "region": {"id": ("text",)},
        "employee": {"store_id": ("full",)},
        "purchase": {"customer_id": ("much",)},
    }  # fmt: skip


def test_what_a_text_says_of_a_parent_is_needed_of_the_parent(lacks: Any) -> None:
    found = lacks({"customer": ["id", "store_id"], "purchase": ["id", "customer_id", "amount"]})
    assert found["customer"]["name"] == ("text", "thanks")
    assert found["purchase"] == {"kind": ("thanks",), "weight": ("much",)}


def test_reference_data_lack_columns_as_tables_do(lacks: Any) -> None:
    frames = {"customer": ["id", "store_id", "name", "phone", "address", "bonus"]}
    stores = [{"id": "1", "brand": "B", "employees": [{"id": "e", "on_duty": True}]}]
    assert lacks(frames, {"store": stores}) == {
        "purchase": {"customer_id": ("much",)}, "region": {"id": ("text",)},
        "store": {"region_id": ("text",)},
    }  # fmt: skip
    bare = [{"id": "1", "region_id": "r", "employees": [{"id": "e"}]}]
    found = lacks(frames, {"store": bare, "region": [{"id": "r"}]})
    assert found["store"] == {"brand": ("text",)}
    assert found["region"] == {"head": ("text",)}
    assert found["employee"] == {"on_duty": ("full",)}
    assert "employee" not in lacks(frames, {"store": [{"id": "1"}], "employee": []})


def test_nothing_is_lacking_where_all_is_there(lacks: Any) -> None:
    frames = {
        "region": ["id", "head"], "store": ["id", "region_id", "brand"],
        "employee": ["id", "store_id", "on_duty"],
        "customer": ["id", "store_id", "name", "phone", "address", "bonus"],
        "purchase": ["id", "customer_id", "amount", "weight", "kind"],
    }  # fmt: skip
    assert lacks(frames) == {}
