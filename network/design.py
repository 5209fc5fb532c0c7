"""What a vendor renders: the IPv6 half of a device and bindings, as values. Never a vendor's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface

from netaddr import EUI


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredInterface:
    """A layer-3 interface as a configuration has it; what OSPFv2 does there is what OSPFv3 shall do."""

    name: str
    ipv4: IPv4Interface | None = None
    area: IPv4Address | None = None
    """Its OSPFv2 area; None: OSPFv2 does not run there."""
    point_to_point: bool = False
    silent: bool = False
    """Advertised without hellos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DualStackInterface:
    """An interface that gets IPv6."""

    name: str
    address: IPv6Interface
    loopback: bool = False
    advertise: bool = False
    """Hosts take their address from our router advertisements."""
    area: IPv4Address | None = None
    point_to_point: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DualStack:
    """A device's IPv6 half."""

    process: int
    router_id: IPv4Address
    interfaces: tuple[DualStackInterface, ...]
    header: tuple[str, ...] = ()
    """What stood before the running configuration: the software version decides some words."""

    @property
    def routed(self) -> bool:
        """Does OSPFv3 run anywhere on it?"""
        return any(interface.area is not None for interface in self.interfaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A binding to write or as it was read in a configuration."""

    address: IPv4Address | IPv6Address
    mac: EUI
    interface: str | None = None
    vlan: int | None = None


Path = tuple[str, ...]
"""A line with the views around it, the line last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLines:
    """How a platform writes bindings."""

    write: Callable[[Bound], Path | None]
    """The line of a binding with its view; None when the platform cannot bind this address family."""
    read: Callable[[Path], Bound | None]
    """The binding that a line says; None when it says none."""
