"""OpenStack as the stacks know a cloud: what this room's modules find, under the names of `stacks.cloud`. Finds nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.workspace import SecretSettings
from yunwang.stacks.cloud import Census, Probed, Stranger
from yunwang.stacks.kind import Kind, Say
from yunwang.stacks.openstack.census import census
from yunwang.stacks.openstack.holdings import guests, holdings
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.live import flavor_for, project_named, server_facts, tenant_facts
from yunwang.stacks.openstack.marks import mark_of, unmarked
from yunwang.stacks.openstack.probe import probe
from yunwang.stacks.openstack.quotas import over
from yunwang.stacks.openstack.session import HASTY, OpenStack

_THEIRS = frozenset({"admin", "service", "services"})
"""Projects that every cloud has for itself."""


@dataclass(frozen=True, slots=True)
class OpenStackCloud:
    """See `stacks.cloud.Cloud`; a tenant is the project of its name."""

    session: OpenStack

    @property
    def name(self) -> str:
        """As clouds.yaml has it."""
        return self.session.name

    def tenant_facts(self, tenant: str) -> JsonObject:
        """The project and what it owns."""
        return tenant_facts(self.session, tenant)

    def server_facts(self, tenant: str) -> JsonObject:
        """Its servers."""
        return server_facts(self.session, tenant)

    def flavor_for(self, cores: int, ram_gib: int, architecture: str) -> str | None:
        """The smallest flavor that holds this much."""
        return flavor_for(self.session, cores, ram_gib, architecture)

    def holdings(self, tenant: str, ours: Collection[str]) -> dict[str, tuple[str, ...]]:
        """What the project has beyond `ours`."""
        id = self._project(tenant)
        return holdings(self.session, id, ours) if id else {}

    def guests(self, tenant: str, ours: Collection[str]) -> tuple[str, ...]:
        """Who holds a role on it beyond `ours`."""
        id = self._project(tenant)
        return guests(self.session, id, ours) if id else ()

    def over_quota(self, tenant: str) -> dict[str, tuple[int, int]]:
        """What it uses more of than it may."""
        id = self._project(tenant)
        return over(self.session, id) if id else {}

    def census(self, tenant: str) -> Census:
        """All of it."""
        return census(self.session, tenant)

    def tenants(self) -> Iterator[Stranger]:
        """The projects of the default domain."""
        session = self.session
        for project in session.list("identity", "projects", f"look for tenants of {self.name}", domain_id="default"):
            if project["name"] not in _THEIRS and project["id"] != session.own_project:
                words = project["description"]
                yield Stranger(name=project["name"], title=unmarked(words), owner=mark_of(words).rpartition(":")[0])

    def _project(self, tenant: str) -> str | None:
        found = project_named(self.session, tenant)
        return str(found["id"]) if found else None


class OpenStackKind:
    """See `stacks.cloud.CloudKind`."""

    resources: Mapping[str, Kind[Any, Any]] = KINDS

    def session(self, name: str, config: Path | None, secrets: SecretSettings | None = None, say: Say | None = None) -> OpenStack:
        """One account's session with it."""
        return OpenStack(name, config, secrets=secrets, say=say)

    def cloud(self, session: OpenStack) -> OpenStackCloud:
        """The cloud behind it."""
        return OpenStackCloud(session)

    def probe(self, name: str, config: Path, secrets: SecretSettings, say: Say) -> Probed:
        """A look at it."""
        return probe(OpenStack(name, config, secrets=secrets, patience=HASTY, say=say), say)
