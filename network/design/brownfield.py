"""From running IPv4 configurations to a whole dual-stack design: interfaces, links, VLANs are read off the devices. Sends nothing.

What the inventory says counts first; what it does not say comes from the configurations, so that nobody types a thousand devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import AddressRecord, Device, Interface, Link
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import register as address_register
from yunwang.network.addresses.book import Book
from yunwang.network.configuration.config import Config, Tree, parse
from yunwang.network.configuration.patch import patch
from yunwang.network.configuration.table import Rules
from yunwang.network.design import dual_stack, ipv4, ipv4_services
from yunwang.network.design.model import ConfiguredInterface
from yunwang.network.design.words import Words
from yunwang.network.vendors import vendor

BANDWIDTH_MBPS = 1000
"""Of a link that was found by its addresses alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A device's running configuration and the file that it came from (a device's name where it was read live)."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Designed:
    """A device's result: the lines to send, the configuration that they lead to, what is to be said."""

    device: str
    lines: str
    intended: str
    findings: tuple[Finding, ...]


def match(workspace: Workspace, sources: Iterable[Source]) -> tuple[dict[str, Source], tuple[Finding, ...]]:
    """Each device's configuration, found by the host name in it, else by its file's name; what is nobody's, or nowhere."""
    spoken = {vendor(platform).ipv4.hostname for platform in {device.platform for device in workspace.devices}}
    said = re.compile(rf"^\s*(?:{'|'.join(sorted(spoken))}) (\S+)\s*$", re.MULTILINE)
    found: dict[str, Source] = {}
    odd: list[Finding] = []
    for source in sources:
        named = said.search(source.text)
        names = [named[1] if named else "", Path(source.file).stem]
        name = next((name for name in names if name in workspace.device_names), None)
        if name is None:
            message = f"{source.file} is of {names[0] or names[1]}, which is not in network/hosts.yaml"
            odd.append(_finding("unknown-device", message, "add the device with platform, site, plane and role", file=source.file))
        elif name in found:
            message = f"{source.file} and {found[name].file} are both of {name}"
            odd.append(_finding("device-twice", message, "keep one of the files", file=source.file))
        else:
            found[name] = source
    for device in workspace.devices:
        if device.name not in found:
            remedy = "save it there, or leave the device IPv4 only"
            odd.append(_finding("no-configuration", f"there is no configuration of {device.name}", remedy, target=device.name))
    return found, tuple(odd)


def complete(
    workspace: Workspace, running: Mapping[str, Config]
) -> tuple[Workspace, tuple[AddressRecord, ...], tuple[Finding, ...]]:
    """The workspace with the interfaces and links that devices show, with prefixes; rows for the register; what got none."""
    devices = tuple(_surveyed(device, running.get(device.name)) for device in workspace.devices)
    surveyed = workspace.revised(devices=devices)
    surveyed = surveyed.revised(links=(*workspace.links, *_links(surveyed)))
    rows, faults = address_register.allot(surveyed)
    sites = {row.name: row.ipv6 for row in rows if row.kind == "site"}
    ends = {row.name: row.ipv6 for row in rows if row.kind == "link"}
    return (
        surveyed.revised(
            sites=tuple(site.model_copy(update={"ipv6": sites.get(site.name, site.ipv6)}) for site in surveyed.sites),
            links=tuple(link.model_copy(update={"ipv6": ends.get(link.name, link.ipv6)}) for link in surveyed.links),
            addresses=(*surveyed.addresses, *rows),
        ),
        rows,
        faults,
    )


def design(workspace: Workspace, device: Device, source: Source) -> Designed:
    """One device of a completed workspace. Raises Fatal without an address plan; other faults are findings."""
    its = vendor(device.platform)
    running = parse(source.text, its.rules)
    try:
        intended = dual_stack.intend(workspace, device, running)
    except Fatal as verdict:
        fault = _finding("no-design", verdict.message, verdict.remedy, Severity.ERROR, source.file, device.name)
        return Designed(device=device.name, lines="", intended=running.render(), findings=(fault,))
    return Designed(
        device=device.name,
        lines=patch(its, running, intended).text(),
        intended=intended.render(),
        findings=tuple(_placed(dual_stack.remarks(workspace, device, running), source, its.rules)),
    )


