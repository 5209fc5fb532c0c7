"""Whether people answer for a plan: who planned, who approved, who applies, each by right and by key. Never changes a target.

What is signed is one line of canonical JSON (`statement`) with the plan's digest, so that an approval holds for nothing else; the
digest covers the intent's, and with it roles.yaml and allowed_signers themselves. Why it is so: docs/decisions/0005-approval.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import canonical_json
from yunwang.inventories.plan import Plan
from yunwang.inventories.roles import Right, Roles, keys_of
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Approval, ApprovalKind
from yunwang.journal.store import Journal
from yunwang.operations import signature

PROOF_HOLDS = timedelta(hours=1)
"""How long the operator's own signature is good for: from giving it to the engine's check, a wait for leases included."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far in the future an approval may lie: two machines' clocks are never one."""
ANSWERED = (ApprovalKind.APPROVAL, ApprovalKind.BREAK_GLASS)
"""What stands for a plan for hours; everything else that is signed proves, for less than that, who the operator is."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs. `key`: a private key file or the public half of one in ssh-agent; None: found in the agent or in ~/.ssh.

    `command`: what they typed, for the audit.
    """

    name: str
    key: Path | None = None
    command: str = ""


def required(plan: Plan, workspace: Workspace) -> int:
    """How many people have to approve each target of a plan; 0: none."""
    roles = workspace.roles
    if roles is None or not plan.changes or any(rule.frees(plan) for rule in roles.exempt):
        return 0
    return roles.approvals


def standing(
    plan: Plan, workspace: Workspace, journal: Journal, operator: str, now: datetime, deed: ApprovalKind = ApprovalKind.APPLY
) -> tuple[Finding, ...]:
    """Errors: what forbids that the operator does this (apply, resume, rollback) to the plan. Warnings: what is to be known.

    Resuming asks for the approvals again but not for their age. Rolling back asks for the right to apply alone: it is the way out.
    """
    if workspace.roles is None or not plan.changes:
        return ()
    case = _Case(plan, workspace, workspace.roles, journal.approvals.of(plan.digest), operator, now, deed)
    return (*case.against(), *case.unproven())


def given(plan: Plan, workspace: Workspace, journal: Journal, now: datetime) -> tuple[tuple[Approval, str], ...]:
    """Everybody who answered for a plan, each with why it would not count now (empty: it does)."""
    stored = tuple(one for one in journal.approvals.of(plan.digest) if one.kind in ANSWERED)
    if workspace.roles is None:
        return tuple((one, "the workspace has no policies/roles.yaml") for one in stored)
    return _Case(plan, workspace, workspace.roles, stored, plan.operator, now, ApprovalKind.APPLY).judged


def approve(plan: Plan, workspace: Workspace, journal: Journal, person: Person, now: datetime, reason: str = "") -> Approval:
    """A second person answers for the plan: signed, verified, recorded. Raises Refused where it would not count.

    Who approved it already signs nothing anew.
    """
    roles, stored = _ruled(workspace), journal.approvals.of(plan.digest)
    case = _Case(plan, workspace, roles, stored, plan.operator, now, ApprovalKind.APPLY)
    if said := _worthless(plan, workspace, now):
        raise Refused(said, remedy="name the workspace that it was made in, at the same commit, or make a new plan")
    if planner := tuple(case.planner()):
        raise Refused("the plan could not be applied, whoever approves it", remedy="see above", findings=planner)
    if said := case.unfit(person.name):
        raise Refused(f"an approval by {person.name} would not count: {said}", remedy=case.who_may(case.targets))
    mine = (one for one, said in case.judged if (one.kind, one.approver, said) == (ApprovalKind.APPROVAL, person.name, ""))
    return next(mine, None) or _record(case, journal, person, ApprovalKind.APPROVAL, reason)


def break_glass(plan: Plan, workspace: Workspace, journal: Journal, person: Person, now: datetime, reason: str) -> Approval:
    """The operator answers alone, for want of time, with a reason that everybody will read. Raises Refused without the right."""
    case = _Case(plan, workspace, _ruled(workspace), (), person.name, now, ApprovalKind.BREAK_GLASS)
    if not reason.strip():
        raise Refused("breaking the glass asks for a reason", remedy="write what happened and why it cannot wait")
    if lacking := tuple(case.lacking(Right.BREAK_GLASS, person.name)):
        raise Refused(f"{person.name} may not break the glass for this plan", remedy="see above", findings=lacking)
    return _record(case, journal, person, ApprovalKind.BREAK_GLASS, reason)


