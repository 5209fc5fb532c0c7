"""`yunwang bind`: terminals' IP-MAC bindings on access switches. No logic."""

from __future__ import annotations

import typer

from yunwang.cli import session, show
from yunwang.cli.job_commands import add_plan_and_apply, add_verify
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption

app = typer.Typer(help="Terminals' IP–MAC bindings on access switches.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["binding"],
    plan_help="Show the bindings that the ledger asks for and the switches lack.",
    apply_help="Write them, verify them on the switch, then save.",
)
add_verify(app, "binding", verify_help="Look at the switches: is every binding of the ledger there?")


@app.command()
def reconcile(
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Three ways: the ledger, what the switches bind, what they see plugged in. Changes nothing."""
    from yunwang.network.jobs.binding import reconcile as compare

    session.verbosity(verbose)
    loaded = session.load(workspace)
    with session.engine(loaded, quiet=quiet) as engine:
        result = compare(loaded)
        engine.journal.stand("reconcile", {"terminals": not result.differences}, {"terminals": result.counts})
    if json:
        show.as_json(result.as_json())
        return
    show.findings(result.findings)
    show.out(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in result.counts.items()))
