"""Which probes a change has to answer for, and asking them: from a device's own prompt, or from a machine over ssh.

A probe that answers before the plan must answer after every change on its way. One that does not must answer once all on its way is
done. Never sends anything but echo requests.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from ipaddress import IPv4Interface, IPv6Interface

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.rollout import Probe
from yunwang.inventories.verdict import Retryable, Verdict
from yunwang.inventories.workspace import Machine, Workspace
from yunwang.network.addresses.book import Book
from yunwang.network.jobs.redundancy import Upstream
from yunwang.network.transport import Session

Connect = Callable[[Device], AbstractContextManager[Session]]
ECHOES = 3
SSH_FAILED = 255


class Probes:
    """A workspace's probes, and the devices on the way of each."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def at(self, device: str) -> list[Probe]:
        """Those that begin at a device, or behind it."""
        return [one for one in self._workspace.probes if self._begins(one) == device]

    @cached_property
    def _on_the_way(self) -> Mapping[str, frozenset[str]]:
        """Per probe, every device on its way; all there are where a machine does not say what it is behind."""
        upstream = Upstream(self._workspace)
        every = frozenset(device.name for device in self._workspace.devices)
        found = {}
        for probe in self._workspace.probes:
            ends = {self._begins(probe), self._ends(probe)} - {None}
            way = frozenset(one for end in ends if end for one in (end, *(upstream.of(end) or ())))
            found[probe.name] = way if self._begins(probe) else every
        return found

    def now(self, device: str, connect: Connect) -> JsonObject:
        """Per probe that begins at a device: does it answer now? None where its source cannot be asked."""
        found: JsonObject = {}
        for probe in self.at(device):
            try:
                found[probe.name] = self.answers(probe, connect)
            except Verdict:
                found[probe.name] = None
        return found

    def due(self, name: str, done: Collection[str], answered: Collection[str]) -> list[str]:
        """Probes (by name) that must answer after a device's change, when `done` are done (itself too)."""
        ways = self._on_the_way
        probes = (one.name for one in self._workspace.probes)
        return [one for one in probes if name in ways[one] and (one in answered or ways[one] <= set(done))]

    def _begins(self, probe: Probe) -> str | None:
        kind, _, name = probe.source.partition("/")
        return name if kind == "device" else probe.behind

    def _ends(self, probe: Probe) -> str | None:
        return next((device for device, address in self._addresses if probe.to in address.network), None)

    @cached_property
    def _addresses(self) -> list[tuple[str, IPv4Interface | IPv6Interface]]:
        planned = Book.of(self._workspace).addresses if self._workspace.address_plan else {}
        return [
            (device.name, address)
            for device in self._workspace.devices
            for interface in device.interfaces
            for address in (interface.ipv4, interface.ipv6 or planned.get((device.name, interface.name)))
            if address is not None
        ]

    def silent(self, names: Iterable[str], connect: Connect) -> tuple[Finding, ...]:
        """An error for each of these probes that does not answer. Raises Verdict where its source cannot be asked."""
        return tuple(
            _silent(probe) for probe in self._workspace.probes if probe.name in set(names) and not self.answers(probe, connect)
        )

    def answers(self, probe: Probe, connect: Connect) -> bool:
        """Does the address answer at least once? Raises Verdict where the source cannot be asked."""
        kind, _, name = probe.source.partition("/")
        if kind == "device":
            with connect(self._workspace.device(name)) as session:
                return session.alive(probe.to)
        machine = next(one for one in self._workspace.machines if one.name == name)
        return _from_machine(machine, probe)


def _from_machine(machine: Machine, probe: Probe) -> bool:
    """By the system's ssh: its configuration, its agent, its known hosts. Raises Retryable where nobody comes in."""
    where = f"{machine.username}@{machine.host}" if machine.username else machine.host
    ping = f"ping -{probe.to.version} -c {ECHOES} -W 2 {probe.to}"
    key = ["-i", machine.private_key] if machine.private_key else []
    options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10", *shlex.split(machine.ssh_args), *key]
    words = ["ssh", *options, "-p", str(machine.port), where, ping]
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode == SSH_FAILED:
        raise Retryable(
            f"probe {probe.name}: nobody comes in at {machine.name}: {done.stderr.strip() or 'ssh said nothing'}",
            remedy=f"try it: {' '.join(words[:-1])}",
            target=probe.source,
            delay=5.0,
        )
    return done.returncode == 0


def _silent(probe: Probe) -> Finding:
    return Finding(
        code="probe-silent",
        message=f"probe {probe.name}: {probe.to} does not answer {probe.source}",
        remedy="follow the way from there, hop by hop",
        target=probe.source,
    )


def heard(observed: Iterable[JsonObject]) -> tuple[frozenset[str], frozenset[str]]:
    """The probes that answered when the devices were observed, and those whose source could not be asked."""
    each = [(name, answers) for one in observed if isinstance(found := one.get("probes"), dict) for name, answers in found.items()]
    return frozenset(name for name, answers in each if answers), frozenset(name for name, answers in each if answers is None)


def unasked(names: Iterable[str]) -> tuple[Finding, ...]:
    """A warning for each of these probes: nothing will be asked of it."""
    return tuple(
        Finding(
            code="probe-not-asked",
            severity=Severity.WARNING,
            message=f"nobody comes in where probe {name} begins, so it is left out",
            remedy="see network/probes.yaml; try it by hand, then plan again",
        )
        for name in sorted(names)
    )
