"""The native provider: one for every kind and every cloud. Decides only what a difference means; the kinds do the work.

A Pulumi engine starts it as `pulumi-resource-yunwang` and speaks gRPC with it. A failure is a sentence, never a traceback.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from pulumi.provider.experimental import provider as p
from pulumi.runtime.rpc import UNKNOWN
from pydantic import JsonValue, ValidationError
from typing_extensions import override

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.kind import Flag, Incomplete, Inputs, Kind, Made, Outputs
from yunwang.stacks.pulumi.guard import Guarding
from yunwang.stacks.pulumi.owner import Owner
from yunwang.stacks.pulumi.schema import schema
from yunwang.stacks.pulumi.wire import Properties, plains, secret_names, unknown, values_of

T = TypeVar("T")
PARALLEL = 4
"""Requests at a time to one cloud. A small control plane gets slower with more, and answers 500 under many deletions."""
_OWNER = 32
"""Characters of a workspace's name in a marker: with it a description has to fit into 255."""
_PROPERTY = re.compile(r"([a-z]\w*): (.+)")

Connect = Callable[[str, Path | None], Any]
"""From a cloud's name and its clouds.yaml to the session that the kinds work on."""

Owning = Callable[[Path | None], Owner]
"""From a clouds.yaml in use to the workspace that it belongs to."""


