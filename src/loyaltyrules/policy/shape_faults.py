# SPDX-License-Identifier: Apache-2.0
"""What pydantic found wrong with the shape of a document, as problems with places and remedies."""

from typing import Any

from pydantic import BaseModel, ValidationError

from loyaltyrules.policy.reader.model import Document, Path
from loyaltyrules.policy.shape import PolicyShape
from loyaltyrules.problem.problem import Problem, nearest, problem


def shape_faults(
    error: ValidationError,
    document: Document,
    model: type[BaseModel] = PolicyShape,
    within: Path = (),
) -> list[Problem]:
    """One problem for each finding; unknown keys get the nearest known one.

    `within` is where the model stands, if it is not the whole document.
    """
    found: list[Problem] = []
    wanted: dict[Path, list[str]] = {}  # where one of several types may stand, all are told
    for each in error.errors(include_url=False, include_context=False):
        path = _path((*within, *each["loc"]), document)
        if each["type"] in ("extra_forbidden", "missing", "literal_error"):
            found.append(_problem(each["type"], path, each, document, model))
        else:
            wanted.setdefault(path, []).append(_EXPECTED.get(each["type"], each["msg"]))
    for path, kinds in wanted.items():
        if path[:1] == ("parameters",) and path[2:] == (
            "value",
        ):  # one for each day, without `values`
            found.append(problem("LR123", document.key_place(path), name=path[1]))
            continue
        expected = " / ".join(dict.fromkeys(kinds))
        found.append(problem("LR143", document.place(path), name=_called(path), expected=expected))
    return list(dict.fromkeys(found))


def _path(location: tuple[int | str, ...], document: Document) -> Path:
    """The part of a location that is in the document; pydantic adds tags of its own."""
    path: tuple[int | str, ...] = ()
    data: Any = document.data
    step: Any
    for step in location:
        if (
            isinstance(data, dict)
            and step in data
            or isinstance(data, list)
            and step in range(len(data))
        ):
            data = data[step]
            path = (*path, step)
    return path


def _called(path: Path) -> str:
    """What stands at a path, by its key; an item of a list with its number: `rows 2`."""
    key = next((at for at in reversed(range(len(path))) if isinstance(path[at], str)), None)
    if key is None:
        return " ".join(str(int(each) + 1) for each in path)
    return " ".join([str(path[key]), *(str(int(each) + 1) for each in path[key + 1 :])])


def _problem(
    kind: str, path: Path, error: Any, document: Document, model: type[BaseModel]
) -> Problem:
    last = str(error["loc"][-1])
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1], model)
        place = document.key_place(path)
        return problem("LR140", place, name=last, known=", ".join(known), near=nearest(last, known))
    if kind == "missing":
        return problem("LR141", document.key_place(path), name=last)
    place = document.place(path)
    return problem("LR142", place, name=last, found=error["input"], known=_expected(error))


_EXPECTED = {
    "string_type": "text", "dict_type": "a mapping", "model_type": "a mapping",
    "list_type": "a list", "int_parsing": "a whole number", "bool_parsing": "yes / no",
    "string_pattern_mismatch": "a name of letters, digits, _ . -",
    "model_attributes_type": "a mapping", "int_type": "a whole number",
    "int_from_float": "a whole number", "bool_type": "yes / no", "too_short": "a list with items",
}  # fmt: skip


def _expected(error: Any) -> str:
    return str(error["msg"]).removeprefix("Input should be ").replace("' or '", "', '")


def _known_keys(path: Path, whole: type[BaseModel]) -> list[str]:
    """The keys that the mapping at `path` may have."""
    model: Any = whole
    for step in path:
        model = _below(model, step)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _below(model: Any, step: int | str) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            if step in (name, field.alias):
                return field.annotation
        return None
    arguments = getattr(model, "__args__", ())
    return arguments[-1] if arguments else None
