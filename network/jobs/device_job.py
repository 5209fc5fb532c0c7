"""What every job on devices does: read, patch, push, look again, save; and take back. Knows no feature: its children do.

Nothing is saved on a device before its verification is clean: until then a power cycle is a way back too.
"""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from pydantic import JsonValue, TypeAdapter

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject, digest
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Step
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import Patch, PatchLine, patch
from yunwang.network.jobs.delta import Delta, delta
from yunwang.network.jobs.order import change_id, waves
from yunwang.network.transport import Session, Timeouts, connect
from yunwang.network.vendors import Vendor, vendor

_MOVES = re.compile(r"\d\d:\d\d|bytes|^Building")
"""Lines before a configuration that differ at each reading: dates, sizes. What is left tells the software version."""

UNDO_TRIES = 4
"""How often a device that cannot be reached is tried again before a change on it is given up as not taken back."""


class DeviceJob(ABC):
    """A job whose targets are `device/<name>`. `wire` is the folder of the wire logs, by default the workspace's own."""

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, workspace: Workspace, *, wire: Path | None = None, timeouts: Timeouts | None = None) -> None:
        self._workspace = workspace
        self._wire = wire or workspace.state / "wire"
        self._timeouts = timeouts or Timeouts()

    @abstractmethod
    def devices(self) -> tuple[Device, ...]:
        """The devices that the job answers for."""

    @abstractmethod
    def intend(self, device: Device, running: Config) -> Config:
        """What a device should run, from what it runs. Pure."""

    @abstractmethod
    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        """What `look` will look for, beside the configuration, from the facts observed.

        `done` are the devices that will be done by then. Pure.
        """

    @abstractmethod
    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        """What of the checks does not hold on the device."""

    def notice(self, session: Session, device: Device) -> JsonObject:
        """Facts to observe beside the configuration; only what does not change by itself."""
        return {}

    def remarks(self, device: Device, running: Config, facts: JsonObject) -> tuple[Finding, ...]:
        """What the plan's reader should know about a device, whether it needs a change or not. Pure."""
        return ()

    @property
    def options(self) -> JsonObject:
        """Nothing: the workspace says it all."""
        return {}

    def targets(self) -> tuple[str, ...]:
        """`device/<name>` of each."""
        return tuple(f"device/{device.name}" for device in self.devices())

    def observe(self, target: str) -> Observed:
        """The running configuration, without what changes by itself. Raises Verdict."""
        device = self._device(target)
        with self.connect(device) as session:
            running = read(session, vendor(device.platform))
            noticed = self.notice(session, device)
        text = running.render()
        header: list[JsonValue] = [line for line in running.header if not _MOVES.search(line)]
        return Observed(
            target=target,
            summary=f"{len(text.splitlines())} lines of configuration",
            facts={"config": text, "header": header, **noticed},
        )

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A patch for each device that needs one, in waves. Pure."""
        needs: dict[str, tuple[Device, JsonObject, Config, Config, Patch]] = {}
        findings: list[Finding] = []
        for target, seen in observed.items():
            device = self._device(target)
            its = vendor(device.platform)
            running = replace(parse(str(seen.facts["config"]), its.rules), header=_texts(seen.facts["header"]))
            findings += self.remarks(device, running, seen.facts)
            intended = self.intend(device, running)
            if lines := patch(its, running, intended):
                needs[device.name] = device, seen.facts, running, intended, lines
        order = waves(self._workspace, needs)
        done = {name.removeprefix("device/") for name in observed} - needs.keys()
        changes: list[Change] = []
        for wave in order:
            names = [name for name in needs if change_id(name) in wave.changes]
            changes += [self._change(*needs[name], frozenset(done)) for name in names]
            done |= set(names)
        return Draft(changes=tuple(changes), waves=order, findings=tuple(findings))

    def apply(self, change: Change, say: object) -> Outcome:
        """Push exactly the plan's lines, and commit where the device is two-stage; does not save. Raises Verdict."""
        with self.connect(self._device(change.target)) as session:
            pushed = session.push(_lines(change))
            committed = session.commit()
        return Outcome(
            summary=f"{len(pushed.lines)} lines accepted" + (", committed" if committed else ""),
            evidence={"lines": list(pushed.lines), "remarks": list(pushed.remarks), "committed": committed},
        )

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """Read again: is the change in force, do the checks hold? Where nothing is wrong, saves. Raises Verdict."""
        device = self._device(change.target)
        its = vendor(device.platform)
        with self.connect(device) as session:
            running = read(session, its)
            if lacking := patch(its, running, _delta(change).forward(running)):
                return tuple(_not_in_force(change.target, line) for line in lacking.lines if not line.leaves_view)
            findings = self.look(session, device, _object(change.forward["checks"]))
            if not findings:
                session.save()
        return findings

    def undo(self, change: Change, say: object) -> Outcome:
        """Reconnect, read, send what leads back from there as far as this change goes, look again, save. Raises Verdict."""
        device = self._device(change.target)
        for tries in range(UNDO_TRIES, 0, -1):
            try:
                return self._back(device, change)
            except Retryable as verdict:
                if tries == 1:
                    raise
                time.sleep(verdict.delay)
        raise AssertionError("unreachable")

    def connect(self, device: Device) -> AbstractContextManager[Session]:
        """A session with a device of the workspace."""
        return connect(device, self._workspace, wire=self._wire, timeouts=self._timeouts)

    def _back(self, device: Device, change: Change) -> Outcome:
        its, made = vendor(device.platform), _delta(change)
        with self.connect(device) as session:
            running = read(session, its)
            lines = patch(its, running, made.backward(running)).lines
            session.push(lines)
            session.commit()
            running = read(session, its)
            if left := patch(its, running, made.backward(running)):
                raise Fatal(
                    f"still needed after taking it back: {'; '.join(left.commands())}",
                    remedy="look at the device; take these back by hand, then save",
                    target=change.target,
                )
            session.save()
        as_before = digest({"config": running.render()}) == change.reverse["before"]
        return Outcome(
            summary=f"taken back with {len(lines)} lines, "
            + ("as it was before" if as_before else "what others changed since was left"),
            evidence={"lines": [line.text for line in lines], "as_before": as_before},
        )

    def _device(self, target: str) -> Device:
        return self._workspace.device(target.removeprefix("device/"))

    def _change(
        self, device: Device, facts: JsonObject, running: Config, intended: Config, lines: Patch, done: frozenset[str]
    ) -> Change:
        made = delta(running, intended)
        return Change(
            id=change_id(device.name),
            target=f"device/{device.name}",
            group=device.site,
            action=Action.UPDATE,
            summary=f"{len(made.added)} lines in, {len(made.removed)} out",
            steps=tuple(
                Step(action=action, what=" › ".join(path))
                for action, paths in ((Action.CREATE, made.added), (Action.DELETE, made.removed))
                for path in paths
            ),
            text=lines.text(),
            forward={"lines": [line.to_json() for line in lines.lines], "checks": self.checks(device, running, facts, done)},
            reverse={"before": digest({"config": running.render()}), "delta": made.to_json()},
            facts={
                "device": device.name,
                "platform": device.platform,
                "site": device.site,
                "plane": device.plane,
                "role": device.role,
                "disruptive": [line.text for line in lines.disruptive],
            },
        )


def read(session: Session, its: Vendor) -> Config:
    """The running configuration as a tree. Raises Retryable where the device stopped before its end."""
    running = parse(session.running(), its.rules)
    if not running.complete:
        raise Retryable(
            "the running configuration breaks off before its end",
            remedy="the device may be busy; the wire log shows what it sent",
            target=session.target,
            delay=5.0,
        )
    return running


def _not_in_force(target: str, line: PatchLine) -> Finding:
    return Finding(
        code="not-in-force",
        message=f"{' › '.join((*line.view, line.text))!r} is still needed to be where the plan leads",
        remedy="someone may have changed the device meanwhile; plan again",
        target=target,
    )


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, list)
    return tuple(map(str, value))


_LINES = TypeAdapter(tuple[PatchLine, ...])


def _lines(change: Change) -> tuple[PatchLine, ...]:
    return _LINES.validate_python(change.forward["lines"])


def _delta(change: Change) -> Delta:
    return Delta.from_json(_object(change.reverse["delta"]))


def _object(value: object) -> JsonObject:
    assert isinstance(value, dict)
    return value
