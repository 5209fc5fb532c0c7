"""The engine's job for servers that systems move to: a stack beside the tenant's own. Never chooses who moves.

A migration composes it: the servers come from its plan, the job books them, verifies that they run, and can take them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import JsonValue, TypeAdapter

from yunwang.inventories.cloud import Server
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.cloud import Cloud
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.job import StackJob
from yunwang.stacks.partition import Booking, booked


class ServerJob(StackJob[Booking]):
    """Servers booked on the clouds for systems that move there; a stack beside the tenant's own."""

    name = "servers"
    title = "Servers on the clouds"
    project = "servers"
    suffix = "-servers"

    def __init__(
        self, workspace: Workspace, servers: Mapping[tuple[str, str], tuple[Server, ...]], clouds: Clouds | None = None
    ) -> None:
        """`servers`: by cloud and tenant, all that the tenant is to have booked there (none: they are taken away)."""
        super().__init__(workspace, clouds)
        self._servers = dict(servers)

    @property
    def options(self) -> JsonObject:
        """The servers, as `ServerJob.asked` reads them."""
        return {
            "servers": [
                {"cloud": cloud, "tenant": tenant, "servers": [server.model_dump(mode="json") for server in servers]}
                for (cloud, tenant), servers in self._servers.items()
            ]
        }

    @staticmethod
    def asked(options: JsonObject) -> dict[tuple[str, str], tuple[Server, ...]]:
        """The servers out of a plan's options."""
        entries = TypeAdapter(list[dict[str, JsonValue]]).validate_python(options["servers"])
        servers = TypeAdapter(tuple[Server, ...])
        return {(str(entry["cloud"]), str(entry["tenant"])): servers.validate_python(entry["servers"]) for entry in entries}

    def left(self) -> tuple[str, ...]:
        """None: only what was asked for is looked at, for a migration knows its own servers alone."""
        return ()

    def intended_keys(self) -> Iterable[tuple[str, str]]:
        """Each tenant on each cloud that servers are asked for."""
        return self._servers

    def intent(self, cloud: str, name: str) -> Booking | None:
        """The booking, each server with the smallest flavor that holds it. Raises Fatal where none is big enough."""
        there = self.clouds.cloud(cloud)
        servers = self._servers.get((cloud, name), ())
        flavors = []
        for one in servers:
            flavor = there.flavor_for(one.cores, one.ram_gib, one.architecture.value)
            if flavor is None:
                size = f"{one.cores} cores and {one.ram_gib} GiB on {one.architecture}"
                raise Fatal(f"cloud {cloud} has no flavor of {size} for {one.name}", remedy="have one made, or ask for less")
            flavors.append(flavor)
        return Booking(cloud=cloud, tenant=name, servers=servers, flavors=tuple(flavors)) if servers else None

    def parse(self, said: JsonObject) -> Booking:
        """A booking out of a plan."""
        return Booking.model_validate(said)

    def declare(self, intent: Booking) -> None:
        """The program of a booking."""
        from yunwang.stacks.pulumi.program import declare_servers

        declare_servers(intent)

    def facts(self, intent: Booking) -> JsonObject:
        """What holds where these servers run."""
        return {intent.tenant: booked(intent)}

    def live_of(self, cloud: Cloud, tenant: str) -> JsonObject:
        """The tenant's servers, whoever booked them."""
        return cloud.server_facts(tenant)

    def remains(self, live: JsonValue) -> bool:
        """Not to be told from what is live: a tenant may have servers of its own beside the booked ones."""
        return False
