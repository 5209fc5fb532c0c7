"""In what condition a stack's state is: who holds it, whether it can be read and opened, what in it nobody knows the outcome of.

Only reads: the backend's files where the engine would stop, and clouds through what is handed in. Mends nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from yunwang.inventories.noun import Noun
from yunwang.stacks.pulumi.backend import Backend
from yunwang.stacks.pulumi.lock import Lock
from yunwang.stacks.pulumi.rotation import opens
from yunwang.stacks.pulumi.steps import what_of
from yunwang.stacks.pulumi.store import Store

State = dict[str, Any]
"""A deployment, as `pulumi stack export` has it under `deployment`."""
Find = Callable[[Mapping[str, Any]], str | None]
"""From a resource of a state, whose create was begun, to its id on the cloud; None: it is not there."""
_SECRET = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi marks a value as something else than it looks; with `1b47061264138c4ac30d75fd1eb44270`, as a secret."""


class Pending(Noun):
    """An operation that was begun, and that the state has no outcome of.

    `standing`: a create `known` has an id in the state already; one that is `found` stands on the cloud under `id`; one that is
    `absent` does not; what is `looked-at` is settled by the next plan, which reads the resource from the cloud.
    """

    urn: str
    operation: str
    standing: Literal["known", "found", "absent", "looked-at"]
    id: str = ""

    @property
    def what(self) -> str:
        """`yunwang:Network business`."""
        return what_of(self.urn)


class Held(Noun):
    """A lock's file, and what it says; None: it was cut short, so nobody holds it."""

    key: str
    lock: Lock | None


class Condition(Noun):
    """A stack's state."""

    digest: str
    """Over the checkpoint's bytes."""
    resources: int = 0
    locks: tuple[Held, ...] = ()
    fault: str = ""
    """Why the checkpoint cannot be read; empty where it can."""
    backup: str = ""
    """Where it cannot: the newest of its backups that can; empty: none."""
    backup_time: str = ""
    sealed: tuple[str, ...] | None = None
    """Where no secret of it opens with the workspace's key: what has secrets. None: all opens."""
    pending: tuple[Pending, ...] = ()


def stacks(store: Store) -> tuple[tuple[str, str], ...]:
    """Project and name of all stacks, also of those that the engine stumbles over."""
    return tuple(sorted({parts for key in store.keys(".pulumi/stacks/") if (parts := _parts(key)) is not None}))


def condition(backend: Backend, store: Store, project: str, name: str, find: Find) -> Condition:
    """The condition of a stack. Raises verdicts."""
    held = checkpoint(store, project, name) or b""
    state, fault = read(held)
    backup, when = "", ""
    if fault:
        for key in _backups(store, project, name):
            state, wrong = read(store.read(key) or b"")
            if not wrong:
                backup, when = key, _time(state)
                break
    resources = state.get("resources") or []
    return Condition(
        digest=hashlib.sha256(held).hexdigest(),
        resources=len(resources),
        locks=tuple(Held(key=key, lock=Lock.read(store.read(key) or b"")) for key in store.keys(_locks(project, name))),
        fault=fault,
        backup=backup,
        backup_time=when,
        sealed=None if fault or not resources or opens(backend, (project, name), backend.key) else tuple(_secrets(resources)),
        pending=tuple(_pending(state, find)),
    )


def read(content: bytes) -> tuple[State, str]:
    """The state in a checkpoint's bytes, and why it cannot be read; {} for a stack that never held anything."""
    try:
        whole = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        state = whole["checkpoint"].get("latest") or {}
        if not isinstance(state, dict) or whole.get("version") != 3:
            return {}, "is of a version that this yunwang does not know"
    except (ValueError, KeyError, AttributeError, TypeError, OSError, EOFError) as error:
        return {}, "is empty" if not content else f"is no checkpoint ({type(error).__name__})"
    return state, ""


def settled(state: State, pending: tuple[Pending, ...]) -> State:
    """The state with what was found on the cloud among its resources, and nothing pending. Pure."""
    ops = {one["resource"]["urn"]: one["resource"] for one in state.get("pending_operations") or ()}
    found = [
        {**ops[one.urn], "id": one.id, "outputs": ops[one.urn].get("inputs") or {}} for one in pending if one.standing == "found"
    ]
    rest = {name: value for name, value in state.items() if name != "pending_operations"}
    return {**rest, "resources": [*(state.get("resources") or ()), *found]}


def open_inputs(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What was said about a resource, but for secrets."""
    said = (resource.get("inputs") or {}).items()
    return {name: value for name, value in said if not (isinstance(value, dict) and _SECRET in value) and not name.startswith("__")}


def _pending(state: State, find: Find) -> Iterator[Pending]:
    have = {one["urn"] for one in state.get("resources") or () if one.get("id") and not one.get("delete")}
    told = set()
    for one in state.get("pending_operations") or ():
        urn, operation = one["resource"]["urn"], one["type"]
        if (urn, operation) in told:  # an engine carries a create on, and may add it once more
            continue
        told.add((urn, operation))
        if operation != "creating":
            yield Pending(urn=urn, operation=operation, standing="looked-at")
        elif urn in have:
            yield Pending(urn=urn, operation=operation, standing="known")
        elif id := find(one["resource"]):
            yield Pending(urn=urn, operation=operation, standing="found", id=id)
        else:
            yield Pending(urn=urn, operation=operation, standing="absent")


def _secrets(resources: list[Any]) -> Iterator[str]:
    for one in resources:
        names = [name for name, value in (one.get("outputs") or {}).items() if isinstance(value, dict) and _SECRET in value]
        if names:
            yield f"{', '.join(sorted(names))} of {what_of(one['urn'])}"


def _parts(key: str) -> tuple[str, str] | None:
    """Project and name out of a checkpoint's key."""
    *_, project, file = key.split("/")
    name, found, rest = file.partition(".json")
    return (project, name) if found and rest in ("", ".gz") else None


def checkpoint(store: Store, project: str, name: str) -> bytes | None:
    """A stack's checkpoint; None: there is none."""
    plain = f".pulumi/stacks/{project}/{name}.json"
    found = (store.read(key) for key in (plain, f"{plain}.gz"))
    return next((content for content in found if content is not None), None)


def _backups(store: Store, project: str, name: str) -> list[str]:
    """The one of before the last write, then those of before each run, newest first. Their names have the time in nanoseconds."""
    plain = f".pulumi/stacks/{project}/{name}.json"
    last = [key for key in store.keys(plain) if key in (f"{plain}.bak", f"{plain}.gz.bak")]
    after = [key for key in store.keys(f".pulumi/history/{project}/{name}/") if ".checkpoint.json" in key]
    before = list(store.keys(f".pulumi/backups/{project}/{name}/"))
    return [*last, *sorted([*after, *before], key=lambda key: "".join(filter(str.isdigit, key.rpartition(name)[2])), reverse=True)]


def _locks(project: str, name: str) -> str:
    return f".pulumi/locks/organization/{project}/{name}/"


def _time(state: State) -> str:
    """When a state was written, in UTC; empty where it does not say."""
    try:
        said = re.sub(r"\.\d+", "", str((state.get("manifest") or {}).get("time")))  # Go writes nanoseconds
        return f"{datetime.fromisoformat(said).astimezone(UTC):%F %T} UTC"
    except ValueError:
        return ""
