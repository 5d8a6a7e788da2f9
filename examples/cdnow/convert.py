# SPDX-License-Identifier: Apache-2.0
"""Turn the raw text of the CDNOW sample into the three CSV tables beside this file.

    python examples/cdnow/convert.py CDNOW_sample.txt [FOLDER]

The raw text has one purchase per line, five fields parted by blanks: id in the full data set, id
in the sample, day (YYYYMMDD), number of CDs, dollars. All rows are carried in their order.
Whatever the data lack of a customer is made up from the running number of the customer by the
rules in `customer_row`. The same text always gives the same bytes.
"""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

PURCHASE = ("id", "customer_id", "occurred_at", "amount", "quantity")
CUSTOMER = (
    *("id", "store_id", "member_status", "joined_on", "surname", "title", "mobile_phone"),
    *("phone_status", "email", "address_home", "consent_marketing", "made_up"),
)
STORE = ("id", "name", "brand", "road", "address", "hotline")
SURNAMES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Rowan")
THE_STORE = (
    "cdnow",
    "Example record shop",
    "CDNOW",
    "Example Road",
    "1 Example Road",
    "2005550100",
)


def purchases(text: str) -> list[dict[str, str]]:
    """Read the purchases in the order of the text.

    Raises:
        ValueError: a line has not five fields, or its day is none.
    """
    lines = (line.split() for line in text.splitlines() if line.strip())
    return [
        {
            "id": f"p{number:05d}",
            "customer_id": sample_id,
            "occurred_at": datetime.strptime(day, "%Y%m%d").date().isoformat(),
            "amount": dollars,
            "quantity": quantity,
        }
        for number, (_, sample_id, day, quantity, dollars) in enumerate(lines, start=1)
    ]


def first_days(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Give each customer's first purchase day (ISO text), customers sorted by id."""
    first: dict[str, str] = {}
    for row in rows:
        customer, day = row["customer_id"], row["occurred_at"]
        first[customer] = min(day, first.get(customer, day))
    return dict(sorted(first.items()))


def customer_row(customer: str, joined_on: str) -> dict[str, str]:
    """Make up a customer; only the id and the first purchase day are real.

    Every 7th has no e-mail, every 10th no consent, every 15th no address, every 20th a vacant
    number, every 25th an unknown (empty) consent, which goes before "no".
    """
    number = int(customer)
    consent = "" if number % 25 == 0 else "no" if number % 10 == 0 else "yes"
    return {
        "id": customer,
        "store_id": THE_STORE[0],
        "member_status": "formal",
        "joined_on": joined_on,
        "surname": SURNAMES[number % len(SURNAMES)],
        "title": "ms" if number % 2 else "mr",
        "mobile_phone": f"{200 + number // 100}55501{number % 100:02d}",
        "phone_status": "vacant" if number % 20 == 0 else "valid",
        "email": "" if number % 7 == 0 else f"customer{customer}@example.com",
        "address_home": "" if number % 15 == 0 else f"{number} Example Road",
        "consent_marketing": consent,
        "made_up": "yes",
    }


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows as CSV: UTF-8, line feeds, columns in the given order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def convert(raw: Path, folder: Path) -> None:
    """Write purchase.csv, customer.csv and store.csv into the folder."""
    bought = purchases(raw.read_text(encoding="ascii"))
    people = (customer_row(customer, day) for customer, day in first_days(bought).items())
    write(folder / "purchase.csv", PURCHASE, bought)
    write(folder / "customer.csv", CUSTOMER, people)
    write(folder / "store.csv", STORE, [dict(zip(STORE, THE_STORE, strict=True))])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python convert.py CDNOW_sample.txt [FOLDER]")
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent
    convert(Path(sys.argv[1]), target)
