"""YAML text into values that remember their line and column: YAML 1.2 core schema, bounded depth and size. Never opens a file.

Built from the parser's events with a stack of its own, so nesting cannot exhaust Python's; an alias is counted before it costs.
YAML 1.1's surprises are not taken over: `no` is text, `12:30:45` is text, `010` is ten (https://yaml.org/spec/1.2.2/#103-core-schema).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import yaml
from pydantic import JsonValue

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Path, Place, shown
from yunwang.inventories.reading.yaml_syntax import explain

MAX_DEPTH = 64
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SPEC_11 = yaml.resolver.Resolver()
_TAGS = "tag:yaml.org,2002:"
_KNOWN_TAGS = frozenset(_TAGS + name for name in ("str", "int", "float", "bool", "null"))

Scalar: TypeAlias = str | int | float | bool | None

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,80}|0o[0-7]{1,80}|0x[0-9a-fA-F]{1,80}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(slots=True, eq=False)
class Node:
    """A value and where it stands. A mapping knows its keys' places; `weight` counts nodes with aliases written out."""

    line: int
    column: int
    value: Scalar | list[Node] | dict[str, Node]
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    weight: int = 1
    pending: str | Literal[False] | None = None
    """While a mapping is being built: the key whose value comes next; False: that value is dropped, its key was a fault."""
    closed: bool = True
    tag: str = ""
    """The application's own tag, of those that the reader of the file knows."""

    def plain(self) -> JsonValue:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(slots=True)
class Document:
    """A file's one document. `loose` are plain scalars that YAML 1.1 programs (Ansible, openstacksdk) read as something else."""

    file: str
    root: Node | None
    findings: list[Finding]
    loose: list[tuple[Place, str]]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """The place of a part of the document, or of the nearest thing that holds it. Is a Locator."""
        return place_in(self.file, self.root, path, key=key)


def place_in(file: str, node: Node | None, path: Path, *, key: bool = False) -> Place:
    """The place of a part of a node, or of the nearest thing that holds it; steps that lead nowhere are passed over."""
    if node is None:
        return Place(file)
    line, column = node.line, node.column
    for step in path:
        child: Node | None = None
        if isinstance(node.value, dict) and isinstance(step, str):
            child = node.value.get(step)
        elif isinstance(node.value, list) and isinstance(step, int) and 0 <= step < len(node.value):
            child = node.value[step]
        if child is not None:
            line, column = node.keys[step] if key and isinstance(step, str) else (child.line, child.column)
            node = child
    return Place(file, line, column)


def compose(file: str, text: str, tags: frozenset[str] = frozenset()) -> Document:
    """Parse `text`. Every fault is in `findings`; `root` is None when nothing usable is left. A value tagged so is text."""
    builder = _Builder(file, tags)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not builder.take(event):
                break
    except yaml.YAMLError as error:
        builder.findings.append(explain(file, text, error))
        builder.broken = True
    root = None if builder.broken else builder.root
    if root is not None and root.weight > max(len(text), 10_000):
        message = f"its aliases stand for {root.weight:,} values, more than the file has characters"
        builder.findings.append(
            Place(file).finding("yaml-aliases", message, "write the values out instead of repeating them by alias")
        )
        root = None
    return Document(file, root, builder.findings, builder.loose)


