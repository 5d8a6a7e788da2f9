# SPDX-License-Identifier: Apache-2.0
"""Which encoding the bytes of a text are in that are not UTF-8."""

import codecs

LOOKED_AT = 1_000_000  # bytes of a file that tell whether most of it is UTF-8
SIGNS_OF_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
READ_ALREADY = ("\u3000", "\u9fff")  # Chinese signs, three bytes each in UTF-8


def is_utf16(raw: bytes) -> bool:
    """True of a text that begins as UTF-16 does, with its sign or with a plain letter."""
    return raw.startswith(SIGNS_OF_UTF16) or b"\0" in raw[:2]


def mostly_utf8(raw: bytes) -> bool:
    """True of Chinese text in UTF-8 with some bytes of another encoding: GB18030 would garble it.

    In GB18030 bytes that make a Chinese sign in UTF-8 are rare, in UTF-8 they are nearly all.
    """
    text = raw[:LOOKED_AT].decode("utf-8", "replace")
    first, last = READ_ALREADY
    signs = sum(first <= each <= last for each in text)
    return signs * 4 > text.count("\ufffd")


def is_gb18030(raw: bytes) -> bool:
    """True of bytes that GB18030 reads, GBK and GB2312 being parts of it."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True
