"""`plan`, `apply`, `verify` with the same options, given to a command group. No logic."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from yunwang.cli import changing
from yunwang.cli.dry_run import dry_run
from yunwang.cli.options import (
    ApprovedOption,
    BreakGlassOption,
    DeletesOption,
    DetailedOption,
    ExecutorOption,
    JsonOption,
    OutputOption,
    PauseOption,
    PlanOption,
    QuietOption,
    TargetOption,
    VerboseOption,
    WaitOption,
    WorkspaceOption,
    YesOption,
)


def add_plan_and_apply(
    app: typer.Typer,
    jobs: Sequence[str],
    *,
    plan_help: str,
    apply_help: str,
    apply_name: str = "apply",
    own: tuple[str, Any] | None = None,
    switches: Mapping[str, Any] | None = None,
) -> None:
    """Give `app` the commands `plan` and `apply` for these jobs, in this order.

    `own`: the job's name for an option of its own, a list of words, and that option, which then stands in --target's place.
    `switches`: what else `apply` can be told, by parameter: `dry_run`, and `allow_…` for what changes may ask for.
    """

    def picked(chosen: list[str] | None) -> dict[str, Any]:
        if own is None:
            return {"targets": chosen or ()}
        return {"options": {own[0]: list(chosen)} if chosen else {}}

    def plan(
        workspace: WorkspaceOption = None,
        chosen: TargetOption = None,
        output: OutputOption = None,
        json: JsonOption = False,
        quiet: QuietOption = False,
        verbose: VerboseOption = 0,
        detailed_exitcode: DetailedOption = False,
    ) -> None:
        asked = changing.Asked(workspace, as_json=json, quiet=quiet, verbose=verbose, detailed=detailed_exitcode, **picked(chosen))
        changing.plan(jobs, asked, output=output)

    def apply(
        workspace: WorkspaceOption = None,
        chosen: TargetOption = None,
        plan: PlanOption = None,
        approved: ApprovedOption = False,
        yes: YesOption = False,
        json: JsonOption = False,
        quiet: QuietOption = False,
        verbose: VerboseOption = 0,
        detailed_exitcode: DetailedOption = False,
        allow_deletes: DeletesOption = None,
        wait: WaitOption = 0,
        pause: PauseOption = False,
        break_glass: BreakGlassOption = None,
        executor: ExecutorOption = None,
        **switched: bool,
    ) -> None:
        asked = changing.Asked(
            workspace,
            as_json=json,
            quiet=quiet,
            verbose=verbose,
            detailed=detailed_exitcode,
            terms=changing.terms(wait=wait, pause=pause, allow_deletes=allow_deletes, switched=switched),
            break_glass=break_glass,
            executor=executor,
            **picked(chosen),
        )
        if switched.get("dry_run"):
            dry_run(jobs, asked, plan=plan)
        else:
            changing.apply(jobs, asked, plan=plan, approved=approved, yes=yes)

    for command, name, told in ((plan, "plan", plan_help), (apply, apply_name, apply_help)):
        if own is not None:
            command.__annotations__["chosen"] = own[1]
        _switch(command, switches if switches and command is apply else {})
        app.command(name, help=told)(command)


def _switch(command: Any, switches: Mapping[str, Any]) -> None:
    """Give a command that takes any further switches these ones."""
    signature = inspect.signature(command, eval_str=True)
    fixed = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=one) for name, one in switches.items()
    ]
    command.__signature__ = signature.replace(parameters=[*fixed, *more])


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
