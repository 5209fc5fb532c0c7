"""`yunwang bind`: terminals' IP-MAC bindings on access switches. No logic."""

from __future__ import annotations

import typer

from yunwang.cli import session, show
from yunwang.cli.job_commands import add_plan_and_apply, add_verify
from yunwang.cli.options import DryRunOption, EngineOption, JsonOption, QuietOption, RebootOption, VerboseOption, WorkspaceOption

app = typer.Typer(help="Terminals' IP–MAC bindings on access switches.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["binding"],
    plan_help="Show the bindings that the ledger asks for and the switches lack.",
    apply_help="Write them, verify them on the switch, then save.",
    switches={"dry_run": DryRunOption},
    manners={"engine": EngineOption, "timed_reboot": RebootOption},
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
    from yunwang.network.binding import Verdict
    from yunwang.network.jobs import BindingJob

    session.verbosity(verbose)
    loaded = session.load(workspace)
    with session.engine(loaded, quiet=quiet) as engine:
        engine.say("reading bindings and neighbour tables of the access switches")
        result = BindingJob(loaded).reconcile()
        counts = {verdict.value: number for verdict, number in result.counts.items()}
        engine.journal.stand("reconcile", {"terminals": len(result.rows) == len(result.bound)}, {"terminals": {**counts}})
    if json:
        accounts = ("ledger", "configured", "observed")
        rows = [
            {"verdict": row.verdict.value}
            | {name: one.model_dump(mode="json") if (one := getattr(row, name)) else None for name in accounts}
            for row in result.rows
        ]
        show.as_json({"counts": counts, "rows": rows})
        return
    for row in result.rows:
        if row.verdict is not Verdict.BOUND or verbose:
            seen = f"; seen: {row.observed.address} {row.observed.mac} at {row.observed.interface}" if row.observed else ""
            subject = row.subject
            show.out(f"{row.verdict:12} {subject.device:12} {subject.interface or '-':24} {subject.address} {subject.mac}{seen}")
    show.out(", ".join(f"{number} {name}" for name, number in counts.items() if number))
