"""Talking to IOS. Sources: netmiko 4.8, IOS command reference."""

from __future__ import annotations

from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session, Show

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
        r"^\s*% ?Authorization failed.*$",
    ),
    show=Show(
        running="show running-config",
        ipv6_interfaces="show ipv6 interface brief",
        neighbors="show ipv6 neighbors",
        arp="show ip arp",
        static_bindings=("show ip source binding", "show ipv6 neighbors binding"),
        ospfv3_peers="show ospfv3 neighbor",
    ),
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"Success rate is (?!0 percent)",
)
