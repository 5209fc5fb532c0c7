"""Neutron's kinds at the edge: port and floating IP. Never touches the ports that servers and routers have of their own."""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from typing import ClassVar

from netaddr import EUI, AddrFormatError, mac_unix_expanded
from pydantic import Field, field_validator
from typing_extensions import override

from yunwang.stacks.kind import Flag, Inputs, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import PROJECT, Neutron, NeutronInputs, description
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.names import as_said, external_network_id
from yunwang.stacks.openstack.session import Json, OpenStack

_INTERFACE = 2**64 - 1
"""The bits of an IPv6 address that name the interface."""


def _address(said: str | None) -> str | None:
    return None if said is None else str(ip_address(said))


class FixedIp(Inputs):
    """An address of a port."""

    subnet: str = Field(description="Id of the subnet.")
    address: str | None = Field(
        default=None, description="The address. Left out: one that is free. Examples: 10.96.1.20, 2001:db8::20"
    )

    _canonical = field_validator("address")(staticmethod(_address))


class PortInputs(NeutronInputs):
    """A port."""

    project: str = fixed(PROJECT)
    network: str = fixed("Id of the network.")
    name: str = Field(min_length=1, max_length=255, description="Name. Example: exam-results-1-business")
    description: str = description()
    enabled: bool = Field(default=True, description="Administrative state; False drops all its traffic.")
    mac: str | None = fixed("MAC address. Left out: the cloud's choice. Example: fa:16:3e:00:10:20", Flag.LEFT, default=None)
    addresses: tuple[FixedIp, ...] = flagged(
        "Its addresses. Left out: one of each subnet, the cloud's choice.", Flag.LEFT, default=()
    )
    security_groups: tuple[str, ...] | None = flagged(
        "Ids of its security groups. Left out: the project's default one; empty: none.", Flag.LEFT, Flag.UNORDERED, default=None
    )
    security: bool | None = flagged(
        "Port security: only its own MAC and addresses may send. Left out: as the network has it.", Flag.LEFT, default=None
    )

    @field_validator("mac")
    @classmethod
    def _canonical_mac(cls, mac: str | None) -> str | None:
        try:
            return None if mac is None else str(EUI(mac, version=48, dialect=mac_unix_expanded))
        except AddrFormatError:
            raise ValueError(f"{mac} is not a MAC address") from None


class Port(Neutron[PortInputs]):
    """A port, which a server is then given, or whose address is kept free."""

    name = "Port"
    summary = "A port on a network, with addresses of its own that outlive the server that it is given to."
    inputs = PortInputs
    outputs: ClassVar = {
        "macAddress": Output("Its MAC address."),
        "ipAddresses": Output("Its addresses, IPv4 and IPv6.", type="array"),
    }
    collection = "ports"
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "network": "0b6e2d0e-5a5a-4a4e-9a57-8d1a3f1d7a11",
        "name": "exam-results-1-business",
        "addresses": [{"subnet": "6c1f4f2c-70a5-4b2b-8a51-3e2b8c7d9e10", "address": "10.96.1.20"}],
    }

    @override
    def body(self, cloud: OpenStack, inputs: PortInputs) -> Json:
        said: Json = {"name": inputs.name, "admin_state_up": inputs.enabled}
        if inputs.addresses:
            said["fixed_ips"] = [
                {"subnet_id": one.subnet, **({"ip_address": one.address} if one.address else {})} for one in inputs.addresses
            ]
        if inputs.security_groups is not None:
            said["security_groups"] = list(inputs.security_groups)
        if inputs.security is not None:
            said["port_security_enabled"] = inputs.security
        return said

    @override
    def fixed_body(self, cloud: OpenStack, inputs: PortInputs) -> Json:
        return {"network_id": inputs.network, **({"mac_address": inputs.mac} if inputs.mac else {})}

    @override
    def told(self, cloud: OpenStack, one: Json, known: PortInputs | None) -> PortInputs:
        def named(name: str) -> bool:
            return known is None or getattr(known, name) is not None

        return PortInputs(
            project=one["project_id"],
            network=one["network_id"],
            name=one["name"] or "?",
            description=unmarked(one["description"]),
            enabled=one["admin_state_up"],
            mac=one["mac_address"] if named("mac") else None,
            addresses=_addresses(one, known),
            security_groups=tuple(one["security_groups"]) if named("security_groups") else None,
            security=one.get("port_security_enabled") if named("security") else None,
        )

    @override
    def answered(self, one: Json) -> Outputs:
        return {"macAddress": one["mac_address"], "ipAddresses": sorted(leg["ip_address"] for leg in one["fixed_ips"])}


