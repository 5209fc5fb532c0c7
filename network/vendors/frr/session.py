"""Talking to FRR's vtysh over SSH; netmiko has no driver of its own, IOS's works best."""

from __future__ import annotations

from yunwang.network.session import Net, Protocol, Session, Show

_PLACE = """umask 077
name=$(vtysh -c 'show running-config' | sed -n 's/^hostname //p')
at=${TMPDIR:-/tmp}/yunwang-$(id -u)-$name
"""
"""A folder that is nobody else's; routers that share a machine (a lab) have one each."""
_CONFIRM = f"""{_PLACE}
[ -O "$at" ] && pid=$(cat "$at/armed" 2>/dev/null) && rm "$at/armed" && kill -- "-$pid"
"""
_ARM = f"""({_CONFIRM}) 2>/dev/null
{_PLACE}
[ -x /usr/lib/frr/frr-reload.py ] || exit 1
mkdir "$at" 2>/dev/null || [ -d "$at" -a -O "$at" -a ! -L "$at" ] || exit 1
vtysh -c 'show running-config' | sed '1,/^!/d' >"$at/before" && [ -s "$at/before" ] || exit 1
setsid sh -c 'sleep {{time}}; rm "$0/armed" && exec /usr/lib/frr/frr-reload.py --reload --stdout "$0/before"' \\
  "$at" </dev/null >"$at/log" 2>&1 &
echo $! >"$at/armed"
"""
NET = Net(  # the router itself knows no timer: a process of its own there puts back what ran
    name="a watchdog in the account's shell",
    when="in-shell",
    arm=_ARM,
    confirm=_CONFIRM,
    confirm_configuring=False,
    status=f"""{_PLACE}
[ -O "$at" ] && kill -0 "$(cat "$at/armed")"
""",
)
SESSION = Session(
    netmiko="cisco_ios",
    user_prompt=r"[\w.\-]+#\s*$",
    config_prompt=r"[\w.\-]+\(config[^)]*\)#\s*$",
    paging_off=("terminal length 0",),
    config_enter="configure terminal",
    config_leave="end",
    save="write memory",
    save_done=r"\[OK\]|[Cc]onfiguration saved",
    errors=(r"^\s*% .*$", r"^line \d+: .*$"),
    show=Show(
        running="show running-config",
        ipv6_interfaces="show interface brief",
        neighbors="",  # the kernel keeps them; vtysh 8.4 shows none
        arp="",
        ospfv3_peers="show ipv6 ospf6 neighbor",
        protocols=(
            Protocol(name="OSPF", runs=r"router ospf$", peers="show ip ospf neighbor"),
            Protocol(name="OSPFv3", runs=r"router ospf6$", peers="show ipv6 ospf6 neighbor"),
            Protocol(name="IS-IS", runs=r"router isis ", peers="show isis neighbor"),
            Protocol(name="BGP", runs=r"router bgp ", peers="show bgp ipv4 summary"),
            Protocol(name="BGP for IPv6", runs=r"router bgp ", peers="show bgp ipv6 summary"),
        ),
        routes4="show ip route",
        routes6="show ipv6 route",
    ),
    net=NET,
    ping4="ping {address}",
    ping6="ping ipv6 {address}",
    ping_alive=r"bytes from",
)
