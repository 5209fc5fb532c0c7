"""The files of a workspace and which noun each holds: the one list that reading, schemas and documentation share. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from yunwang.inventories.cloud import QuotaRequest, Tenant
from yunwang.inventories.lab import Lab, LabTerminal
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.network import AddressPlan, AddressRecord, DedicatedNetwork, Device, Link, Site, Terminal
from yunwang.inventories.noun import Noun
from yunwang.inventories.roles import Roles
from yunwang.inventories.rollout import Probe
from yunwang.inventories.workspace import Machine, Settings, Waiver


class TenantFile(Tenant):
    """tenants/NAME.yaml: a department's partition of the clouds."""

    version: Literal[1]


class RequestFile(QuotaRequest):
    """requests/NAME.yaml: a request for a quota."""

    version: Literal[1]


class SitesFile(Noun):
    """network/sites.yaml: where devices stand."""

    version: Literal[1]
    sites: tuple[Site, ...]


class LinksFile(Noun):
    """network/links.yaml: lines between devices."""

    version: Literal[1]
    links: tuple[Link, ...]


class ProbesFile(Noun):
    """network/probes.yaml: who must be reached from where."""

    version: Literal[1]
    probes: tuple[Probe, ...]


class AddressPlanFile(AddressPlan):
    """network/address-plan.yaml: where addresses come from."""

    version: Literal[1]


class WaiversFile(Noun):
    """policies/waivers.yaml: who answers for what, until when."""

    version: Literal[1]
    waivers: tuple[Waiver, ...]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: `path` is a name or a pattern below the workspace, `model` what it holds (a table's: each row)."""

    name: str
    path: str
    model: type[BaseModel]
    form: Literal["yaml", "table", "inventory", "openstack"] = "yaml"


KINDS = (
    FileKind("settings", "yunwang.yaml", Settings),
    FileKind("clouds", "clouds.yaml", Noun, "openstack"),
    FileKind("tenant", "tenants/*.yaml", TenantFile),
    FileKind("request", "requests/*.yaml", RequestFile),
    FileKind("sites", "network/sites.yaml", SitesFile),
    FileKind("links", "network/links.yaml", LinksFile),
    FileKind("probes", "network/probes.yaml", ProbesFile),
    FileKind("address-plan", "network/address-plan.yaml", AddressPlanFile),
    FileKind("addresses", "network/addresses.csv", AddressRecord, "table"),
    FileKind("devices", "network/hosts.yaml", Device, "inventory"),
    FileKind("terminals", "network/terminals.csv", Terminal, "table"),
    FileKind("machines", "machines.yaml", Machine, "inventory"),
    FileKind("systems", "systems.csv", System, "table"),
    FileKind("rooms", "rooms.csv", ServerRoom, "table"),
    FileKind("dependencies", "dependencies.csv", Dependency, "table"),
    FileKind("dedicated-networks", "dedicated-networks.csv", DedicatedNetwork, "table"),
    FileKind("waivers", "policies/waivers.yaml", WaiversFile),
    FileKind("roles", "policies/roles.yaml", Roles),
    FileKind("lab", "lab.yaml", Lab),
    FileKind("lab-terminals", "lab/terminals.csv", LabTerminal, "table"),
)

DEVICE_VARIABLES = {
    field: {"host": "ansible_host", "port": "ansible_port", "username": "ansible_user"}.get(field, f"yunwang_{field}")
    for field in Device.model_fields
    if field != "name"
}
"""A device's fields and the variables of network/hosts.yaml that give them."""

MACHINE_VARIABLES = {
    "host": "ansible_host",
    "port": "ansible_port",
    "username": "ansible_user",
    "private_key": "ansible_ssh_private_key_file",
    "ssh_args": "ansible_ssh_common_args",
}
"""A machine's fields and the variables of machines.yaml that give them."""
