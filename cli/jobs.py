"""From a job's name to the job: the one place where the command line knows them all. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Refused

if TYPE_CHECKING:
    from yunwang.inventories.workspace import Workspace
    from yunwang.network.transport.ansible import Run
    from yunwang.operations.engine import Engine
    from yunwang.operations.job import Job

ORDER = ("cloud", "dual-stack", "binding", "cutover")
"""The order in which `yunwang plan` and `yunwang apply` take them."""
ALL = (*ORDER, "restore", "playbook", "cloud-import", "cloud-refresh", "cloud-destroy", "cloud-state")
"""Those that have commands of their own besides."""
MANNERS: JsonObject = {"engine": "native", "timed_reboot": 0}
"""How changes are made, of a job's options: what is meant where a plan does not say."""


def build(name: str, engine: Engine, options: JsonObject | None = None) -> Job:
    """The job of that name, asked with those options (a stored plan's). Heavy libraries load only for the job that needs them."""
    workspace, asked = engine.workspace, options or {}
    match name:
        case "cloud":
            from yunwang.stacks.job import CloudJob

            cloud = CloudJob(workspace)
            cloud.prepare(engine.say)
            return cloud
        case "cloud-import":
            from yunwang.stacks.adoption import AdoptJob

            adopting = AdoptJob(workspace, cast("list[str]", asked["tenants"]))
            adopting.prepare(engine.say)
            return adopting
        case "cloud-refresh":
            from yunwang.stacks.refreshing import RefreshJob

            refreshing = RefreshJob(workspace)
            refreshing.prepare(engine.say)
            return refreshing
        case "cloud-destroy":
            from yunwang.stacks.destroying import DestroyJob

            destroying = DestroyJob(workspace, cast("list[str]", asked.get("of") or []))
            destroying.prepare(engine.say)
            return destroying
        case "cloud-state":
            from yunwang.operations.leases import holder
            from yunwang.stacks.mending import StateJob

            holders = {lease.target: holder(lease) for lease in engine.journal.leases.all()}
            mending = StateJob(workspace, cast("list[str]", asked.get("give_up") or []), holders)
            mending.prepare(engine.say)
            return mending
        case "dual-stack":
            from yunwang.network.jobs.dual_stack import DualStackJob

            return DualStackJob(workspace, by=_sender(workspace, asked), reboot=_reboot(asked))
        case "binding":
            from yunwang.network.jobs.binding import BindingJob

            return BindingJob(workspace, by=_sender(workspace, asked), reboot=_reboot(asked))
        case "cutover":
            return _cutover(engine, cast("list[str] | None", asked.get("systems")))
        case "restore":
            from yunwang.network.archive.restore import RestoreJob

            return RestoreJob(workspace, cast("list[str]", asked.get("of") or []))
        case "playbook":
            from yunwang.playbooks.job import PlaybookJob

            return PlaybookJob(workspace, str(asked.get("playbook")), cast("list[str]", asked.get("hosts") or []))
        case _:
            raise Refused(f"no job is named {name}", remedy=f"jobs are: {', '.join(ORDER)}")


def _sender(workspace: Workspace, asked: JsonObject) -> Run | None:
    """What sends lines to devices, where not the network's own transport."""
    if asked.get("engine", MANNERS["engine"]) == "native":
        return None
    from yunwang.playbooks.play import push

    return partial(push, workspace)


def _reboot(asked: JsonObject) -> int:
    """Minutes until devices without another net reboot; 0: never."""
    return cast("int", asked.get("timed_reboot", MANNERS["timed_reboot"]))


def _cutover(engine: Engine, asked: list[str] | None) -> Job:
    from yunwang.migration.cutover import CutoverJob
    from yunwang.migration.moved import moved
    from yunwang.migration.placement import place, servers
    from yunwang.migration.schedule import booked_with, upcoming
    from yunwang.stacks.servers import ServerJob

    workspace, today = engine.workspace, datetime.now(UTC).date()
    gone = moved(engine.journal.standings("cutover").values())
    systems = asked if asked is not None else [*upcoming(workspace, gone, today)]
    booking = ServerJob(workspace, servers(booked_with(workspace, systems, gone), place(workspace), workspace))
    if systems:
        booking.prepare(engine.say)
    return CutoverJob(workspace, systems, today=today, booking=booking)
