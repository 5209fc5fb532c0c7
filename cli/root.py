"""The commands without a group: init, upgrade, validate, schema, doctor, demo, plan, apply, resume, rollback, status. No logic."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from yunwang import __version__
from yunwang.cli import changing, jobs, session, show
from yunwang.cli.job_commands import add_plan_and_apply
from yunwang.cli.options import (
    BreakGlassOption,
    DetailedOption,
    ExecutorOption,
    JsonOption,
    PauseOption,
    QuietOption,
    VerboseOption,
    WaitOption,
    WorkspaceOption,
    YesOption,
)
from yunwang.cli.upgrade import upgrade
from yunwang.inventories import demo as demo_city
from yunwang.inventories import rendering
from yunwang.inventories.finding import Severity
from yunwang.inventories.reading import read

RunArgument = Annotated[str, typer.Argument(help="The run's id, or its beginning (`yunwang history list`).")]


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def register(app: typer.Typer) -> None:
    """Give the root application its commands."""
    for command in (init, upgrade, validate, schema, doctor, demo, status, resume, rollback):
        app.command()(command)
    add_plan_and_apply(
        app, jobs.ORDER, plan_help="Plan every job, in its order.", apply_help="Plan, show, ask and apply every job, in its order."
    )


def init(
    folder: Annotated[Path, typer.Argument(help="The new workspace's folder.")] = Path(),
    demo: Annotated[bool, typer.Option("--demo", help="The demo city, with a lab.")] = False,
    with_faults: Annotated[bool, typer.Option("--with-faults", help="The demo city with a dozen faults in it.")] = False,
    name: Annotated[str | None, typer.Option(help="The workspace's name; else the folder's.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Make a new workspace."""
    if demo or with_faults:
        demo_city.write(folder, faults=with_faults)
    else:
        demo_city.write_empty(folder, name or folder.resolve().name)
    if not quiet:
        show.out(f"wrote {folder}; look at it with: yunwang validate -w {folder}")


def validate(
    workspace: WorkspaceOption = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print the findings.")] = Format.TEXT,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Find every fault in the workspace's files. Exit code 1 where there is an error."""
    session.verbosity(verbose)
    folder = session.find_workspace(workspace)
    _, found = read(folder)
    match Format.JSON if json else format_:
        case Format.JSON:
            show.out(rendering.as_json(found).rstrip())
        case Format.SARIF:
            show.out(rendering.as_sarif(found, __version__).rstrip())
        case Format.TEXT:
            if found or not quiet:
                show.findings(found, folder)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def schema(kind: Annotated[str | None, typer.Argument(help="Which file (tenant, sites …); else the list of them.")] = None) -> None:
    """Print the JSON Schema of a workspace file, for editors."""
    from yunwang.inventories.schema import kinds
    from yunwang.inventories.schema import schema as schema_of
    from yunwang.inventories.verdict import Refused

    if kind is None:
        show.out("\n".join(kinds()))
    elif kind in kinds():
        show.as_json(schema_of(kind))
    else:
        raise Refused(f"no kind of file is named {kind}", remedy=f"kinds are: {', '.join(kinds())}")


def doctor(json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0) -> None:
    """Tell which programs were found, what is missing, and how to get it. Exit code 1 where something needed is missing."""
    from yunwang.cli import programs

    session.verbosity(verbose)
    found = programs.look()
    if json:
        show.as_json([program.model_dump(mode="json") for program in found])
    elif not quiet:
        for program in found:
            word = "found" if program.path else "MISSING" if program.needed else "missing"
            show.out(f"{program.name:26} {word:8} {program.path or program.remedy:48} {program.purpose}")
        if packages := programs.install_line(found):
            show.out(f"install what is missing with: {packages}")
    if any(program.needed and not program.path for program in found):
        raise typer.Exit(1)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo workspace is, or is to be written.")] = Path("demo"),
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """The main job, end to end, on the demo city and its lab: every step planned, applied, verified and recorded."""
    from yunwang.cli.demo import run

    session.verbosity(verbose)
    run(folder, quiet=quiet, verbose=verbose)


def status(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """What the journal last saw of every job, and the latest run. Looks at nothing else; `plan` does."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        standings = {name: journal.standings(name) for name in jobs.ORDER}
        runs = journal.runs(limit=1)
    if json:
        show.as_json({name: [standing.model_dump(mode="json") for standing in seen.values()] for name, seen in standings.items()})
        return
    for name, seen in standings.items():
        behind = sorted(target for target, standing in seen.items() if not standing.in_line)
        show.out(
            f"{name:12} {len(seen) - len(behind)} of {len(seen)} as intended" + (f"; not: {', '.join(behind)}" if behind else "")
        )
    if not quiet:
        show.runs(runs)


def resume(
    run: RunArgument,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    detailed_exitcode: DetailedOption = False,
    wait: WaitOption = 0,
    pause: PauseOption = False,
    break_glass: BreakGlassOption = None,
    executor: ExecutorOption = None,
) -> None:
    """Go on with a run that crashed or was interrupted; what is unknown is settled by looking at the target."""
    asked = changing.Asked(
        workspace,
        as_json=json,
        quiet=quiet,
        verbose=verbose,
        detailed=detailed_exitcode,
        terms=changing.terms(wait=wait, pause=pause),
        break_glass=break_glass,
        executor=executor,
    )
    changing.again(run, asked, "resume", yes=True)


def rollback(
    run: RunArgument,
    workspace: WorkspaceOption = None,
    yes: YesOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    wait: WaitOption = 0,
    executor: ExecutorOption = None,
) -> None:
    """Take back what a run did, where nothing of it has moved since."""
    asked = changing.Asked(
        workspace, as_json=json, quiet=quiet, verbose=verbose, terms=changing.terms(wait=wait), executor=executor
    )
    changing.again(run, asked, "rollback", yes=yes)
