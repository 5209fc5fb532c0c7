"""`yunwang net backup|archive|drift|restore`: what devices ran and when, how they drifted, and back to it. No logic."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from yunwang.cli import changing, session, show
from yunwang.cli.job_commands import add_plan_and_apply
from yunwang.cli.options import (
    DetailedOption,
    JsonOption,
    ManagementOption,
    QuietOption,
    TargetOption,
    VerboseOption,
    WorkspaceOption,
)
from yunwang.inventories.finding import Severity

if TYPE_CHECKING:
    from yunwang.inventories.network import Device
    from yunwang.inventories.workspace import Workspace

OfOption = Annotated[
    list[str] | None,
    typer.Option(
        "--of", metavar="NAME[@VERSION]", help="This device or site, as it was in a version (a commit, a time); may be repeated."
    ),
]
restore = typer.Typer(help="Devices back to what the archive has of them.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    restore,
    ["restore"],
    plan_help="Show the lines that lead back to an archived configuration; secrets are masked.",
    apply_help="Send them, one plane after the other, verify on the device, then save. Needs the archive's key.",
    own=("of", OfOption),
    switches={"allow_management_change": ManagementOption},
)


def register(app: typer.Typer) -> None:
    """Give `yunwang net` these commands."""
    for command in (backup, archive, drift):
        app.command()(command)
    app.add_typer(restore, name="restore")


def backup(
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
    workers: Annotated[int, typer.Option("--workers", help="How many devices to read at a time.", min=1, max=256)] = 16,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Archive what devices run: masked in git, encrypted beside it. Exit code 1 where one could not be read."""
    from yunwang.journal.audit import By
    from yunwang.network.archive.sweep import sweep

    session.verbosity(verbose)
    city = session.load(workspace)
    by = By(session.operator(), socket.gethostname(), " ".join(["yunwang", *sys.argv[1:]]))
    with session.journal(city) as journal:
        swept = sweep(city, journal, _chosen(city, target), by, workers=workers, say=show.Progress(quiet=quiet))
    if json:
        show.as_json(swept.model_dump(mode="json"))
    else:
        for name, (added, removed) in swept.changed.items():
            show.out(f"{name:24} +{added} -{removed}")
        show.findings(swept.failures)
        show.out(f"{swept.devices} devices, {len(swept.changed)} changed: {swept.commit[:12]}", bold=True)
    if any(finding.severity is Severity.ERROR for finding in swept.failures):
        raise typer.Exit(1)


def archive(
    device: Annotated[str, typer.Argument(help="The device.")],
    version: Annotated[str | None, typer.Option("--show", help="Print it as it was in this version (a commit, a time).")] = None,
    patch: Annotated[bool, typer.Option("-p", "--patch", help="With what each version changed.")] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Who changed a device when, as far as it is known; what it ran. Secrets are masked."""
    from yunwang.network.archive.history import history, text

    session.verbosity(verbose)
    city = session.load(workspace)
    if version is not None:
        show.out(text(city, device, version).rstrip("\n"))
        return
    with session.journal(city) as journal:
        found = list(history(city, journal, device, patches=patch))
    if json:
        show.as_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        show.out(one.sentence, bold=patch)
        if patch:
            show.out(one.patch)


def drift(
    workspace: WorkspaceOption = None,
    target: TargetOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    detailed_exitcode: DetailedOption = False,
) -> None:
    """What devices run that was not saved, was changed behind the tool, or is not as intended. Exit code 1: one was not read."""
    from yunwang.network.archive import drift as drifting

    session.verbosity(verbose)
    city = session.load(workspace)
    with session.journal(city) as journal:
        found = drifting.drift(city, journal, _chosen(city, target), say=show.Progress(quiet=quiet))
    findings = [drifting.as_finding(one) for one in found]
    if json:
        show.as_json([one.model_dump(mode="json") for one in found])
    elif found or not quiet:
        show.findings(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)
    if detailed_exitcode and found:
        raise typer.Exit(changing.CHANGES)


def _chosen(city: Workspace, patterns: list[str] | None) -> tuple[Device, ...]:
    from yunwang.network.archive.sweep import chosen

    return chosen(city, patterns or ())
