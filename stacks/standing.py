"""Stacks as they stand in the backend, whoever asked for them: of tenants, and of the servers booked beside them. Changes none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Step, Wave
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.job import CloudJob
from yunwang.stacks.kind import Say
from yunwang.stacks.servers import ServerJob

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.automation import Stacks

SUFFIXES: Mapping[str, str] = {job.project: job.suffix for job in (CloudJob, ServerJob)}
"""What stands behind the name in the targets of each Pulumi project."""
_PARALLEL = 2
"""Stacks at a time: each keeps an engine process busy."""


class Stack(NamedTuple):
    """Where a target's stack is."""

    project: str
    cloud: str
    holder: str
    """The tenant, or the group of tenants."""

    @property
    def name(self) -> str:
        """Pulumi's."""
        return f"{self.cloud}.{self.holder}"


def stack_of(target: str) -> Stack:
    """The stack that a target means."""
    _, cloud, name = target.split("/")
    own = name.removesuffix(ServerJob.suffix)
    return Stack(CloudJob.project if own == name else ServerJob.project, cloud, own)


def target_of(project: str, name: str) -> str:
    """The target of a stack."""
    return f"stack/{name.replace('.', '/', 1)}{SUFFIXES.get(project, '')}"


class StandingJob(ABC):
    """A job over the state of every stack that the backend has. It changes nothing on a cloud."""

    name: str
    title: str

    def __init__(self, workspace: Workspace, clouds: Clouds | None = None) -> None:
        self.clouds = clouds or Clouds(workspace)

    @property
    def options(self) -> JsonObject:
        """Nothing: every stack is looked at."""
        return {}

    @property
    def stacks(self) -> Stacks:
        """The workspace's."""
        return self.clouds.stacks

    def prepare(self, say: Say) -> None:
        """Gets the Pulumi engine ready. Raises Fatal."""
        self.clouds.say = say
        self.stacks.prepare(say)

    def targets(self) -> tuple[str, ...]:
        """Every stack of ours."""
        return tuple(target_of(project, name) for project, name in self.stacks.backend.stacks() if project in SUFFIXES)

    @abstractmethod
    def observe(self, target: str) -> Observed:
        """See operations.job."""

    @abstractmethod
    def change(self, target: str, seen: Observed) -> Change | None:
        """What a stack's state needs. Pure."""

    def changed(self, target: str, seen: Observed, steps: Sequence[Step], text: str, forward: JsonObject) -> Change:
        """What becomes of a stack's state, as a change. Pure."""
        stack = stack_of(target)
        return Change(
            id=target,
            target=target,
            group=stack.cloud,
            action=Action.UPDATE,
            summary=f"state of {stack.holder} on {stack.cloud}: {seen.summary}",
            steps=tuple(steps),
            text=text,
            forward=forward,
            facts={"cloud": stack.cloud, "stack": stack.holder},
        )

    def findings(self, target: str, seen: Observed) -> Sequence[Finding]:
        """What is to be said of it. Pure."""
        return ()

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A change per stack that needs one, in one wave."""
        changes = tuple(change for target, seen in observed.items() if (change := self.change(target, seen)) is not None)
        waves = (Wave(name="states", changes=tuple(change.id for change in changes), parallel=_PARALLEL),) if changes else ()
        findings = tuple(finding for target, seen in observed.items() for finding in self.findings(target, seen))
        return Draft(changes=changes, waves=waves, findings=findings)

    @abstractmethod
    def apply(self, change: Change, say: Say) -> Outcome:
        """See operations.job."""

    @abstractmethod
    def verify(self, change: Change) -> tuple[Finding, ...]:
        """See operations.job."""

    @abstractmethod
    def undo(self, change: Change, say: Say) -> Outcome:
        """See operations.job."""
