"""Talking to VRP8: a candidate configuration that `commit` makes running. Sources: CE6800 V300R023 manual, netmiko 4.8."""

from __future__ import annotations

from dataclasses import replace

from yunwang.network.session import Net
from yunwang.network.vendors.huawei_vrp.session import SESSION as VRP5
from yunwang.network.vendors.huawei_vrp.session import SHOW

NET = Net(  # persistent: it neither ends with the session that began it nor needs that one to be confirmed
    name="commit trial",
    when="committing",
    arm="commit trial {time} persist yunwang",
    confirm="commit persist yunwang",
    cancel="abort trial persist yunwang",
    status="display configuration trial status",
    pending=r"Persist id: *yunwang\b",
)
SESSION = replace(
    VRP5,
    netmiko="huawei_vrpv8",
    config_prompt=r"\[[~*]?[\w.\-/]+\]\s*$",
    commit="commit",
    commit_clean_prompt=r"\[~[\w.\-/]+\]\s*$",
    discard="clear configuration candidate",
    preview="display configuration candidate changes",
    net=NET,
    show=replace(
        SHOW,
        arp="display arp",
        static_bindings=("display user-bind static all",),
        cpu="display cpu",
        memory="display memory",
        lock="display configuration-occupied user",
    ),
)
