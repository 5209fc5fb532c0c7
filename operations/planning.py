"""From targets to a plan: observe in parallel, draft, check policy. Changes nothing but the journal's standings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from yunwang import policies
from yunwang.inventories.finding import Severity
from yunwang.inventories.plan import Plan
from yunwang.inventories.targets import matches
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.operations.budgets import with_canary
from yunwang.operations.job import Interdependent
from yunwang.operations.observing import Observer


def make(observer: Observer, workspace: Workspace, journal: Journal, operator: str, patterns: Sequence[str]) -> Plan:
    """A plan for the job's targets that match. What could not be observed stands in its findings and is left alone."""
    job, now, settings = observer.job, observer.clock.now(), workspace.settings
    chosen = select(job.targets(), patterns)
    observed, faults = observer.all(chosen)
    if settings.apply.unobserved == "skip":
        faults = tuple(fault.model_copy(update={"severity": Severity.WARNING}) for fault in faults)
    draft = job.draft(observed)
    plan = Plan(
        job=job.name,
        title=job.title,
        workspace=settings.name,
        intent=workspace.digest,
        operator=operator,
        created=now,
        expires=now + timedelta(hours=settings.apply.plan_expires_hours),
        options=job.options,
        observations=tuple(observed[target].seen() for target in chosen if target in observed),
        changes=draft.changes,
        waves=with_canary(draft, settings.apply.canary),
    )
    wrong = {finding.target for finding in draft.findings if finding.severity is Severity.ERROR}
    off = wrong | {change.target for change in plan.changes} | set(draft.left_alone)
    journal.stand(job.name, {target: target not in off for target in observed})
    proved = job.prove(plan) if isinstance(job, Interdependent) else ()
    return plan.model_copy(update={"findings": (*faults, *draft.findings, *proved, *policies.check(workspace, plan, now.date()))})


def select(targets: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The targets that match any pattern (shell wildcards; `yz-agg-a` also means `device/yz-agg-a`). Raises Refused."""
    if not patterns:
        return tuple(targets)
    lost = [pattern for pattern in patterns if not any(matches(target, pattern) for target in targets)]
    if lost:
        raise Refused(
            f"no target matches {', '.join(lost)}",
            remedy=f"targets are, for example: {', '.join(targets[:5]) or 'none at all'}",
        )
    return tuple(target for target in targets if any(matches(target, pattern) for pattern in patterns))
