"""One HTML file that needs nothing else: figures, rooms, runs. Reads the journal; changes nothing."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Approval, ApprovalKind, Run
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


def answered(journal: Journal, run: Run) -> tuple[Approval, ...]:
    """Who answered for a run beside its operator: approvals before it began, and whoever broke the glass."""
    kinds = (ApprovalKind.APPROVAL, ApprovalKind.BREAK_GLASS)
    return tuple(one for one in journal.approvals.of(run.plan_digest) if one.kind in kinds and one.at <= (run.ended or one.at))


def html(workspace: Workspace, journal: Journal, now: datetime) -> str:
    """The whole report. `now` is UTC."""
    evidence = gather(journal)
    runs = journal.runs(limit=50)
    given = {run.id: answered(journal, run) for run in runs}
    environment = Environment(loader=PackageLoader("yunwang.reports"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("report.html").render(
        workspace=workspace,
        now=now,
        kpis=kpis(workspace, evidence),
        titles={room.name: room for room in workspace.rooms},
        rooms=retirements(workspace.rooms, workspace.systems, evidence.moved()),
        runs=runs,
        answered=given,
        broken=[(run, one) for run in runs for one in given[run.id] if one.kind is ApprovalKind.BREAK_GLASS],
        reconciled=evidence.of("reconcile").get("terminals"),
    )
