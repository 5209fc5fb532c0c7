"""`yunwang policy`: rules over the whole workspace. No logic."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from yunwang import policies
from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories.finding import Severity

app = typer.Typer(help="Rules of the government plans over the whole workspace.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Rules of the government plans over the whole workspace."""


@app.command()
def check(
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Check every rule; waived failures are told, expired waivers fail."""
    session.verbosity(verbose)
    found = policies.check(session.load(workspace), None, datetime.now(UTC).date())
    if json:
        show.as_json([finding.model_dump(mode="json") for finding in found])
    else:
        if found or not quiet:
            show.findings(found)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)
