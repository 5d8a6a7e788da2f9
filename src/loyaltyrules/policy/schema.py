# SPDX-License-Identifier: Apache-2.0
"""JSON Schema for editors: of any policy, or of one policy with its own names to choose from."""

from typing import Any

from loyaltyrules.action.kinds import CHANNELS, KINDS
from loyaltyrules.calendar import SCHEDULES
from loyaltyrules.policy.reader.model import Document
from loyaltyrules.policy.shape import PolicyShape

SCALAR = ["string", "number", "boolean", "null"]
WRITTEN = {"string": SCALAR, "boolean": ["boolean", "string"], "integer": ["integer", "string"]}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema of a policy document, as an editor reads YAML: figures are numbers there."""
    found: dict[str, Any] = _as_written(PolicyShape.model_json_schema(by_alias=True))
    costs = found["properties"]["costs"]
    costs["additionalProperties"] = {"anyOf": [costs["additionalProperties"], {"type": SCALAR}]}
    return {"$schema": DRAFT, **found}


def _as_written(part: Any) -> Any:
    """Texts may be written as numbers, yes or no; a list of one as the thing itself."""
    if isinstance(part, list):
        return [_as_written(each) for each in part]
    if not isinstance(part, dict):
        return part
    changed = {
        key: {name: _as_written(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _as_written(value)
        for key, value in part.items()
    }
    if "const" in changed:
        word = str(changed["const"])
        return {"enum": [word, int(word)] if word.isdigit() else [word]}
    kind = changed.get("type")
    if kind in WRITTEN and "enum" not in changed:
        changed["type"] = WRITTEN[kind]
    if kind == "array":
        return {"anyOf": [changed, {"type": [*SCALAR, "object"]}]}
    return changed


def schema_of(document: Document) -> dict[str, Any]:
    """The same with the names of one policy: its words, occasions, subjects, templates, labels."""
    whole = schema()
    data = document.data
    shapes = whole["$defs"]
    words = [*data.get("words", {}), *sorted(KINDS)]
    moments = [*data.get("occasions", {}), *SCHEDULES]
    subjects = ["customer", *data.get("subjects", {})]
    for name in ("RuleShape", "TableShape", "WorkflowShape", "LabelShape"):
        _offer(shapes[name], "for", subjects)
    for name in ("RuleShape", "TableShape"):
        _offer(shapes[name], "at", moments)
    _offer(shapes["MoveShape"], "do", words)
    _offer(shapes["WordShape"], "template", [*data.get("templates", {})])
    _offer(shapes["LabelShape"], "decide", _ways(data))
    _offer(shapes["SieveShape"], "history", [*data.get("subjects", {})])
    _offer_cells(shapes, words, moments)
    costs = whole["properties"]["costs"]
    costs["properties"] = dict.fromkeys(_priced(data), costs["additionalProperties"])
    return whole


def _priced(data: dict[str, Any]) -> list[str]:
    """What costs something: kinds, channels, and gifts, which may be called like their occasions."""
    gifts = [word.get("gift", "") for word in data.get("words", {}).values()]
    occasions = [each.get("id", name) for name, each in data.get("occasions", {}).items()]
    named = [name for name in gifts if name and "{" not in name]
    return [
        *dict.fromkeys((*named, *occasions, *CHANNELS, *data.get("channels", {}), *sorted(KINDS)))
    ]


def _ways(data: dict[str, Any]) -> list[str]:
    labels = data.get("labels", {}).values()
    return [way for label in labels for way in label.get("ways", {})]


def _offer(shape: dict[str, Any], key: str, names: list[str]) -> None:
    """Let an editor complete a key with these names; other texts stay allowed where they were."""
    if names:
        shape["properties"][key] = {
            "anyOf": [{"enum": list(dict.fromkeys(names))}, shape["properties"][key]]
        }


def _offer_cells(shapes: dict[str, Any], words: list[str], moments: list[str]) -> None:
    """Rows of tables may be moments, cells hold words; with one dimension rows are cells."""
    word = {"anyOf": [{"enum": list(dict.fromkeys(words))}, {"type": ["string", "object"]}]}
    cell = {"anyOf": [word, {"type": "array", "items": word}]}
    row = {"anyOf": [{"type": "object", "additionalProperties": cell}, cell]}
    rows = shapes["TableShape"]["properties"]["rows"]
    rows["properties"] = dict.fromkeys(moments, row)
    rows["additionalProperties"] = row
    for name in ("RuleShape", "StateShape"):
        shapes[name]["properties"]["do"] = cell
