"""OSPF and IS-IS as VRP and Comware say them alike, as rows of their rule tables. Never BGP, nor what one of them has alone."""

from __future__ import annotations

from yunwang.network.configuration.rule import Question, Rule, held

CONTINUE = Question(ask=r"\[Y/N\]", answer="Y")

PROCESSES = tuple(
    Rule(f"{igp} {{process:digits}} [<options...>]", opens=igp, order=30, undo_asks=CONTINUE, undo_disruptive=True)
    for igp in ("ospf", "ospfv3", "isis")
)
"""At the top."""

_PROTOCOLS = ("ospf", "ospfv3", "isis", "bgp", "bgp-family", "igp-family")
IN_PROCESS = (
    *(
        Rule(pattern, view)
        for view in _PROTOCOLS
        for pattern in (
            "import-route isis level-{levels...}",
            "import-route {protocol} {process:digits} [<options...>]",
            "import-route {protocol} [<options...>]",
            "default-route-advertise [<options...>]",
            "preference {kind:name} <value...>",
            "preference <value...>",
            "maximum load-balancing {kind:name} <value>",
            "maximum load-balancing <value>",
        )
    ),
    *(
        rule
        for view in ("ospf", "ospfv3")
        for rule in (
            Rule("area {area}", view, opens="ospf-area", order=20),
            *held(view, "bandwidth-reference", "spf-schedule-interval", "lsa-generation-interval", "stub-router", order=15),
        )
    ),
    *(Rule(f"{kind} [<options...>]", "ospf-area") for kind in ("stub", "nssa")),
    *held("ospf-area", "authentication-mode", "default-cost"),
    Rule("abr-summary {network} {mask} [<options...>]", "ospf-area"),
    *held("isis", "is-level", "cost-style", "is-name", "timer {what}", order=15),
    Rule("network-entity {net}", "isis", order=8, disruptive=True, undo_disruptive=True),
    Rule("silent-interface all", "*", order=20, undo_wipes=("silent-interface ",)),  # and what it is not for
    Rule("silent-interface {interface...}", "*", order=30),
    Rule("router-id <id>", "bgp", order=10, disruptive=True),
    Rule("router-id <id>", "*", order=10),
)

ON_INTERFACE = (
    *(Rule(f"{igp} {{what:name}} enable", "interface", order=31) for igp in ("ospf", "ospfv3", "isis")),  # `bfd enable` as a whole
    *held("interface", "ospf timer {what}", "ospfv3 timer {what}", "isis timer {what}", order=31),
    *held("interface", "ospf cost", "ospfv3 cost", order=31, independent=True),
    Rule("ospfv3 {process:digits} area <area>", "interface", order=30, undo="ospfv3 {process} area {area}", change="undo-first"),
    *held("interface", "ospf {what:name}", "ospfv3 {what:name}", order=31),
    *(
        Rule(f"isis {ipv6}cost <cost:digits> {{level:name}}", "interface", order=31, undo=f"isis {ipv6}cost {{level}}")
        for ipv6 in ("", "ipv6 ")
    ),
    *(Rule(f"isis {ipv6}enable <process>", "interface", order=30, lifeline="link") for ipv6 in ("", "ipv6 ")),
    *held("interface", "isis ipv6 cost", "isis {what:name}", order=31),
)
