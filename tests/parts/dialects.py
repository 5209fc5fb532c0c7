"""Generated configurations of every platform: the same features in each platform's words. Shares nothing with network/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from hypothesis import strategies as st

from yunwang.inventories.network import Platform

MANAGEMENT = "10.99.0.1"
STATION = "10.99.0.0"
"""From where people log in: a network that a filter of the terminal lines has to let in."""
VLANS = (10, 20, 30, 40)
HOSTS = st.integers(1, 6)
Path: TypeAlias = tuple[str, ...]
"""Beginnings of a line and of the views around it."""
TEXTS = st.sampled_from(["to core #1", "spare", "see 2001:DB8::1"])


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """Lines of a platform; views inside are indented by one. "" where the platform lacks it (or the simulated device does)."""

    head: str
    """What says which chassis it is."""
    top: str = ""
    vlan: str = ""
    svi: str
    v4: str = "ip address {a} 255.255.255.0"
    v4_second: str = ""
    v6: tuple[str, ...] = ("ipv6 enable", "ipv6 address {a}/64")
    v6_second: str = "ipv6 address {a}/64"
    advertise: str = ""
    vpn: str = ""
    bind_vpn: str = ""
    ospf: str = ""
    ospf_on: str = ""
    fixed: bool = False
    """Are interfaces there whatever is configured?"""
    ports: tuple[str, ...]
    access: tuple[str, ...] = ()
    trunk: tuple[str, ...] = ()
    hybrid: tuple[str, ...] = ()
    comma: str = " "
    """Between the VLANs of a list."""
    uplink: str = ""
    """The port through which the management VLAN is reached: a trunk."""
    acl: str = ""
    entry: str = ""
    filter: str = ""
    policy: str = ""
    applied: str = ""
    """The line of an interface that names the policy."""
    route: str
    route6: str
    binding: str = ""
    bgp: str = ""
    peer: str = ""
    family4: str = ""
    family6: str = ""
    enable: str = ""
    network4: str = ""
    network6: str = ""
    login: str = ""
    """Without it nobody logs in: users and the server."""
    guest: str = ""
    """A user who comes and goes."""
    vty: tuple[str, ...] = ()
    """The terminal lines; `{protocol}` and `{filter}` vary."""
    protocols: tuple[str, ...] = ("ssh", "all")
    guard: str = ""
    """The filter of who may log in; `admit`: its entry that lets the station in; `other`: another; `guarded`: what names it."""
    admit: str = ""
    other: str = ""
    guarded: str = ""
    needs: tuple[Path, ...] = ()
    """What must stand there at every moment so that somebody can log in."""


_VRP = Dialect(
    head="!Software Version V200R019C00SPC500\n#",
    vlan="vlan batch {list}",
    svi="interface Vlanif{id}",
    v4_second="ip address {a} 255.255.255.0 sub",
    vpn="ip vpn-instance fiscal\n ipv4-family\n  route-distinguisher 64512:9\n ipv6-family\n  route-distinguisher 64512:9",
    bind_vpn="ip binding vpn-instance fiscal",
    advertise="undo ipv6 nd ra halt",
    ospf="ospfv3 1\n router-id 10.0.0.1",
    ospf_on="ospfv3 1 area 0.0.0.0",
    top="ipv6",
    ports=("interface GigabitEthernet0/0/1", "interface GigabitEthernet0/0/2"),
    access=("port link-type access", "port default vlan {id}"),
    trunk=("port link-type trunk", "port trunk allow-pass vlan {list}"),
    acl="acl number {id}",
    entry="rule {n} permit ip source 10.{h}.0.0 0.0.255.255",
    filter="traffic-filter inbound acl {id}",
    route="ip route-static 10.{h}.0.0 255.255.0.0 10.99.0.254",
    route6="ipv6 route-static 2001:db8:{h}:: 48 2001:db8:99::fe",
    hybrid=(
        "port link-type hybrid",
        "port hybrid pvid vlan {id}",
        "port hybrid tagged vlan {list}",
        "port hybrid untagged vlan {id}",
    ),
    uplink="interface GigabitEthernet0/0/24",
    policy="traffic classifier voice operator or\n if-match any\ntraffic behavior voice\n remark dscp {dscp}\n"
    "traffic policy edge\n classifier voice behavior voice",
    applied="traffic-policy edge inbound",
    binding="user-bind static ip-address 10.0.9.{h} mac-address 0259-5701-000{m} vlan 10",
    bgp="bgp 64512\n router-id 10.0.0.1",
    peer="peer {a} as-number {asn}",
    family4="ipv4-family unicast",
    family6="ipv6-family unicast",
    enable="peer {a} enable",
    network4="network 10.{h}.0.0 255.255.0.0",
    network6="network 2001:db8:{h}:: 48",
    login="aaa\n local-user admin password irreversible-cipher $1a$secret\n local-user admin privilege level 15\n"
    " local-user admin service-type ssh{guest}\nstelnet server enable\nssh user admin\n"
    "ssh user admin authentication-type password\nssh user admin service-type stelnet",
    guest="\n local-user guest password irreversible-cipher $1a$other\n local-user guest service-type ssh",
    vty=("user-interface vty 0 4", " authentication-mode aaa", " protocol inbound {protocol}"),
    guard="acl number {id}",
    admit="rule 5 permit ip source 10.99.0.0 0.0.0.255",
    other="rule {n} permit ip source 10.{h}.0.0 0.0.255.255",
    guarded="acl {id} inbound",
    needs=(
        ("aaa", "local-user admin password"),
        ("aaa", "local-user admin service-type ssh"),
        ("aaa", "local-user admin privilege level 15"),
        ("stelnet server enable",),
        ("ssh user admin authentication-type password",),
        ("ssh user admin service-type stelnet",),
        ("user-interface vty 0 4", "authentication-mode aaa"),
        ("user-interface vty 0 4", "protocol inbound"),
    ),
)
_IOS = Dialect(
    head="!\nversion 17.3\n!\nswitch 1 provision c9300-24t",
    vlan="vlan {id}",
    svi="interface Vlan{id}",
    v4_second="ip address {a} 255.255.255.0 secondary",
    top="ipv6 unicast-routing",
    vpn="vrf definition fiscal",
    bind_vpn="vrf forwarding fiscal",
    ospf="router ospfv3 1\n router-id 10.0.0.1",
    ospf_on="ospfv3 1 ipv6 area 0",
    ports=("interface GigabitEthernet1/0/1", "interface GigabitEthernet1/0/2"),
    access=("switchport access vlan {id}", "switchport mode access"),
    trunk=("switchport trunk allowed vlan {list}", "switchport mode trunk"),
    comma=",",
    uplink="interface GigabitEthernet1/0/24",
    policy="policy-map EDGE\n class VOICE\n  set dscp {dscp}",
    applied="service-policy input EDGE",
    acl="ip access-list extended F{id}",
    entry="{n} permit ip 10.{h}.0.0 0.0.255.255 any",
    filter="ip access-group F{id} in",
    route="ip route 10.{h}.0.0 255.255.0.0 10.99.0.254",
    route6="ipv6 route 2001:db8:{h}::/48 2001:db8:99::fe",
    binding="ip source binding 0259.5701.000{m} vlan 10 10.0.9.{h} interface GigabitEthernet1/0/1",
    bgp="router bgp 64512\n bgp router-id 10.0.0.1",
    peer="neighbor {a} remote-as {asn}",
    family4="address-family ipv4",
    family6="address-family ipv6",
    enable="neighbor {a} activate",
    network4="network 10.{h}.0.0 mask 255.255.0.0",
    network6="network 2001:db8:{h}::/48",
    login="username admin privilege 15{guest}\nip ssh version 2",
    guest="\nusername guest privilege 1",
    vty=("line vty 0 4", " login local", " transport input {protocol}"),
    guard="ip access-list standard L{id}",
    admit="5 permit 10.99.0.0 0.0.0.255",
    other="{n} permit 10.{h}.0.0 0.0.255.255",
    guarded="access-class L{id} in",
    needs=(
        ("username admin privilege 15",),
        ("ip ssh version 2",),
        ("line vty 0 4", "login local"),
        ("line vty 0 4", "transport input"),
    ),
)

_CE = replace(
    _VRP,
    head="!Software Version V300R023C00SPC500\n#",
    top="",
    advertise="ipv6 nd ra halt disable",
    ports=("interface GE1/0/1", "interface GE1/0/2"),
    uplink="interface GE1/0/24",
)
_COMWARE = replace(
    _VRP,
    head="#\n version 7.1.070, Release 6126P20",
    top="",
    vlan="vlan {id}",
    svi="interface Vlan-interface{id}",
    v6=("ipv6 address {a}/64",),
    vpn="ip vpn-instance fiscal\n route-distinguisher 64512:9",
    ports=("interface GigabitEthernet1/0/1", "interface GigabitEthernet1/0/2"),
    access=("port access vlan {id}",),
    trunk=("port link-type trunk", "port trunk permit vlan 1 {list}"),
    hybrid=(
        "port link-type hybrid",
        "port hybrid pvid vlan {id}",
        "port hybrid vlan {list} tagged",
        "port hybrid vlan 1 {id} untagged",
    ),
    uplink="interface GigabitEthernet1/0/24",
    policy=_VRP.policy.replace("traffic policy", "qos policy"),
    applied="qos apply policy edge inbound",
    acl="acl advanced {id}",
    filter="packet-filter {id} inbound",
    route="ip route-static 10.{h}.0.0 16 10.99.0.254",
    binding="",
    family4="address-family ipv4 unicast",
    family6="address-family ipv6 unicast",
    login="local-user admin class manage\n service-type ssh\n authorization-attribute user-role network-admin{guest}\n"
    "ssh server enable\nssh user admin service-type stelnet authentication-type password",
    guest="\nlocal-user guest class manage\n service-type ssh",
    vty=("line vty 0 63", " authentication-mode scheme", " user-role network-operator", " protocol inbound {protocol}"),
    guard="acl basic {id}",
    admit="rule 5 permit source 10.99.0.0 0.0.0.255",
    other="rule {n} permit source 10.{h}.0.0 0.0.255.255",
    guarded="ssh server acl {id}",
    needs=(
        ("local-user admin class manage", "service-type ssh"),
        ("local-user admin class manage", "authorization-attribute user-role network-admin"),
        ("ssh server enable",),
        ("ssh user admin service-type stelnet",),
        ("line vty 0 63", "authentication-mode scheme"),
        ("line vty 0 63", "protocol inbound"),
    ),
)
_RGOS = replace(
    _IOS,
    head="version 11.4(1)B12P32S1",
    top="",
    svi="interface VLAN {id}",
    vpn="",
    bind_vpn="",
    advertise="no ipv6 nd suppress-ra",
    ospf="ipv6 router ospf 1\n router-id 10.0.0.1",
    ospf_on="ipv6 ospf 1 area 0",
    ports=("interface GigabitEthernet 0/1", "interface GigabitEthernet 0/2"),
    access=("switchport mode access", "switchport access vlan {id}"),
    trunk=("switchport mode trunk", "switchport trunk allowed vlan only {list}"),
    uplink="interface GigabitEthernet 0/24",
    policy="",
    binding="address-bind 10.0.9.{h} 0259.5701.000{m}",
    login="username admin password 7 secret\nusername admin privilege 15{guest}\nenable service ssh-server",
    guest="\nusername guest password 7 other\nusername guest privilege 1",
    needs=(
        ("username admin password",),
        ("username admin privilege 15",),
        ("enable service ssh-server",),
        ("line vty 0 4", "login local"),
        ("line vty 0 4", "transport input"),
    ),
)
_FRR = Dialect(
    head="frr version 8.4.4",
    svi="interface eth{id}",
    fixed=True,
    v4="ip address {a}/24",
    v6=("ipv6 address {a}/64",),
    advertise="no ipv6 nd suppress-ra",
    ospf="router ospf6\n ospf6 router-id 10.0.0.1",
    ospf_on="ipv6 ospf6 area 0",
    ports=("interface eth1", "interface eth2"),
    route="ip route 10.{h}.0.0/16 10.99.0.254",
    route6="ipv6 route 2001:db8:{h}::/48 2001:db8:99::fe",
    bgp="router bgp 64512\n bgp router-id 10.0.0.1",
    peer="neighbor {a} remote-as {asn}",
    family6="address-family ipv6 unicast",
    enable="neighbor {a} activate",
    network6="network 2001:db8:{h}::/48",
)

DIALECTS = {
    Platform.HUAWEI_VRP: _VRP,
    Platform.HUAWEI_VRPV8: _CE,
    Platform.HP_COMWARE: _COMWARE,
    Platform.RUIJIE_OS: _RGOS,
    Platform.CISCO_IOS: _IOS,
    Platform.CISCO_XE: _IOS,
    Platform.FRR: _FRR,
}


@st.composite
def configurations(draw: st.DrawFn, platform: Platform) -> str:
    """A switch with VLANs and their interfaces, ports, filters, routes and bindings; on FRR what a router has of these."""
    its = DIALECTS[platform]
    some = draw(st.sets(st.sampled_from(VLANS), min_size=1))
    dual, vpn = draw(st.booleans()), bool(its.vpn) and draw(st.booleans())
    filters: list[int] = sorted(draw(st.sets(st.sampled_from([3001, 3002])))) if its.acl else []
    lines: list[str] = [its.top] if dual else []
    if "{list}" in its.vlan:
        lines.append(its.vlan.format(list=" ".join(map(str, sorted({*some, 99})))))
    elif its.vlan:
        lines += [its.vlan.format(id=vlan) for vlan in sorted({*some, 99})]
    lines += [its.vpn] if vpn else []
    for number in filters:
        entries = sorted(draw(st.sets(st.sampled_from([5, 10, 15]), min_size=1)))
        lines += [its.acl.format(id=number), *(f" {its.entry.format(n=n, h=draw(HOSTS))}" for n in entries)]
    policy = bool(its.policy) and draw(st.booleans())
    lines += [its.policy.format(dscp=draw(st.sampled_from(["ef", "af41"])))] if policy else []
    lines += [its.ospf] if dual and its.ospf else []
    interfaces = set(VLANS) if its.fixed else draw(st.sets(st.sampled_from(sorted(some))))
    for vlan in sorted({*interfaces, 99}):
        lines += [its.svi.format(id=vlan)]
        if vlan != 99 and vpn and draw(st.booleans()):
            lines.append(f" {its.bind_vpn}")
        lines += [f" {line}" for line in _addresses(draw, its, vlan, dual=dual)]
        if filters and draw(st.sampled_from([False, True])):
            lines.append(f" {its.filter.format(id=draw(st.sampled_from(filters)))}")
        if policy and draw(st.booleans()):
            lines.append(f" {its.applied}")
    for port in its.ports:
        lines.append(port)
        if draw(st.booleans()):
            lines.append(f" description {draw(TEXTS)}")
        kind = draw(st.sampled_from([(), its.access, its.trunk, its.hybrid]))
        untagged = draw(st.sampled_from(sorted(some)))
        lines += [f" {line.format(id=untagged, list=_list(draw, its, {untagged}))}" for line in kind]
    if its.uplink:
        uplink = [line.format(list=_list(draw, its, set(), 99)) for line in its.trunk]
        lines += [its.uplink, *(f" {line}" for line in uplink)]
    lines += _bgp(draw, its, dual=dual) if draw(st.booleans()) else []
    lines += [its.route.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    if dual:
        lines += [its.route6.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    if its.binding:
        lines += [its.binding.format(h=host, m=draw(HOSTS)) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    return "\n".join(line for line in [its.head, *_logins(draw, its), *lines] if line) + "\n"


def _list(draw: st.DrawFn, its: Dialect, without: set[int], *always: int) -> str:
    """VLANs that pass, in the platform's list."""
    vlans = draw(st.sets(st.sampled_from([vlan for vlan in (*VLANS, 41, 42) if vlan not in without]), min_size=1))
    return its.comma.join(str(vlan) for vlan in sorted({*vlans, *always}))


