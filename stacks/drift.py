"""Drift: how clouds differ from what was approved, and why: intent, Pulumi's state and the live cloud, each beside the others.

Changes nothing. State alone is no evidence: what is told was read from the cloud just now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import JsonValue

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import Noun
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Fatal, Refused, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Phase, StepRecord, StepState
from yunwang.journal.store import Journal
from yunwang.stacks.job import CloudJob

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.automation import Preview
    from yunwang.stacks.pulumi.steps import StackStep

_PARALLEL = 2
"""Stacks at a time: each keeps an engine process busy."""


class Kind(StrEnum):
    """Why something differs."""

    BEHIND_THE_TOOL = "behind-the-tool"
    """Live, it is not as it was applied."""
    VANISHED = "vanished"
    """It was applied, and the cloud has it no more."""
    FAILED_APPLY = "failed-apply"
    """A run of ours left it unfinished."""
    NEVER_APPROVED = "never-approved"
    """The stack holds what neither a run of ours nor an approved plan applied."""
    INTENT = "intent-not-applied"
    """The files ask for what was not applied yet."""
    UNMANAGED = "unmanaged-resource"
    """It stands in a tenant's project, and no stack knows it."""
    UNMANAGED_TENANT = "unmanaged-tenant"
    OVER_QUOTA = "usage-above-quota"
    UNREADABLE = "unreadable"


REVERTED = frozenset({Kind.BEHIND_THE_TOOL, Kind.VANISHED, Kind.FAILED_APPLY, Kind.NEVER_APPROVED})
"""What a plan of the cloud job takes back."""
ADOPTED = frozenset({Kind.BEHIND_THE_TOOL, Kind.NEVER_APPROVED, Kind.UNMANAGED})
"""What the files can be made to say, and the stack to hold."""
_BESIDE = frozenset({Kind.OVER_QUOTA, Kind.UNMANAGED_TENANT})
"""What is neither adopted nor in the way of it."""
_PEOPLE = "people"
_SAID = frozenset({"networks", "security groups", _PEOPLE})
"""Unmanaged things that a tenant's file has words for."""


class Drift(Noun):
    """One way in which one target drifted. `lines`: what of it, `was → is` where both are known; `of`: which unmanaged things."""

    target: str
    kind: Kind
    what: str
    lines: tuple[str, ...] = ()
    of: str = ""
    renamed: bool = False
    """By its name the files and the stack know it."""

    @property
    def adoptable(self) -> bool:
        """Whether the files can be made to say it."""
        return self.kind in ADOPTED and not self.renamed and (self.kind is not Kind.UNMANAGED or self.of in _SAID)


def drift(
    job: CloudJob, workspace: Workspace, journal: Journal, targets: Sequence[str], *, say: Callable[[str], None] = lambda _: None
) -> tuple[Drift, ...]:
    """What of these stacks drifted, then tenants of the same clouds that nobody manages. Reads each."""

    def of(target: str) -> tuple[Drift, ...]:
        try:
            return tuple(_of(job, journal, target))
        except Verdict as verdict:
            say(f"{target}: {verdict.message}")
            return (Drift(target=target, kind=Kind.UNREADABLE, what=verdict.message),)

    with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="drift") as pool:
        found = [one for each in pool.map(of, targets) for one in each]
    unreadable = {one.target.split("/")[1] for one in found if one.kind is Kind.UNREADABLE}
    for cloud in dict.fromkeys(job.key(target)[0] for target in targets):
        if cloud not in unreadable:
            found += _strangers(job, workspace, cloud)
    return tuple(found)


def adoptable(found: Sequence[Drift]) -> tuple[str, ...]:
    """The targets whose files and stacks can take over what is live.

    Raises Refused, with what is in the way, where one of them drifted in another way too: it would be taken over unseen.
    """
    targets = tuple(dict.fromkeys(one.target for one in found if one.adoptable))
    barred = [
        one
        for one in found
        if not one.adoptable and one.kind not in _BESIDE and (one.kind is not Kind.UNMANAGED or one.target not in targets)
    ]
    if barred:
        raise Refused(
            "not all of this can be adopted",
            remedy="take these back or finish them first, or leave them out with --target",
            findings=tuple(map(as_finding, barred)),
        )
    return targets


def as_finding(found: Drift) -> Finding:
    """For who shows findings."""
    remedies = {
        Kind.BEHIND_THE_TOOL: "take it back (`yunwang cloud drift --revert`), or have the files say what is live (`--adopt`)",
        Kind.VANISHED: "bring it back (`yunwang cloud drift --revert`), or take it out of the files",
        Kind.FAILED_APPLY: "finish it (`yunwang cloud drift --revert`)",
        Kind.NEVER_APPROVED: "take it back (`yunwang cloud drift --revert`), or have it approved (`--adopt`)",
        Kind.INTENT: "plan and apply",
        Kind.UNMANAGED: "find whose it is; take it over (`--adopt`: networks, security groups, people), or remove it",
        Kind.UNMANAGED_TENANT: "find whose it is; take it over (`yunwang cloud import`), or have it removed",
        Kind.OVER_QUOTA: "raise the quota (an approved request), or have the tenant free what it does not need",
        Kind.UNREADABLE: "see that it can be reached",
    }
    return Finding(
        code=found.kind.value,
        severity=Severity.ERROR if found.kind is Kind.UNREADABLE else Severity.WARNING,
        message="\n".join((found.what, *(f"  {line}" for line in found.lines))),
        remedy=remedies[found.kind],
        target=found.target,
    )


