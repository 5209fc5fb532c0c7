"""`yunwang cloud`: tenants and quotas on the clouds. No logic."""

from __future__ import annotations

import typer

from yunwang.cli import cloud_destroy, cloud_drift, cloud_import, cloud_probe, cloud_refresh, cloud_state
from yunwang.cli.job_commands import add_plan_and_apply, add_verify
from yunwang.cli.options import ReplaceOption

app = typer.Typer(help="Tenants, quotas, networks on the clouds, through Pulumi.", no_args_is_help=True, rich_markup_mode=None)
add_plan_and_apply(
    app,
    ["cloud"],
    plan_help="Show what the clouds need to be as the tenants' files say.",
    apply_help="Apply it, stack by stack, and verify it on the clouds.",
    switches={"allow_replace": ReplaceOption},
)
add_verify(app, "cloud", verify_help="Look at the clouds: is everything as it was applied and as the files say?")
cloud_drift.register(app)
cloud_import.register(app)
cloud_probe.register(app)
for name, group in {"refresh": cloud_refresh.app, "destroy": cloud_destroy.app, "state": cloud_state.app}.items():
    app.add_typer(group, name=name)
