"""From targets to a plan: observe in parallel, draft, check policy. Changes nothing but the journal's standings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from yunwang import policies
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Observed, Plan
from yunwang.inventories.verdict import Refused, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.operations.job import Job, Say

OBSERVED_AT_ONCE = 8
TRIES = 3


def make(job: Job, workspace: Workspace, journal: Journal, operator: str, now: datetime, patterns: Sequence[str], say: Say) -> Plan:
    """A plan for the job's targets that match. What could not be observed stands in its findings and is left alone."""
    chosen = select(job.targets(), patterns)
    observed, faults = observe(job, chosen, say)
    draft = job.draft(observed)
    plan = Plan(
        job=job.name,
        title=job.title,
        workspace=workspace.settings.name,
        intent=workspace.digest,
        operator=operator,
        created=now,
        expires=now + timedelta(hours=workspace.settings.apply.plan_expires_hours),
        options=job.options,
        observations=tuple(observed[target].seen() for target in chosen if target in observed),
        changes=draft.changes,
        waves=draft.waves,
    )
    wrong = {finding.target for finding in draft.findings if finding.severity is Severity.ERROR}
    off = wrong | {change.target for change in plan.changes}
    journal.stand(job.name, {target: target not in off for target in observed})
    return plan.model_copy(update={"findings": (*faults, *draft.findings, *policies.check(workspace, plan, now.date()))})


def select(targets: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The targets that match any pattern (shell wildcards; `yz-agg-a` also means `device/yz-agg-a`). Raises Refused."""
    if not patterns:
        return tuple(targets)
    lost = [pattern for pattern in patterns if not any(_matches(target, pattern) for target in targets)]
    if lost:
        raise Refused(
            f"no target matches {', '.join(lost)}",
            remedy=f"targets are, for example: {', '.join(targets[:5]) or 'none at all'}",
        )
    return tuple(target for target in targets if any(_matches(target, pattern) for pattern in patterns))


def _matches(target: str, pattern: str) -> bool:
    return fnmatchcase(target, pattern) or fnmatchcase(target.partition("/")[2], pattern)


def observe(job: Job, targets: Sequence[str], say: Say) -> tuple[dict[str, Observed], tuple[Finding, ...]]:
    """Read all targets, several at once; a target that cannot be read becomes a finding."""

    def read(target: str) -> Observed | Finding:
        try:
            return observe_one(job, target)
        except Verdict as verdict:
            say(f"{target}: {verdict.message}")
            return Finding(
                code="unobserved",
                message=f"cannot be observed: {verdict.message}",
                remedy=verdict.remedy or "mend the cause, or leave it out with --target",
                target=target,
            )

    if not targets:
        return {}, ()
    say(f"observing {len(targets)} target{'s' if len(targets) > 1 else ''}")
    with ThreadPoolExecutor(OBSERVED_AT_ONCE, thread_name_prefix="observe") as pool:
        results = list(pool.map(read, targets))
    observed = {result.target: result for result in results if isinstance(result, Observed)}
    return observed, tuple(result for result in results if isinstance(result, Finding))


def observe_one(job: Job, target: str) -> Observed:
    """Read one target, again after a Retryable verdict. Raises Verdict."""
    for attempt in range(1, TRIES + 1):
        try:
            return job.observe(target)
        except Retryable as verdict:
            if attempt == TRIES:
                raise
            time.sleep(verdict.delay)
    raise AssertionError("unreachable")
