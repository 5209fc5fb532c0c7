"""What a cloud of any kind tells the stacks, in the workspace's own words. Knows no kind of cloud, and changes nothing on one.

A further kind brings two things: its resources (`kind.py`), by the names that the program of a tenant gives them, and this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.workspace import SecretSettings
from yunwang.stacks.kind import Kind, Say


@dataclass(frozen=True, slots=True)
class Census:
    """A tenant that somebody else made. `title`, `members`, `allotment` as a tenant's file spells them."""

    title: str
    egress: bool
    """Whether it reaches the Internet behind an address of its router's."""
    members: list[JsonObject]
    allotment: JsonObject
    ids: Mapping[str, str]
    """The ids of all that is in it, by `KIND NAME`, as the program names resources."""


class Stranger(Noun):
    """A tenant as a cloud has it, whoever made it. `owner`: the workspace whose mark it bears; empty: nobody's."""

    name: str
    title: str
    owner: str


class Probed(Noun):
    """What a look at a cloud found: facts for programs, lines of them for people, and what is wrong, each with a remedy."""

    cloud: str
    facts: JsonObject
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


class Cloud(Protocol):
    """One cloud that is signed in to. Only reads; blocking, called from several threads at once. Raises verdicts.

    Of a tenant that the cloud does not have it tells nothing: {} or (); only a census is refused.
    """

    @property
    def name(self) -> str:
        """As yunwang.yaml has it."""

    def tenant_facts(self, tenant: str) -> JsonObject:
        """What the tenant has, in the shape of `partition.intended`."""

    def server_facts(self, tenant: str) -> JsonObject:
        """Its servers, in the shape of `partition.booked`."""

    def flavor_for(self, cores: int, ram_gib: int, architecture: str) -> str | None:
        """The name of the smallest flavor that holds this much; None: there is none."""

    def holdings(self, tenant: str, ours: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Names by kind (`servers`, `networks` …) of what the tenant has beyond the ids in `ours`."""

    def guests(self, tenant: str, ours: Collection[str]) -> tuple[str, ...]:
        """`USER (ROLE)` for each role that a person holds in the tenant beyond the ids in `ours`."""

    def over_quota(self, tenant: str) -> Mapping[str, tuple[int, int]]:
        """Used and allowed, by field, of what the tenant uses more of than it may."""

    def census(self, tenant: str) -> Census:
        """The whole tenant. Raises Fatal when there is none, or when the files have no words for something of it."""

    def tenants(self) -> Iterable[Stranger]:
        """Every tenant of the cloud, but for what it has for itself."""


class CloudKind(Protocol):
    """A kind of cloud. `session` is what its resources work on, and nobody else looks into it."""

    @property
    def resources(self) -> Mapping[str, Kind[Any, Any]]:
        """What the Pulumi provider offers there, by name."""

    def session(self, name: str, config: Path | None, secrets: SecretSettings | None = None, say: Say | None = None) -> Any:
        """A session with the cloud of that name in `config` (None: where its own tools look). Signs in with the first request.

        `say` is told what it waits for.
        """

    def cloud(self, session: Any) -> Cloud:
        """The cloud behind a session."""

    def probe(self, name: str, config: Path, secrets: SecretSettings, say: Say) -> Probed:
        """What the cloud is, what the account may do there, what will not work. Only reads; what fails becomes a finding."""