def unguarded(config: Path | None, deed: str, urn: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """For an engine of our own: what it does has passed the gate."""


class Partial(Exception):
    """A create or update went half way: the state that the engine has to keep."""

    def __init__(self, resource_id: str, properties: Properties, inputs: Properties, reason: str) -> None:
        super().__init__(reason)
        self.resource_id = resource_id
        self.properties = properties
        self.inputs = inputs
        self.reason = reason


class Provider(p.Provider):
    """Pulumi's questions, answered from the kinds."""

    def __init__(
        self, kinds: Mapping[str, Kind[Any, Any]], connect: Connect, version: str, owner: Owning, guard: Guarding = unguarded
    ) -> None:
        self._kinds = kinds
        self._owner = owner
        self._connect = connect
        self._version = version
        self._guard = guard
        self._config: Path | None = None
        self._cloud: Any = None
        self._in_state: set[str] = set()
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="cloud")

    async def _off_loop(self, work: Callable[..., T], *arguments: Any) -> T:
        """The engine's questions come on one loop; blocking it would put every resource in a queue."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _kind(self, type_token: str) -> Kind[Any, Any]:
        name = type_token.rpartition(":")[2]
        if name not in self._kinds:
            raise Fatal(f"there is no resource {type_token}", remedy=f"one of: {', '.join(self._kinds)}")
        return self._kinds[name]

    @override
    async def get_schema(self, request: p.GetSchemaRequest) -> p.GetSchemaResponse:
        return p.GetSchemaResponse(json.dumps(schema(self._kinds, self._version), ensure_ascii=False))

    @override
    async def check_config(self, request: p.CheckRequest) -> p.CheckResponse:
        failures = [] if "cloud" in request.new_inputs else [p.CheckFailure("cloud", "is missing: name an entry of clouds.yaml")]
        return p.CheckResponse(inputs=request.new_inputs, failures=failures)

    @override
    async def diff_config(self, request: p.DiffRequest) -> p.DiffResponse:
        """Another cloud is another everything; another path to the same clouds.yaml is nothing."""
        old, new = plains(request.old_state), plains(request.new_inputs)
        return p.DiffResponse(
            changes=old.get("cloud") != new.get("cloud"), replaces=["cloud"] if old.get("cloud") != new.get("cloud") else []
        )

    @override
    async def configure(self, request: p.ConfigureRequest) -> p.ConfigureResponse:
        said = plains(request.args)
        self._config = Path(said["configFile"]) if "configFile" in said else None
        self._cloud = self._connect(said["cloud"], self._config)
        return p.ConfigureResponse(accept_secrets=True, supports_preview=True, accept_outputs=True, accept_resources=True)

    @override
    async def check(self, request: p.CheckRequest) -> p.CheckResponse:
        if request.old_inputs:
            self._in_state.add(request.urn)
        kind = self._kind(request.type)
        inputs, failures = checked(kind, plains(request.new_inputs))
        hidden = _hidden(kind, request.new_inputs)
        return p.CheckResponse(inputs=values_of(inputs, hidden), failures=failures)

    @override
    async def diff(self, request: p.DiffRequest) -> p.DiffResponse:
        kind, old, new = self._kind(request.type), plains(request.old_state), plains(request.new_inputs)
        ignored = list(request.ignore_changes)
        if other := [name for name in kind.references if old.get(name) != new.get(name) and not unknown(new.get(name))]:
            ignored += await self._off_loop(_same, kind, self._cloud, other, old, new)
        return difference(kind, old, new, ignored)

    @override
    async def create(self, request: p.CreateRequest) -> p.CreateResponse:
        kind, said = self._kind(request.type), plains(request.properties)
        hidden = _hidden(kind, request.properties)
        if request.preview:
            return p.CreateResponse("", self._state(kind, said, dict.fromkeys(kind.outputs, UNKNOWN), hidden))
        inputs = kind.inputs.model_validate(said)
        await self._off_loop(self._guard, self._config, "create", request.urn, said, {})
        try:
            made: Made = await self._off_loop(kind.create, self._cloud, inputs, self._marker(request.urn, inputs))
        except Incomplete as half:
            raise self._half(kind, half, inputs, hidden) from None
        return p.CreateResponse(made.id, self._state(kind, inputs.to_json(), made.outputs, hidden))

    @override
    async def read(self, request: p.ReadRequest) -> p.ReadResponse:
        kind = self._kind(request.type)
        said = plains(request.inputs)
        known = remembered(kind, said) if said else None
        outputs = {name: value for name, value in plains(request.properties).items() if name in kind.outputs}
        found = await self._off_loop(kind.read, self._cloud, request.resource_id, known, outputs)
        if found is None:
            return p.ReadResponse()
        inputs = found.inputs.to_json()
        hidden = _hidden(kind, request.inputs)
        return p.ReadResponse(request.resource_id, self._state(kind, inputs, found.outputs, hidden), values_of(inputs, hidden))

    @override
    async def update(self, request: p.UpdateRequest) -> p.UpdateResponse:
        kind, said = self._kind(request.type), plains(request.news)
        hidden = _hidden(kind, request.news)
        old_state = plains(request.olds)
        outputs = {name: value for name, value in old_state.items() if name in kind.outputs}
        if request.preview:
            return p.UpdateResponse(self._state(kind, said, outputs, hidden))
        inputs = kind.inputs.model_validate(said)
        await self._off_loop(self._guard, self._config, "update", request.urn, said, old_state)
        try:
            told = await self._off_loop(kind.update, self._cloud, request.resource_id, remembered(kind, old_state), inputs, outputs)
        except Incomplete as half:
            raise self._half(kind, half, inputs, hidden) from None
        return p.UpdateResponse(self._state(kind, inputs.to_json(), told, hidden))

    @override
    async def delete(self, request: p.DeleteRequest) -> None:
        kind = self._kind(request.type)
        await self._off_loop(self._guard, self._config, "delete", request.urn, {}, plains(request.properties))
        await self._off_loop(kind.delete, self._cloud, request.resource_id, remembered(kind, plains(request.properties)))

    def _marker(self, urn: str, inputs: Inputs) -> str:
        """What a retry, and the next run after a crash, finds the resource by: the workspace's name and a digest over it,
        over where its state is kept, and over what the resource is.

        A replacement differs in what is fixed, and so in its marker. One that is forced (`--replace`) differs in nothing: its
        marker is random, or it would take the resource that is about to be deleted for its own.
        """
        chance = secrets.token_hex(8) if urn in self._in_state else ""
        return marker(self._owner(self._config), urn, inputs, chance)

    def _state(self, kind: Kind[Any, Any], inputs: Mapping[str, JsonValue], outputs: Outputs, hidden: set[str]) -> Properties:
        secret_outputs = {name for name, output in kind.outputs.items() if output.secret}
        return values_of({**inputs, **outputs}, hidden | secret_outputs)

    def _half(self, kind: Kind[Any, Any], half: Incomplete, inputs: Inputs, hidden: set[str]) -> Partial:
        said = inputs.to_json()
        return Partial(
            half.made.id,
            self._state(kind, said, half.made.outputs, hidden),
            values_of(said, hidden),
            half.reason,
        )


def marker(owner: Owner, urn: str, inputs: Inputs, chance: str = "") -> str:
    """The marker of a workspace's resource; see `Provider._marker`."""
    said = inputs.to_json()
    key = {name: said.get(name) for name in sorted(inputs.flagged(Flag.FIXED))}
    digest = hashlib.sha256(json.dumps([*owner, urn, key, chance]).encode()).hexdigest()
    return f"{owner.name[:_OWNER]}:{digest[:16]}"


