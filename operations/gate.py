"""What a plan must pass before anything is changed: whole, fresh, unapplied, allowed by policy, its observations still true."""

from __future__ import annotations

from datetime import datetime

from yunwang import policies
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Plan
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.job import Job, Say
from yunwang.operations.planning import observe

PLAN_AGAIN = "make a new plan"


def admit(plan: Plan, job: Job, workspace: Workspace, journal: Journal, now: datetime, say: Say) -> None:
    """Return if the plan may be applied now. Raises Refused with everything that speaks against it."""
    for former in journal.runs(plan_digest=plan.digest, limit=1):
        unfinished = former.state in (RunState.RUNNING, RunState.INTERRUPTED)
        raise Refused(
            f"this plan was applied already: run {former.id} by {former.operator}, {former.state}",
            remedy=f"yunwang resume {former.id}" if unfinished else PLAN_AGAIN,
        )
    if now > plan.expires:
        raise Refused(f"the plan expired at {plan.expires:%Y-%m-%d %H:%M} UTC", remedy=PLAN_AGAIN)
    admit_again(plan, job, workspace, now)
    moved = stale(plan, job, say)
    if moved:
        raise Refused("what the plan was made from has moved since", remedy=PLAN_AGAIN, findings=moved)


def admit_again(plan: Plan, job: Job, workspace: Workspace, now: datetime) -> None:
    """The checks that hold for a resumed run too. Raises Refused."""
    if plan.job != job.name or plan.workspace != workspace.settings.name:
        raise Refused(
            f"the plan is for job {plan.job} of workspace {plan.workspace}, not for {job.name} of {workspace.settings.name}",
            remedy="apply it with the command and the workspace it was made with",
        )
    if plan.intent != workspace.digest:
        raise Refused("the workspace's files have changed since the plan was made", remedy=PLAN_AGAIN)
    faults = _malformed(plan)
    if faults:
        raise Refused("the plan file is not one that yunwang made", remedy=PLAN_AGAIN, findings=faults)
    errors = errors_of((*plan.findings, *policies.check(workspace, plan, now.date())))
    if errors:
        raise Refused("the plan has errors", remedy="mend what they name, or leave it out with --target", findings=errors)


def errors_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The errors among findings, each once."""
    return tuple(dict.fromkeys(finding for finding in findings if finding.severity is Severity.ERROR))


def stale(plan: Plan, job: Job, say: Say) -> tuple[Finding, ...]:
    """A finding for each target of the plan that does not look as it did when the plan was made."""
    then = {observation.target: observation for observation in plan.observations}
    targets = tuple(dict.fromkeys(change.target for change in plan.changes))
    now, faults = observe(job, targets, say)
    moved = [
        Finding(
            code="moved",
            message=f"has changed since {plan.created:%Y-%m-%d %H:%M} UTC (then: {then[target].summary or then[target].digest};"
            f" now: {now[target].summary or now[target].seen().digest})",
            remedy=PLAN_AGAIN,
            target=target,
        )
        for target in targets
        if target in now and (target not in then or now[target].seen().digest != then[target].digest)
    ]
    return (*faults, *moved)


def _malformed(plan: Plan) -> tuple[Finding, ...]:
    """Plans come from files: every change in exactly one wave, and nothing required that does not come before."""
    faults: list[str] = []
    seen: set[str] = set()
    known = {change.id for change in plan.changes}
    observed = {observation.target for observation in plan.observations}
    for wave in plan.waves:
        for change_id in wave.changes:
            if change_id not in known:
                faults.append(f"wave {wave.name} names {change_id}, which is no change of the plan")
            elif missing := set(plan.change(change_id).requires) - seen:
                faults.append(f"{change_id} comes before what it requires: {', '.join(sorted(missing))}")
            elif plan.change(change_id).target not in observed:
                faults.append(f"{change_id} would change {plan.change(change_id).target}, which was not observed")
        twice = seen & set(wave.changes)
        faults.extend(f"{change_id} stands in two waves" for change_id in sorted(twice))
        seen |= set(wave.changes)
    if known - seen:
        faults.append(f"in no wave: {', '.join(sorted(known - seen))}")
    return tuple(Finding(code="malformed-plan", message=fault, remedy=PLAN_AGAIN) for fault in faults)
