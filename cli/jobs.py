"""From a job's name to the job: the one place where the command line knows them all. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Refused

if TYPE_CHECKING:
    from yunwang.operations.engine import Engine
    from yunwang.operations.job import Job

ORDER = ("cloud", "dual-stack", "binding", "cutover")
"""The order in which `yunwang plan` and `yunwang apply` take them."""
ALL = (*ORDER, "restore", "playbook", "cloud-import")
"""Those that have commands of their own besides."""


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
        case "dual-stack":
            from yunwang.network.jobs.dual_stack import DualStackJob

            return DualStackJob(workspace)
        case "binding":
            from yunwang.network.jobs.binding import BindingJob

            return BindingJob(workspace)
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
