"""Talking to IOS. Sources: netmiko 4.8, IOS command reference."""

from __future__ import annotations

from yunwang.network.configuration.rule import Question
from yunwang.network.session import Net, Protocol, Session, Show

SESSION = Session(
    netmiko="cisco_ios",
    user_prompt=r"[\w.\-]+[>#]\s*$",
    config_prompt=r"[\w.\-]+\(config[^)]*\)#\s*$",
    paging_off=("terminal length 0", "terminal width 511"),
    config_enter="configure terminal",
    config_leave="end",
    save="write memory",
    save_questions=(Question(ask=r"\[confirm\]", answer=""),),
    save_done=r"\[OK\]",
    errors=(
        r"^\s*% ?(?:Invalid input|Incomplete command|Ambiguous command|Unrecognized command|Unknown).*$",
        r"^\s*%(?! ?(?:Warning|Note|LINK|LINEPROTO|SYS))\s*\S.*"
        r"(?:overlap|not |[Cc]annot|Duplicate|exists|[Ff]ailed|[Ee]rror|Bad|[Ii]nvalid).*$",
        r"^Command rejected.*$",
        r"^\s*(?:% ?)?(?:Command a|A)uthorization failed.*$",
    ),
    show=Show(
        running="show running-config",
        ipv6_interfaces="show ipv6 interface brief",
        neighbors="show ipv6 neighbors",
        arp="show ip arp",
        static_bindings=("show ip source binding", "show ipv6 neighbors binding"),
        ospfv3_peers="show ospfv3 neighbor",
        protocols=(
            Protocol(name="OSPF", runs=r"router ospf ", peers="show ip ospf neighbor"),
            Protocol(name="OSPFv3", runs=r"router ospfv3 |ipv6 router ospf ", peers="show ospfv3 neighbor"),
            Protocol(name="IS-IS", runs=r"router isis", peers="show isis neighbors"),
            Protocol(name="BGP", runs=r"router bgp ", peers="show ip bgp summary"),
            Protocol(name="BGP for IPv6", runs=r"router bgp ", peers="show bgp ipv6 unicast summary"),
        ),
        routes4="show ip route",
        routes6="show ipv6 route",
        saved="show startup-config",
        cpu="show processes cpu",
        memory="show processes memory",
        users="show users",
        vtys=(r"line vty \d+ (\d+)", 4),
        lock="show configuration lock",
    ),
    net=Net(
        name="configure terminal revert timer",
        when="entering",
        arm="configure terminal revert timer {time}",
        unit=60,
        confirm="configure confirm",
        confirm_configuring=False,
        status="show archive config rollback timer",
        pending=r"Timer value",
        needs=r"^archive\n(?: .*\n)*? path \S",
        needs_words="an archive path in its configuration",
    ),
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"Success rate is (?!0 percent)",
)
