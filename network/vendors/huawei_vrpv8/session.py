"""Talking to VRP8: a candidate configuration that `commit` makes running. Sources: CE6800 V300R023 manual, netmiko 4.8."""

from __future__ import annotations

from dataclasses import replace

from yunwang.network.vendors.huawei_vrp.session import SESSION as VRP5
from yunwang.network.vendors.huawei_vrp.session import SHOW

SESSION = replace(
    VRP5,
    netmiko="huawei_vrpv8",
    config_prompt=r"\[[~*][\w.\-/]+\]\s*$",
    commit="commit",
    commit_clean_prompt=r"\[~[\w.\-/]+\]\s*$",
    discard="clear configuration candidate",
    show=replace(SHOW, arp="display arp", static_bindings=("display user-bind static all",)),
)
