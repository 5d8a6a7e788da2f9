# SPDX-License-Identifier: Apache-2.0
"""A result that is a frame of the caller's kind, with more beside it."""

from dataclasses import dataclass
from typing import Any

from loyaltyrules.simulation.base.ordered import cells


@dataclass(frozen=True, eq=False, repr=False)
class Framed:
    """A `frame`, as which it behaves too, and a frame of what was `refused`, with why."""

    frame: Any
    refused: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "frame"), name)

    def __getitem__(self, key: Any) -> Any:
        return self.frame[key]

    def __len__(self) -> int:
        return len(cells(self.frame)[1])
