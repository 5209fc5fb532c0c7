"""The engine's job that takes tenants off clouds though the files still name them. Never one that was not named.

Servers that were booked stand in a stack of their own, and hold their tenant: they are named too, and go first.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from pydantic import TypeAdapter

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Draft, Observed, Outcome
from yunwang.inventories.targets import matches
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.job import CloudJob, StackJob
from yunwang.stacks.kind import Say
from yunwang.stacks.partition import Booking, TenantGroup
from yunwang.stacks.servers import ServerJob
from yunwang.stacks.standing import SUFFIXES, stack_of, target_of

P = TypeVar("P", TenantGroup, Booking)
_IDS = TypeAdapter(tuple[tuple[str, str], ...])


class _Going(StackJob[P], ABC):
    """Stacks that are to hold nothing, whatever the files say."""

    def intent(self, cloud: str, name: str) -> P | None:
        """Nothing."""
        return None

    def intended_keys(self) -> Iterable[tuple[str, str]]:
        """None."""
        return ()

    def observe(self, target: str) -> Observed:
        """With the kind and id of all that the stack has on the cloud, and creates of it that nobody knows the outcome of."""
        seen, stack = super().observe(target), stack_of(target)
        if stack.name not in self.clouds.stacks.names(stack.project):  # a preview makes the stack it looks at
            return seen
        state = self.clouds.stacks.backend.export(stack.project, stack.name)["deployment"]
        have = [one for one in state.get("resources", ()) if one.get("custom") and one.get("id")]
        ids = [[one["type"], one["id"]] for one in have if not one["type"].startswith("pulumi:")]
        made = {one["urn"] for one in have}
        lost = [one["resource"]["urn"] for one in state.get("pending_operations", ()) if one["type"] == "creating"]
        return seen.model_copy(update={"facts": seen.facts | {"ids": ids, "lost": [urn for urn in lost if urn not in made]}})

    def _change(self, target: str, seen: Observed) -> Change | None:
        change = super()._change(target, seen) if not seen.facts.get("lost") else None
        return change and change.model_copy(update={"forward": change.forward | {"ids": seen.facts["ids"]}})

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """What of it is left on the cloud, asked for one by one, or in the state."""
        stack = stack_of(change.target)
        session, kinds = self.clouds.session(stack.cloud), self.clouds.kind(stack.cloud).resources
        left = [
            f"{type_.replace(':index:', ':')} {id}"
            for type_, id in _IDS.validate_python(change.forward["ids"])
            if kinds[type_.rpartition(":")[2]].read(session, id, None, {}) is not None
        ]
        if self.clouds.stacks.ids(stack.project, stack.name):
            left.append(f"the state of stack {stack.name}")
        return tuple(
            Finding(code="still-there", message=f"{one} is still there", remedy="make a new plan", target=change.target)
            for one in left
        )

    def undo(self, change: Change, say: Say) -> Outcome:
        """Made anew as it was last applied: other ids, new first passwords, servers without their contents. Raises Fatal."""
        if change.reverse["intent"] is None:
            raise Fatal(
                f"nobody knows any more what stack {stack_of(change.target).name} was to be",
                remedy="yunwang cloud plan shows what the clouds need to be as the files say",
                target=change.target,
            )
        return super().undo(change, say)


class _Servers(_Going[Booking], ServerJob):
    """Servers that go."""

    def left(self) -> tuple[str, ...]:
        """None."""
        return ()


class DestroyJob(_Going[TenantGroup], CloudJob):
    """Tenants that go, and booked servers."""

    name = "cloud-destroy"
    title = "Tenants taken off the clouds"

    def __init__(self, workspace: Workspace, of: Sequence[str], clouds: Clouds | None = None) -> None:
        """`of`: patterns of targets."""
        super().__init__(workspace, clouds)
        self._of = tuple(of)
        self._servers = _Servers(workspace, {}, self.clouds)

    @property
    def options(self) -> JsonObject:
        """The patterns."""
        return {"of": [*self._of]}

    def targets(self) -> tuple[str, ...]:
        """The stacks that are meant. Raises Refused where none is named, or none is meant."""
        there = [target_of(project, name) for project, name in self.clouds.stacks.backend.stacks() if project in SUFFIXES]
        chosen = tuple(target for target in there if self._meant(target))
        if not chosen:
            raise Refused(
                f"no stack matches {', '.join(self._of)}" if self._of else "nothing is taken off a cloud that was not named",
                remedy=f"--target stack/CLOUD/TENANT; stacks are: {', '.join(there[:5]) or 'none at all'}",
            )
        return chosen

    def observe(self, target: str) -> Observed:
        """The tenant, or the servers."""
        return self._servers.observe(target) if _booked(target) else super().observe(target)

    def held(self, cloud: str, tenant: str, ours: frozenset[str]) -> JsonObject:
        """What holds the tenant; booked servers do where they are not to go too."""
        servers = target_of(ServerJob.project, f"{cloud}.{tenant}")
        going = self.clouds.stacks.ids(ServerJob.project, f"{cloud}.{tenant}") if self._meant(servers) else frozenset()
        return super().held(cloud, tenant, ours | going)

    def leaving(self, cloud: str, tenant: str) -> str:
        """Booked servers can go too."""
        servers = target_of(ServerJob.project, f"{cloud}.{tenant}")
        return f"name booked servers too (--target {servers}); {super().leaving(cloud, tenant)}"

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """Servers first, then the tenants that they stood in."""
        servers = self._servers.draft({target: seen for target, seen in observed.items() if _booked(target)})
        tenants = super().draft({target: seen for target, seen in observed.items() if not _booked(target)})
        after = [
            change.model_copy(
                update={"requires": tuple(one.id for one in servers.changes if one.target in self._booked_in(change))}
            )
            for change in tenants.changes
        ]
        waves = [wave.model_copy(update={"name": f"servers, {wave.name}"}) for wave in servers.waves]
        lost = (
            Finding(
                code="unknown-creates",
                severity=Severity.ERROR,
                message=f"has {len(urns)} creates that nobody knows the outcome of, and that would be left on the cloud",
                remedy="yunwang cloud state apply settles them by looking",
                target=target,
            )
            for target, seen in observed.items()
            if isinstance(urns := seen.facts.get("lost"), list) and urns
        )
        findings = (*servers.findings, *tenants.findings, *lost)
        return Draft(changes=(*servers.changes, *after), waves=(*waves, *tenants.waves), findings=findings)

    def apply(self, change: Change, say: Say) -> Outcome:
        """Pulumi destroy, and the stack goes with it. Raises verdicts."""
        return self._servers.apply(change, say) if _booked(change.target) else super().apply(change, say)

    def undo(self, change: Change, say: Say) -> Outcome:
        """See _Going."""
        return self._servers.undo(change, say) if _booked(change.target) else super().undo(change, say)

    def _booked_in(self, change: Change) -> set[str]:
        """The targets of the servers that its tenants may have booked."""
        cloud, name = self.key(change.target)
        return {target_of(ServerJob.project, f"{cloud}.{tenant}") for tenant in self.tenants(name, change.reverse["intent"])}

    def _meant(self, target: str) -> bool:
        return any(matches(target, pattern) for pattern in self._of)


def _booked(target: str) -> bool:
    return stack_of(target).project == ServerJob.project
