"""The workspace as one value: all intent, parsed and checked. Reading it from files is `reading/`'s work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from yunwang.inventories.cloud import Cloud, QuotaRequest, Tenant
from yunwang.inventories.freeze import Freeze, TimeZone
from yunwang.inventories.lab import Lab
from yunwang.inventories.migration import Dependency, ServerRoom, System
from yunwang.inventories.network import AddressPlan, AddressRecord, DedicatedNetwork, Device, Link, Site, Terminal, VpnInstance
from yunwang.inventories.noun import Name, Noun
from yunwang.inventories.roles import AllowedSigner, Roles
from yunwang.inventories.rollout import NetworkSettings, Probe
from yunwang.inventories.secret import SecretRef

WORKSPACE_VERSION = 2
"""What this yunwang writes. 1 is read as well, but for what `upgrade.py` has to mend."""


class Machine(Noun):
    """A Linux host that playbooks work on, from the Ansible inventory machines.yaml."""

    name: Name
    host: str
    port: int = Field(default=22, ge=1, le=65535)
    username: str | None = None
    private_key: str | None = None
    ssh_args: str = ""
    """More words for ssh's command line, as Ansible takes them."""
    groups: tuple[str, ...] = ()
    """Of the inventory, those that contain one of its groups included."""


def _without_password(url: str) -> str:
    if re.match(r"[^/]*://[^/@]*:[^/@]*@", url) or re.search(r"[?&](ssl)?password=", url):
        raise ValueError("holds a password")
    return url


class JournalSettings(Noun):
    """Where runs are recorded. `url` None: SQLite in the workspace's .yunwang folder; else `postgresql+psycopg://USER@HOST/DATABASE`."""

    url: Annotated[str, AfterValidator(_without_password)] | None = None
    password: SecretRef | None = None
    """Of the database's user."""
    chain: Literal["sha256", "sm3"] = "sha256"
    """What audit entries are hashed with; older entries keep what they were hashed with."""


class PulumiSettings(Noun):
    """Where stacks keep their state and what encrypts the secrets in it.

    `backend` None: .yunwang/pulumi; else as Pulumi names it: `postgres://USER@HOST/DATABASE`, `s3://BUCKET/FOLDER?region=…`.
    """

    backend: Annotated[str, AfterValidator(_without_password)] | None = None
    backend_user: str | None = None
    """The access key id of S3; PostgreSQL's user stands in the address."""
    backend_password: SecretRef | None = None
    """Of PostgreSQL's user, or the secret access key of S3."""
    secrets_provider: str = Field(default="passphrase", pattern=r"^(passphrase|(awskms|azurekeyvault|gcpkms|hashivault)://\S+)$")
    """As Pulumi names them: `passphrase`, or the address of a team's key."""
    passphrase: SecretRef = "file://.yunwang/secrets/pulumi-passphrase"


class MlpsSettings(Noun):
    """What security groups of tenants may name from MLPS level 2 on (等保, GB/T 22239-2019)."""

    management_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where hosts may be managed from (8.1.4.4 c)."""
    egress_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """What servers of level 3 may reach beside the tenant's own networks (8.1.3.1 c)."""


class ArchiveSettings(Noun):
    """Where devices' configurations are kept. `folder`: relative to the workspace."""

    folder: str = ".yunwang/archive"
    key: SecretRef | None = None
    """Masks what is secret in them and encrypts the copies. None: a random one in .yunwang/secrets, made with the first backup."""


class VaultSettings(Noun):
    """A HashiCorp Vault or OpenBao server. What is not said comes from VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT, VAULT_TOKEN."""

    address: str | None = Field(default=None, pattern=r"^https?://[^\s/@]+")
    namespace: str | None = None
    ca: str | None = None
    """The private CA that signed the server's certificate: a PEM file, relative to the workspace."""
    token: SecretRef | None = None
    approle_role_id: SecretRef | None = None
    approle_secret_id: SecretRef | None = None
    approle_mount: str = "approle"


class SecretSettings(Noun):
    """What it takes to follow references to secrets; itself only references."""

    ansible_vault_password: SecretRef | None = None
    """None: the file (or program) that ANSIBLE_VAULT_PASSWORD_FILE names."""
    vault: VaultSettings = VaultSettings()


