"""`yunwang net diff` and `yunwang net patch`: two configuration files and what leads from one to the other. No logic."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from yunwang.cli import show
from yunwang.cli.options import DetailedOption, JsonOption
from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Refused
from yunwang.network.configuration import edit as edits
from yunwang.network.configuration.files import Allowed, Comparison, compare
from yunwang.network.configuration.owned import read_owned

PlatformOption: TypeAlias = Annotated[Platform, typer.Option("--platform", help="Whose configurations they are.")]
RunningArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="RUNNING", help="The configuration that runs; - is standard input.")
]
IntendedArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="INTENDED", help="The configuration that shall run; - is standard input.")
]
OwnedOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--owned", metavar="RULES", help="Take out only what these rules name: `interface * > ipv6 *`, a line each."),
]
ReverseOption: TypeAlias = Annotated[bool, typer.Option("--reverse", help="The way back: from INTENDED to RUNNING.")]
ManagementOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--management", metavar="ADDRESS", help="The address under which the device is reached: that path comes last."),
]
FullOption: TypeAlias = Annotated[bool, typer.Option("--full", help="INTENDED is complete: take out however much it lacks.")]
DisruptiveOption: TypeAlias = Annotated[bool, typer.Option("--allow-disruptive", help="Lines may reset live sessions.")]
CutOption: TypeAlias = Annotated[
    bool, typer.Option("--allow-management-change", help="Lines may change the way to the device; they come last.")
]


def add_diff_and_patch(app: typer.Typer) -> None:
    """Give `app` the commands."""
    app.command(help="Show how two configurations of a device differ.")(diff)
    app.command(help="Print the lines that lead from one configuration of a device to another, in an order it accepts.")(patch)


def diff(
    running: RunningArgument,
    intended: IntendedArgument,
    platform: PlatformOption,
    owned: OwnedOption = None,
    reverse: ReverseOption = False,
    json: JsonOption = False,
    detailed_exitcode: DetailedOption = False,
) -> None:
    """`+` comes, `-` goes."""
    found = _compared(platform, running, intended, owned, reverse=reverse)
    if json:
        show.as_json(edits.to_json(found.edits))
    else:
        typer.echo(edits.text(found.edits), nl=False)
    _exit(changes=bool(found.edits), detailed=detailed_exitcode)


def patch(
    running: RunningArgument,
    intended: IntendedArgument,
    platform: PlatformOption,
    owned: OwnedOption = None,
    management: ManagementOption = None,
    reverse: ReverseOption = False,
    full: FullOption = False,
    allow_disruptive: DisruptiveOption = False,
    allow_management_change: CutOption = False,
    json: JsonOption = False,
    detailed_exitcode: DetailedOption = False,
) -> None:
    """Nothing to do prints nothing. Never a save."""
    allowed = Allowed(removals=full, disruption=allow_disruptive, management=allow_management_change)
    lines = _compared(platform, running, intended, owned, reverse=reverse).lines(management=management, allowed=allowed)
    if json:
        show.as_json(lines.to_json())
    else:
        typer.echo(lines.text(), nl=False)
    _exit(changes=bool(lines.lines), detailed=detailed_exitcode)


def _compared(platform: Platform, running: str, intended: str, owned: Path | None, *, reverse: bool) -> Comparison:
    if running == intended == "-":
        raise Refused("only one of RUNNING and INTENDED can be standard input", remedy="give the other as a file")
    rules = read_owned(_text(str(owned)), str(owned)) if owned else None
    found = compare(platform, (running, _text(running)), (intended, _text(intended)), owned=rules, reverse=reverse)
    if found.findings:
        show.findings(found.findings, err=True)
    return found


def _text(file: str) -> str:
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        remedy = "check its name; from GBK: iconv -f GB18030 -t UTF-8"
        fault = Finding(code="config-unreadable", message=f"cannot be read: {why}", remedy=remedy, file=file)
        raise Refused("a file cannot be read", findings=(fault,)) from error


def _exit(*, changes: bool, detailed: bool) -> None:
    raise typer.Exit(2 if changes and detailed else 0)