def _of(job: CloudJob, journal: Journal, target: str) -> Iterator[Drift]:
    cloud, holder = job.key(target)
    intent = job.intent(cloud, holder)
    said = intent.model_dump(mode="json") if intent is not None else None
    preview = job.preview(cloud, holder, intent)
    last = _last(journal, target)
    for one in preview.moved:
        renamed = any(change.property == "name" for change in one.differences)
        what = f"{one.what} was {'renamed' if renamed else 'changed'} on the cloud"
        yield Drift(target=target, kind=Kind.BEHIND_THE_TOOL, what=what, lines=_lines([one]), renamed=renamed)
    for name in preview.vanished:
        yield Drift(target=target, kind=Kind.VANISHED, what=f"{name} is not on the cloud any more")
    if left := _unexplained(preview):
        if last is not None and (last.step.state is not StepState.DONE or said in last.intents):
            what = f"run {last.step.run} left {len(left)} steps undone"
            yield Drift(target=target, kind=Kind.FAILED_APPLY, what=what, lines=_lines(left))
        else:
            what = f"the files ask for {len(left)} steps that were not applied"
            yield Drift(target=target, kind=Kind.INTENT, what=what, lines=_lines(left))
    ours = last.intents if last is not None else ()
    if preview.applied is not None and preview.applied not in ours and not _outside(journal, target, preview.applied):
        what = "what the stack holds was applied by no run of ours and by no approved plan"
        yield Drift(target=target, kind=Kind.NEVER_APPROVED, what=what)
    there = job.clouds.cloud(cloud)
    for tenant in job.tenants(holder, said, preview.applied):
        known = preview.ids | job.clouds.stacks.ids("servers", f"{cloud}.{tenant}")
        whose = "" if tenant == holder else f"{tenant}: "
        for kind, names in there.holdings(tenant, known).items():
            yield Drift(target=target, kind=Kind.UNMANAGED, what=f"{whose}no stack knows these {kind}", lines=names, of=kind)
        if names := there.guests(tenant, known):
            yield Drift(target=target, kind=Kind.UNMANAGED, what=f"{whose}no stack let these people in", lines=names, of=_PEOPLE)
        for field, (used, limit) in there.over_quota(tenant).items():
            yield Drift(target=target, kind=Kind.OVER_QUOTA, what=f"{whose}{used} {field} are used, {limit} are allowed")


def _unexplained(preview: Preview) -> list[StackStep]:
    """Steps, with the differences of each, that no change on the cloud is the reason for."""
    moved = {one.what: {change.property for change in one.differences} for one in preview.moved}
    left = []
    for step in preview.steps:
        if step.what in preview.vanished:
            continue
        others = tuple(change for change in step.differences if change.property not in moved.get(step.what, ()))
        if others or step.what not in moved:
            left.append(step.model_copy(update={"differences": others}))
    return left


def _lines(steps: Sequence[StackStep]) -> tuple[str, ...]:
    return tuple(line for step in steps for line in (f"{step.op} {step.what}", *(f"  {line}" for line in step.lines())))


@dataclass(frozen=True, slots=True)
class _Last:
    """The last step of ours that changed a target, and the intents that it can have left there: one, if it ended well."""

    step: StepRecord
    intents: tuple[JsonValue, ...]


def _last(journal: Journal, target: str) -> _Last | None:
    runs = (*journal.runs(job="cloud"), *journal.runs(job="cloud-import"))
    for run in sorted(runs, key=lambda one: one.started, reverse=True):
        for step in reversed(journal.steps(run.id)):
            if step.target == target and step.phase in (Phase.APPLY, Phase.UNDO):
                change = journal.plan_of(run.id).change(step.change)
                before, after = change.reverse["intent"], change.forward["intent"]
                brought = after if step.phase is Phase.APPLY else before
                return _Last(step, (brought,) if step.state is StepState.DONE else (before, after))
    return None


def _outside(journal: Journal, target: str, applied: JsonValue) -> bool:
    """Whether plain Pulumi applied it with a plan that was approved."""
    digests = {entry.plan_digest for entry in journal.audit.entries() if entry.target == target and entry.event == "outside.step"}
    return any(change.forward.get("intent") == applied for digest in digests if digest for change in _changes(journal, digest))


def _changes(journal: Journal, digest: str) -> tuple[Change, ...]:
    try:
        return journal.plans.named(digest).changes
    except Fatal:  # it was never written to the journal
        return ()


def _strangers(job: CloudJob, workspace: Workspace, cloud: str) -> Iterator[Drift]:
    """Projects of a cloud that neither the files nor a stack knows."""
    known = {tenant for there, name in map(job.key, job.targets()) if there == cloud for tenant in _standing(job, cloud, name)}
    whose = {"": "nobody's mark", workspace.settings.name[:32]: "our mark, and no stack has it"}
    for one in job.clouds.cloud(cloud).tenants():
        if one.name not in known:
            what = f"bears {whose.get(one.owner, f'the mark of workspace {one.owner}')}"
            lines = (one.title,) if one.title else ()
            yield Drift(target=f"stack/{cloud}/{one.name}", kind=Kind.UNMANAGED_TENANT, what=what, lines=lines)


def _standing(job: CloudJob, cloud: str, name: str) -> Iterator[str]:
    """The tenants of a stack, also of one that the files do not name any more."""
    intent = job.intent(cloud, name)
    yield from intent.tenants if intent is not None else (name,)
    for what in job.clouds.stacks.held(job.project, f"{cloud}.{name}") if intent is None else ():
        if what.startswith("yunwang:Project "):
            yield what.rpartition(" ")[2].rpartition("/")[2]
