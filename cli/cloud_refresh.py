"""`yunwang cloud refresh`: Pulumi's state as the clouds are, planned and applied. No logic."""

from __future__ import annotations

import typer

from yunwang.cli.job_commands import add_plan_and_apply

app = typer.Typer(help="Pulumi's state as the clouds are; the clouds stay.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["cloud-refresh"],
    plan_help="Show what the state would take over from the clouds, and what it would forget.",
    apply_help="Have the state take over exactly that. What the files say stays to be applied.",
)
