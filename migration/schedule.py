"""The waves of a workspace as they stand today, and the next systems that a runbook can move. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from yunwang.inventories.migration import System
from yunwang.inventories.workspace import Workspace
from yunwang.migration.assess import Readiness, assess
from yunwang.migration.waves import WavePlan, plan_waves


def schedule(workspace: Workspace, gone: frozenset[str], today: date) -> WavePlan:
    """Waves of everything that is ready and has not moved."""
    ready = frozenset(each.system for each in assess(workspace, today) if each.readiness is Readiness.READY)
    return plan_waves(workspace.systems, workspace.dependencies, ready=ready, gone=gone)


def upcoming(workspace: Workspace, gone: frozenset[str], today: date) -> tuple[str, ...]:
    """The systems of the first wave in which a runbook can move any; of that wave those. Empty where none is left."""
    systems = {system.name: system for system in workspace.systems}
    for wave in schedule(workspace, gone, today).waves:
        if movable := tuple(name for name in wave.systems if _has_runbook(systems[name])):
            return movable
    return ()


def booked_with(workspace: Workspace, systems: Collection[str], gone: Collection[str]) -> tuple[System, ...]:
    """Those systems, and those of their tenants that moved earlier: a stack holds all servers of a tenant, and theirs stay."""
    tenants = {system.tenant for system in workspace.systems if system.name in systems}
    return tuple(
        system for system in workspace.systems if system.name in systems or (system.name in gone and system.tenant in tenants)
    )


def _has_runbook(system: System) -> bool:
    return None not in (system.service, system.old_host, system.new_host)
