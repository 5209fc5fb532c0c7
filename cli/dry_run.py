"""`apply --dry-run`: what the targets would say to a plan. No logic."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from yunwang.cli import changing, jobs, session, show
from yunwang.inventories.finding import Finding
from yunwang.inventories.verdict import Refused
from yunwang.operations.rehearsing import rehearse


def dry_run(names: Sequence[str], asked: changing.Asked, *, plan: str | None) -> None:
    """Plan, or take the stored plan, and ask; exit 1 where a target would refuse."""
    session.verbosity(asked.verbose)
    workspace = session.load(asked.workspace)
    plans = changing.stored(plan, names, asked.workspace) if plan is not None else None
    with session.engine(workspace, quiet=asked.quiet, terms=asked.terms) as engine:
        if plans is None:
            plans = [engine.plan(jobs.build(name, engine, asked.options), asked.targets) for name in names]
        said = [one for made in plans for one in rehearse(jobs.build(made.job, engine, made.options), made)]
        errors = tuple(finding for made in plans for finding in changing.errors_of(made))
    if asked.as_json:
        show.as_json([{"target": change.target, **answer.model_dump(mode="json")} for change, answer in said])
    else:
        for made in plans:
            show.plan(made, verbose=asked.verbose > 0)
        show.rehearsed(said)
    if errors:
        raise Refused("the plan has errors", remedy="mend what they name, or leave it out with --target", findings=errors)
    if any(isinstance(answer, Finding) for _, answer in said):
        raise typer.Exit(1)
