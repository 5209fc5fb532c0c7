"""`yunwang cloud destroy`: tenants off the clouds though the files name them, planned and applied. No logic."""

from __future__ import annotations

import typer

from yunwang.cli.job_commands import add_plan_and_apply
from yunwang.cli.options import TargetOption

app = typer.Typer(help="Tenants that are named, and booked servers, off the clouds.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["cloud-destroy"],
    plan_help="Show all that would go, and what stands in the way.",
    apply_help="Take it off the clouds, servers first, and count there what is left.",
    own=("of", TargetOption),
)
