"""How ready each surveyed system is to move, as a score, and what stands in its way (M1, S1, C7). Pure: `today` is given.

Never decides for the owner: a system that is to stay is reported as staying, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.migration import Disposition, System
from yunwang.inventories.noun import Name, Noun
from yunwang.inventories.workspace import Workspace
from yunwang.migration.placement import Placement, place

ASSESSED_LEVEL = 3
"""From this MLPS level on, a crypto assessment must be valid before a system goes live (GB/T 39786, GM/T 0115)."""
COST = {Severity.ERROR: 40, Severity.WARNING: 10, Severity.INFO: 0}
"""What a finding takes off a score of 100."""


class Readiness(StrEnum):
    """What the survey says about moving it."""

    READY = "ready"
    BLOCKED = "blocked"
    RETAIN = "retain"
    RETIRE = "retire"
    ON_CLOUD = "on-cloud"


class Assessment(Noun):
    """One system's. `score` is 0 to 100; `cloud` is where it would go."""

    system: Name
    readiness: Readiness
    score: int
    cloud: Name | None
    findings: tuple[Finding, ...] = ()


def assess(workspace: Workspace, today: date) -> tuple[Assessment, ...]:
    """Every system of the register, in its order."""
    placed = place(workspace)
    return tuple(_assess(workspace, system, placed[system.name], today) for system in workspace.systems)


def _assess(workspace: Workspace, system: System, placed: Placement, today: date) -> Assessment:
    findings: tuple[Finding, ...]
    if system.room is None:
        readiness, findings = Readiness.ON_CLOUD, ()
    elif system.disposition is Disposition.RETIRE:
        readiness, findings = Readiness.RETIRE, ()
    elif system.classified or system.disposition is Disposition.RETAIN:
        readiness, findings = Readiness.RETAIN, (_retained(system),)
    else:
        findings = (*_obstacles(workspace, system, placed, today),)
        blocked = any(finding.severity is Severity.ERROR for finding in findings)
        readiness = Readiness.BLOCKED if blocked else Readiness.READY
    score = max(0, 100 - sum(COST[finding.severity] for finding in findings))
    return Assessment(system=system.name, readiness=readiness, score=score, cloud=placed.cloud, findings=findings)


def _retained(system: System) -> Finding:
    if system.classified:
        message, severity = "is classified: it stays off the government cloud", Severity.INFO
    else:
        message, severity = "is to be retained although it is not classified", Severity.WARNING
    return _finding(system, "retained", severity, message, "confirm it with the owner, or set its disposition to rehost", "M2")


def _obstacles(workspace: Workspace, system: System, placed: Placement, today: date) -> Iterator[Finding]:
    error, warning = Severity.ERROR, Severity.WARNING
    tenant = next((tenant for tenant in workspace.tenants if tenant.name == system.tenant), None)
    if tenant and tenant.mlps_level < system.mlps_level:
        message = f"is MLPS level {system.mlps_level}, its tenant {tenant.name} is assessed for level {tenant.mlps_level}"
        yield _finding(system, "mlps-level", error, message, "have the tenant assessed for that level first", "S1")
    until = system.crypto_assessed_until
    if system.mlps_level >= ASSESSED_LEVEL and (until is None or until < today):
        state = f"ended on {until}" if until else "is missing"
        message = f"is MLPS level {system.mlps_level}, and its crypto assessment {state}"
        yield _finding(system, "crypto-assessment", error, message, "have it assessed (密评) and enter crypto_assessed_until", "S1")
    if placed.cloud is None:
        message = "no cloud takes it: " + ("; ".join(placed.reasons) or f"there is no cloud {system.cloud}")
        clause = "C7" if system.xinchuang else "C2"
        yield _finding(system, "no-cloud", error, message, "extend the quota or the cloud, or change the system's demand", clause)
    if system.downtime_minutes == 0:
        message = "allows no downtime, and a cutover turns writes off for some seconds"
        yield _finding(system, "no-downtime", error, message, "agree on downtime_minutes with the owner", "M5")
    missing = [field for field in ("service", "old_host", "new_host") if getattr(system, field) is None]
    if missing:
        message = f"cannot be moved by the runbook: {', '.join(missing)} not given"
        yield _finding(system, "no-runbook", warning, message, "enter them in systems.csv, or move it by hand", "M5")


def _finding(system: System, code: str, severity: Severity, message: str, remedy: str, clause: str) -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy, target=f"system/{system.name}", clause=clause)
