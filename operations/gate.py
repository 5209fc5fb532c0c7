"""What a plan must pass before anything is changed: whole, fresh, unapplied, allowed by policy, people and budgets, still true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from yunwang import policies
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Change, Observation, Plan
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import ApprovalKind
from yunwang.journal.store import Journal, applied_before
from yunwang.operations import approval, budgets
from yunwang.operations.job import Interdependent, Job, Say
from yunwang.operations.observing import Observer
from yunwang.operations.terms import Terms

PLAN_AGAIN = "make a new plan"
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far in the future a plan may have been made: two machines' clocks are never one."""


def unapplied(plan: Plan, journal: Journal) -> None:
    """Return if nobody has begun the plan. Raises Refused."""
    if plan.version == 1:  # its digest is another now, so the journal could not tell
        raise Refused("the plan was made by an older yunwang", remedy=PLAN_AGAIN)
    for former in journal.runs(plan_digest=plan.digest, limit=1):
        raise applied_before(former)


def admit(plan: Plan, workspace: Workspace, terms: Terms, now: datetime) -> None:
    """Return if it is time to apply the plan, and it deletes no more than it may. Raises Refused."""
    if plan.created > now + CLOCKS_DIFFER:
        raise Refused(
            f"the plan was made at {plan.created:%F %H:%M} UTC and it is {now:%F %H:%M} UTC: one of the clocks is wrong",
            remedy=f"set the clock, then {PLAN_AGAIN}",
        )
    settings = workspace.settings.apply
    expires = min(plan.expires, plan.created + timedelta(hours=settings.plan_expires_hours))
    if now > expires:
        raise Refused(f"the plan expired at {expires:%Y-%m-%d %H:%M} UTC", remedy=PLAN_AGAIN)
    allowed = settings.deletions if terms.allow_deletes is None else terms.allow_deletes
    if allowed is not None and (count := budgets.deletions(plan)) > allowed:
        raise Refused(
            f"the plan deletes or replaces {count} things, more than {allowed}",
            remedy=f"look at each of them (-v), then allow so many: --allow-deletes {count}",
        )
    if asked := tuple(finding for change in plan.changes for finding in _asked(change, terms.allow)):
        raise Refused("the plan asks for what nobody has allowed", remedy="see each", findings=asked)


def _asked(change: Change, allowed: frozenset[str]) -> Iterator[Finding]:
    """What a change asks for beyond the ordinary, by its facts, and may not have."""
    asks = change.facts.get("asks")
    for what, why in asks.items() if isinstance(asks, dict) else ():
        if what not in allowed:
            remedy = f"look at it (-v), then allow it: --allow-{what}"
            yield Finding(code="not-allowed", severity=Severity.ERROR, message=str(why), remedy=remedy, target=change.target)


def admit_again(
    plan: Plan, job: Job, workspace: Workspace, journal: Journal, operator: str, now: datetime, deed: ApprovalKind, say: Say
) -> None:
    """The checks that hold for a resumed run too. Raises Refused with everything that speaks against it."""
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
    proved = job.prove(plan) if isinstance(job, Interdependent) else ()
    errors = errors_of((*plan.findings, *proved, *policies.check(workspace, plan, now.date())))
    if errors:
        raise Refused("the plan has errors", remedy="mend what they name, or leave it out with --target", findings=errors)
    answered_for(plan, workspace, journal, operator, now, deed, say)
    if window := freeze(plan, workspace, journal, now):
        raise Refused(window, remedy="wait until then; what cannot wait asks for --break-glass (docs/waves.md)")


def answered_for(
    plan: Plan, workspace: Workspace, journal: Journal, operator: str, now: datetime, deed: ApprovalKind, say: Say
) -> None:
    """Return if people answer for doing this to the plan. Raises Refused with what is missing; what is to be known is said."""
    found = approval.standing(plan, workspace, journal, operator, now, deed)
    if errors := errors_of(found):
        raise Refused(f"nobody answers for this {deed}", remedy="see above", findings=errors)
    for finding in found:
        say(f"{finding.severity}: {finding.message}")


def freeze(plan: Plan, workspace: Workspace, journal: Journal, now: datetime) -> str:
    """Which freeze window forbids to go on with the plan, in words; '' where none does, or somebody broke the glass."""
    settings = workspace.settings
    found = budgets.frozen(settings.apply.freezes, settings.time_zone, now)
    if found is None:
        return ""
    given = approval.given(plan, workspace, journal, now)
    if any(one.kind is ApprovalKind.BREAK_GLASS and not wrong for one, wrong in given):
        return ""
    window, end = found
    return f"nothing is applied during {window.name}, which ends at {end:%Y-%m-%d %H:%M} UTC"


def errors_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The errors among findings, each once."""
    return tuple(dict.fromkeys(finding for finding in findings if finding.severity is Severity.ERROR))


def unmoved(plan: Plan, observer: Observer) -> tuple[Observation, ...]:
    """Look at each target of the plan again; returns what was seen. Raises Refused, naming every one that moved since."""
    then = {observation.target: observation for observation in plan.observations}
    targets = tuple(dict.fromkeys(change.target for change in plan.changes))
    now, faults = observer.all(targets, again=True)
    seen = {target: observed.seen() for target, observed in now.items()}
    moved = [
        Finding(
            code="moved",
            message=f"has changed since {plan.created:%Y-%m-%d %H:%M} UTC (then: {then[target].summary or then[target].digest};"
            f" now: {one.summary or one.digest})",
            remedy=PLAN_AGAIN,
            target=target,
        )
        for target, one in seen.items()
        if one.digest != then[target].digest
    ]
    if faults or moved:
        raise Refused("what the plan was made from has moved since", remedy=PLAN_AGAIN, findings=(*faults, *moved))
    return tuple(seen.values())


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
