"""The plans' key figures, from intent and what was last seen. Pure: no clock, no disk."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from yunwang.inventories.migration import Disposition
from yunwang.inventories.noun import Noun
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Standing
from yunwang.migration.moved import moved

NEVER = "nobody has looked yet"
"""Basis of a figure for which the journal has nothing."""


class Evidence(Noun):
    """What was last seen, per job (`cloud`, `dual-stack`, `cutover`, `reconcile`): target → standing."""

    standings: Mapping[str, Mapping[str, Standing]] = Field(default_factory=dict)

    def of(self, job: str) -> Mapping[str, Standing]:
        """A job's standings; empty where it never looked."""
        return self.standings.get(job, {})

    def moved(self) -> frozenset[str]:
        """Systems that were seen running on the cloud after their cutover."""
        return moved(self.of("cutover").values())


class Kpi(Noun):
    """`part` of `whole` (0: nothing to count). `missing` names what is left, `basis` says how it is known."""

    id: str
    title: str
    chinese: str
    clause: str
    part: int
    whole: int
    basis: str
    missing: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """Share between 0 and 1; None where there is nothing to count."""
        return self.part / self.whole if self.whole else None

    @property
    def percent(self) -> str:
        """`41.7 %`, or a dash."""
        return "–" if self.rate is None else f"{self.rate * 100:.1f} %"


def kpis(workspace: Workspace, evidence: Evidence) -> tuple[Kpi, ...]:
    """All figures, in the report's order."""
    return (
        _on_cloud(workspace, evidence),
        _stacks(workspace, evidence),
        _dual_stack(workspace, evidence),
        _bindings(workspace, evidence),
        _dedicated(workspace),
        _rooms(workspace),
    )


def _kpi(kpi_id: str, title: str, chinese: str, clause: str, basis: str, done: Mapping[str, bool]) -> Kpi:
    return Kpi(
        id=kpi_id,
        title=title,
        chinese=chinese,
        clause=clause,
        basis=basis,
        part=sum(done.values()),
        whole=len(done),
        missing=tuple(name for name, is_done in done.items() if not is_done),
    )


def _on_cloud(workspace: Workspace, evidence: Evidence) -> Kpi:
    moved = evidence.moved()
    due = [system for system in workspace.systems if not system.classified and system.disposition is not Disposition.RETIRE]
    return _kpi(
        "on-cloud",
        "On-cloud rate",
        "上云率",
        "M2",
        "systems that are neither classified nor to be retired; on a cloud by the register, or moved and verified",
        {system.name: system.room is None or system.name in moved for system in due},
    )


def _stacks(workspace: Workspace, evidence: Evidence) -> Kpi:
    seen = evidence.of("cloud")
    stacks = [
        (tenant, f"stack/{allotment.cloud}/{tenant.stack}") for tenant in workspace.tenants for allotment in tenant.allotments
    ]
    return _kpi(
        "tenants",
        "Tenants as declared",
        "政务云分区",
        "C1",
        "stacks that were as their files say when last looked at on the cloud" if seen else NEVER,
        {stack + (f" ({tenant.name})" if tenant.group else ""): stack in seen and seen[stack].in_line for tenant, stack in stacks},
    )


def _dual_stack(workspace: Workspace, evidence: Evidence) -> Kpi:
    seen = evidence.of("dual-stack")
    targets = [f"device/{device.name}" for device in workspace.devices]
    return _kpi(
        "dual-stack",
        "Dual-stack coverage",
        "双栈覆盖率",
        "N1",
        "devices that were dual-stack and verified when last looked at" if seen else NEVER,
        {target: target in seen and seen[target].in_line for target in targets},
    )


def _bindings(workspace: Workspace, evidence: Evidence) -> Kpi:
    terminals = evidence.of("reconcile").get("terminals")
    unbound = {name: terminals.facts.get(name, 0) for name in ("missing", "differs")} if terminals else {}
    bound = len(workspace.terminals) - sum(number for number in unbound.values() if isinstance(number, int)) if terminals else 0
    return Kpi(
        id="bindings",
        title="Binding coverage",
        chinese="IP–MAC绑定率",
        clause="N2",
        part=bound,
        whole=len(workspace.terminals),
        basis="ledger rows that a switch binds as they say, as of the last reconciliation" if terminals else NEVER,
    )


def _dedicated(workspace: Workspace) -> Kpi:
    done = {network.name: network.state in ("integrated", "retired") for network in workspace.dedicated_networks}
    return _kpi("dedicated-networks", "Dedicated networks integrated", "专网整合率", "N6", "by the register", done)


def _rooms(workspace: Workspace) -> Kpi:
    return _kpi(
        "rooms",
        "Server rooms retired",
        "机房撤并率",
        "M3",
        "by the register",
        {room.name: room.state == "retired" for room in workspace.rooms},
    )
