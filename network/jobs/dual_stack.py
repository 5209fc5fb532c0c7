"""The dual-stack job: IPv6 beside IPv4 on every device, verified with the neighbours done before it. Never touches IPv4."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Interface

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.network.addresses.book import Book, Place
from yunwang.network.configuration.config import Config
from yunwang.network.design import dual_stack
from yunwang.network.facts.model import InterfaceIpv6, Ospfv3Peer
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.transport import Session
from yunwang.network.vendors import vendor


class Peer(Noun):
    """The far end of a link, done by the time that we look: addresses to ping, and an OSPFv3 neighbour where that runs there."""

    device: str
    ipv4: IPv4Address
    ipv6: IPv6Address
    router_id: IPv4Address | None = None


class Checks(Noun):
    """What a device shows when it is done."""

    addresses: tuple[IPv6Address, ...] = ()
    peers: tuple[Peer, ...] = ()


class DualStackJob(DeviceJob):
    """IPv6 on every device of the workspace."""

    name = "dual-stack"
    title = "IPv6 beside IPv4 on every router and switch"

    def devices(self) -> tuple[Device, ...]:
        """All of them."""
        return self._workspace.devices

    def intend(self, device: Device, running: Config) -> Config:
        """The running configuration with its IPv6 half."""
        return dual_stack.intend(self._workspace, device, running)

    def notice(self, session: Session, device: Device) -> JsonObject:
        """Which far ends of its links answer over IPv4: only of those IPv6 can be asked."""
        return {"ipv4_answers": [str(address) for _, _, address in self._far_ends(device) if session.alive(address)]}

    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        """Its IPv6 addresses, and the far ends of its links that answer over IPv4 and are done before it."""
        design = dual_stack.design(self._workspace, device, running)
        full_name = running.rules.full_name
        routed = {full_name(one.name) for one in design.interfaces if one.area is not None and not one.silent}
        peers: list[Peer] = []
        for near, far, ipv4 in self._far_ends(device):
            other = self._workspace.device(far[0])
            if other.name in done and (ipv6 := self._planned.get(far)) and _answers(facts, ipv4):
                speaks = full_name(near[1]) in routed
                peers.append(Peer(device=other.name, ipv4=ipv4, ipv6=ipv6.ip, router_id=other.router_id if speaks else None))
        addresses = tuple(interface.address.ip for interface in design.interfaces)
        return Checks(addresses=addresses, peers=tuple(peers)).model_dump(mode="json")

    def remarks(self, device: Device, running: Config, facts: JsonObject) -> tuple[Finding, ...]:
        """Where IPv4 stays alone, and which neighbours cannot be asked, and why."""
        silent = (far[0] for _, far, ipv4 in self._far_ends(device) if not _answers(facts, ipv4))
        return (*dual_stack.check(self._workspace, device, running), *(_unasked(device, name) for name in silent))

    def _far_ends(self, device: Device) -> Iterator[tuple[Place, Place, IPv4Address]]:
        """Per link of the device: its own end, the far one, and the far one's IPv4 address."""
        for link in self._workspace.links_of(device.name):
            ends = ((link.a_device, link.a_interface), (link.b_device, link.b_interface))
            near, far = ends if link.a_device == device.name else ends[::-1]
            for interface in self._workspace.device(far[0]).interfaces:
                if interface.name == far[1] and interface.ipv4:
                    yield near, far, interface.ipv4.ip

    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        """Addresses, neighbours and pings, as they are now."""
        wanted = Checks.model_validate(checks)
        return (*self._addresses(session, device, wanted), *self._neighbours(session, device, wanted))

    def leans_on(self, checks: JsonObject) -> frozenset[str]:
        """The neighbours that it will be asked for."""
        return frozenset(peer.device for peer in Checks.model_validate(checks).peers)

    def announces(self, device: Device) -> bool:
        """Where terminals are, router advertisements go out."""
        return any(interface.terminals for interface in device.interfaces)

    @cached_property
    def _planned(self) -> dict[Place, IPv6Interface]:
        return Book.of(self._workspace).addresses if self._workspace.address_plan else {}

    def _addresses(self, session: Session, device: Device, wanted: Checks) -> Iterator[Finding]:
        its = vendor(device.platform)
        command = its.session.show.ipv6_interfaces
        shown = its.parse.read(command, session.display(command), InterfaceIpv6)
        there = {address for interface in shown for address in interface.addresses}
        for address in wanted.addresses:
            if address not in there:
                message = f"{address} is configured but not shown on any interface"
                yield _finding(device, "no-ipv6-address", message, "look at the interface and at what the device logged")

    def _neighbours(self, session: Session, device: Device, wanted: Checks) -> Iterator[Finding]:
        if not wanted.peers:
            return
        its = vendor(device.platform)
        command = its.session.show.ospfv3_peers
        full = {peer.router_id for peer in its.parse.read(command, session.display(command), Ospfv3Peer) if peer.full}
        for peer in wanted.peers:
            if not session.alive(peer.ipv4):
                yield _finding(device, "no-ipv4-answer", f"{peer.ipv4} of {peer.device} no longer answers", "look at the link")
            elif peer.router_id and peer.router_id not in full:
                message = f"OSPFv3 is not full with {peer.device} ({peer.router_id})"
                yield _finding(device, "no-ospfv3-neighbour", message, "compare area, network type and MTU of both ends")
            elif not session.alive(peer.ipv6):
                yield _finding(device, "no-ipv6-answer", f"{peer.ipv6} of {peer.device} does not answer", "look at the link")


def _finding(device: Device, code: str, message: str, remedy: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message, remedy=remedy, target=f"device/{device.name}")


def _answers(facts: JsonObject, address: IPv4Address) -> bool:
    answers = facts["ipv4_answers"]
    assert isinstance(answers, list)
    return str(address) in answers


def _unasked(device: Device, neighbour: str) -> Finding:
    return Finding(
        code="neighbour-not-asked",
        severity=Severity.INFO,
        message=f"{neighbour} does not answer over IPv4, so nothing will be asked of it over IPv6",
        remedy="mend the link first if it should be up",
        target=f"device/{device.name}",
    )
