"""Whether a site's other plane carries it now: asked of the devices themselves, hop by hop to the core. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from ipaddress import IPv4Address

from yunwang.inventories.network import Device, Role
from yunwang.inventories.verdict import Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.jobs.redundancy import Redundancy, Upstream
from yunwang.network.jobs.vitals import Examination
from yunwang.network.transport import Session
from yunwang.network.vendors import vendor

Connect = Callable[[Device], AbstractContextManager[Session]]
_ROLES = list(Role)


class Planes:
    """A look at the network as it is now; what was asked once is not asked again."""

    def __init__(self, workspace: Workspace, connect: Connect) -> None:
        self._workspace, self._connect = workspace, connect
        self._around, self._upstream = Redundancy(workspace).around, Upstream(workspace)
        self._known: dict[str, str] = {}

    def other_down(self, device: Device) -> str:
        """Why no device of the site's other plane reaches the core; '' where one does, or the site has one plane only."""
        others = [one for one in self._workspace.devices if one.site == device.site and one.plane is not device.plane]
        why: list[str] = []
        for other in sorted(others, key=lambda one: (_ROLES.index(one.role), one.name)):
            if not (cause := self._down(other)):
                return ""
            why.append(cause)
        return "; ".join(why)

    def _down(self, device: Device) -> str:
        """Why a device has no way to the core through devices of its plane that know each other; '' where it has one."""
        if device.name not in self._known:
            self._known[device.name] = self._asked(device)
        return self._known[device.name]

    def _asked(self, device: Device) -> str:
        nearer = self._nearer(device)
        try:
            with self._connect(device) as session:
                its = vendor(device.platform)
                peers = Examination(session, its).peers(tuple(one.name for one in its.session.show.protocols))
                if peers or not nearer:
                    up = {peer.id for peer in peers if peer.up}
                    heard = [one for one in nearer if _names(one) & up]
                else:  # it runs no routing protocol
                    heard = [one for one in nearer if any(session.alive(address) for address in self._far_end(device, one))]
        except Verdict as verdict:
            return f"{device.name}: {verdict.message}"
        if not nearer:
            return ""
        if not heard:
            return f"{device.name} has lost {' and '.join(one.name for one in nearer)}"
        causes = [self._down(one) for one in heard]
        return "" if "" in causes else causes[0]

    def _nearer(self, device: Device) -> list[Device]:
        """Its neighbours in its plane that are one step nearer to the core."""
        mine = self._upstream.of(device.name)
        if not mine:
            return []
        around = (self._workspace.device(name) for name in self._around[device.name])
        return [
            one
            for one in around
            if one.plane is device.plane and (way := self._upstream.of(one.name)) is not None and len(way) < len(mine)
        ]

    def _far_end(self, device: Device, other: Device) -> list[IPv4Address]:
        ends = [
            link.b_interface if link.a_device == device.name else link.a_interface
            for link in self._workspace.links_of(device.name)
            if other.name in (link.a_device, link.b_device)
        ]
        return [one.ipv4.ip for one in other.interfaces if one.name in ends and one.ipv4]


def _names(device: Device) -> set[str]:
    """By what a neighbour may call it: router id, addresses, host name."""
    addresses = (address.ip for interface in device.interfaces for address in (interface.ipv4, interface.ipv6) if address)
    return {str(device.router_id), device.name, *map(str, addresses)}