def vouch(plan: Plan, workspace: Workspace, journal: Journal, person: Person, now: datetime, deed: ApprovalKind) -> None:
    """The operator proves by key who they are, where the workspace asks for it. Raises Refused where all else does not stand."""
    roles = workspace.roles
    if roles is None or not plan.changes:
        return
    case = _Case(plan, workspace, roles, journal.approvals.of(plan.digest), person.name, now, deed)
    if errors := tuple(finding for finding in case.against() if finding.severity is Severity.ERROR):
        raise Refused(f"{person.name} may not {deed} this plan now", remedy="see above", findings=errors)
    if any(case.unproven()):
        _record(case, journal, person, deed, "")


def statement(approval: Approval, plan: Plan) -> str:
    """What is signed: one line of canonical JSON."""
    said = {
        "at": f"{approval.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "by": approval.approver,
        "job": plan.job,
        "kind": approval.kind.value,
        "plan": plan.digest,
        "reason": approval.reason,
        "workspace": plan.workspace,
    }
    return canonical_json(said) + "\n"


@dataclass(frozen=True)
class _Case:
    """One plan, what was signed for it, and who wants to do what to it."""

    plan: Plan
    workspace: Workspace
    roles: Roles
    stored: tuple[Approval, ...]
    operator: str
    now: datetime
    deed: ApprovalKind

    @cached_property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.target for change in self.plan.changes))

    @cached_property
    def judged(self) -> tuple[tuple[Approval, str], ...]:
        """All that was signed, each with why it does not count (empty: it does)."""
        return tuple((one, self._wrong(one)) for one in self.stored)

    def against(self) -> Iterator[Finding]:
        """Everything but the operator's own proof."""
        if (glass := self._broken()) is not None:
            told = f"{glass.approver} broke the glass: {glass.reason}"
            yield _finding(told, "explain it to those who could not approve", Severity.WARNING, "break-glass")
        if glass is None or glass.approver != self.operator:
            yield from self.lacking(Right.APPLY, self.operator)
        if glass is None and self.deed is not ApprovalKind.ROLLBACK:
            yield from self.planner()
            yield from self._approvals()

    def planner(self) -> Iterator[Finding]:
        """Whether who made the plan may plan that."""
        return self.lacking(Right.PLAN, self.plan.operator)

    def lacking(self, right: Right, person: str) -> Iterator[Finding]:
        """A finding where a person does not have a right on everything in the plan."""
        if beyond := self.roles.beyond(person, right, self.plan):
            able = ", ".join(sorted(self.roles.with_right(right))) or "nobody"
            yield _finding(f"{person} has no right to {right} for {listed(beyond)}", f"by policies/roles.yaml these have: {able}")

    def unproven(self) -> Iterator[Finding]:
        """A finding where the operator has not signed that it is them."""
        if self.roles.operator_proof == "claimed":
            return
        proofs = (self.deed, ApprovalKind.BREAK_GLASS)
        why = [said for one, said in self.judged if one.approver == self.operator and one.kind in proofs]
        if all(why):
            told = f" ({why[-1]})" if why else ""
            yield _finding(f"nobody has proved to be {self.operator}{told}", "sign with your own key: ssh-add, or YUNWANG_KEY=FILE")

    def _broken(self) -> Approval | None:
        """The break-glass that holds: to apply, the operator's own; for a run that began with one, whoever's it is."""
        glass = (one for one, said in self.judged if one.kind is ApprovalKind.BREAK_GLASS and not said)
        return next((one for one in glass if self.deed is not ApprovalKind.APPLY or one.approver == self.operator), None)

    def _approvals(self) -> Iterator[Finding]:
        needed = required(self.plan, self.workspace)
        approvals = [(one, said) for one, said in self.judged if one.kind is ApprovalKind.APPROVAL] if needed else []
        people = {one.approver for one, said in approvals if not said}
        short = [target for target in self.targets if sum(self._may_approve(person, target) for person in people) < needed]
        if short:
            what = "an approval by another person" if needed == 1 else f"{needed} approvals by other people"
            yield _finding(f"the plan needs {what} for {listed(short)}", self.who_may(short))
        for one, said in approvals:
            if said and one.approver not in people:
                told = f"the approval by {one.approver} of {one.at:%Y-%m-%d %H:%M} UTC does not count: {said}"
                yield _finding(told, "have it approved again", Severity.ERROR if short else Severity.WARNING)

    def who_may(self, targets: Sequence[str]) -> str:
        """A remedy: who could approve one of these targets."""
        able = (
            one for one in self.roles.people if any(self._may_approve(one, target) for target in targets) and not self._own(one)
        )
        names = " or ".join(sorted(able))
        return f"have {names} approve it: yunwang approve FILE" if names else "by policies/roles.yaml nobody else may approve it"

    def _may_approve(self, person: str, target: str) -> bool:
        return self.roles.role(person, Right.APPROVE, self.plan.job, target) is not None

    def _own(self, person: str) -> str:
        if self.roles.self_approval or person not in (self.plan.operator, self.operator):
            return ""
        return f"{person} {'planned' if person == self.plan.operator else 'applies'} it, and nobody approves their own"

    def unfit(self, person: str) -> str:
        """Why a person's approval of this plan cannot count at all; empty: it can."""
        if said := self._own(person):
            return said
        able = any(self._may_approve(person, target) for target in self.targets)
        return "" if able else f"by policies/roles.yaml {person} may approve nothing of it"

    def _wrong(self, one: Approval) -> str:
        """Why something signed does not count; empty: it does."""
        if one.at > self.now + CLOCKS_DIFFER:
            return "it lies in the future: one of the clocks is wrong"
        later = one.kind in ANSWERED and self.deed is not ApprovalKind.APPLY  # the run has begun: it held then
        holds = timedelta(hours=self.roles.approval_hours) if one.kind in ANSWERED else PROOF_HOLDS
        if not later and self.now - one.at > holds:
            return f"it is older than {_span(holds)}"
        if one.kind is ApprovalKind.APPROVAL and (said := self.unfit(one.approver)):
            return said
        if one.kind is ApprovalKind.BREAK_GLASS and self.roles.beyond(one.approver, Right.BREAK_GLASS, self.plan):
            return f"by policies/roles.yaml {one.approver} may not break the glass for all of it"
        if one.kind is not ApprovalKind.APPROVAL and self.roles.operator_proof == "claimed":
            return ""
        keys = keys_of(self.workspace.signers, one.approver)
        if not keys:
            return f"policies/allowed_signers has no key of {one.approver}"
        said = signature.fault(statement(one, self.plan), one.signature, one.approver, keys, one.at if later else self.now)
        return f"its signature does not hold ({said})" if said else ""


