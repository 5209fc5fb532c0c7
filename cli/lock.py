"""`yunwang lock`: which run holds which target, and giving up a run that nobody will resume. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import changing, session, show, signing
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption, YesOption

app = typer.Typer(help="Which run holds which target; giving up a dead one.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Every target that a run holds: who, where, since when, with which command, and whether the run lives."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        found, lapsed = journal.leases.all(), journal.leases.lapsed
        if json:
            show.as_json([lease.model_dump(mode="json", exclude={"process"}) | {"lapsed": lapsed(lease)} for lease in found])
        elif found or not quiet:
            show.leases(found, lapsed)


@app.command("break")
def break_(
    name: Annotated[str, typer.Argument(metavar="TARGET|RUN", help="A target that is held, or the run that holds it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why nobody will resume that run; everybody reads it.")],
    force: Annotated[bool, typer.Option("--force", help="Even where the run lives: it stops before its next step.")] = False,
    workspace: WorkspaceOption = None,
    yes: YesOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Give up the run that holds a target, so that all its targets are free. What it left half done stays as it is."""
    from yunwang.operations.clock import SystemClock
    from yunwang.operations.giving_up import give_up
    from yunwang.operations.leases import run_meant

    session.verbosity(verbose)
    city, me = session.load(workspace), signing.person()
    with session.journal(city) as journal:
        run = run_meant(name, journal)
        if not quiet:
            show.leases([lease for lease in journal.leases.all() if lease.run == run], journal.leases.lapsed)
        if not yes:
            changing.confirm(f"Give up run {run} as {me.name}? (`yunwang resume {run}` goes on with it)")
        give_up(run, city, journal, me, SystemClock().now(), reason=reason, force=force)
    if not quiet:
        show.out(f"run {run} is given up; `yunwang history show {run}` tells what it did", fg="yellow")
