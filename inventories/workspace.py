"""The workspace as one value: all intent, parsed and checked. Reading it from files is `reading/`'s work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from yunwang.inventories.cloud import Cloud, QuotaRequest, Tenant
from yunwang.inventories.lab import Lab
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.network import AddressPlan, DedicatedNetwork, Device, Link, Site, Terminal, VpnInstance
from yunwang.inventories.noun import Name, Noun
from yunwang.inventories.secret import SecretRef


class Machine(Noun):
    """A Linux host that playbooks work on, from the Ansible inventory machines.yaml."""

    name: Name
    host: str
    port: int = Field(default=22, ge=1, le=65535)
    username: str | None = None


class JournalSettings(Noun):
    """Where runs are recorded. None: SQLite in the workspace's .yunwang folder."""

    url: str | None = None


class PulumiSettings(Noun):
    """Where stacks keep their state and what encrypts the secrets in it. `backend` None: .yunwang/pulumi."""

    backend: str | None = None
    passphrase: SecretRef = "file://.yunwang/secrets/pulumi-passphrase"


class ApplySettings(Noun):
    """Limits that hold for every job."""

    plan_expires_hours: int = Field(default=24, ge=1)
    undo: Literal["change", "wave"] = "wave"
    """After a failure: take back the failed change alone, or the whole wave."""


class Settings(Noun):
    """yunwang.yaml."""

    version: Literal[1]
    name: Name
    title: str
    clouds: tuple[Cloud, ...] = ()
    vpn_instances: tuple[VpnInstance, ...] = ()
    journal: JournalSettings = JournalSettings()
    pulumi: PulumiSettings = PulumiSettings()
    apply: ApplySettings = ApplySettings()


class Waiver(Noun):
    """policies/waivers.yaml: a named person answers for a target failing a policy until a day (ISO date)."""

    policy: str
    target: str
    owner: str
    reason: str
    until: str


class Workspace(Noun):
    """Everything that the files say. `root` is the folder; `digest` identifies the intent (all files but generated ones)."""

    root: Path
    digest: str
    settings: Settings
    tenants: tuple[Tenant, ...] = ()
    requests: tuple[QuotaRequest, ...] = ()
    sites: tuple[Site, ...] = ()
    address_plan: AddressPlan | None = None
    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    terminals: tuple[Terminal, ...] = ()
    systems: tuple[System, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    rooms: tuple[ServerRoom, ...] = ()
    dedicated_networks: tuple[DedicatedNetwork, ...] = ()
    machines: tuple[Machine, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    lab: Lab | None = None

    @property
    def state(self) -> Path:
        """Where the toolkit keeps what is not intent: journal, Pulumi state, archive, wire logs, the lab."""
        return self.root / ".yunwang"

    @cached_property
    def device_names(self) -> frozenset[str]:
        """Names of all devices."""
        return frozenset(device.name for device in self.devices)

    def device(self, name: str) -> Device:
        """The device of that name. Raises KeyError."""
        return self._devices[name]

    @cached_property
    def _devices(self) -> dict[str, Device]:
        return {device.name: device for device in self.devices}

    def cloud(self, name: str) -> Cloud:
        """The cloud of that name. Raises KeyError."""
        return {cloud.name: cloud for cloud in self.settings.clouds}[name]

    def tenant(self, name: str) -> Tenant:
        """The tenant of that name. Raises KeyError."""
        return {tenant.name: tenant for tenant in self.tenants}[name]

    def links_of(self, device: str) -> Iterator[Link]:
        """The links that end at a device."""
        return (link for link in self.links if device in (link.a_device, link.b_device))
