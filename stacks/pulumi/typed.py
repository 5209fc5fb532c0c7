"""resources.py, written from the provider's schema. Never adds what the schema does not say; a test holds the file to it.

pulumi package get-schema pulumi-resource-yunwang | python -m yunwang.stacks.pulumi.typed > stacks/pulumi/resources.py
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from yunwang.stacks.pulumi.schema import to_snake

_WIDTH = 132
_HEAD = '''"""The provider's resources as typed Python classes, for programs. Written by typed.py from the schema: never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict, Unpack

from pulumi import Input, Output, ResourceOptions

from yunwang.stacks.pulumi.resource import Provider as Provider
from yunwang.stacks.pulumi.resource import Resource
'''
_PLAIN = {"string": "str", "integer": "int", "boolean": "bool"}


def source(schema: Mapping[str, Any]) -> str:
    """The module's text, as ruff would format it."""
    classes = ["\n".join(_class(token.rpartition(":")[2], one)) for token, one in schema["resources"].items()]
    return "\n\n\n".join([_HEAD.rstrip("\n"), *classes]) + "\n"


def _class(name: str, resource: Mapping[str, Any]) -> Iterator[str]:
    yield f"class {name}Args(TypedDict, total=False):"
    yield from _documented(f"What is said about a {name}.")
    yield ""
    for property_, one in resource["inputProperties"].items():
        said = _input(one)
        yield f"    {to_snake(property_)}: {f'Required[{said}]' if property_ in resource['requiredInputs'] else f'{said} | None'}"
        yield from _documented(one["description"])
    yield "\n"
    yield f"class {name}(Resource):"
    yield from _documented(resource["description"].partition("\n")[0])
    told = {property_: one for property_, one in resource["properties"].items() if property_ not in resource["inputProperties"]}
    if told:
        yield ""
        names = ", ".join(f'"{property_}"' for property_ in told)
        yield f"    told = ({names}{',' if len(told) == 1 else ''})"
    for property_, one in told.items():
        yield f"    {to_snake(property_)}: Output[{_output(one)}]"
        yield from _documented(one["description"])
    yield ""
    words = f"self, resource_name: str, opts: ResourceOptions | None = None, **said: Unpack[{name}Args]"
    yield f"    def __init__({words}) -> None:"
    yield "        super().__init__(resource_name, said, opts)"


def _documented(text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, _WIDTH - 10, break_on_hyphens=False, break_long_words=False)
    if len(lines) == 1:
        yield f'    """{lines[0]}"""'
        return
    yield f'    """{lines[0]}'
    yield from (f"    {line}" for line in lines[1:])
    yield '    """'


def _input(one: Mapping[str, Any]) -> str:
    match one.get("type"):
        case "array":
            return f"Input[Sequence[{_input(one['items'])}]]"
        case "object":
            return f"Input[Mapping[str, {_input(one['additionalProperties'])}]]"
        case None:
            return "Input[Mapping[str, Any]]"
        case plain:
            return f"Input[{_PLAIN[plain]}]"


def _output(one: Mapping[str, Any]) -> str:
    return f"Sequence[{_output(one['items'])}]" if one["type"] == "array" else _PLAIN[one["type"]]


if __name__ == "__main__":
    sys.stdout.write(source(json.load(sys.stdin)))
