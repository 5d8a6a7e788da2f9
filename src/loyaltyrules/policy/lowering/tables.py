# SPDX-License-Identifier: Apache-2.0
"""Tables: rows × columns × cells. Every cell becomes the rule that one would write out for it."""

from typing import Any

from loyaltyrules.calendar import SCHEDULES
from loyaltyrules.expression import tree
from loyaltyrules.expression.tree import Node, all_of, type_of
from loyaltyrules.expression.types import TEXT
from loyaltyrules.policy.lowering.rules import known_subject, lower_rule
from loyaltyrules.policy.lowering.world import World, titles
from loyaltyrules.policy.model import Rule
from loyaltyrules.policy.reader.model import Path
from loyaltyrules.policy.shape import RuleShape, TableShape
from loyaltyrules.problem.problem import nearest

NONE = "none"
REST = "rest"
SAID = ("source", "origin", "note")  # what a row may say beside its cells
ROWS = ("occasion", "schedule")


def lower_tables(world: World) -> list[Rule]:
    """Every table of the policy, cell by cell."""
    rules: list[Rule] = []
    for name, shape in world.shape.tables.items():
        path: Path = ("tables", name)
        if known_subject(world, shape.for_, (*path, "for")):
            rules += _Table(world, shape.id or name, shape, path).rules()
    return rules


