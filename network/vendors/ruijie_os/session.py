"""Talking to RGOS. Sources: RG-S6000E guide 11.4, netmiko 4.8.

Its timed reload follows IOS's; what it asks and shows was not seen on a device.
"""

from __future__ import annotations

from yunwang.network.configuration.rule import Question
from yunwang.network.session import Net, Protocol, Session, Show

REBOOT = Net(
    name="reload in",
    when="before",
    arm="reload in {time}",
    unit=60,
    questions=(
        Question(ask=r"(?i)\bsave\b[^\n]*\?[^\n]*[\])]:? ?\Z", answer="no"),  # asked where what runs is not what is saved
        Question(ask=r"(?i)\breload\b[^\n]*\?[^\n]*[\])]:? ?\Z", answer="y"),
    ),
    confirm="reload cancel",
    confirm_configuring=False,
    status="show reload",
    pending=r"(?i)\breload scheduled\b.*\bin (?=\d)(?:(?P<hours>\d+) hours?\W+(?:and )?)?(?:(?P<minutes>\d+) minutes?\W*(?:and )?)?"
    r"(?:(?P<seconds>\d+) seconds?)?",
    needs_words="what runs to be what is saved",
    reboots=True,
)
SESSION = Session(
    netmiko="ruijie_os",
    user_prompt=r"[\w.\-]+[>#]\s*$",
    config_prompt=r"[\w.\-]+\(config[^)]*\)#\s*$",
    paging_off=("terminal length 0", "terminal width 256"),
    config_enter="configure terminal",
    config_leave="end",
    save="write",
    save_done=r"\[OK\]|[Bb]uilding configuration|successfully",
    errors=(r"^\s*%\s*\S.*$",),  # no remark of RGOS begins with a percent sign
    show=Show(
        running="show running-config",
        ipv6_interfaces="show ipv6 interface",
        neighbors="show ipv6 neighbors",
        arp="show arp",
        static_bindings=("show address-bind",),
        ospfv3_peers="show ipv6 ospf neighbor",
        protocols=(
            Protocol(name="OSPF", runs=r"router ospf ", peers="show ip ospf neighbor"),
            Protocol(name="OSPFv3", runs=r"ipv6 router ospf ", peers="show ipv6 ospf neighbor"),
            Protocol(name="BGP", runs=r"router bgp ", peers="show bgp ipv4 unicast summary"),
            Protocol(name="BGP for IPv6", runs=r"router bgp ", peers="show bgp ipv6 unicast summary"),
        ),
        routes4="show ip route",
        routes6="show ipv6 route",
        saved="show startup-config",
        cpu="show cpu",
        memory="show memory",
        users="show users",
        vtys=(r"line vty \d+ (\d+)", 4),
    ),
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"Success rate is (?!0 percent)",
    net=REBOOT,
)
