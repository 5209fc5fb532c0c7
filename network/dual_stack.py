"""The IPv6 half of a device that runs IPv4: designed from the address plan and from what the device does in IPv4. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Interface

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device, Interface
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.network import addressing, ipv4
from yunwang.network.config import Config, parse
from yunwang.network.design import ConfiguredInterface, DualStack, DualStackInterface
from yunwang.network.vendors import vendor


def intend(workspace: Workspace, device: Device, running: Config) -> Config:
    """The running configuration with IPv6 on every layer-3 interface of the inventory; of its own result it makes the same again.

    Raises Fatal when the workspace has no address plan, or the device no router id that OSPFv3 could have.
    """
    its = vendor(device.platform)
    return running.overlay(parse(its.dual_stack(design(workspace, device, running)), its.rules))


def design(workspace: Workspace, device: Device, running: Config) -> DualStack:
    """What `intend` puts in, as a value. Raises Fatal as it does."""
    planned = _planned(_Identity(workspace))
    configured = _configured(running)
    interfaces = tuple(
        _designed(interface, address, there)
        for interface in device.interfaces
        if (there := configured.get(running.rules.full_name(interface.name)))
        and (address := planned.get((device.name, interface.name)))
    )
    router_id = device.router_id or ipv4.router_id(running)
    if router_id is None:
        raise Fatal(
            f"{device.name} has no router id, which OSPFv3 needs",
            remedy="give the device a yunwang_router_id in network/hosts.yaml",
            target=f"device/{device.name}",
        )
    return DualStack(process=device.ospfv3_process, router_id=router_id, interfaces=interfaces, header=running.header)


def check(workspace: Workspace, device: Device, running: Config) -> tuple[Finding, ...]:
    """What of the device's IPv4 gets no IPv6, and why."""
    planned = _planned(_Identity(workspace))
    configured = _configured(running)
    known = {running.rules.full_name(interface.name): interface for interface in device.interfaces}
    missing = [f"{interface.name} is not on the device" for name, interface in known.items() if name not in configured]
    unplanned = [
        f"{interface.name} has no IPv6 address in the plan"
        for name, interface in known.items()
        if name in configured and (device.name, interface.name) not in planned
    ]
    unknown = [
        f"{there.name} routes IPv4 but is not in the inventory"
        for name, there in configured.items()
        if there.ipv4 and name not in known
    ]
    return tuple(
        Finding(
            code="interface-without-ipv6",
            severity=Severity.WARNING,
            message=f"{device.name}: {text}",
            remedy="put the interface, its VLAN or its link into the network's files, or leave it IPv4 only",
            target=f"device/{device.name}",
        )
        for text in (*missing, *unplanned, *unknown)
    )


def _configured(running: Config) -> dict[str, ConfiguredInterface]:
    return {running.rules.full_name(interface.name): interface for interface in ipv4.interfaces(running)}


def _designed(interface: Interface, address: IPv6Interface, there: ConfiguredInterface) -> DualStackInterface:
    return DualStackInterface(
        name=there.name,
        address=address,
        loopback=interface.loopback,
        advertise=interface.terminals,
        area=there.area,
        point_to_point=there.point_to_point,
        silent=there.silent,
    )


@dataclass(frozen=True, eq=False)
class _Identity:
    """A workspace by which it is, not by what is in it: the address plan of ten thousand devices is made once."""

    workspace: Workspace

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.workspace is other.workspace

    def __hash__(self) -> int:
        return id(self.workspace)


@lru_cache(maxsize=2)
def _planned(key: _Identity) -> dict[addressing.Place, IPv6Interface]:
    workspace = key.workspace
    if workspace.address_plan is None:
        raise Fatal(
            "the workspace has no address plan", remedy="write network/address-plan.yaml (see `yunwang schema address-plan`)"
        )
    return addressing.addresses(workspace.address_plan, workspace.sites, workspace.links, workspace.devices)
