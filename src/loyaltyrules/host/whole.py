# SPDX-License-Identifier: Apache-2.0
"""A text on its way into a file: whole, or not at all."""

import os
import shutil
from contextlib import suppress
from errno import EINVAL, EISDIR
from pathlib import Path
from secrets import token_hex


def write_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a text beside its place and rename it at the end; of a link what it leads to is replaced.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise OSError(EISDIR, os.strerror(EISDIR))
    if place.exists() and not place.is_file():
        raise OSError(EINVAL, "a device or a pipe")
    beside = place.with_name(f".{place.name}.{token_hex(4)}.part")
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
