# SPDX-License-Identifier: Apache-2.0
"""Texts that look like what belongs to a person, whichever column they stand in."""

import re
from unicodedata import normalize

_GAP = r"[\s\-.·()]{0,2}"
_PERSONAL = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"  # a mobile number
    rf"|(?<!\d)\(?0[1-9]\d{{1,2}}\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"  # a telephone with its area
    rf"|\+\d(?:{_GAP}\d){{6,14}}(?!\d)"  # one of another country
    r"|(?<!\d)[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
    r"|[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@]"  # an e-mail; the line above is an identity number
)
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}.*", re.DOTALL)
_LOOKED_AT = 1_000  # characters
_FIGURE = re.compile(r"[+\-]?[\d\s,.]{6,}")


def looks_personal(text: str) -> bool:
    """True where a text holds a telephone or identity number or an e-mail address."""
    plain = normalize("NFKC", text[:_LOOKED_AT])
    return _PERSONAL.search(plain) is not None


def looks_like_a_value(name: str) -> bool:
    """True of a column's name that rather is somebody's number, address, date or figure."""
    plain = normalize("NFKC", name[:_LOOKED_AT]).strip()
    return (
        looks_personal(plain)
        or _DATE.fullmatch(plain) is not None
        or _FIGURE.fullmatch(plain) is not None
    )