def _record(case: _Case, journal: Journal, person: Person, kind: ApprovalKind, reason: str) -> Approval:
    plan, roles = case.plan, case.roles
    right = {ApprovalKind.APPROVAL: Right.APPROVE, ApprovalKind.BREAK_GLASS: Right.BREAK_GLASS}.get(kind, Right.APPLY)
    held = (roles.role(person.name, right, plan.job, target) for target in case.targets)
    one = Approval(
        plan_digest=plan.digest,
        approver=person.name,
        role=next((role.name for role in held if role), ""),
        kind=kind,
        reason=reason,
        at=case.now.replace(microsecond=0),  # as it is signed
    )
    if kind is ApprovalKind.APPROVAL or roles.operator_proof == "key":
        one = one.model_copy(update={"signature": signed(statement(one, plan), case.workspace, person, case.now)})
    journal.approvals.add(one, command=person.command)
    return one


def signed(text: str, workspace: Workspace, person: Person, now: datetime) -> str:
    """The person's signature, which is sure to be theirs. Raises Refused."""
    keys = keys_of(workspace.signers, person.name)
    if not keys:
        raise Refused(
            f"policies/allowed_signers has no key of {person.name}",
            remedy="add the public half there, or say who you are: --as NAME, YUNWANG_OPERATOR",
        )
    key = person.key or signature.held_by_agent(keys) or signature.kept_at_home(keys)
    if key is None:
        raise Refused(f"no key of {person.name} is in ssh-agent or in ~/.ssh", remedy="name it: --key FILE, YUNWANG_KEY")
    armoured = signature.sign(text, key)
    if said := signature.fault(text, armoured, person.name, keys, now):
        raise Refused(
            f"{person.name} may not sign with this key now ({said})",
            remedy="name the key whose public half policies/allowed_signers has",
        )
    return armoured


def _ruled(workspace: Workspace) -> Roles:
    if workspace.roles is None:
        raise Refused("the workspace has no policies/roles.yaml, so nobody is asked", remedy="write it: docs/approval.md")
    return workspace.roles


def _worthless(plan: Plan, workspace: Workspace, now: datetime) -> str:
    """Why nothing that is signed for a plan could make it apply here."""
    if not plan.changes:
        return "the plan changes nothing"
    if plan.workspace != workspace.settings.name:
        return f"the plan is of workspace {plan.workspace}, not of {workspace.settings.name}"
    if plan.intent != workspace.digest:
        return "the plan was made from other files than this workspace's"
    return f"the plan expired at {plan.expires:%Y-%m-%d %H:%M} UTC" if now > plan.expires else ""


def _finding(message: str, remedy: str, severity: Severity = Severity.ERROR, code: str = "approval") -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy)


def listed(targets: Sequence[str]) -> str:
    """The first three targets, and how many more."""
    return ", ".join(targets[:3]) + (f" and {len(targets) - 3} more" if len(targets) > 3 else "")


def _span(holds: timedelta) -> str:
    hours = int(holds.total_seconds()) // 3600
    return "an hour" if hours == 1 else f"{hours} hours"
