"""`yunwang net`: IPv6 dual stack on routers and switches. No logic."""

from __future__ import annotations

import typer

from yunwang.cli.job_commands import add_plan_and_apply, add_verify

app = typer.Typer(help="IPv6 dual stack on routers and switches.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["dual-stack"],
    plan_help="Show the lines that each device needs for dual stack.",
    apply_help="Send them, one plane after the other, verify on the device, then save.",
)
add_verify(app, "dual-stack", verify_help="Look at the devices: is dual stack there, and do neighbours answer?")
