"""A value from a file into a noun, and each of pydantic's errors into a sentence at the place where it was written. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Locator, Path, nearest
from yunwang.inventories.reading.wording import explain

N = TypeVar("N", bound=BaseModel)


def from_json(
    model: type[N], value: object, where: Locator, *, strict: bool = True, spelling: Mapping[str, str] | None = None
) -> tuple[N | None, list[Finding]]:
    """A noun from JSON-like data (YAML). `spelling` maps a top-level field to the name that the file uses for it.

    Strict as JSON is strict: no text for a number, no number for a yes or no; dates, addresses and names of choices are text.
    """
    try:
        return model.model_validate_json(json.dumps(value), strict=strict), []
    except ValidationError as error:
        return None, _findings(model, error, where, spelling or {})


def from_strings(model: type[N], value: Mapping[str, str], where: Locator) -> tuple[N | None, list[Finding]]:
    """A noun from a table's row, where everything is text."""
    try:
        return model.model_validate_strings(value), []
    except ValidationError as error:
        return None, _findings(model, error, where, {})


def _findings(model: type[BaseModel], error: ValidationError, where: Locator, spelling: Mapping[str, str]) -> list[Finding]:
    details = error.errors(include_url=False)
    found: dict[Finding, None] = {}
    for detail in details:
        path, holder, annotation = follow(model, detail["loc"])
        if _consequence(detail, details, holder):
            continue
        names = spelling if holder is model else {}
        field = next((step for step in reversed(path) if isinstance(step, str)), "")
        # What is missing has no place of its own: its holder has.
        place = where(path[:-1]) if detail["type"] == "missing" else where(path, key=detail["type"] == "extra_forbidden")
        code, message, remedy = explain(detail, names.get(field, field), holder, annotation, names)
        found[place.finding(code, message, remedy)] = None
    return list(found)


def _consequence(detail: ErrorDetails, details: Sequence[ErrorDetails], holder: type[BaseModel]) -> bool:
    """Whether an error only repeats another: a field that is missing because it is misspelt, a list that lost its faulty items."""
    if detail["type"] == "too_short":
        return bool(detail["input"])
    return detail["type"] == "missing" and any(
        other["type"] == "extra_forbidden"
        and other["loc"][:-1] == detail["loc"][:-1]
        and nearest(str(other["loc"][-1]), holder.model_fields) == detail["loc"][-1]
        for other in details
    )


def follow(model: type[BaseModel], loc: Path) -> tuple[Path, type[BaseModel], object]:
    """Pydantic's location as the writer knows it.

    The path without names of union members, the model that holds its last field, and what
    that field takes (None for an unknown field).
    """
    holder: type[BaseModel] | None = model
    last = model
    path: list[str | int] = []
    annotation: object = None
    for step in loc:
        if isinstance(step, int):
            path.append(step)
        elif holder is not None:
            last = holder
            path.append(step)
            annotation = holder.model_fields[step].annotation if step in holder.model_fields else None
            holder = model_in(annotation)
    return tuple(path), last, annotation


def model_in(annotation: object) -> type[BaseModel] | None:
    """The noun inside an annotation such as `tuple[Noun, ...]` or `Noun | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts: tuple[object, ...] = getattr(annotation, "__args__", ())
    return next((found for part in parts if (found := model_in(part)) is not None), None)
