"""A YAML file with some of its values changed, as a person would edit it: comments and everything else stay. Writes no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import yaml
from pydantic import JsonValue

from yunwang.inventories.verdict import Refused

_Edit: TypeAlias = tuple[int, int, str]
"""From where to where, and what is to stand there instead."""


def edited(text: str, wanted: JsonValue, file: str) -> str:
    """The text that means `wanted`. Raises Refused where it is written in a way that cannot be edited safely.

    Members of lists are told apart by their `name`, `user` or `cloud`, else by their place.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        edits = [*_edits(text, root, wanted)] if root is not None else []
        new = text
        for start, end, value in sorted(edits, key=lambda edit: edit[:2])[::-1]:  # of two at one place the inner one stands first
            new = new[:start] + value + new[end:]
        if yaml.safe_load(new) == wanted:
            return new
    except yaml.YAMLError:
        pass
    raise Refused(f"{file} is written in a way that cannot be edited safely", remedy=f"make it say: {_flow(wanted)}")


def _edits(text: str, node: yaml.Node, wanted: JsonValue) -> Iterator[_Edit]:
    (start, end), indent = _span(text, node), f"\n{' ' * node.start_mark.column}"
    if (parts := _parts(node, wanted)) is not None:
        within, more = parts
        for part, value in within:
            yield from _edits(text, part, value)
        if more:
            behind = _line_end(text, end)
            yield behind, behind, "".join(indent + line for line in more)
    elif _value(node) != wanted:
        lines = isinstance(node, yaml.SequenceNode) and not node.flow_style and isinstance(wanted, list) and wanted
        yield start, end, indent.join(f"- {_flow(value)}" for value in lines) if lines else _flow(wanted)


def _parts(node: yaml.Node, wanted: JsonValue) -> tuple[list[tuple[yaml.Node, JsonValue]], list[str]] | None:
    """The parts of a block with what each is to be, and the lines that are added to it; None: it has to be written as a whole."""
    if isinstance(node, yaml.CollectionNode) and node.flow_style:
        return None
    if isinstance(node, yaml.MappingNode) and isinstance(wanted, dict):
        have = {key.value: value for key, value in node.value}
        if have.keys() <= wanted.keys():
            more = [f"{key}: {_flow(value)}" for key, value in wanted.items() if key not in have]
            return [(value, wanted[key]) for key, value in have.items()], more
    if isinstance(node, yaml.SequenceNode) and isinstance(wanted, list):
        pairs = list(zip(node.value, wanted, strict=False))
        if len(pairs) == len(node.value) and all(_key(_value(one)) == _key(value) for one, value in pairs):
            return pairs, [f"- {_flow(value)}" for value in wanted[len(pairs) :]]
    return None


def _key(value: object) -> object:
    """What tells a member from the others."""
    names = ("name", "user", "cloud")
    return next((value[name] for name in names if name in value), None) if isinstance(value, dict) else None


def _span(text: str, node: yaml.Node) -> tuple[int, int]:
    """Where a node stands; a block ends where its last word does, and not before the next one begins."""
    children = node.value if isinstance(node, yaml.CollectionNode) and not node.flow_style else []
    if not children:
        return node.start_mark.index, node.end_mark.index
    last = children[-1][1] if isinstance(children[-1], tuple) else children[-1]
    return node.start_mark.index, _span(text, last)[1]


def _line_end(text: str, place: int) -> int:
    """Behind the comment that may stand there."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found


def _value(node: yaml.Node) -> object:
    return yaml.SafeLoader("").construct_document(node)


def _flow(value: JsonValue) -> str:
    dumped: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return dumped.removesuffix("...\n").strip()