def _bgp(draw: st.DrawFn, its: Dialect, *, dual: bool) -> list[str]:
    """A process with peers of both families, which come, go and change their AS."""
    peers: list[str] = []
    families: list[str] = []
    for family, address, network in (
        (its.family4, "10.98.0.{h}", its.network4),
        (its.family6 if dual else "", "2001:db8:98::{h}", its.network6),
    ):
        known = [address.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=2)))] if family else []
        peers += [f" {its.peer.format(a=peer, asn=draw(st.sampled_from([64512, 64513])))}" for peer in known]
        inside = [its.enable.format(a=peer) for peer in known if draw(st.booleans())]
        inside += [network.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=2)))] if family else []
        families += [f" {family}", *(f"  {line}" for line in inside)] if inside else []
    return [*its.bgp.splitlines(), *peers, *families]


def _logins(draw: st.DrawFn, its: Dialect) -> list[str]:
    """Who may log in, and from where: users, filters and protocols vary; one user and the station stay."""
    if not its.login:
        return []
    lines: list[str] = []
    guard = draw(st.sampled_from([0, 2001, 2002]))
    if guard:
        entries = {its.other.format(n=n, h=draw(HOSTS)) for n in draw(st.sets(st.sampled_from([10, 15])))}
        lines += [its.guard.format(id=guard), *(f" {line}" for line in (its.admit, *sorted(entries)))]
    lines += its.login.format(guest=its.guest if draw(st.booleans()) else "").splitlines()
    lines += [line.format(protocol=draw(st.sampled_from(its.protocols))) for line in its.vty]
    if guard:
        lines.append(f"{'' if its.guarded.startswith('ssh server') else ' '}{its.guarded.format(id=guard)}")
    return lines


def _addresses(draw: st.DrawFn, its: Dialect, vlan: int, *, dual: bool) -> list[str]:
    if vlan == 99:
        return [its.v4.format(a=MANAGEMENT)]
    lines = [its.v4.format(a=f"10.0.{vlan}.{draw(HOSTS)}")]
    if its.v4_second and draw(st.booleans()):
        lines.append(its.v4_second.format(a=f"10.1.{vlan}.{draw(HOSTS)}"))
    if dual and draw(st.booleans()):
        first, *more = sorted(draw(st.sets(HOSTS, min_size=1, max_size=3)))
        lines += [line.format(a=f"2001:db8:{vlan}::{first}") for line in its.v6]
        lines += [its.v6_second.format(a=f"2001:db8:{vlan}:{host}::1") for host in more]
        lines += [line for line in (its.advertise, its.ospf_on) if line and draw(st.booleans())]
    return lines
