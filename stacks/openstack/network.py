"""Neutron's kinds: network, subnet, router and its interfaces. Never touches a port that is not its own."""

from __future__ import annotations

from functools import partial
from ipaddress import ip_network
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from yunwang.stacks.kind import Flag, Found, Inputs, Kind, Made, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import PROJECT, Neutron, NeutronInputs, description
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.names import as_said, external_network_id
from yunwang.stacks.openstack.session import Json, OpenStack


class NetworkInputs(NeutronInputs):
    """A tenant's network."""

    project: str = fixed(PROJECT)
    name: str = Field(min_length=1, max_length=255, description="Name; not unique on the cloud. Example: business")
    description: str = description()
    enabled: bool = Field(default=True, description="Administrative state; False drops all its traffic.")


class Network(Neutron[NetworkInputs]):
    """A layer 2 network."""

    name = "Network"
    summary = "A tenant's network (layer 2), which subnets give addresses."
    inputs = NetworkInputs
    collection = "networks"
    example: ClassVar = {"project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10", "name": "business"}

    @override
    def body(self, cloud: OpenStack, inputs: NetworkInputs) -> Json:
        return {"name": inputs.name, "admin_state_up": inputs.enabled}

    @override
    def told(self, cloud: OpenStack, one: Json, known: NetworkInputs | None) -> NetworkInputs:
        return NetworkInputs(
            project=one["project_id"], name=one["name"], description=unmarked(one["description"]), enabled=one["admin_state_up"]
        )


class SubnetInputs(NeutronInputs):
    """Addresses of a network."""

    project: str = fixed(PROJECT)
    network: str = fixed("Id of the network.")
    name: str = Field(min_length=1, max_length=255, description="Name. Example: business-v6")
    description: str = description()
    cidr: str = fixed("The prefix, IPv4 or IPv6. Examples: 10.96.1.0/24, 2001:db8:100:960::/64")
    ipv6_mode: Literal["slaac", "dhcpv6-stateful"] | None = fixed(
        "IPv6 only: who gives addresses. slaac: hosts take them from router advertisements (needs a /64). dhcpv6-stateful: DHCPv6.",
        default=None,
    )
    gateway: str | None = Field(
        default=None, description="Address of the gateway. Left out: the first of the prefix. Example: 10.96.1.1"
    )
    dns: tuple[str, ...] = Field(default=(), description="Addresses of name servers, in order. Example: 10.96.0.53")

    @field_validator("cidr")
    @classmethod
    def _canonical(cls, cidr: str) -> str:
        return str(ip_network(cidr))

    @model_validator(mode="after")
    def _fits(self) -> SubnetInputs:
        prefix = ip_network(self.cidr)
        if prefix.version == 4 and self.ipv6_mode:
            raise ValueError("ipv6Mode: an IPv4 subnet has none")
        if prefix.version == 6 and not self.ipv6_mode:
            raise ValueError("ipv6Mode: an IPv6 subnet needs slaac or dhcpv6-stateful")
        if self.ipv6_mode == "slaac" and prefix.prefixlen != 64:
            raise ValueError(f"cidr: SLAAC needs a /64, not a /{prefix.prefixlen} (RFC 4862)")
        return self


class Subnet(Neutron[SubnetInputs]):
    """An IPv4 or IPv6 prefix on a network."""

    name = "Subnet"
    summary = "An IPv4 or IPv6 prefix on a network, with its gateway and how hosts get their addresses."
    inputs = SubnetInputs
    collection = "subnets"
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "network": "0b6e2d0e-5a5a-4a4e-9a57-8d1a3f1d7a11",
        "name": "business-v6",
        "cidr": "2001:db8:100:960::/64",
        "ipv6Mode": "slaac",
    }

    @override
    def body(self, cloud: OpenStack, inputs: SubnetInputs) -> Json:
        gateway = {"gateway_ip": inputs.gateway} if inputs.gateway else {}
        return {"name": inputs.name, "dns_nameservers": list(inputs.dns), **gateway}

    @override
    def fixed_body(self, cloud: OpenStack, inputs: SubnetInputs) -> Json:
        version = ip_network(inputs.cidr).version
        modes = {"ipv6_address_mode": inputs.ipv6_mode, "ipv6_ra_mode": inputs.ipv6_mode} if version == 6 else {}
        return {"network_id": inputs.network, "cidr": inputs.cidr, "ip_version": version, "enable_dhcp": True, **modes}

    @override
    def told(self, cloud: OpenStack, one: Json, known: SubnetInputs | None) -> SubnetInputs:
        # by its fields and not by validation: what somebody made by hand may break our rules and has to be seen all the same
        return SubnetInputs.model_construct(
            project=one["project_id"],
            network=one["network_id"],
            name=one["name"],
            description=unmarked(one["description"]),
            cidr=str(ip_network(one["cidr"])),
            ipv6_mode=one["ipv6_address_mode"],
            gateway=one["gateway_ip"] if known is None or known.gateway else None,
            dns=tuple(one["dns_nameservers"]),
        )


