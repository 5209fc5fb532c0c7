"""`yunwang approve`: a second person looks at a plan and answers for it with their key. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yunwang.cli import changing, jobs, session, show, signing
from yunwang.cli.options import JsonOption, PlanArgument, QuietOption, VerboseOption, WorkspaceOption, YesOption
from yunwang.inventories.verdict import Refused

if TYPE_CHECKING:
    pass


def approve(
    plan: PlanArgument,
    workspace: WorkspaceOption = None,
    key: Annotated[Path | None, typer.Option("--key", help="Your private key, or the public half of one in ssh-agent.")] = None,
    as_: Annotated[str | None, typer.Option("--as", help="Your name in policies/allowed_signers; else the account's.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="What others should know; it is signed too.")] = "",
    show_: Annotated[bool, typer.Option("--show", help="Only show the plan and who approved it.")] = False,
    yes: YesOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Approve a plan that somebody else made: shown, asked, signed with your SSH key, recorded."""
    from yunwang.operations import approval

    session.verbosity(verbose)
    loaded, stored = session.load(workspace), changing.stored(plan, jobs.ALL, workspace)
    with session.journal(loaded) as journal:
        plans = [each for each in stored if each.changes or show_]
        if not plans:
            raise Refused("the plan changes nothing", remedy="there is nothing to approve")
        if not (json or quiet):
            for each in plans:
                show.plan(each, verbose=verbose > 0)
        if not show_:
            me = signing.person(as_, key)
            if not yes:
                changing.confirm(f"Approve {sum(len(each.changes) for each in plans)} changes as {me.name}?")
            for each in plans:
                approval.approve(each, loaded, journal, me, datetime.now(UTC), reason)
        found = [(each, approval.given(each, loaded, journal, datetime.now(UTC))) for each in plans]
    if json:
        show.as_json(
            [
                {
                    "plan": each.digest,
                    "job": each.job,
                    "needed": approval.required(each, loaded),
                    "approvals": [one.model_dump(mode="json") | {"fault": fault} for one, fault in given],
                }
                for each, given in found
            ]
        )
    elif not quiet:
        for each, given in found:
            show.approvals(each, approval.required(each, loaded), given)
