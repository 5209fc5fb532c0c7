"""`yunwang history`: what was done, by whom, and how it ended. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption

app = typer.Typer(help="What was done, by whom, and how it ended.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    limit: Annotated[int, typer.Option(help="How many runs, the newest first.", min=1)] = 30,
) -> None:
    """The latest runs."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        runs = journal.runs(limit=limit)
    if json:
        show.as_json([run.model_dump(mode="json") for run in runs])
    elif not quiet:
        show.runs(runs)


@app.command("show")
def show_(
    run: Annotated[str, typer.Argument(help="The run's id, or its beginning.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """One run with every step, and with -v its plan."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        found = journal.run(run)
        steps, plan = journal.steps(found.id), journal.plan_of(found.id)
    if json:
        show.as_json(
            found.model_dump(mode="json")
            | {"steps": [step.model_dump(mode="json") for step in steps], "plan": plan.model_dump(mode="json")}
        )
    elif not quiet:
        if verbose:
            show.plan(plan, verbose=True)
        show.run(found)
        show.out(f"  by {found.operator} on {found.host}: {found.command}")
        show.steps(steps)
