"""Judge a workspace, or a plan made from it, by every rule; waivers lift what a named person answers for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Waiver, Workspace
from yunwang.policies.dedicated_network import NO_NEW_DEDICATED_NETWORK
from yunwang.policies.internet_egress import NO_DEPARTMENTAL_EGRESS
from yunwang.policies.management_access import NO_MANAGEMENT_IN_CLEAR
from yunwang.policies.mlps import MLPS
from yunwang.policies.off_cloud import NO_OFF_CLOUD_DEPLOYMENT
from yunwang.policies.rule import Rule, Violation

RULES: tuple[Rule, ...] = (NO_DEPARTMENTAL_EGRESS, NO_OFF_CLOUD_DEPLOYMENT, NO_NEW_DEDICATED_NETWORK, NO_MANAGEMENT_IN_CLEAR, *MLPS)

WAIVERS = "policies/waivers.yaml"


def check(workspace: Workspace, plan: Plan | None, today: date) -> tuple[Finding, ...]:
    """Every breach, waived ones as information.

    Without a plan the whole workspace is judged; with one, what it touches: a department's breach does not stop another's work.
    """
    findings: list[Finding] = []
    for rule in RULES:
        breaches = list(rule.intent(workspace))
        if plan is not None:
            touched = set(_touched(plan))
            breaches = [breach for breach in breaches if breach.target in touched]
            breaches += rule.changes(workspace, plan)
        findings += (_finding(rule, breach, workspace.waivers, today) for breach in dict.fromkeys(breaches))
    return (*findings, *(_strange(workspace.waivers) if plan is None else ()))


def _touched(plan: Plan) -> Iterator[str]:
    """The targets of a plan in the words of rules: `stack/CLOUD/TENANT` (and `…/TENANT-servers`) is about `tenant/TENANT`."""
    for change in plan.changes:
        yield change.target
        kind, _, rest = change.target.partition("/")
        if kind == "stack":
            tenant = rest.rpartition("/")[2]
            yield f"tenant/{tenant}"
            yield f"tenant/{tenant.removesuffix('-servers')}"


def _finding(rule: Rule, breach: Violation, waivers: Iterable[Waiver], today: date) -> Finding:
    finding = Finding(
        code=rule.id,
        severity=rule.severity,
        message=breach.message,
        remedy=breach.remedy,
        target=breach.target,
        clause=breach.clause or ", ".join(rule.clauses),
    )
    own = [waiver for waiver in waivers if (waiver.policy, waiver.target) == (rule.id, breach.target)]
    if not own:
        return finding
    last = max(own, key=lambda waiver: waiver.until)
    if last.until >= today.isoformat():
        words = f"{breach.message}; waived until {last.until} by {last.owner}: {last.reason}"
        return finding.model_copy(update={"severity": Severity.INFO, "message": words, "file": WAIVERS})
    words = f"{breach.message}; the waiver by {last.owner} expired on {last.until}"
    return finding.model_copy(update={"message": words, "remedy": f"{breach.remedy}; or renew the waiver", "file": WAIVERS})


def _strange(waivers: Iterable[Waiver]) -> Iterator[Finding]:
    """Waivers of rules that nobody has."""
    known = ", ".join(rule.id for rule in RULES)
    for waiver in waivers:
        if waiver.policy not in {rule.id for rule in RULES}:
            yield Finding(
                code="unknown-policy",
                severity=Severity.WARNING,
                message=f"a waiver for {waiver.target} names the policy {waiver.policy}, which is not there",
                remedy=f"correct it (policies: {known}) or remove it",
                file=WAIVERS,
                target=waiver.target,
            )
