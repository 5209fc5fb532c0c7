"""The options that every command shares, spelled once. No behaviour."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Sender(StrEnum):
    """What sends lines to devices."""

    NATIVE = "native"
    ANSIBLE = "ansible"


WorkspaceOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "-w",
        "--workspace",
        envvar="YUNWANG_WORKSPACE",
        help="The workspace's folder; else the nearest one above that has yunwang.yaml.",
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
QuietOption: TypeAlias = Annotated[bool, typer.Option("-q", "--quiet", help="No progress on standard error.")]
VerboseOption: TypeAlias = Annotated[int, typer.Option("-v", "--verbose", count=True, help="More detail; -vv for debugging.")]
YesOption: TypeAlias = Annotated[bool, typer.Option("--yes", help="Do not ask before applying.")]
DryRunOption: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Ask devices that have a candidate what they would say to it; change nothing.")
]
ManagementOption: TypeAlias = Annotated[
    bool, typer.Option("--allow-management-change", help="Let management addresses move on devices that cannot bring them back.")
]
EngineOption: TypeAlias = Annotated[
    Sender | None,
    typer.Option("--engine", help="What sends the lines: native, if nothing is said, or Ansible's network_cli; the plan says it."),
]
RebootOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--timed-reboot",
        metavar="MINUTES",
        min=5,
        max=120,
        help="Have devices without a net of their own reboot after so long unless the change is confirmed; the plan says which.",
    ),
]
ReplaceOption: TypeAlias = Annotated[
    bool, typer.Option("--allow-replace", help="Let resources be made anew that cannot change in place; what they hold is lost.")
]
OutputOption: TypeAlias = Annotated[Path | None, typer.Option("-o", "--output", help="Write the plan (or report) to this file.")]
PlanOption: TypeAlias = Annotated[
    str | None, typer.Option("--plan", metavar="FILE|DIGEST", help="Apply this stored plan, and nothing else.")
]
PlanArgument: TypeAlias = Annotated[
    str, typer.Argument(help="The file that `plan -o` wrote, or the beginning of the plan's digest.")
]
ApprovedOption: TypeAlias = Annotated[
    bool, typer.Option("--approved", help="Apply the newest stored plan that was made from exactly these files.")
]
TargetOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--target", help="Only targets that match (shell wildcards); may be repeated.")
]
DetailedOption: TypeAlias = Annotated[
    bool, typer.Option("--detailed-exitcode", help="Exit 0 when there is nothing to do, 2 when there are changes.")
]
WaitOption: TypeAlias = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for targets that another run holds.")
]
PauseOption: TypeAlias = Annotated[
    bool, typer.Option("--pause", help="Ask before each wave but the first; where nobody can answer, end there, to be resumed.")
]
DeletesOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--allow-deletes", metavar="N", min=0, help="Allow so many deletions and replacements, not yunwang.yaml's number."
    ),
]
BreakGlassOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--break-glass", metavar="REASON", help="Without approval, or in a freeze window; everybody reads the reason."),
]
ExecutorOption: TypeAlias = Annotated[
    str | None, typer.Option("--executor", metavar="URL", help="Do the steps on a Dask cluster: dask://HOST:PORT. Else in threads.")
]
