"""VRP8's rule table: VRP5's without the global `ipv6`. Two-stage, so the order matters less, but it is the same.

One transaction cannot hold both `undo bgp` and another `bgp` (annet's cases).
"""

from __future__ import annotations

from dataclasses import replace

from yunwang.network.configuration.rule import Rule
from yunwang.network.configuration.table import Rules
from yunwang.network.vendors.huawei_vrp.interface_rules import INTERFACE
from yunwang.network.vendors.huawei_vrp.rules import BLOCKS, INSIDE, INTERFACES, NOISE, OWN, SAME, TEXTS, TOP

RULES = Rules(
    rules=(
        *(replace(rule, between="commit") if rule.pattern == "bgp <as>" else rule for rule in TOP if rule.pattern != "ipv6"),
        *INTERFACE,
        *INSIDE,
        Rule("drop-profile {name}", opens="drop-profile", order=24),
    ),
    negation="undo",
    separator="#",
    leave="quit",
    ends=frozenset({"return"}),
    skips=frozenset({"quit", "end-filter", "end-list"}),
    noise=NOISE,
    blocks=BLOCKS,
    texts=TEXTS,
    undo_values=False,
    mac="-",
    interfaces=INTERFACES,
    same=(*SAME, *OWN),
)
