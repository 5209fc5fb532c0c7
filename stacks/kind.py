"""What a kind of cloud resource must be able to do, so that one Pulumi provider serves them all. Knows no cloud and no engine.

A cloud other than OpenStack brings its own kinds; nothing above this module changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

Outputs = dict[str, JsonValue]
Say = Callable[[str], None]
"""Tells people, in one line, what is being done."""


class Flag(StrEnum):
    """What the provider has to know about a property."""

    FIXED = "replaceOnChanges"
    """The cloud's API cannot change it: a new resource replaces the old one."""
    SECRET = "secret"
    """Encrypted in state and never shown, whether a program marks it so or not."""
    MOMENTARY = "momentary"
    """Only a create needs it: no cloud tells it, and another value changes nothing."""
    LEFT = "left"
    """Left out, it is the cloud's choice: no longer naming it changes nothing."""
    UNORDERED = "unordered"
    """A list whose order means nothing."""


class Inputs(BaseModel):
    """What a person may say about a resource. Spelled in camelCase outside, as Pulumi's languages expect."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)

    def to_json(self) -> dict[str, JsonValue]:
        """The named properties only: what is None was not said, and is never sent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def flagged(cls, flag: Flag) -> frozenset[str]:
        """The properties (in camelCase) that were given the flag."""
        return frozenset(
            info.alias or name
            for name, info in cls.model_fields.items()
            if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get(flag)
        )


def flagged(description: str, *flags: Flag, **more: Any) -> Any:
    """A pydantic field with something about it that the provider has to know."""
    return Field(description=description, json_schema_extra=dict.fromkeys(flags, True), **more)


def fixed(description: str, *flags: Flag, **more: Any) -> Any:
    """One that cannot be changed in place."""
    return flagged(description, Flag.FIXED, *flags, **more)


@dataclass(frozen=True, slots=True)
class Output:
    """A property that the cloud answers with. `secret` ones are encrypted in state and never shown."""

    description: str
    type: str = "string"
    secret: bool = False


I = TypeVar("I", bound=Inputs)  # noqa: E741  the one letter that says Inputs


@dataclass(frozen=True, slots=True)
class Found(Generic[I]):
    """A resource as it is on the cloud now, in the words of its inputs."""

    inputs: I
    outputs: Outputs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A resource that was just created: the id that the cloud knows it by."""

    id: str
    outputs: Outputs = field(default_factory=dict)


class Incomplete(Exception):
    """The resource is there, under this id, but not as it was asked for. State keeps it, and the next run goes on from it."""

    def __init__(self, made: Made, reason: str) -> None:
        super().__init__(reason)
        self.made = made
        self.reason = reason


C = TypeVar("C")
"""The session with a cloud that a kind works on."""


class Kind(ABC, Generic[C, I]):
    """One kind of resource. Blocking; called from several threads at once. Raises verdicts, whose words people read."""

    name: ClassVar[str]
    summary: ClassVar[str]
    inputs: type[I]
    outputs: ClassVar[Mapping[str, Output]] = {}
    example: ClassVar[Mapping[str, JsonValue]]
    """Inputs that a person could write, in camelCase."""
    references: ClassVar[Mapping[str, Callable[[Any, str], str]]] = {}
    """Properties (in camelCase) that take a name or an id, and how a session turns either into the id."""

    def replaced(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        """The properties (in camelCase) whose change from `old` to `new` takes a new resource: what the API cannot change."""
        return self.inputs.flagged(Flag.FIXED)

    @abstractmethod
    def create(self, cloud: C, inputs: I, marker: str) -> Made:
        """Make it. `marker` is written on it where names are not unique; something that bears it already is taken as made."""

    def find(self, cloud: C, inputs: I, marker: str) -> str | None:
        """The id of what a create left whose outcome nobody knows; None: it is not there, or nobody can tell it. Only reads."""
        id = self.joined(cloud, inputs)
        return id if id and self.read(cloud, id, inputs, {}) is not None else None

    def joined(self, cloud: C, inputs: I) -> str:
        """Its id, where that is what it joins; empty: the cloud gives it one."""
        return ""

    @abstractmethod
    def read(self, cloud: C, id: str, known: I | None, outputs: Outputs) -> Found[I] | None:
        """As it is now; None when it is gone. `known` is what was said about it, None on an import: then tell everything."""

    @abstractmethod
    def update(self, cloud: C, id: str, old: I, new: I, outputs: Outputs) -> Outputs:
        """Change it in place; answers with all its outputs."""

    @abstractmethod
    def delete(self, cloud: C, id: str, old: I) -> None:
        """Remove it. One that is gone already is not an error."""
