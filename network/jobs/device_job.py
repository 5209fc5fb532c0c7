"""What every job on devices does: read, patch, push, look again, save; and take back. Knows no feature: its children do.

Nothing is saved on a device before its verification is clean: until then a power cycle is a way back too.
"""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from pydantic import JsonValue

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject, digest
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Plan, Step
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import Patch, PatchLine, patch
from yunwang.network.jobs import net, probes
from yunwang.network.jobs.back import back
from yunwang.network.jobs.baseline import lost, settled
from yunwang.network.jobs.delta import Delta, delta, made
from yunwang.network.jobs.order import change_id, waves
from yunwang.network.jobs.probes import Probes
from yunwang.network.jobs.push import Deliver, Sent, Ways, confirm, nothing_sent, push
from yunwang.network.jobs.ready import before, ready
from yunwang.network.jobs.redundancy import prove
from yunwang.network.jobs.rehearsal import rehearse
from yunwang.network.jobs.running import read
from yunwang.network.jobs.selection import select
from yunwang.network.jobs.vitals import Examination, Vitals
from yunwang.network.transport import Session, Timeouts, ansible, connect
from yunwang.network.transport.moved import at
from yunwang.network.vendors import Vendor, vendor

_MOVES = re.compile(r"\d\d:\d\d|bytes|^Building")
"""Lines before a configuration that differ at each reading: dates, sizes. What is left tells the software version."""