class _Table:
    """One table while its cells are lowered."""

    def __init__(self, world: World, table_id: str, shape: TableShape, path: Path) -> None:
        self.world, self.id, self.shape, self.path = world, table_id, shape, path
        self.axes = tuple(self._axis(index, name) for index, name in enumerate(shape.by))

    def _axis(self, index: int, name: str) -> Node | None:
        """The fact that a dimension compares with, or None for occasions, schedules and roles."""
        if self._special(index, name):
            return None
        return self.world.expression(name, (*self.path, "by", index), self.shape.for_)

    def _special(self, index: int, name: str) -> bool:
        """Rows may be occasions or schedules, columns roles, unless the records have such a fact."""
        if name == "role":
            known = self.world.reference(self.shape.for_, name)
            return index == 1 and self.shape.cells != "allow" and known is None
        return index == 0 and name in ROWS

    def rules(self) -> list[Rule]:
        found: list[Rule] = []
        for row, cells in self.shape.rows.items():
            path = (*self.path, "rows", row)
            for column, cell in self._cells(cells, path).items():
                here = (*path, column) if column in cells else (*path, self._group(cells, column))
                if cell != NONE:
                    found += self._cell(row, column, cell, here, cells)
        if self.shape.cells == "allow":
            found += self._denial(found)
        return found

    def _group(self, cells: dict[str, Any], column: str) -> str:
        return next((key for key in cells if column in _parts(key)), REST)

    def _cells(self, cells: dict[str, Any], path: Path) -> dict[str, Any]:
        """Cells by single column: `B, C:` stands for both, `rest:` for every word not named."""
        found: dict[str, Any] = {}
        for key, cell in cells.items():
            for column in () if key in SAID or key == REST else _parts(key):
                self._check_column(column, (*path, key))
                found[column] = cell
        words = self._columns()
        if REST in cells and not words:  # of a text or a role nobody knows what else there is
            details = {"name": REST, "words": ", ".join(found), "near": ""}
            self.world.fault("LR202", (*path, REST), key=True, **details)
        if REST in cells:
            found |= {word: cells[REST] for word in words if word not in found}
        for word in words:
            if word not in found and self.shape.cells != "allow":
                self.world.fault("LR228", path, key=True, row=path[-1], column=word)
        return found

    def _columns(self) -> tuple[str, ...]:
        axis = self.axes[1]
        return type_of(axis).words if axis is not None else ()

    def _check_column(self, column: str, path: Path) -> None:
        words = self._columns()
        if words and column not in words:
            details = {"name": column, "words": ", ".join(words), "near": nearest(column, words)}
            self.world.fault("LR202", path, key=True, **details)

    def _cell(
        self, row: str, column: str, cell: Any, path: Path, cells: dict[str, Any]
    ) -> list[Rule]:
        if self.shape.by[0] == "occasion" and row not in self.world.occasions:
            near = nearest(row, self.world.occasions)
            self.world.fault("LR229", path[:-1], key=True, name=row, near=near)
            return []
        rule_id = f"{self.id}.{self._row_id(row, path)}.{column}"
        extra = all_of(*self._conditions(row, column, path))
        said = {key: cells[key] for key in SAID if key in cells}
        shape = self._sentence(row, column, cell, said)
        fill = {"row": row, "column": column}
        words = path if self.shape.cells == "do" else (*self.path, "do")
        return lower_rule(self.world, rule_id, shape, self.path, extra=extra, fill=fill, cell=words)

    def _row_id(self, row: str, path: Path) -> str:
        if self.shape.by[0] == "schedule" and row not in SCHEDULES:
            self.world.fault("LR304", path[:-1], key=True, found=row, near=nearest(row, SCHEDULES))
        if self.shape.by[0] != "occasion":
            return row
        return self.world.occasions[row].id

    def _conditions(self, row: str, column: str, path: Path) -> list[Node]:
        found: list[Node] = []
        for axis, word in zip(self.axes, (row, column), strict=True):
            if axis is not None:
                found.append(tree.Compare("=", axis, self._value(axis, word, path)))
        return found

    def _value(self, axis: Node, word: str, path: Path) -> Node:
        kind = type_of(axis)
        if kind.words and word not in kind.words:
            details = {"name": word, "words": ", ".join(kind.words)}
            self.world.fault("LR202", path, key=True, **details, near=nearest(word, kind.words))
        if kind.words or kind.kind == "text":
            return tree.Literal(word, kind if kind.words else TEXT)
        return self.world.expression(word, path, self.shape.for_, kind)

    def _sentence(self, row: str, column: str, cell: Any, said: dict[str, Any]) -> RuleShape:
        shape = self.shape
        sentence = {
            "for": shape.for_, "if": shape.if_, "unless": shape.unless, "do": cell,
            "role": column if shape.by[1] == "role" else shape.role,
            "approver": shape.approver, "priority": shape.priority, "once_per": shape.once_per,
            "source": shape.source, "origin": shape.origin, "title": self._title(row, column), **said,
        }  # fmt: skip
        if shape.by[0] == "occasion" or row in SCHEDULES and shape.by[0] == "schedule":
            sentence["at"] = row
        elif shape.at:
            sentence["at"] = shape.at
        if shape.cells == "every":
            sentence |= self._interval(cell)
        if shape.cells == "allow":
            sentence |= self._permission(cell)
        return RuleShape.model_validate(sentence)

    def _title(self, row: str, column: str) -> dict[str, str]:
        """The table's title with the row's and the column's, in every language it has one in."""
        own = titles(self.shape.title, self.world.shape.language)
        occasion = self.world.occasions.get(row) if self.shape.by[0] == "occasion" else None
        rows = dict(occasion.titles) if occasion else {}
        named = {"en": occasion.id if occasion else row, "zh": row} | rows
        return {key: f"{title} · {named.get(key, row)} · {column}" for key, title in own}

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
        """What no cell allows is denied."""
        sentence = RuleShape.model_validate({
            "for": self.shape.for_, "do": self.shape.otherwise or ["deny"], "once_per": ["id"],
            "source": self.shape.source, "origin": self.shape.origin,
        })  # fmt: skip
        extra = all_of(*(tree.Not(rule.condition) for rule in allowed))
        path = (*self.path, "otherwise") if self.shape.otherwise else self.path
        return lower_rule(self.world, f"{self.id}.otherwise", sentence, path, extra=extra)


def _parts(key: str) -> list[str]:
    return [part.strip() for part in key.replace("，", ",").split(",") if part.strip()]
