# SPDX-License-Identifier: Apache-2.0
"""Tables: rows × columns × cells. Every cell becomes the rule that one would write out for it."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from loyaltyrules.calendar import SCHEDULES, schedule_named
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.expression.types import TEXT, YES_NO
from loyaltyrules.policy.lowering.cases import REST
from loyaltyrules.policy.lowering.listed import near_words, parts_of
from loyaltyrules.policy.lowering.occasions import lower_moment, symbols_of
from loyaltyrules.policy.lowering.rules import known_subject, lower_rule
from loyaltyrules.policy.lowering.templates import lower_names
from loyaltyrules.policy.lowering.was import former
from loyaltyrules.policy.lowering.world import World, titles
from loyaltyrules.policy.model import Rule, Was
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import RuleShape, TableShape
from loyaltyrules.policy.shape_faults import shape_faults
from loyaltyrules.problem.problem import nearest

NONE = "none"
SAID = ("source", "origin", "note")  # what a row may say beside its cells
ROWS = ("occasion", "schedule")
YES_AND_NO = ("yes", "no")


def lower_tables(world: World) -> list[Rule]:
    """Every table of the policy, cell by cell."""
    rules: list[Rule] = []
    for name, shape in world.shape.tables.items():
        path: Path = ("tables", name)
        if known_subject(world, shape.for_, (*path, "for")):
            rules += _Table(world, shape.id or name, shape, path).rules()
    return rules


class _Table:
    """One table while its cells are lowered.

    A table of one dimension is a single row without a name: its keys are the columns.
    """

    def __init__(self, world: World, table_id: str, shape: TableShape, path: Path) -> None:
        self.world, self.id, self.shape, self.path = world, table_id, shape, path
        self.names = lower_names(world)
        self.rows_by = len(shape.by) == 2
        moment = lower_moment(world, shape.at, (*path, "at"), shape.for_) if shape.at else None
        self.symbols = symbols_of(world, moment)
        self.axes = tuple(self._axis(index, name) for index, name in enumerate(shape.by))

    def _axis(self, index: int, name: str) -> Node | None:
        """The fact that a dimension compares with, or None for occasions, schedules and roles."""
        if self._special(index, name):
            return None
        path = (*self.path, "by", index) if len(self.shape.by) == 2 else (*self.path, "by")
        return self.world.expression(name, path, self.shape.for_, None, self.symbols)

    def _special(self, index: int, name: str) -> bool:
        """Rows may be occasions or schedules, columns roles, unless the records have such a fact."""
        if name == "role":
            known = self.world.reference(self.shape.for_, name)
            return index == 1 and self.shape.cells != "allow" and known is None
        return index == 0 and name in ROWS

    def rules(self) -> list[Rule]:
        found: list[Rule] = []
        for row, cells, path in self._lines():
            for column, (key, cell) in self._cells(cells, path).items():
                here = (*path, key)
                said = {key: cells[key] for key in SAID if key in cells} if self.rows_by else {}
                if isinstance(cell, dict) and not self.rows_by and _says_more(cell):
                    said = {key: cell[key] for key in SAID if key in cell}
                    cell, here = cell["do"], (*here, "do")
                if cell == NONE:
                    self._name(row, column)
                else:
                    found += self._cell(row, column, cell, here, said)
        if self.shape.cells == "allow":
            found += self._denial(found)
        return found

    def _lines(self) -> Iterator[tuple[str, dict[str, Any], Path]]:
        """Each row with its cells; a row may be `none` as a whole."""
        path = (*self.path, "rows")
        if not self.rows_by:
            yield "", self.shape.rows, path
            return
        for row, (key, cells) in self._spread(self.shape.rows, path, 0).items():
            if isinstance(cells, dict):
                yield row, cells, (*path, key)
            elif cells == NONE:
                self._name(row, "")
            else:
                self._refuse_row((*path, key), cells)

    def _refuse_row(self, path: Path, cell: Any) -> None:
        """Note a fault where a row of cells is one cell."""
        said = cell if isinstance(cell, str) else f"[{', '.join(map(str, cell))}]"
        self.world.fault("LR168", path, name=path[-1], cell=said)

    def _name(self, row: str, column: str) -> None:
        """Note that the table names an occasion, also where it says that nothing is done then."""
        if occasion := self.world.occasions.get(self._moment(row, column)):
            self.world.used.add(f"occasions.{occasion.id}")

    def _cells(self, cells: dict[str, Any], path: Path) -> dict[str, tuple[str, Any]]:
        """The cells of a row by single column, each with the key under which it stands."""
        said = SAID if self.rows_by else ()
        named = {key: cell for key, cell in cells.items() if key not in said}
        return self._spread(named, path, -1)

    def _spread(self, written: dict[str, Any], path: Path, axis: int) -> dict[str, tuple[str, Any]]:
        """Rows or cells by single word: `B, C:` stands for both, `rest:` for every word not named."""
        found: dict[str, tuple[str, Any]] = {}
        words = self._words(axis)
        meant = set[str]()  # by words that are none: their own lack follows from that
        for key, of in written.items():
            for word in () if key == REST else parts_of(key):
                meant.add(self._check_word(word, words, (*path, key)))
                if word in found:
                    self.world.fault("LR260", (*path, key), key=True, name=word)
                found[word] = key, of
        if REST in written and not words:  # of a text or a role nobody knows what else there is
            beside = f"by: {self.shape.by[axis]}"
            self.world.fault("LR146", (*path, REST), key=True, name=REST, beside=beside)
        if REST in written:
            found |= {word: (REST, written[REST]) for word in words if word not in found}
        for word in words:
            if word not in {*found, *meant} and self.shape.cells != "allow":
                self._lacks(word, path, axis)
        return found

    def _lacks(self, word: str, path: Path, axis: int) -> None:
        if axis == 0 or not self.rows_by:
            self.world.fault("LR259", path, key=True, name=self.id, row=word)
        else:
            self.world.fault("LR228", path, key=True, row=path[-1], column=word)

    def _words(self, axis: int) -> tuple[str, ...]:
        """The words of a dimension, where they are known."""
        fact = self.axes[axis]
        kind = TEXT if fact is None else type_of(fact)
        return YES_AND_NO if kind == YES_NO else kind.words

    def _check_word(self, word: str, words: tuple[str, ...], path: Path) -> str:
        """Note a fault where there is no such word; gives the one that was probably meant."""
        if not words or word in words:
            return ""
        near = near_words(word, words)
        self.world.fault("LR202", path, key=True, name=word, words=", ".join(words), near=near)
        return near

    def _cell(
        self, row: str, column: str, cell: Any, path: Path, said: dict[str, Any]
    ) -> list[Rule]:
        if not self._fits(cell, path):
            return []
        moment = self._moment(row, column)
        if moment and not self._known(moment, path):
            return []
        parts = [(self.id, self.shape.was), *(self._named(part) for part in (row, column) if part)]
        rule_id = ".".join(name for name, _ in parts)
        said = {**said, "was": [*former(*parts)]}
        extra = all_of(*self._conditions(row, column, path))
        try:
            shape = self._sentence(row, column, cell, said, moment)
        except ValidationError as error:  # of what a row or a cell says beside the words
            found = shape_faults(error, self.world.document, RuleShape, path[:-1])
            self.world.faults += found
            return []
        fill = {"row": row or column, "column": column}
        places = {"do": path if self.shape.cells == "do" else (*self.path, "do")}
        places["by"] = (*self.path, "due_by")
        if self.shape.cells == "every":
            places["once_per"] = (*self.path, "since")
        return lower_rule(
            self.world, rule_id, shape, self.path, extra=extra, fill=fill, places=places
        )

    def _fits(self, cell: Any, path: Path) -> bool:
        """Note a fault where a cell is no text and no list of what cells hold."""
        every = self.shape.cells == "every"
        items = cell if isinstance(cell, list) and not every else [cell]
        kinds = str | dict if self.shape.cells == "do" else str
        if not all(isinstance(each, kinds) for each in items):
            expected = "a period, such as 90 days" if every else TEXT
            self.world.fault("LR143", path, name=path[-1], expected=expected)
            return False
        return True

    def _moment(self, row: str, column: str) -> str:
        """The occasion or schedule that a cell stands at, if it does so by its place in the table."""
        return (row or column) if self.shape.by[0] in ROWS and self.axes[0] is None else ""

    def _known(self, moment: str, path: Path) -> bool:
        """Note a fault where there is no such occasion or schedule."""
        place = path[: len(self.path) + 2]
        if self.shape.by[0] == "schedule":
            known = schedule_named(moment) is not None
            if not known:
                near = nearest(moment, SCHEDULES)
                self.world.fault("LR304", place, key=True, found=moment, near=near)
            return known
        if moment not in self.world.occasions:
            near = nearest(moment, self.world.occasions)
            self.world.fault("LR229", place, key=True, name=moment, near=near)
        return moment in self.world.occasions

    def _named(self, part: str) -> tuple[str, Was]:
        """How a row or column stands in ids, now and before: occasions by their own id."""
        occasion = self.world.occasions.get(part) if self.shape.by[0] == "occasion" else None
        named = occasion and self.axes[0] is None
        return (occasion.id, occasion.was) if occasion and named else (part, ())

    def _conditions(self, row: str, column: str, path: Path) -> list[Node]:
        found: list[Node] = []
        words = (row, column) if self.rows_by else (column,)
        for axis, word in zip(self.axes, words, strict=True):
            if axis is not None:
                found.append(tree.Compare("=", axis, self._value(axis, word, path)))
        return found

    def _value(self, axis: Node, word: str, path: Path) -> Node:
        kind = type_of(axis)
        if kind.words or kind.kind == "text":
            return tree.Literal(word, kind if kind.words else TEXT)
        if kind == YES_NO and word not in YES_AND_NO:  # told at the word
            return tree.Literal(None, kind)
        return self.world.expression(word, path, self.shape.for_, kind)

    def _sentence(
        self, row: str, column: str, cell: Any, said: dict[str, Any], moment: str
    ) -> RuleShape:
        shape = self.shape
        sentence = {
            "for": shape.for_, "if": shape.if_, "unless": shape.unless, "do": cell,
            "role": column if self.axes[-1] is None and self.rows_by else shape.role,
            "approver": shape.approver, "priority": shape.priority, "once_per": shape.once_per,
            "within": shape.within, "by": shape.due_by, "late": shape.late, "source": shape.source,
            "origin": shape.origin, "title": self._title(row, column),
            "at": moment or shape.at, **said,
        }  # fmt: skip
        if shape.cells == "every":
            sentence |= self._interval(cell)
        if shape.cells == "allow":
            sentence |= self._permission(cell)
        return RuleShape.model_validate(sentence)

    def _title(self, row: str, column: str) -> dict[str, str]:
        """The table's title with the row's and the column's, in every language it has one in."""
        own = titles(self.shape.title, self.world.shape.language)
        moment = self._moment(row, column)
        occasion = self.world.occasions.get(moment) if self.shape.by[0] == "occasion" else None
        said = {"en": occasion.id, **dict(occasion.titles)} if occasion else {}
        parts = [
            (part, said if part == moment else dict(self.names.get(part, ())))
            for part in (row, column)
            if part
        ]
        return {
            key: " · ".join([title, *(names.get(key, part) for part, names in parts)])
            for key, title in own
        }

    def _interval(self, cell: Any) -> dict[str, Any]:
        """Due when the period of the cell has passed since the fact, or at once where it is missing."""
        since = self.shape.since or "today"
        due = f"({self.shape.if_}) and ({since} is missing or {since} + {cell} <= today)"
        return {"if": due, "do": self.shape.do or [], "once_per": [since]}

    def _permission(self, cell: Any) -> dict[str, Any]:
        listed = ", ".join(cell if isinstance(cell, list) else [str(cell)])
        test = f"({self.shape.if_}) and {self.shape.action} in [{listed}]"
        return {"if": test, "do": self.shape.do or ["allow"], "once_per": ["id"]}

    def _denial(self, allowed: list[Rule]) -> list[Rule]:
        """What no cell is known to allow is denied, also for lack of data."""
        sentence = RuleShape.model_validate({
            "for": self.shape.for_, "do": self.shape.otherwise or ["deny"], "once_per": ["id"],
            "source": self.shape.source, "origin": self.shape.origin,
            "was": [f"{each}.otherwise" for each in self.shape.was],
        })  # fmt: skip
        extra = all_of(*(_not_known(rule.condition) for rule in allowed))
        path = (*self.path, "otherwise") if self.shape.otherwise else self.path
        return lower_rule(self.world, f"{self.id}.otherwise", sentence, path, extra=extra)


def _not_known(condition: Node) -> Node:
    """True where a condition does not hold, and where nobody knows whether it does."""
    return tree.Or((tree.Not(condition), tree.Missing(condition)))


def _says_more(cell: dict[str, Any]) -> bool:
    """True of a cell with its grounds, `{do: [ … ], source: … }`, not of a word in its long form."""
    return "do" in cell and set(cell) <= {"do", *SAID}