class RouterInputs(NeutronInputs):
    """A tenant's router."""

    project: str = fixed(PROJECT)
    name: str = Field(min_length=1, max_length=255, description="Name. Example: finance")
    description: str = description()
    enabled: bool = Field(default=True, description="Administrative state.")
    external_network: str | None = Field(
        default=None, description="Name or id of the external network of its gateway; left out: no gateway. Example: extranet"
    )
    snat: bool | None = flagged("IPv4 source NAT at the gateway. Left out: the cloud's default.", Flag.LEFT, default=None)


class Router(Neutron[RouterInputs]):
    """A router between a tenant's subnets and, with a gateway, an external network."""

    name = "Router"
    summary = "A router between a tenant's subnets and, with a gateway, an external network."
    inputs = RouterInputs
    collection = "routers"
    references: ClassVar = {"externalNetwork": external_network_id}
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "name": "finance",
        "externalNetwork": "extranet",
        "snat": False,
    }

    @override
    def body(self, cloud: OpenStack, inputs: RouterInputs) -> Json:
        gateway: Json = {}
        if inputs.external_network:
            gateway["network_id"] = external_network_id(cloud, inputs.external_network)
            if inputs.snat is not None:
                gateway["enable_snat"] = inputs.snat
        return {"name": inputs.name, "admin_state_up": inputs.enabled, "external_gateway_info": gateway}

    @override
    def told(self, cloud: OpenStack, one: Json, known: RouterInputs | None) -> RouterInputs:
        gateway = one["external_gateway_info"] or {}
        external = gateway.get("network_id")
        if external:
            external = as_said(known.external_network if known else None, external, partial(external_network_id, cloud))
        named = gateway and (known is None or known.snat is not None)
        return RouterInputs(
            project=one["project_id"],
            name=one["name"],
            description=unmarked(one["description"]),
            enabled=one["admin_state_up"],
            external_network=external,
            snat=gateway.get("enable_snat") if named else None,
        )


class RouterInterfaceInputs(Inputs):
    """A leg of a router."""

    router: str = fixed("Id of the router.")
    subnet: str = fixed("Id of the subnet; the leg takes its gateway address.")


class RouterInterface(Kind[OpenStack, RouterInterfaceInputs]):
    """A router's leg in a subnet. Its id is ROUTER/SUBNET."""

    name = "RouterInterface"
    summary = "A router's leg in a subnet, with the subnet's gateway address. Its id is ROUTER/SUBNET."
    inputs = RouterInterfaceInputs
    example: ClassVar = {"router": "7d1c7a52-d3b9-4e6f-8a5b-2c9d4e7f6a10", "subnet": "6c1f4f2c-70a5-4b2b-8a51-3e2b8c7d9e10"}

    @override
    def joined(self, cloud: OpenStack, inputs: RouterInterfaceInputs) -> str:
        return f"{inputs.router}/{inputs.subnet}"

    @override
    def create(self, cloud: OpenStack, inputs: RouterInterfaceInputs, marker: str) -> Made:
        what = f"join subnet {inputs.subnet} to router {inputs.router}"
        if inputs.router in cloud.newborn or not self._joined(cloud, inputs.router, inputs.subnet):
            cloud.send(
                "network",
                "PUT",
                f"/routers/{inputs.router}/add_router_interface",
                what,
                json={"subnet_id": inputs.subnet},
                again=lambda: {} if self._joined(cloud, inputs.router, inputs.subnet) else None,
            )
        return Made(self.joined(cloud, inputs))

    @override
    def read(
        self, cloud: OpenStack, id: str, known: RouterInterfaceInputs | None, outputs: Outputs
    ) -> Found[RouterInterfaceInputs] | None:
        router, subnet = id.split("/")
        return Found(RouterInterfaceInputs(router=router, subnet=subnet)) if self._joined(cloud, router, subnet) else None

    @override
    def update(
        self, cloud: OpenStack, id: str, old: RouterInterfaceInputs, new: RouterInterfaceInputs, outputs: Outputs
    ) -> Outputs:
        return {}

    @override
    def delete(self, cloud: OpenStack, id: str, old: RouterInterfaceInputs) -> None:
        router, subnet = id.split("/")
        if self._joined(cloud, router, subnet):
            what = f"take subnet {subnet} from router {router}"
            cloud.send(
                "network", "PUT", f"/routers/{router}/remove_router_interface", what, json={"subnet_id": subnet}, again=lambda: None
            )

    @staticmethod
    def _joined(cloud: OpenStack, router: str, subnet: str) -> bool:
        ports = cloud.list(
            "network", "ports", f"read the legs of router {router}", device_id=router, fixed_ips=f"subnet_id={subnet}"
        )
        return bool(ports)
