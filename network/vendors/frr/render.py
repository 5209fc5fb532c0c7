"""Writing FRR: the IPv6 half. A router binds no terminals."""

from __future__ import annotations

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path, Prerequisite
from yunwang.network.vendors import templates

LACKS = {
    "filter": Lack("FRR filters no packets: nftables does"),
    "line": Lack("vtysh has no list of its own: the host's firewall guards it"),
    "vpn": Lack("a VRF is the kernel's"),
    "qos": Lack("FRR marks no packets: the kernel does"),
    "mtu": Lack("the kernel's interface has the MTU"),
    "guard": Lack("a router has no ports of terminals"),
}
UNVERIFIED = {"isis": "router isis: topology ipv6-unicast"}
"""Features whose words FRR's user guide at hand does not show."""


PREREQUISITES: tuple[Prerequisite, ...] = ()


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("frr", device)


def write(bound: Bound) -> Path | None:
    """None: FRR has no bindings."""


def read(path: Path) -> Bound | None:
    """None: FRR has no bindings."""


BINDINGS = BindingLines(write=write, read=read)
