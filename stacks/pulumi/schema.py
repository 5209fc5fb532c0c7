"""The provider's Pulumi schema, made from the kinds. Never written by hand, so it cannot say what the provider does not do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yunwang.stacks.kind import Inputs, Kind

PACKAGE = "yunwang"


def token(kind: str) -> str:
    """Pulumi's type of a kind: yunwang:index:Network."""
    return f"{PACKAGE}:index:{kind}"


def to_snake(name: str) -> str:
    """A property's name in Python: ipv6Mode → ipv6_mode (pydantic's own takes digits for words)."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda capital: f"_{capital.group().lower()}", name)


def schema(kinds: Mapping[str, Kind[Any, Any]], version: str) -> dict[str, Any]:
    """What `pulumi package get-schema` prints."""
    types: dict[str, Any] = {}
    resources = {token(name): _resource(kind, types) for name, kind in kinds.items()}
    config = {
        "cloud": {"type": "string", "description": "Entry in clouds.yaml."},
        "configFile": {
            "type": "string",
            "description": "Path of clouds.yaml, secure.yaml beside it. Left out: OS_CLIENT_CONFIG_FILE, then the usual places.",
        },
    }
    return {
        "name": PACKAGE,
        "version": version,
        "displayName": "yunwang",
        "description": "Tenants, quotas and networks of a city's government clouds, on openstacksdk.",
        "license": "Apache-2.0",
        "config": {"variables": config, "required": ["cloud"]},
        "provider": {"inputProperties": config, "requiredInputs": ["cloud"]},
        "types": types,
        "resources": resources,
    }


def _resource(kind: Kind[Any, Any], types: dict[str, Any]) -> dict[str, Any]:
    inputs, required = _properties(kind.inputs, types)
    outputs: dict[str, Any] = {
        name: {"description": output.description, "type": output.type} | ({"secret": True} if output.secret else {})
        for name, output in kind.outputs.items()
    }
    for one in outputs.values():
        if one["type"] == "array":
            one["items"] = {"type": "string"}
    return {
        "description": f"{kind.summary}\n\n{_example(kind)}",
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": {name: {key: one[key] for key in one if key != "replaceOnChanges"} for name, one in inputs.items()} | outputs,
        "required": required,
    }


def _example(kind: Kind[Any, Any]) -> str:
    """How a program says it, in Python."""
    said = "".join(f"    {to_snake(name)}={value!r},\n" for name, value in kind.example.items())
    return f'```python\n{PACKAGE}.{kind.name}(\n    "example",\n{said})\n```'


def _properties(inputs: type[Inputs], types: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    document = inputs.model_json_schema(by_alias=True)
    definitions = document.get("$defs", {})
    for name, definition in definitions.items():
        types[token(name)] = {
            "type": "object",
            "description": definition.get("description", ""),
            "properties": {key: _property(one) for key, one in definition["properties"].items()},
            "required": definition.get("required", []),
        }
    return {name: _property(one) for name, one in document["properties"].items()}, document.get("required", [])


def _property(one: Mapping[str, Any]) -> dict[str, Any]:
    """From JSON Schema to Pulumi's smaller one."""
    made: dict[str, Any] = {key: one[key] for key in ("description", "replaceOnChanges", "secret") if key in one}
    real = next((choice for choice in one.get("anyOf", ()) if choice.get("type") != "null"), one)
    if "$ref" in real:
        return made | {"$ref": "#/types/" + token(real["$ref"].rpartition("/")[2])}
    made["type"] = real["type"]
    if real["type"] == "array":
        made["items"] = _property(real["items"])
    if real["type"] == "object":
        made["additionalProperties"] = _property(real["additionalProperties"])
    if isinstance(one.get("default"), str | int | bool):
        made["default"] = one["default"]
    return made