def _addresses(one: Json, known: PortInputs | None) -> tuple[FixedIp, ...]:
    """As they were asked for, while that is what they are. What SLAAC adds by itself (RFC 4862) nobody asks for."""
    interface = int(EUI(one["mac_address"]).ipv6(0))
    asked = known.addresses if known is not None else ()
    live = {
        (leg["subnet_id"], str(address))
        for leg in one["fixed_ips"]
        if (address := ip_address(leg["ip_address"])).version == 4
        or int(address) & _INTERFACE != interface
        or leg["subnet_id"] in {said.subnet for said in asked}
    }
    named = {(said.subnet, said.address) for said in asked if said.address}
    chosen = sorted(subnet for subnet, _ in live - named)
    if known is not None and (not asked or (named <= live and chosen == sorted(said.subnet for said in asked if not said.address))):
        return asked
    return tuple(FixedIp(subnet=subnet, address=address) for subnet, address in sorted(live))


class FloatingIpInputs(NeutronInputs):
    """An address of the external network."""

    project: str = fixed(PROJECT)
    external_network: str = fixed("Name or id of the external network that it is taken from. Example: extranet")
    address: str | None = fixed("The address, where the account may choose. Left out: one that is free.", Flag.LEFT, default=None)
    port: str | None = Field(default=None, description="Id of the port that it leads to. Left out: to none, it is only kept.")
    fixed_address: str | None = flagged(
        "Which of the port's IPv4 addresses it leads to, where it has several. Example: 10.96.1.20", Flag.LEFT, default=None
    )
    description: str = description("What it is for. Our marker is kept behind it, out of sight. Example: 门户网站")

    _canonical = field_validator("address", "fixed_address")(staticmethod(_address))


class FloatingIp(Neutron[FloatingIpInputs]):
    """A floating IPv4 address."""

    name = "FloatingIp"
    summary = "A floating IPv4 address of an external network, kept for a project and led to one of its ports."
    inputs = FloatingIpInputs
    outputs: ClassVar = {"ipAddress": Output("The address."), "status": Output("Neutron's status. Examples: ACTIVE, DOWN")}
    collection = "floatingips"
    references: ClassVar = {"externalNetwork": external_network_id}
    example: ClassVar = {"project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10", "externalNetwork": "extranet", "description": "门户网站"}

    @property
    @override
    def noun(self) -> str:
        return "floating IP"

    @override
    def body(self, cloud: OpenStack, inputs: FloatingIpInputs) -> Json:
        said: Json = {"port_id": inputs.port}
        if inputs.port and inputs.fixed_address:
            said["fixed_ip_address"] = inputs.fixed_address
        return said

    @override
    def fixed_body(self, cloud: OpenStack, inputs: FloatingIpInputs) -> Json:
        network = external_network_id(cloud, inputs.external_network)
        return {"floating_network_id": network, **({"floating_ip_address": inputs.address} if inputs.address else {})}

    @override
    def told(self, cloud: OpenStack, one: Json, known: FloatingIpInputs | None) -> FloatingIpInputs:
        network = one["floating_network_id"]
        return FloatingIpInputs(
            project=one["project_id"],
            external_network=as_said(known.external_network if known else None, network, partial(external_network_id, cloud)),
            address=one["floating_ip_address"] if known is None or known.address else None,
            port=one["port_id"],
            fixed_address=one["fixed_ip_address"] if known is None or known.fixed_address else None,
            description=unmarked(one["description"]),
        )

    @override
    def answered(self, one: Json) -> Outputs:
        return {"ipAddress": one["floating_ip_address"], "status": one["status"]}
