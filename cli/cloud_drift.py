"""`yunwang cloud drift`: how the clouds differ from what was approved, and a plan that takes it back. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import changing, session, show
from yunwang.cli.options import (
    DetailedOption,
    JsonOption,
    OutputOption,
    QuietOption,
    TargetOption,
    VerboseOption,
    WorkspaceOption,
)
from yunwang.inventories.finding import Severity

RevertOption = Annotated[bool, typer.Option("--revert", help="Show, and with -o write, the plan that takes it back.")]


def register(app: typer.Typer) -> None:
    """Give `yunwang cloud` this command."""
    app.command()(drift)


def drift(
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
    revert: RevertOption = False,
    output: OutputOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    detailed_exitcode: DetailedOption = False,
) -> None:
    """How clouds differ from what was approved, and why: changed behind the tool, failed, vanished, unmanaged, above quota."""
    if output is not None and not revert:
        raise typer.BadParameter("-o writes the plan of --revert")
    from yunwang.operations import planning
    from yunwang.stacks import drift as drifting
    from yunwang.stacks.job import CloudJob

    session.verbosity(verbose)
    city = session.load(workspace)
    with session.journal(city) as journal:
        say = show.Progress(quiet=quiet)
        job = CloudJob(city)
        job.prepare(say)
        found = drifting.drift(job, city, journal, planning.select(job.targets(), target or ()), say=say)
    findings = [drifting.as_finding(one) for one in found]
    taken_back = sorted({one.target for one in found if one.kind in drifting.REVERTED})
    if revert and taken_back:
        show.findings(findings, err=True)
        changing.plan(["cloud"], changing.Asked(workspace, as_json=json, quiet=quiet, targets=taken_back), output=output)
    elif json:
        show.as_json([one.model_dump(mode="json") for one in found])
    else:
        show.findings(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)
    if detailed_exitcode and found:
        raise typer.Exit(changing.CHANGES)
