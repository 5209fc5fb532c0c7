"""Between Pulumi's property values and plain Python: numbers, secrets, unknowns. Never decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN
from pydantic import JsonValue

Properties = dict[str, PropertyValue]


def plain(value: PropertyValue) -> Any:
    """What a program said. An unknown (known only after the apply) stays Pulumi's sentinel string."""
    inner = value.value
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    if isinstance(inner, Mapping):
        return {name: plain(one) for name, one in inner.items()}
    if isinstance(inner, Iterable) and not isinstance(inner, str):
        return [plain(one) for one in inner]
    return inner


def plains(values: Mapping[str, PropertyValue]) -> dict[str, Any]:
    """A map of them, without nulls and without the engine's own `__defaults`."""
    return {name: plain(value) for name, value in values.items() if value.value is not None and not name.startswith("__")}


def value_of(json: JsonValue, *, secret: bool = False) -> PropertyValue:
    """The property value of plain JSON; property values know no integers."""
    inner: Any = json
    if isinstance(json, int) and not isinstance(json, bool):
        inner = float(json)
    elif isinstance(json, Mapping):
        inner = {name: value_of(one) for name, one in json.items()}
    elif isinstance(json, list):
        inner = [value_of(one) for one in json]
    return PropertyValue(inner, is_secret=secret)


def values_of(json: Mapping[str, JsonValue], secrets: Iterable[str] = ()) -> Properties:
    """A map of them; those named in `secrets` are marked."""
    return {name: value_of(one, secret=name in secrets) for name, one in json.items()}


def unknown(json: Any) -> bool:
    """Whether the value, or anything in it, is known only after the apply."""
    if isinstance(json, dict):
        return any(map(unknown, json.values()))
    if isinstance(json, list):
        return any(map(unknown, json))
    return bool(json == UNKNOWN)


def secret_names(values: Mapping[str, PropertyValue]) -> set[str]:
    """The properties that a program marked secret."""
    return {name for name, value in values.items() if value.contains_secret()}