def _hidden(kind: Kind[Any, Any], values: Properties) -> set[str]:
    """The properties that are secrets by themselves, or that a program marked so."""
    return {*secret_names(values), *kind.inputs.flagged(Flag.SECRET)}


def checked(kind: Kind[Any, Any], said: dict[str, Any]) -> tuple[dict[str, JsonValue], list[p.CheckFailure]]:
    """The inputs in one spelling, with defaults; or what is wrong with which property. What is not known yet is let through."""
    later = {name for name, value in said.items() if unknown(value)}
    try:
        return kind.inputs.model_validate(said).to_json(), []
    except ValidationError as error:
        faults = [(fault["loc"], str(fault["msg"])) for fault in error.errors()]
    failures = [p.CheckFailure(*_named(_path(loc), reason)) for loc, reason in faults if not loc or loc[0] not in later]
    return {**_defaults(kind), **said}, failures


def _path(loc: Iterable[str | int]) -> str:
    """As Pulumi spells a property's place: `rules[0].portMin`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def _named(where: str, reason: str) -> tuple[str, str]:
    """A rule over several properties says itself which one it means: `cidr: SLAAC needs a /64`."""
    reason = reason.removeprefix("Value error, ")
    if own := _PROPERTY.match(reason):
        return f"{where}.{own.group(1)}".removeprefix("."), own.group(2)
    return where, reason


def difference(kind: Kind[Any, Any], old: Mapping[str, Any], new: Mapping[str, Any], ignored: list[str]) -> p.DiffResponse:
    """Property by property; replacement only for what the cloud's API cannot change."""
    fixed = kind.replaced(old, new)
    names = [info.alias or name for name, info in kind.inputs.model_fields.items()]
    detailed = {}
    for name in names:
        if name in ignored or _alike(kind, name, old.get(name), new.get(name)):
            continue
        change = "ADD" if name not in old else "DELETE" if name not in new else "UPDATE"
        detailed[name] = p.PropertyDiff(p.PropertyDiffKind[change + ("_REPLACE" if name in fixed else "")], input_diff=False)
    replaces = [name for name in detailed if name in fixed]
    # the old one goes first: two subnets of one prefix, two legs on one address, a full quota would be in the way
    return p.DiffResponse(changes=bool(detailed), replaces=replaces, delete_before_replace=bool(replaces), detailed_diff=detailed)


def _alike(kind: Kind[Any, Any], name: str, old: Any, new: Any) -> bool:
    """Whether there is nothing to be done about a property."""
    flagged = kind.inputs.flagged
    if old == new or name in flagged(Flag.MOMENTARY) or (name in flagged(Flag.LEFT) and new == _defaults(kind).get(name)):
        return True
    return name in flagged(Flag.UNORDERED) and isinstance(old, list) and isinstance(new, list) and sorted(old) == sorted(new)


def _defaults(kind: Kind[Any, Any]) -> dict[str, JsonValue]:
    """What stands for a property that nobody named, as far as it is not left away."""
    fields = kind.inputs.model_fields.items()
    plain = {info.alias or name: [*info.default] if isinstance(info.default, tuple) else info.default for name, info in fields}
    return {name: default for name, default in plain.items() if isinstance(default, str | int | bool | list)}


def _same(kind: Kind[Any, Any], cloud: Any, names: list[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Which of these properties mean the same thing, by its name and by its id."""

    def means(name: str, said: Any) -> str:
        try:
            return kind.references[name](cloud, said or "")
        except Fatal:
            return ""

    return [name for name in names if (meant := means(name, old.get(name))) and meant == means(name, new.get(name))]


def remembered(kind: Kind[Any, Any], state: Mapping[str, Any]) -> Inputs:
    """The inputs in a state, even one that today's rules would refuse."""
    names = {info.alias or name: name for name, info in kind.inputs.model_fields.items()}
    said = {name: value for name, value in state.items() if name in names}
    model: type[Inputs] = kind.inputs
    try:
        return model.model_validate(said)
    except ValidationError:
        return model.model_construct(**{names[name]: value for name, value in said.items()})
