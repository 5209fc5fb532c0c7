"""`plan`, `apply`, `verify` with the same options, given to a command group. No logic."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from yunwang.cli import changing
from yunwang.cli.options import (
    DetailedOption,
    JsonOption,
    OutputOption,
    PlanOption,
    QuietOption,
    TargetOption,
    VerboseOption,
    WorkspaceOption,
    YesOption,
)


def add_plan_and_apply(app: typer.Typer, jobs: Sequence[str], *, plan_help: str, apply_help: str) -> None:
    """Give `app` the commands `plan` and `apply` for these jobs, in this order."""

    @app.command(help=plan_help)
    def plan(
        workspace: WorkspaceOption = None,
        target: TargetOption = None,
        output: OutputOption = None,
        json: JsonOption = False,
        quiet: QuietOption = False,
        verbose: VerboseOption = 0,
        detailed_exitcode: DetailedOption = False,
    ) -> None:
        asked = changing.Asked(
            workspace, as_json=json, quiet=quiet, verbose=verbose, detailed=detailed_exitcode, targets=target or ()
        )
        changing.plan(jobs, asked, output=output)

    @app.command(help=apply_help)
    def apply(
        workspace: WorkspaceOption = None,
        target: TargetOption = None,
        plan: PlanOption = None,
        yes: YesOption = False,
        json: JsonOption = False,
        quiet: QuietOption = False,
        verbose: VerboseOption = 0,
        detailed_exitcode: DetailedOption = False,
    ) -> None:
        asked = changing.Asked(
            workspace, as_json=json, quiet=quiet, verbose=verbose, detailed=detailed_exitcode, targets=target or ()
        )
        changing.apply(jobs, asked, stored=plan, yes=yes)


def add_verify(app: typer.Typer, job: str, *, verify_help: str) -> None:
    """Give `app` the command `verify` for a job."""

    @app.command(help=verify_help)
    def verify(
        workspace: WorkspaceOption = None,
        target: TargetOption = None,
        json: JsonOption = False,
        quiet: QuietOption = False,
        verbose: VerboseOption = 0,
    ) -> None:
        asked = changing.Asked(workspace, as_json=json, quiet=quiet, verbose=verbose, targets=target or ())
        changing.verify(job, asked)
