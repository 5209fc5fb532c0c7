"""The options that every command shares, spelled once. No behaviour."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

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
OutputOption: TypeAlias = Annotated[Path | None, typer.Option("-o", "--output", help="Write the plan (or report) to this file.")]
PlanOption: TypeAlias = Annotated[Path | None, typer.Option("--plan", help="Apply this stored plan, and nothing else.")]
TargetOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--target", help="Only targets that match (shell wildcards); may be repeated.")
]
DetailedOption: TypeAlias = Annotated[
    bool, typer.Option("--detailed-exitcode", help="Exit 0 when there is nothing to do, 2 when there are changes.")
]
