"""What an engine says it will do or has done, as values. Never runs anything.

Steps come in an order of their own and not as the engine's threads tell them, so that a digest over them is stable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.automation.events import EngineEvent, OpType, StepEventMetadata
from pulumi.runtime.rpc import UNKNOWN
from pydantic import JsonValue

from yunwang.inventories.noun import Noun

_ORDER = (
    "Domain",
    "Project",
    "User",
    "Group",
    "RoleAssignment",
    "ApplicationCredential",
    "ComputeQuota",
    "VolumeQuota",
    "NetworkQuota",
    "FlavorAccess",
    "Image",
    "KeyPair",
    "Network",
    "Subnet",
    "Router",
    "RouterInterface",
    "SecurityGroup",
    "Port",
    "FloatingIp",
    "Volume",
    "Server",
    "VolumeAttachment",
)
_DONE_BY_OTHERS = {
    "create-replacement": "replace",
    "delete-replaced": "",
    "discard-replaced": "",
    "same": "",
    "refresh": "",
    "read": "",
}
"""An engine tells a replacement as three steps; one is enough. What changes nothing is no step."""
LATER = "(known after the apply)"


class Difference(Noun):
    """A property that changes; a resource that is made or goes has them all on one side."""

    property: str
    old: JsonValue = None
    new: JsonValue = None


class StackStep(Noun):
    """One resource and what happens to it (`create`, `update`, `replace`, `delete`), or to its state (`refresh`, `forget`)."""

    op: str
    type: str
    name: str
    differences: tuple[Difference, ...] = ()

    @property
    def what(self) -> str:
        """`yunwang:Network business`."""
        return f"{self.type.replace(':index:', ':')} {self.name}"

    def lines(self) -> Iterator[str]:
        """The properties, for people."""
        for one in self.differences:
            if self.op == "create":
                if one.new not in (None, "", [], {}, LATER):
                    yield f"{one.property}: {_shown(one.new)}"
            elif self.op in ("update", "replace", "refresh"):
                yield f"{one.property}: {_shown(one.old)} → {_shown(one.new)}"


def what_of(urn: str) -> str:
    """`yunwang:Network business`, of a resource's name in the engine."""
    types, name = urn.split("::")[2:4]
    return f"{types.rpartition('$')[2].replace(':index:', ':')} {name}"


def step_of(metadata: StepEventMetadata) -> StackStep | None:
    """The step, or None for what touches no cloud: the stack itself, components, providers, and what stays as it is."""
    op = getattr(metadata.op, "value", str(metadata.op))
    op = _DONE_BY_OTHERS.get(op, op)
    state = metadata.new or metadata.old
    if not op or state is None or not state.custom or metadata.type.startswith("pulumi:"):
        return None
    return StackStep(
        op=op, type=metadata.type, name=metadata.urn.rpartition("::")[2], differences=tuple(_differences(op, metadata))
    )


def moved_of(metadata: StepEventMetadata) -> StackStep | None:
    """How the cloud has moved away from the state, property by property; None where it has not."""
    old = dict(metadata.old.inputs or {}) if metadata.old else {}
    new = dict(metadata.new.inputs or {}) if metadata.new else {}
    return _changed("update", metadata, old, new)


def taken_of(metadata: StepEventMetadata) -> StackStep | None:
    """What a refresh has the state take over, outputs too; None where it is as the state has it."""
    if metadata.old is None or not metadata.old.custom or metadata.type.startswith("pulumi:"):
        return None
    if metadata.new is None or not metadata.new.id:
        return StackStep(op="forget", type=metadata.type, name=metadata.urn.rpartition("::")[2])
    old, new = ({**(one.outputs or {}), **(one.inputs or {})} if one else {} for one in (metadata.old, metadata.new))
    return _changed("refresh", metadata, old, new)


def _changed(op: str, metadata: StepEventMetadata, old: Mapping[str, Any], new: Mapping[str, Any]) -> StackStep | None:
    names = sorted(name for name in {*old, *new} if not name.startswith("__") and old.get(name) != new.get(name))
    if not names or metadata.type.startswith("pulumi:"):
        return None
    differences = tuple(Difference(property=name, old=_plain(old.get(name)), new=_plain(new.get(name))) for name in names)
    return StackStep(op=op, type=metadata.type, name=metadata.urn.rpartition("::")[2], differences=differences)


def ordered(steps: Mapping[str, StackStep]) -> tuple[StackStep, ...]:
    """By what is made first; the same steps always in the same order. Keys are URNs."""

    def key(item: tuple[str, StackStep]) -> tuple[int, str, str]:
        kind = item[1].type.rpartition(":")[2]
        return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), item[1].name, item[0])

    return tuple(step for _, step in sorted(steps.items(), key=key))


def _differences(op: str, metadata: StepEventMetadata) -> Iterator[Difference]:
    old = dict(metadata.old.inputs or {}) if metadata.old else {}
    new = dict(metadata.new.inputs or {}) if metadata.new else {}
    if op == "create":
        old = {}
    names = (
        sorted({*(metadata.detailed_diff or ()), *(metadata.diffs or ())}) if op in ("update", "replace") else sorted({*old, *new})
    )
    for name in names:
        if not name.startswith("__"):
            yield Difference(property=name, old=_plain(old.get(name)), new=_plain(new.get(name)))


def _plain(value: Any) -> JsonValue:
    """Whole numbers as integers, what is not known yet in words. Secrets come blinded from the engine."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value == UNKNOWN:
        return LATER
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _shown(value: JsonValue) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, dict):
        return " ".join(f"{name}={_shown(one)}" for name, one in value.items())
    return str(value)


class Telling:
    """Collects what an engine tells during one operation. Called from the engine's own thread.

    `refreshing`: the operation is a refresh alone, whose results it tells as updates and deletions.
    """

    def __init__(self, *, refreshing: bool = False) -> None:
        self.refreshing = refreshing
        self.steps: dict[str, StackStep] = {}
        self.vanished: set[str] = set()
        self.moved: dict[str, StackStep] = {}
        self.taken: dict[str, StackStep] = {}
        self.ids: set[str] = set()
        self.faults: list[tuple[str, str]] = []
        self.intent: Any = None

    def heed(self, event: EngineEvent) -> StepEventMetadata | None:
        """Takes an event in; answers with the step that just ended well, if it was that."""
        if (diagnostic := event.diagnostic_event) is not None and diagnostic.severity == "error":
            self.faults.append(((diagnostic.urn or "").rpartition("::")[2], diagnostic.message.strip()))
        if (started := event.resource_pre_event) is not None:
            self._started(started.metadata)
        if (ended := event.res_outputs_event) is None:
            return None
        if self.refreshing and (taken := taken_of(ended.metadata)) is not None:
            self.taken[ended.metadata.urn] = taken
        if ended.metadata.op == OpType.REFRESH:
            self._read(ended.metadata)
        return ended.metadata

    def _read(self, seen: StepEventMetadata) -> None:
        """A resource was compared with the cloud."""
        if seen.new is None or not seen.new.id:
            self.vanished.add(seen.urn)
        elif (moved := moved_of(seen)) is not None:
            self.moved[seen.urn] = moved

    def _started(self, metadata: StepEventMetadata) -> None:
        if metadata.old is not None and metadata.old.id:
            self.ids.add(metadata.old.id)
        if metadata.type == "pulumi:pulumi:Stack" and metadata.old is not None:
            self.intent = _plain((metadata.old.outputs or {}).get("intent")) or self.intent
        if (step := step_of(metadata)) is not None:
            self.steps[metadata.urn] = step
