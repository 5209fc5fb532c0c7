"""One HTML file that needs nothing else: figures, rooms, runs. Reads the journal; changes nothing."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.migration.rooms import retirements
from yunwang.reports.kpi import Evidence, Kpi, kpis

JOBS = ("cloud", "dual-stack", "binding", "cutover", "reconcile")


def gather(journal: Journal) -> Evidence:
    """Everything in the journal that figures are made from."""
    return Evidence(standings={job: journal.standings(job) for job in JOBS})


def figures(workspace: Workspace, journal: Journal) -> tuple[Kpi, ...]:
    """The figures as of what the journal last saw."""
    return kpis(workspace, gather(journal))


def html(workspace: Workspace, journal: Journal, now: datetime) -> str:
    """The whole report. `now` is UTC."""
    evidence = gather(journal)
    environment = Environment(loader=PackageLoader("yunwang.reports"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("report.html").render(
        workspace=workspace,
        now=now,
        kpis=kpis(workspace, evidence),
        titles={room.name: room for room in workspace.rooms},
        rooms=retirements(workspace.rooms, workspace.systems, evidence.moved()),
        runs=journal.runs(limit=50),
        reconciled=evidence.of("reconcile").get("terminals"),
    )
