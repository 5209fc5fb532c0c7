"""`plan`, `apply`, `verify` with the same options, given to a command group. No logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from yunwang.cli import changing
from yunwang.cli.dry_run import dry_run
from yunwang.cli.given import TO_APPLY, TO_LOOK, TO_PLAN, Given, takes
from yunwang.cli.options import TargetOption


def add_plan_and_apply(
    app: typer.Typer,
    jobs: Sequence[str],
    *,
    plan_help: str,
    apply_help: str,
    apply_name: str = "apply",
    own: tuple[str, Any] | None = None,
    switches: Mapping[str, Any] | None = None,
    manners: Mapping[str, Any] | None = None,
) -> None:
    """Give `app` the commands `plan` and `apply` for these jobs, in this order.

    `own`: the job's name for an option of its own, a list of words, and that option, which then stands in --target's place.
    `switches`: what else `apply` can be told, by parameter: `dry_run`, and `allow_…` for what changes may ask for.
    `manners`: how changes are to be made, by the job's name for it. That is in the plan: `apply` may only repeat a stored one's.
    """

    def picked(chosen: list[str] | None, told: Mapping[str, Any]) -> dict[str, Any]:
        options = {name: told[name] for name in manners or () if told[name] is not None}
        if own is None:
            return {"targets": chosen or (), "options": options}
        return {"options": {own[0]: list(chosen), **options} if chosen else options}

    def plan(chosen: TargetOption = None, *, given: Given, **told: Any) -> None:
        changing.plan(jobs, given.asked(**picked(chosen, told)), output=given.output)

    def apply(chosen: TargetOption = None, *, given: Given, **told: Any) -> None:
        switched = {name: told[name] for name in switches or ()}
        asked = given.asked(switched, **picked(chosen, told))
        if switched.get("dry_run"):
            dry_run(jobs, asked, plan=given.plan)
        else:
            changing.apply(jobs, asked, plan=given.plan, approved=given.approved, yes=given.yes)

    if own is not None:
        plan.__annotations__["chosen"] = apply.__annotations__["chosen"] = own[1]
    app.command("plan", help=plan_help)(takes(TO_PLAN, manners)(plan))
    app.command(apply_name, help=apply_help)(takes(TO_APPLY, {**(manners or {}), **(switches or {})})(apply))


def add_verify(app: typer.Typer, job: str, *, verify_help: str) -> None:
    """Give `app` the command `verify` for a job."""

    def verify(target: TargetOption = None, *, given: Given) -> None:
        changing.verify(job, given.asked(targets=target or ()))

    app.command(help=verify_help)(takes(TO_LOOK)(verify))
