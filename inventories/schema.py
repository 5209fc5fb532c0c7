"""JSON Schema of a workspace's files, for editors (yaml-language-server) and for people. Pure."""

from __future__ import annotations

from pydantic import JsonValue
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from yunwang.inventories.file_kinds import DEVICE_VARIABLES, KINDS, MACHINE_VARIABLES, FileKind
from yunwang.inventories.noun import JsonObject

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Schema(GenerateJsonSchema):
    """Nouns as files write them: a MAC address is text."""

    def is_instance_schema(self, schema: core_schema.IsInstanceSchema) -> JsonSchemaValue:
        return {"type": "string"}


def kinds() -> tuple[str, ...]:
    """Names of the kinds of files that `schema` knows."""
    return tuple(kind.name for kind in KINDS)


def schema(name: str) -> JsonObject:
    """The JSON Schema (2020-12) of a kind of file; of a table, of one row. Raises KeyError for an unknown kind."""
    kind = {kind.name: kind for kind in KINDS}[name]
    if kind.form == "openstack":
        body: JsonObject = _clouds()
    elif kind.form == "inventory":
        body = _inventory(kind, DEVICE_VARIABLES if kind.name == "devices" else MACHINE_VARIABLES)
    else:
        body = kind.model.model_json_schema(schema_generator=_Schema)
    return {"$schema": DIALECT, **body, "title": kind.path, "$comment": "a row" if kind.form == "table" else "a file"}


def _clouds() -> JsonObject:
    cloud: JsonValue = {"type": "object", "properties": {"auth": {"type": "object"}, "region_name": {"type": "string"}}}
    return {"type": "object", "required": ["clouds"], "properties": {"clouds": {"type": "object", "additionalProperties": cloud}}}


def _inventory(kind: FileKind, variables: dict[str, str]) -> JsonObject:
    """An Ansible inventory: groups in groups; our variables may stand at any host or group, all others are Ansible's business."""
    noun: JsonObject = kind.model.model_json_schema(schema_generator=_Schema)
    fields = noun["properties"]
    assert isinstance(fields, dict), "a noun has fields"
    properties: JsonObject = {variable: fields[field] for field, variable in variables.items()}
    ours: JsonObject = {"type": ["object", "null"], "properties": properties}
    if kind.name == "devices":
        ours["patternProperties"] = {"^(?!yunwang_)": True}
        ours["additionalProperties"] = False
    group: JsonValue = {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "hosts": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/Variables"}},
            "vars": {"$ref": "#/$defs/Variables"},
            "children": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/Group"}},
        },
    }
    nested = noun.get("$defs", {})
    assert isinstance(nested, dict), "pydantic keeps definitions in a mapping"
    return {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Group"},
        "$defs": {**nested, "Group": group, "Variables": ours},
    }
