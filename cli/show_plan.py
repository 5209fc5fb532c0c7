"""`yunwang show`: a stored plan as people, programs and CI systems read it. No logic."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from yunwang import __version__
from yunwang.cli import changing, jobs, session, show
from yunwang.cli.options import PlanArgument, VerboseOption, WorkspaceOption
from yunwang.inventories import rendering
from yunwang.reports import ci


class Format(StrEnum):
    """How a plan is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


FormatOption = Annotated[Format, typer.Option("--format", help="Markdown: for a comment; JUnit, SARIF: what CI systems collect.")]


def show_plan(
    plan: PlanArgument,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.TEXT,
    verbose: VerboseOption = 0,
) -> None:
    """Show a stored plan; changes nothing, looks at no target."""
    session.verbosity(verbose)
    plans = changing.stored(plan, jobs.ALL, workspace)
    match format_:
        case Format.TEXT:
            for each in plans:
                show.plan(each, verbose=verbose > 0)
        case Format.JSON:
            show.as_json([each.model_dump(mode="json") | {"digest": each.digest} for each in plans])
        case Format.MARKDOWN:
            show.out(ci.markdown(plans).rstrip())
        case Format.JUNIT:
            show.out(ci.junit(plans).rstrip())
        case Format.SARIF:
            found = [finding for each in plans for finding in each.findings]
            show.out(rendering.as_sarif(found, __version__).rstrip())