class FailureBudget(Noun):
    """How many changes may fail (each is taken back) before no other is begun. `run` None: no more than the waves allow."""

    wave: int = Field(default=0, ge=0)
    run: int | None = Field(default=None, ge=0)


class ApplySettings(Noun):
    """Limits that hold for every job."""

    plan_expires_hours: int = Field(default=24, ge=1)
    undo: Literal["change", "wave"] = "wave"
    """When the failure budget is spent: take back the failed changes alone, or the whole wave."""
    canary: int = Field(default=0, ge=0)
    """No more changes than this in the first wave; 0: as the job has it."""
    per_group: int | None = Field(default=None, ge=1)
    """Changes of one group (a site, a cloud) at a time, within what the wave allows."""
    failures: FailureBudget = FailureBudget()
    deletions: int | None = Field(default=20, ge=0)
    """Steps that delete or replace which a plan may have without --allow-deletes. None: any number."""
    unobserved: Literal["refuse", "skip"] = "refuse"
    """A target that cannot be read: nothing of the plan is applied, or it is left alone."""
    soak_seconds: int = Field(default=0, ge=0)
    """Between waves: so long after a wave verified it is verified again before the next begins."""
    freezes: tuple[Freeze, ...] = ()


def _known(version: object) -> object:
    if isinstance(version, int) and version > WORKSPACE_VERSION:
        raise ValueError(f"a newer yunwang wrote this workspace ({version}; this one reads {WORKSPACE_VERSION}): use that one")
    return version


class Settings(Noun):
    """yunwang.yaml. `version` is the whole workspace's; `yunwang upgrade` brings it to this yunwang's."""

    version: Annotated[Literal[1, 2], BeforeValidator(_known)]
    name: Name
    title: str
    time_zone: TimeZone = "UTC"
    clouds: tuple[Cloud, ...] = ()
    vpn_instances: tuple[VpnInstance, ...] = ()
    journal: JournalSettings = JournalSettings()
    pulumi: PulumiSettings = PulumiSettings()
    secrets: SecretSettings = SecretSettings()
    apply: ApplySettings = ApplySettings()
    network: NetworkSettings = NetworkSettings()
    archive: ArchiveSettings = ArchiveSettings()
    mlps: MlpsSettings = MlpsSettings()


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
    addresses: tuple[AddressRecord, ...] = ()
    """The register of what was given out of the address plan."""
    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    terminals: tuple[Terminal, ...] = ()
    probes: tuple[Probe, ...] = ()
    systems: tuple[System, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    rooms: tuple[ServerRoom, ...] = ()
    dedicated_networks: tuple[DedicatedNetwork, ...] = ()
    machines: tuple[Machine, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    roles: Roles | None = None
    """Who may plan, approve, apply. None: nobody is asked."""
    signers: tuple[AllowedSigner, ...] = ()
    lab: Lab | None = None

    @property
    def state(self) -> Path:
        """Where the toolkit keeps what is not intent: journal, Pulumi state, archive, wire logs, the lab."""
        return self.root / ".yunwang"

    @property
    def learned_keys(self) -> Path:
        """The known_hosts file with the keys that `host_keys: accept-new` believed."""
        return self.state / "known_hosts"

    def known_hosts(self, device: Device) -> tuple[Path, ...]:
        """The files that a device's host key stands in, and its jump hosts'."""
        return (self.root / device.known_hosts, *([self.learned_keys] if device.host_keys == "accept-new" else []))

    def revised(self, **changes: Any) -> Workspace:
        """A workspace with other values for these fields. (model_copy would keep what was computed from the old ones.)"""
        return Workspace.model_construct(**{name: getattr(self, name) for name in Workspace.model_fields} | changes)

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
        return iter(self._links.get(device, ()))

    @cached_property
    def _links(self) -> dict[str, list[Link]]:
        ends: dict[str, list[Link]] = {}
        for link in self.links:
            for name in dict.fromkeys((link.a_device, link.b_device)):
                ends.setdefault(name, []).append(link)
        return ends
