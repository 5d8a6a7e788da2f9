# SPDX-License-Identifier: Apache-2.0
"""The actions of many days, put together as they come."""

from dataclasses import dataclass, field

import narwhals.stable.v2 as nw

from loyaltyrules.frame.actions.assignments import Frame
from loyaltyrules.frame.input.formats import FrameFormat
from loyaltyrules.frame.result import SCHEMA

OWN = ("action_id", "subject_id", "customer_id")  # texts of their own; all others repeat
REPEATED = [name for name, kind in SCHEMA.items() if kind == nw.String and name not in OWN]
MANY = 50_000  # actions that wait to be packed


@dataclass(slots=True)
class Gathered:
    """Frames of actions; in those that are packed, texts that repeat stand once."""

    kind: FrameFormat
    packed: list[Frame] = field(default_factory=list)
    waiting: list[Frame] = field(default_factory=list)

    def add(self, frames: list[Frame]) -> None:
        self.waiting += [each for each in frames if len(each)]
        if sum(map(len, self.waiting)) > MANY:
            self._pack()

    def whole(self) -> Frame:
        """All of them as one frame, texts that repeat as categories."""
        none = self.kind.frame({name: [] for name in SCHEMA}, SCHEMA)
        self.waiting += [] if self.packed else [none]
        if self.waiting:
            self._pack()
        found = nw.concat(self.packed)
        if found.implementation.is_pyarrow():  # whose parts have each their own list of texts
            return nw.from_native(found.to_native().unify_dictionaries(), eager_only=True)
        return found

    def _pack(self) -> None:
        texts = (nw.col(name).cast(nw.Categorical) for name in REPEATED)
        self.packed.append(nw.concat(self.waiting).with_columns(*texts))
        self.waiting = []

    def __len__(self) -> int:
        return sum(map(len, (*self.packed, *self.waiting)))
