# SPDX-License-Identifier: Apache-2.0
"""The shape of a policy document: which sections and keys there are. Meaning is checked later."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from loyaltyrules.policy.model import Ties

Expression: TypeAlias = str
Titles: TypeAlias = dict[str, str] | str


def _listed(value: object) -> object:
    """One text, or several joined by commas, or a list: always a list."""
    if isinstance(value, str):
        return [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
    return value


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _if_any(value: object) -> object:
    """Empty text says nothing."""
    return value or None


def _rows_as_text(value: object) -> object:
    """Rows of the handbook may stand in a list also beside titles."""
    rows = value.get("source") if isinstance(value, dict) else None
    if not isinstance(rows, list) or not isinstance(value, dict):
        return value
    return value | {"source": ", ".join(map(str, rows))}


Called: TypeAlias = (
    Annotated[
        dict[str, str],
        BeforeValidator(_rows_as_text, json_schema_input_type=dict[str, str | list[str]]),
    ]
    | str
)
"""What a thing is called; beside its titles it may say its `source` and a `note`."""
Names: TypeAlias = Annotated[list[str], BeforeValidator(_listed)]
Origin: TypeAlias = Literal["source", "proposed", "example", "override"]
Word: TypeAlias = str | dict[str, Any]
Cell: TypeAlias = Annotated[list[Word], BeforeValidator(_as_list)]


CALLED = ("roles", "channels", "names")  # sections that say what things are called


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, defer_build=True)


class Grounded(Shape):
    """What everything that has a ground in the handbook may say."""

    title: Titles = ""
    source: Names = []
    origin: Origin = "source"
    note: str = ""


class Named(Grounded):
    """What is matched by its name with the same thing of an earlier policy, where it was called otherwise."""

    was: Names = []


class SubjectShape(Shape):
    of: str = ""
    also: Names = []
    list: str = ""
    title: Titles = ""


class FactShape(Grounded):
    """A given fact (`type`), an expression (`is`), one looked up in a table (`first`), or an aggregate."""

    type: str | list[str] | None = None
    unit: str = ""
    default: str | list[str] | None = None
    absent: Literal["unknown", "not_happened"] | None = None
    personal: bool = False
    is_: Expression | None = Field(None, alias="is")
    first: str | None = None
    count: str | None = None
    any: str | None = None
    sum: str | None = None
    mean: str | None = None
    median: str | None = None
    newest: str | None = None
    counts: str | None = None
    latest: str | None = None
    earliest: str | None = None
    max: str | None = None
    min: str | None = None
    rank: Names | None = None
    top: str | None = None
    by: Names | None = None
    part: str | None = None
    parts: int = 0
    ties: Ties | None = None
    list: str | None = None
    take: Expression | None = None
    within: str = ""
    smallest: Expression | None = None
    where: Expression = "yes"


class ParameterShape(Named):
    value: str | list[str] | None = None
    values: dict[str, str] | None = None
    unit: str = ""


class OccasionShape(Named):
    id: str = ""
    solar: str | None = None
    lunar: str | None = None
    nth: str | None = None
    term: str | None = None
    year_end: Literal["lunar"] | None = None
    anniversary: str | None = None
    calendar: str = "solar"
    rows: str | None = None
    day: str = ""
    opens: Expression | None = None


class WordShape(Grounded):
    kind: str
    channel: str | None = None
    template: str | None = None
    gift: str | None = None
    takes: Literal["gift", "template", "role"] | None = None
    role: str | None = None
    approver: str | None = None
    purpose: str | None = None
    reason: str | None = None
    priority: int = 50
    needs: Names = []
    opens: Expression | None = None
    due: Literal["opening", "occasion"] = "opening"
    value: Expression | None = None
    to: Expression | None = None
    figures: dict[str, Expression] = {}
    assignee: str | None = None
    hours: str | None = None
    sets: dict[str, Expression] = {}
    adds: dict[str, Expression] = {}
    instead: str | None = None


class RuleShape(Named):
    """A sentence: for whom, when, on which condition, what is done by whom, until when."""

    id: str = ""
    for_: str = Field(alias="for")
    each: str = ""
    at: str | None = None
    from_: str | None = Field(None, alias="from")
    if_: Expression = Field("yes", alias="if")
    unless: Expression = "no"
    once_per: Names | None = None
    do: Cell
    role: str | None = None
    approver: str | None = None
    to: Expression | None = None
    value: Expression | None = None
    reason: str | None = None
    priority: int | None = None
    figures: dict[str, Expression] | None = None
    assignee: str | None = None
    hours: str | None = None
    within: Expression | None = None
    by: Expression | None = None
    late: Cell | None = None


class TableShape(Named):
    """Rows × columns × cells; `cells` says what a cell holds."""

    id: str = ""
    for_: str = Field(alias="for")
    by: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1, max_length=2)]
    cells: Literal["do", "every", "allow"] = "do"
    rows: dict[str, Any]
    if_: Expression = Field("yes", alias="if")
    unless: Expression = "no"
    at: str | None = None
    since: str | None = None
    action: str | None = None
    do: Cell | None = None
    otherwise: Cell | None = None
    once_per: Names | None = None
    role: str | None = None
    approver: str | None = None
    priority: int | None = None
    within: Expression | None = None
    due_by: Expression | None = None
    late: Cell | None = None


class WayShape(Grounded):
    """One way of computing a label: bands of a number, a share, a score, cases or another label."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, defer_build=True)
    bands: Expression | None = None
    top: Expression | None = None
    by: Names | None = None
    within: str = ""
    smallest: Expression | None = None
    ties: Ties | None = None
    cases: dict[str, Expression] | None = None
    score: Literal["mean", "weighted"] | None = None
    marks: dict[str, str] = {}
    factors: dict[str, dict[str, str]] = {}
    first: dict[str, Expression] = {}
    map: str | None = None