class DeviceJob(ABC):
    """A job whose targets are `device/<name>`. `wire` is the folder of the wire logs, by default the workspace's own.

    `by`: what runs Ansible, where it is to send the lines; everything else about the change stays ours.
    `reboot`: after how many minutes devices that have no other net are to reboot unless a change on them is confirmed; 0: never.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        workspace: Workspace,
        *,
        wire: Path | None = None,
        timeouts: Timeouts | None = None,
        by: ansible.Run | None = None,
        reboot: int = 0,
    ) -> None:
        self._workspace = workspace
        self._by = by
        self._reboot = reboot
        self._wire = wire or workspace.state / "wire"
        self._timeouts = timeouts or Timeouts()
        self._sent: Sent = {}
        self._probes = Probes(workspace)

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
        """Facts to observe beside the configuration; they may change by themselves."""
        return {}

    def remarks(self, device: Device, running: Config, facts: JsonObject) -> tuple[Finding, ...]:
        """What the plan's reader should know about a device, whether it needs a change or not. Pure."""
        return ()

    def announces(self, device: Device) -> bool:
        """Whether the change has a device tell its terminals of itself: then all on its way to the core come before it. Pure."""
        return False

    def leans_on(self, checks: JsonObject) -> frozenset[str]:
        """Devices whose change must have come before, for these checks to hold: where one of them failed, this one waits. Pure."""
        return frozenset()

    @property
    def options(self) -> JsonObject:
        """Who sends the lines, where not we ourselves, and after how long devices reboot: the workspace says all else."""
        return {**({"engine": "ansible"} if self._by else {}), **({"timed_reboot": self._reboot} if self._reboot else {})}

    def targets(self) -> tuple[str, ...]:
        """`device/<name>` of each."""
        return tuple(f"device/{device.name}" for device in self.devices())

    def observe(self, target: str) -> Observed:
        """The running configuration, without what changes by itself. Raises Verdict."""
        device = self._device(target)
        with self.connect(device) as session:
            its = vendor(device.platform)
            running = read(session, its)
            vitals = Examination(session, its).all(running, partial(self.intend, device))
            noticed = self.notice(session, device)
        text = running.render()
        header: list[JsonValue] = [line for line in running.header if not _MOVES.search(line)]
        return Observed(
            target=target,
            summary=f"{len(text.splitlines())} lines of configuration",
            facts={"config": text, "header": header},
            passing={"vitals": vitals.model_dump(mode="json"), "probes": self._probes.now(device.name, self.connect), **noticed},
        )

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A patch for each device that needs one and is well, in waves. Pure."""
        needs: dict[str, tuple[Device, Observed, Config, Config, Patch]] = {}
        findings: list[Finding] = []
        for target, seen in observed.items():
            device = self._device(target)
            its = vendor(device.platform)
            running = replace(parse(str(seen.facts["config"]), its.rules), header=_texts(seen.facts["header"]))
            findings += self.remarks(device, running, seen.passing)
            intended = self.intend(device, running)
            if lines := patch(its, running, intended, management=net.way_in(device, running, intended)):
                needs[device.name] = device, seen, running, intended, lines
        done = {name.removeprefix("device/") for name in observed} - needs.keys()
        vitals = {name: Vitals.model_validate(need[1].passing["vitals"]) for name, need in needs.items()}
        chosen = select(self._workspace, vitals, [name for name in needs if self.announces(needs[name][0])], done)
        planned = [name for name in needs if name not in chosen.left_alone]
        if self._by:
            objections = {name: ansible.objection(needs[name][0], needs[name][4].lines) for name in planned}
            findings += [_not_by_ansible(f"device/{name}", why) for name, why in objections.items() if why]
        order = waves(self._workspace, planned, chosen.after)
        answered, unasked = probes.heard(seen.passing for seen in observed.values())
        findings += probes.unasked(unasked)
        changes: list[Change] = []
        for wave in order:
            names = [name for name in planned if change_id(name) in wave.changes]
            after = done | set(names)
            for name in names:
                forward = {
                    "before": vitals[name].kept(),
                    "probes": [one for one in self._probes.due(name, done | {name}, answered) if one not in unasked],
                    "probes_of_wave": [one for one in self._probes.due(name, after, answered) if one not in unasked],
                }
                change = self._change(*needs[name], frozenset(done))
                leans_on = self.leans_on(_object(change.forward["checks"])) & set(planned)
                requires = tuple(change_id(one) for one in sorted(leans_on | chosen.after.get(name, frozenset())))
                changes.append(change.model_copy(update={"forward": {**change.forward, **forward}, "requires": requires}))
            done = after
        left_alone = tuple(f"device/{name}" for name in needs if name in chosen.left_alone)
        return Draft(changes=tuple(changes), waves=order, findings=(*findings, *chosen.findings), left_alone=left_alone)

    def prove(self, plan: Plan) -> tuple[Finding, ...]:
        """An error for each wave that would put a site at risk, as the links are now. Pure."""
        return tuple(prove(self._workspace, plan))

    def apply(self, change: Change, say: Callable[[str], None]) -> Outcome:
        """Arm the plan's net, push exactly its lines, commit where the device is two-stage; does not save.

        Raises Refused, nothing sent, where the device or its site is not well enough now; Verdict.
        """
        with nothing_sent(change, self._sent):
            for finding in ready(self._workspace, self._device(change.target), change, self.connect):
                say(f"{change.target}: {finding.message}")
        return push(self._ways(change), self._its(change), change, self._sent, self._deliver(change, say))

    def _deliver(self, change: Change, say: Callable[[str], None]) -> Deliver | None:
        if self._by is None:
            return None
        device = self._device(change.target)
        return partial(ansible.push, self._by, device, seconds=self._timeouts.read, wire=self._wire, say=say)

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """Read again: is the change in force, do the checks hold, is all there that was before, do its probes answer?

        Where nothing is wrong, ends the net's wait and saves. Raises Verdict.
        """
        return self._verified(change, "probes")

    def look_again(self, change: Change) -> tuple[Finding, ...]:
        """The same once the whole wave is applied, with the probes that needed all of it. Raises Verdict."""
        return self._verified(change, "probes_of_wave")

    def _verified(self, change: Change, due: str) -> tuple[Finding, ...]:
        device, its = self._device(change.target), self._its(change)
        settings = self._workspace.settings.network.verify
        had, until = _but_renumbered(before(change), made(change)), time.monotonic() + settings.back_seconds
        with self._ways(change)[-1]() as session:
            running = read(session, its)
            if lacking := patch(its, running, made(change).forward(running)):
                return tuple(_not_in_force(change.target, line) for line in lacking.lines if not line.leaves_view)
            findings = (
                *settled(lambda: self.look(session, device, _object(change.forward["checks"])), until),
                *settled(lambda: lost(change.target, had, Examination(session, its).routing(had.protocols), settings), until),
                *settled(lambda: self._probes.silent(_texts(change.forward.get(due, [])), self.connect), until),
            )
            if not findings:
                confirm(session, its, change)
                session.save()
        return findings

    def undo(self, change: Change, say: Callable[[str], None]) -> Outcome:
        """Reconnect, read, send what leads back from there as far as this change goes, look again, save. Raises Verdict."""
        return back(self._ways(change), self._its(change), change, self._sent, say)

    def rehearse(self, change: Change) -> Outcome:
        """What the device would say, asked where that changes nothing; see `rehearsal`. Raises Verdict."""
        return rehearse(self._ways(change), self._its(change), change)

    def connect(self, device: Device) -> AbstractContextManager[Session]:
        """A session with a device of the workspace."""
        return connect(device, self._workspace, wire=self._wire, timeouts=self._timeouts)

    def moved(self, device: Device, address: str) -> Device:
        """The device as it is reached once a change has given it this management address."""
        return at(device, address, self._workspace, self._wire)

    def _ways(self, change: Change) -> Ways:
        device = self._device(change.target)
        address = str(change.forward.get("moves_to") or "")
        return tuple(partial(self.connect, one) for one in (device, *((self.moved(device, address),) if address else ())))

    def _its(self, change: Change) -> Vendor:
        return vendor(self._device(change.target).platform)

    def _device(self, target: str) -> Device:
        return self._workspace.device(target.removeprefix("device/"))

    def _change(
        self, device: Device, seen: Observed, running: Config, intended: Config, lines: Patch, done: frozenset[str]
    ) -> Change:
        made, its = delta(running, intended), vendor(device.platform)
        reboot = net.Reboot(self._reboot, Vitals.model_validate(seen.passing["vitals"]).as_saved)
        nets = net.facts(device, running, intended, reboot)
        return Change(
            id=change_id(device.name),
            target=f"device/{device.name}",
            group=device.site,
            action=Action.UPDATE,
            summary=f"{len(made.added)} lines in, {len(made.removed)} out"
            + (", sent by Ansible" if self._by else "")
            + f"; net: {nets['net']}",
            steps=tuple(
                Step(action=action, what=" › ".join(path))
                for action, paths in ((Action.CREATE, made.added), (Action.DELETE, made.removed))
                for path in paths
            ),
            text=lines.text(),
            forward={
                "lines": [line.to_json() for line in lines.lines],
                "checks": self.checks(device, running, seen.passing, done),
                "net": net.seconds(its, running, reboot),
                "moves_to": net.moves_to(device, running, intended),
            },
            reverse={"before": digest({"config": running.render()}), "delta": made.to_json()},
            facts={
                "device": device.name,
                "platform": device.platform,
                "site": device.site,
                "plane": device.plane,
                "role": device.role,
                "disruptive": [line.text for line in lines.disruptive],
                "engine": "ansible" if self._by else "native",
                **nets,
            },
        )


def _but_renumbered(had: Vitals, made: Delta) -> Vitals:
    """What was there before, without the networks that the change itself takes the device out of."""
    if had.ipv4 is None:
        return had
    connected = tuple(network for network in had.ipv4.connected if not made.renumbers(network))
    return had.model_copy(update={"ipv4": had.ipv4.model_copy(update={"connected": connected})})


def _not_in_force(target: str, line: PatchLine) -> Finding:
    return Finding(
        code="not-in-force",
        message=f"{' › '.join((*line.view, line.text))!r} is still needed to be where the plan leads",
        remedy="someone may have changed the device meanwhile; plan again",
        target=target,
    )


def _not_by_ansible(target: str, why: str) -> Finding:
    return Finding(
        code="not-by-ansible",
        severity=Severity.ERROR,
        message=f"Ansible cannot send its lines: {why}",
        remedy="plan it without --engine ansible, or leave it out (--target)",
        target=target,
    )


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, list)
    return tuple(map(str, value))


def _object(value: object) -> JsonObject:
    assert isinstance(value, dict)
    return value