class _Builder:
    """Takes events one by one; `take` says whether to go on."""

    def __init__(self, file: str, tags: frozenset[str]) -> None:
        self.file = file
        self.tags = tags
        self.root: Node | None = None
        self.broken = False
        self.findings: list[Finding] = []
        self.loose: list[tuple[Place, str]] = []
        self._stack: list[Node] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Use one event. False: give up, the finding says why."""
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    return self._stop(
                        event, "yaml-documents", "a second document begins here", "keep one document in a file: remove ---"
                    )
            case yaml.AliasEvent():
                node = self._anchors.get(event.anchor or "")
                if node is None:
                    return self._stop(
                        event, "yaml-syntax", f"alias *{event.anchor} stands for nothing", f"write &{event.anchor} before it"
                    )
                if not node.closed:
                    return self._stop(event, "yaml-aliases", f"alias *{event.anchor} contains itself", "write the values out")
                self._add(node)
            case yaml.ScalarEvent():
                self._add(self._anchored(event, self._scalar(event)))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if len(self._stack) >= MAX_DEPTH:
                    return self._stop(event, "yaml-depth", f"more than {MAX_DEPTH} levels deep", "flatten it")
                node = Node(*_position(event), {} if isinstance(event, yaml.MappingStartEvent) else [], closed=False)
                self._stack.append(self._anchored(event, node))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node = self._stack.pop()
                node.closed = True
                self._add(node)
        return True

    def _place(self, event: yaml.Event) -> Place:
        return Place(self.file, *_position(event))

    def _stop(self, event: yaml.Event, code: str, message: str, remedy: str) -> bool:
        self.findings.append(self._place(event).finding(code, message, remedy))
        self.broken = True
        return False

    def _anchored(self, event: yaml.NodeEvent, node: Node) -> Node:
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _add(self, node: Node) -> None:
        """Put a finished node where it belongs. An alias has the place of what it stands for."""
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        parent.weight += node.weight
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            if parent.pending is None:
                parent.pending = self._key(parent, node)
                return
            if parent.pending is not False:
                parent.value[parent.pending] = node
            parent.pending = None

    def _key(self, parent: Node, node: Node) -> str | Literal[False]:
        """A mapping's next key; False after a finding."""
        place = Place(self.file, node.line, node.column)
        key = node.value
        if not isinstance(key, str):
            what = "a list or mapping" if isinstance(key, (list, dict)) else shown(key)
            self.findings.append(place.finding("yaml-key", f"a key has to be text, this is {what}", "put the key in quotes"))
            return False
        if key == "<<":
            self.findings.append(place.finding("yaml-merge", "merge keys (<<) are not read", "write the fields out"))
            return False
        if key in parent.keys:
            message = f"{shown(key)} is given twice, first in line {parent.keys[key][0]}"
            self.findings.append(place.finding("duplicate-key", message, "keep one of the two"))
            return False
        parent.keys[key] = (place.line, place.column)
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        text = event.value
        tag = event.tag
        if tag is None or tag == "!":
            tag = _TAGS + _core(text) if event.implicit[0] else _TAGS + "str"
            if event.implicit[0] and _read_otherwise(text, tag):
                self.loose.append((self._place(event), text))
        elif tag in self.tags:
            return Node(*_position(event), text, tag=tag)
        elif tag not in _KNOWN_TAGS:
            message = f"the tag {shown(tag)} is not known here"
            self.findings.append(
                self._place(event).finding("yaml-tag", message, "write plain text; a secret as env://… or file://…")
            )
            tag = _TAGS + "str"
        return Node(*_position(event), _value(text, tag.removeprefix(_TAGS)))


def _position(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None, "parsers mark every event"
    return event.start_mark.line + 1, event.start_mark.column + 1


def _core(text: str) -> str:
    """The core schema's tag of a plain scalar."""
    for tag, pattern in (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT)):
        if pattern.fullmatch(text):
            return tag
    return "str"


def _read_otherwise(text: str, tag: str) -> bool:
    octal = len(text.lstrip("+-")) > 1 and text.lstrip("+-").startswith("0") and tag == _TAGS + "int"
    return octal or (text != "<<" and _tag_11(text) != tag)


def _tag_11(text: str) -> str:
    return str(_SPEC_11.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]  # the stubs leave it out


def _value(text: str, kind: str) -> Scalar:
    """A scalar by its tag; what does not fit its explicit tag stays text and fails later, with its place."""
    if kind == "null":
        return None
    if kind == "bool" and _BOOL.fullmatch(text):
        return text.lower() == "true"
    if kind == "int" and _INT.fullmatch(text):
        return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)
    if kind == "float" and _FLOAT.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").lower().replace(".nan", "nan"))
    return text