class MoveShape(Named):
    """A change of a label that is proposed; of the moves of a label the first that holds counts."""

    if_: Expression = Field(alias="if")
    to: Expression
    do: Cell
    since: Expression
    reason: str | None = None
    role: str | None = None
    approver: str | None = None


class LabelShape(Named):
    for_: str = Field(alias="for")
    values: Annotated[list[str], Field(min_length=1)]
    if_: Expression = Field("yes", alias="if")
    standing: str | None = None
    decide: str | None = None
    ways: dict[str, WayShape] = {}
    cases: dict[str, Expression] | None = None
    moves: dict[str, MoveShape] = {}


class StateShape(Named):
    is_: Expression | None = Field(None, alias="is")
    until: str | None = None
    since: Expression | None = None
    do: Cell | None = None
    role: str | None = None
    approver: str | None = None
    within: Expression | None = None
    by: Expression | None = None
    late: Cell | None = None
    next: Names = []
    final: bool = False


class WorkflowShape(Named):
    id: str = ""
    for_: str = Field(alias="for")
    begins: Expression
    states: dict[str, StateShape]


class MustShape(Grounded):
    """What figures must hold to (`rule`), or words that texts must not have (`never`)."""

    rule: Expression | None = None
    texts: Names | None = None
    never: Names | None = None
    say: Titles


class SieveShape(Grounded):
    hold: str | None = None
    merge: Names | None = None
    cap: Expression | None = None
    approve: str | None = None
    move: Annotated[Literal["next"] | None, BeforeValidator(_if_any)] = None
    which: Expression = "yes"
    unknown: str = ""
    already: Expression | None = None
    per: Expression | None = None
    history: str | None = None
    reserve: Expression | None = None
    for_: str | None = Field(None, alias="for")
    ahead: Expression | None = None
    instead: str | None = None
    unless: Names | None = None
    across: Expression | None = None


class TemplateShape(Named):
    zh: str = ""
    en: str = ""
    missing: str = ""


class BlockShape(Grounded):
    """A part of texts that stands in them only when it fits."""

    if_: Expression = Field("yes", alias="if")
    rows: str | None = None
    before: Names | None = None
    within: Expression | None = None
    first: Names | None = None
    zh: str = ""
    en: str = ""


class ReferenceShape(Grounded):
    columns: dict[str, str | list[str]]
    rows: list[dict[str, Any]] = []


class CostShape(Grounded):
    """What a gift, a channel or kinds of action cost; `of` says which where a name is several of them."""

    of: Literal["gift", "channel", "kind"] | None = None
    cost: Expression | None = None
    minutes: Expression | None = None


class WaiverShape(Shape):
    code: str
    at: str = ""
    reason: str


class InForceShape(Shape):
    from_: str | None = Field(None, alias="from")
    to: str | None = None


class PolicyShape(Shape):
    """A whole policy document, its includes joined and what it extends merged in."""

    format: Literal["1"]
    policy: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    title: Titles = ""
    version: str = "0"
    language: Literal["zh", "en"] = "zh"
    timezone: str = "Asia/Shanghai"
    owner: str = ""
    source: Names = []
    note: str = ""
    in_force: InForceShape = InForceShape.model_construct(from_=None, to=None)
    subjects: dict[str, SubjectShape] = {}
    roles: dict[str, Called] = {}
    channels: dict[str, Called] = {}
    facts: dict[str, dict[str, FactShape]] = {}
    parameters: dict[str, ParameterShape] = {}
    occasions: dict[str, OccasionShape] = {}
    reference: dict[str, ReferenceShape] = {}
    words: dict[str, WordShape] = {}
    labels: dict[str, LabelShape] = {}
    tables: dict[str, TableShape] = {}
    rules: dict[str, RuleShape] = {}
    workflows: dict[str, WorkflowShape] = {}
    must: list[MustShape] = []
    gate: list[SieveShape] = []
    templates: dict[str, TemplateShape] = {}
    blocks: dict[str, BlockShape] = {}
    names: dict[str, Called] = {}
    costs: dict[str, CostShape] = {}
    waivers: list[WaiverShape] = []
