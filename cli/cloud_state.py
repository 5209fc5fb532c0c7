"""`yunwang cloud state`: what is wrong with the stacks' states, and mending it as a plan. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import changing
from yunwang.cli.given import TO_LOOK, Given, takes
from yunwang.cli.job_commands import add_plan_and_apply

GiveUpOption = Annotated[
    list[str] | None,
    typer.Option(
        "--give-up",
        metavar="TARGET",
        help="Free this stack's lock though it is another machine's; forget its state where no key opens it. May be repeated.",
    ),
]
app = typer.Typer(help="What is wrong with the stacks' states, and mending it.", rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["cloud-state"],
    plan_help="Show what is wrong with each stack's state, and what would mend it.",
    apply_help="Mend it; no cloud is changed.",
    own=("give_up", GiveUpOption),
)


@app.callback(invoke_without_command=True)
@takes((*TO_LOOK, "detailed_exitcode"))
def show(context: typer.Context, *, given: Given) -> None:
    """What is wrong with the stacks' states: locks, operations without an outcome, checkpoints, keys. `apply` mends it."""
    if context.invoked_subcommand is None:
        changing.plan(["cloud-state"], given.asked(), output=None)