def _placed(remarks: Iterable[dual_stack.Remark], source: Source, rules: Rules) -> Iterator[Finding]:
    """Findings with the line of the file that each is about."""
    lines: dict[tuple[str, ...], int] | None = None
    for remark in remarks:
        if lines is None:
            lines = _numbers(source.text, rules)
        path = remark.path
        number = next((lines[part] for part in (path, path[-1:], path[:1]) if part in lines), 0)
        yield remark.finding.model_copy(update={"file": source.file, "line": number})


def _numbers(text: str, rules: Rules) -> dict[tuple[str, ...], int]:
    """Where each line of a configuration stands, by the line with the views around it; from 1."""
    found: dict[tuple[str, ...], int] = {}
    stack: list[tuple[int, str]] = []
    for number, raw in enumerate(text.splitlines(), 1):
        body = raw.strip()
        if not body or body[0] in "!#":
            if raw[:1] in ("!", "#"):
                stack.clear()
            continue
        indent = len(raw) - len(raw.lstrip(" "))
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, rules.canonical(" ".join(body.split()))))
        found.setdefault(tuple(line for _, line in stack), number)
    return found


def _surveyed(device: Device, running: Config | None) -> Device:
    try:
        found = tuple(_found(device, running)) if running else ()
    except Fatal:  # said when the device is designed
        found = ()
    return device.model_copy(update={"interfaces": (*device.interfaces, *found)}) if found else device


def _found(device: Device, running: Config) -> Iterator[Interface]:
    """Interfaces with IPv4 that the inventory does not name."""
    words = vendor(device.platform).ipv4
    known = {running.rules.full_name(interface.name) for interface in device.interfaces}
    members = (match for lines in running.tree.values() for match in map(words.member.fullmatch, lines) if match)
    hosts = {int(match["vlan"]) for match in members}
    pools = [pool.network for pool in ipv4_services.pools(running, words)]
    for there in ipv4.interfaces(running, words):
        if there.ipv4 is None or running.rules.full_name(there.name) in known:
            continue
        vlan = _vlan(there, running.view(there.line), words)
        dhcp = there.serves or there.relays or any(there.ipv4.ip in network for network in pools)
        yield Interface(
            name=there.name,
            ipv4=there.ipv4,
            vlan=vlan,
            loopback=words.loopback.fullmatch(there.name) is not None,
            terminals=vlan is not None and (vlan in hosts or bool(dhcp)),
            vpn_instance=there.vpn,
        )


def _vlan(there: ConfiguredInterface, lines: Tree, words: Words) -> int | None:
    """The VLAN whose gateway an interface is, by its name or tag. A subnet of two or four addresses is a line's."""
    if there.ipv4 is None or there.ipv4.network.prefixlen >= 30:
        return None
    match = words.vlan.fullmatch(there.name) or ipv4.first(words.tag, lines)
    return int(match["vlan"]) if match else None


def _links(workspace: Workspace) -> Iterator[Link]:
    """Two interfaces of two devices in one subnet of two or four addresses: a line, unless the inventory has one there."""
    ends: dict[tuple[str | None, IPv4Network], list[tuple[Device, Interface]]] = {}
    for device in workspace.devices:
        for interface in device.interfaces:
            if interface.ipv4 and interface.ipv4.network.prefixlen in (30, 31):
                ends.setdefault((interface.vpn_instance, interface.ipv4.network), []).append((device, interface))
    used = {place for link in workspace.links for place in ((link.a_device, link.a_interface), (link.b_device, link.b_interface))}
    names = {link.name for link in workspace.links}
    for (_, network), two in ends.items():
        if len(two) != 2 or any((device.name, interface.name) in used for device, interface in two):
            continue
        (a, a_port), (b, b_port) = two
        name = f"{a.name}-to-{b.name}"
        name = name if name not in names and len(name) <= 63 else f"link-{str(network.network_address).replace('.', '-')}"
        names.add(name)
        yield Link(
            name=name,
            plane=a.plane,
            a_device=a.name,
            a_interface=a_port.name,
            b_device=b.name,
            b_interface=b_port.name,
            bandwidth_mbps=BANDWIDTH_MBPS,
        )


def lacking(workspace: Workspace) -> tuple[Finding, ...]:
    """Faults of the address plan that the completed workspace has."""
    return Book.of(workspace).check()


def _finding(
    code: str, message: str, remedy: str, severity: Severity = Severity.WARNING, file: str = "", target: str = ""
) -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy, file=file, target=target)
