"""Generated configurations of every platform: the same features in each platform's words. Shares nothing with network/."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from yunwang.inventories.network import Platform

MANAGEMENT = "10.99.0.1"
VLANS = (10, 20, 30, 40)
HOSTS = st.integers(1, 6)
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
    acl: str = ""
    entry: str = ""
    filter: str = ""
    route: str
    route6: str
    binding: str = ""
    vty: str


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
    binding="user-bind static ip-address 10.0.9.{h} mac-address 0259-5701-000{m} vlan 10",
    vty="user-interface vty 0 4\n authentication-mode aaa",
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
    trunk=("switchport trunk allowed vlan 10,20", "switchport mode trunk"),
    acl="ip access-list extended F{id}",
    entry="{n} permit ip 10.{h}.0.0 0.0.255.255 any",
    filter="ip access-group F{id} in",
    route="ip route 10.{h}.0.0 255.255.0.0 10.99.0.254",
    route6="ipv6 route 2001:db8:{h}::/48 2001:db8:99::fe",
    binding="ip source binding 0259.5701.000{m} vlan 10 10.0.9.{h} interface GigabitEthernet1/0/1",
    vty="line vty 0 4\n login local\n transport input ssh",
)

DIALECTS = {
    Platform.HUAWEI_VRP: _VRP,
    Platform.HUAWEI_VRPV8: Dialect(
        **{
            **_VRP.__dict__,
            "head": "!Software Version V300R023C00SPC500\n#",
            "top": "",
            "advertise": "ipv6 nd ra halt disable",
            "ports": ("interface GE1/0/1", "interface GE1/0/2"),
        }
    ),
    Platform.HP_COMWARE: Dialect(
        **{
            **_VRP.__dict__,
            "head": "#\n version 7.1.070, Release 6126P20",
            "top": "",
            "vlan": "vlan {id}",
            "svi": "interface Vlan-interface{id}",
            "v6": ("ipv6 address {a}/64",),
            "vpn": "ip vpn-instance fiscal\n route-distinguisher 64512:9",
            "ports": ("interface GigabitEthernet1/0/1", "interface GigabitEthernet1/0/2"),
            "access": ("port access vlan {id}",),
            "trunk": ("port link-type trunk", "port trunk permit vlan 1 {list}"),
            "acl": "acl advanced {id}",
            "filter": "packet-filter {id} inbound",
            "route": "ip route-static 10.{h}.0.0 16 10.99.0.254",
            "binding": "",
            "vty": "line vty 0 63\n authentication-mode scheme\n user-role network-operator",
        }
    ),
    Platform.RUIJIE_OS: Dialect(
        **{
            **_IOS.__dict__,
            "head": "version 11.4(1)B12P32S1",
            "top": "",
            "svi": "interface VLAN {id}",
            "vpn": "",
            "bind_vpn": "",
            "advertise": "no ipv6 nd suppress-ra",
            "ospf": "ipv6 router ospf 1\n router-id 10.0.0.1",
            "ospf_on": "ipv6 ospf 1 area 0",
            "ports": ("interface GigabitEthernet 0/1", "interface GigabitEthernet 0/2"),
            "access": ("switchport mode access", "switchport access vlan {id}"),
            "trunk": ("switchport mode trunk", "switchport trunk allowed vlan only 10,20"),
            "binding": "address-bind 10.0.9.{h} 0259.5701.000{m}",
        }
    ),
    Platform.CISCO_IOS: _IOS,
    Platform.CISCO_XE: _IOS,
    Platform.FRR: Dialect(
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
        vty="",
    ),
}


@st.composite
def configurations(draw: st.DrawFn, platform: Platform) -> str:
    """A switch with VLANs and their interfaces, ports, filters, routes and bindings; on FRR what a router has of these."""
    its = DIALECTS[platform]
    some = draw(st.sets(st.sampled_from(VLANS), min_size=1))
    dual, vpn = draw(st.booleans()), bool(its.vpn) and draw(st.booleans())
    filters = sorted(draw(st.sets(st.sampled_from([3001, 3002])))) if its.acl else []
    lines: list[str] = [its.top] if dual else []
    if "{list}" in its.vlan:
        lines.append(its.vlan.format(list=" ".join(map(str, sorted({*some, 99})))))
    elif its.vlan:
        lines += [its.vlan.format(id=vlan) for vlan in sorted({*some, 99})]
    lines += [its.vpn] if vpn else []
    for number in filters:
        entries = sorted(draw(st.sets(st.sampled_from([5, 10, 15]), min_size=1)))
        lines += [its.acl.format(id=number), *(f" {its.entry.format(n=n, h=draw(HOSTS))}" for n in entries)]
    lines += [its.ospf] if dual and its.ospf else []
    interfaces = set(VLANS) if its.fixed else draw(st.sets(st.sampled_from(sorted(some))))
    for vlan in sorted({*interfaces, 99}):
        lines += [its.svi.format(id=vlan)]
        if vlan != 99 and vpn and draw(st.booleans()):
            lines.append(f" {its.bind_vpn}")
        lines += [f" {line}" for line in _addresses(draw, its, vlan, dual=dual)]
        if filters and draw(st.sampled_from([False, True])):
            lines.append(f" {its.filter.format(id=draw(st.sampled_from(filters)))}")
    kinds_of: tuple[list[tuple[str, ...]], ...] = ([(), its.access], [its.trunk])  # from access to trunk is a golden case
    for port, kinds in zip(its.ports, kinds_of, strict=True):
        lines.append(port)
        if draw(st.booleans()):
            lines.append(f" description {draw(TEXTS)}")
        if kind := draw(st.sampled_from(kinds)):
            vlans = " ".join(map(str, sorted(draw(st.sets(st.sampled_from(VLANS), min_size=1)))))
            lines += [f" {line.format(id=draw(st.sampled_from(sorted(some))), list=vlans)}" for line in kind]
    lines += [its.route.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    if dual:
        lines += [its.route6.format(h=host) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    if its.binding:
        lines += [its.binding.format(h=host, m=draw(HOSTS)) for host in sorted(draw(st.sets(HOSTS, max_size=3)))]
    return "\n".join(line for line in [its.head, *lines, its.vty] if line) + "\n"


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
