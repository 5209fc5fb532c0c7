"""`yunwang migrate`: from the survey to the emptied server room. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.job_commands import add_plan_and_apply
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption

app = typer.Typer(help="Systems: survey, waves, cutover, server rooms.", no_args_is_help=True, rich_markup_mode=None)
SystemOption = Annotated[
    list[str] | None,
    typer.Option("--system", help="Move this system; may be repeated. Else the next wave that a runbook can move."),
]
add_plan_and_apply(
    app,
    ["cutover"],
    plan_help="Show the cutover of the next wave: servers to book, services to move.",
    apply_help="Book the servers, move the services with their data, check parity; taken back where anything fails.",
    apply_name="cutover",
    own=("systems", SystemOption),
)


@app.command()
def assess(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """How ready each system is to move, and what stands in its way."""
    from yunwang.migration.assess import assess as judge

    session.verbosity(verbose)
    judged = judge(session.load(workspace), datetime.now(UTC).date())
    if json:
        show.as_json([each.model_dump(mode="json") for each in judged])
        return
    for each in judged:
        if not quiet:
            show.out(f"{each.system:24} {each.readiness:10} {each.score:4}  {each.cloud or '-'}")
        show.findings(each.findings)


@app.command()
def waves(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """In which waves the systems that are left move, and why."""
    from yunwang.migration.moved import moved
    from yunwang.migration.schedule import schedule

    session.verbosity(verbose)
    loaded = session.load(workspace)
    with session.journal(loaded) as journal:
        gone = moved(journal.standings("cutover").values())
    planned = schedule(loaded, gone, datetime.now(UTC).date())
    if json:
        show.as_json(planned.model_dump(mode="json"))
    elif not quiet:
        if gone:
            show.out(f"moved    {', '.join(sorted(gone))}")
        for wave in planned.waves:
            show.out(f"{wave.name:8} {', '.join(wave.systems)}  ({wave.reason})")
        show.findings(planned.left)


@app.command()
def rooms(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Which server rooms can be retired, and what still stands in the others."""
    from yunwang.migration.moved import moved
    from yunwang.migration.rooms import retirements

    session.verbosity(verbose)
    loaded = session.load(workspace)
    with session.journal(loaded) as journal:
        gone = moved(journal.standings("cutover").values())
    found = retirements(loaded.rooms, loaded.systems, gone)
    if json:
        show.as_json([room.model_dump(mode="json") for room in found])
    elif not quiet:
        for room in found:
            show.out(f"{room.room:20} {room.state:10} {', '.join(room.standing) or 'nothing stands there'}")
