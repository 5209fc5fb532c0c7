"""Talking to VRP5. Sources: netmiko 4.8, AR730 captures, S-series V200R manual; its reboots: Huawei's command references.

What `schedule reboot` asks is worded as in references of newer releases; VRP5's own wording was not seen on a device.
"""

from __future__ import annotations

from yunwang.network.configuration.rule import Question
from yunwang.network.session import Net, Protocol, Session, Show

ERRORS = (
    r"^\s*Error: ?.*$",
    r"^\s*\^\s*$",
    r"^.*Failed to generate committed config.*$",
)
SHOW = Show(
    running="display current-configuration",
    ipv6_interfaces="display ipv6 interface brief",
    neighbors="display ipv6 neighbors",
    arp="display arp all",
    static_bindings=("display dhcp static user-bind all",),
    ospfv3_peers="display ospfv3 peer",
    protocols=(
        Protocol(name="OSPF", runs=r"ospf ", peers="display ospf peer brief"),
        Protocol(name="OSPFv3", runs=r"ospfv3 ", peers="display ospfv3 peer"),
        Protocol(name="IS-IS", runs=r"isis ", peers="display isis peer"),
        Protocol(name="BGP", runs=r"bgp ", peers="display bgp peer"),
        Protocol(name="BGP for IPv6", runs=r"bgp ", peers="display bgp ipv6 peer"),
    ),
    routes4="display ip routing-table",
    routes6="display ipv6 routing-table",
    saved="display saved-configuration",
    cpu="display cpu-usage",
    memory="display memory-usage",
    users="display users",
    vtys=(r"user-interface vty 0 (\d+)", 4),
)
REBOOT = Net(  # "display schedule reboot": Info: System will reboot at: 2019-12-20 19:20:00 UTC (in 29 hours and 19 minutes).
    name="schedule reboot",
    when="before",
    arm="schedule reboot delay {time}",
    unit=60,
    questions=(
        Question(ask=r"(?i)\bsaved?\b[^\[]*\[Y/N\]:? ?\Z", answer="N"),  # asked where what runs is not what is saved
        Question(ask=r"(?i)\b(?:confirm|reboot)\b[^\[]*\[Y/N\]:? ?\Z", answer="Y"),
    ),
    confirm="undo schedule reboot",
    confirm_configuring=False,
    status="display schedule reboot",
    pending=r"(?i)\breboot\b.*\bin (?P<hours>\d+) hours?(?:\(s\))? and (?P<minutes>\d+) minute",
    needs_words="what runs to be what is saved",
    reboots=True,
)
SESSION = Session(
    netmiko="huawei_vrp",
    user_prompt=r"(?:HRP_[MS])?<[\w.\-]+>\s*$",
    config_prompt=r"(?:HRP_[MS])?\[[\w.\-/]+\]\s*$",
    paging_off=("screen-length 0 temporary",),
    config_enter="system-view",
    config_leave="return",
    save="save",
    save_questions=(
        Question(ask=r"[Aa]re you sure to continue\s*\?\s*\[Y/N\]", answer="y"),
        Question(ask=r"input the file name", answer=""),
        Question(ask=r"overwrite\?\s*\[Y/N\]", answer="y"),
    ),
    save_done=r"successfully",
    errors=ERRORS,
    show=SHOW,
    ping4="ping -c 3 {address}",
    ping6="ping ipv6 -c 3 {address}",
    ping_alive=r"(?<![1-9])[1-9]\d* packet\(s\) received",
    net=REBOOT,
)
