"""`yunwang net`: IPv6 dual stack on routers and switches. No logic."""

from __future__ import annotations

import typer

from yunwang.cli import net_address, net_backup, net_design, net_parse, net_topology, root
from yunwang.cli.job_commands import add_plan_and_apply, add_verify
from yunwang.cli.net_patch import add_diff_and_patch
from yunwang.cli.options import DryRunOption, EngineOption, ManagementOption, RebootOption

app = typer.Typer(help="IPv6 dual stack on routers and switches.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["dual-stack"],
    plan_help="Show the lines that each device needs for dual stack.",
    apply_help="Send them, one plane after the other, verify on the device, then save.",
    switches={"dry_run": DryRunOption, "allow_management_change": ManagementOption},
    manners={"engine": EngineOption, "timed_reboot": RebootOption},
)
add_verify(app, "dual-stack", verify_help="Look at the devices: is dual stack there, and do neighbours answer?")
app.add_typer(net_address.app, name="address")
add_diff_and_patch(app)
app.command()(root.rollback)
app.command()(net_design.design)
app.command()(net_parse.parse)
app.add_typer(net_topology.app, name="topology")
net_backup.register(app)
