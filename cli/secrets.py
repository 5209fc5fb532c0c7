"""`yunwang secrets`: whether references lead to secrets, and the rotation of what encrypts Pulumi's state. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption

app = typer.Typer(help="References to secrets, and the key of the stacks' state.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def check(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Follow every reference of the workspace, and say which fail; prints no secret. Exit code 1 where one fails."""
    from yunwang.credentials.check import check as checked

    session.verbosity(verbose)
    found = list(checked(session.load(workspace)))
    if json:
        show.as_json([one.model_dump(mode="json") for one in found])
    else:
        for one in found:
            others = f" and {len(one.needed_by) - 1} more" if len(one.needed_by) > 1 else ""
            if one.fault:
                show.out(f"FAILS {one.reference}  ({one.needed_by[0]}{others}): {one.fault}", fg="red")
                show.out(f"      {one.remedy}")
            elif not quiet:
                show.out(f"ok    {one.reference}  ({one.needed_by[0]}{others})")
    if any(one.fault for one in found):
        raise typer.Exit(1)


@app.command()
def rotate(
    former: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="REFERENCE",
            help="What encrypted the state so far: a passphrase's reference (file://…), or a team's key (hashivault://…).",
        ),
    ],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Take all stacks to the passphrase or key that yunwang.yaml names now; all of them or none."""
    session.verbosity(verbose)
    with session.engine(session.load(workspace), quiet=quiet) as engine:
        from yunwang.operations.rotation import rotate as rotated

        stacks = rotated(engine, former)
    if json:
        show.as_json([*stacks])
    elif stacks:
        show.out(f"{len(stacks)} stacks are under the new key alone; the former one may go, once no backup needs it", fg="green")
    else:
        show.out("every stack is under the key that yunwang.yaml names: nothing was changed")
