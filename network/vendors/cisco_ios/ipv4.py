"""How IOS says in IPv4 what its IPv6 half shall do. Source: IOS command reference."""

from __future__ import annotations

from re import compile as words

from yunwang.network.design.words import PORTS, Left, ListWords, Words
from yunwang.network.vendors.huawei_vrp import ipv4 as vrp

_END = r"any|host [\d.]+|[\d.]+ [\d.]+"
EXTENDED = words(
    rf"(?:(?P<sequence>\d+) )?(?P<action>permit|deny) (?P<protocol>ip|tcp|udp|icmp|ospf) (?P<source>{_END})"
    rf"(?: (?P<source_port>{PORTS}))? (?P<destination>{_END})(?: (?P<destination_port>{PORTS}))?(?: log)?"
)
STANDARD = words(rf"(?:(?P<sequence>\d+) )?(?P<action>permit|deny) (?P<source>{_END}|[\d.]+)(?: log)?")
OLD = "old style, IPv4 only: `vrf upgrade-cli multi-af-mode common-policies` first"

WORDS = Words(
    hostname="hostname",
    address=words(r"ip address (?P<address>[\d.]+) (?P<mask>[\d.]+)"),
    vpn=words(r"(?:ip )?vrf forwarding (?P<name>\S+)"),
    mtu=words(r"(?:ip )?mtu (?P<mtu>\d+)"),
    area=words(r"ip ospf(?: \d+)? area (?P<area>\S+)"),
    point_to_point=words(r"ip ospf network point-to-point"),
    cost=words(r"ip ospf cost (?P<cost>\d+)"),
    isis=words(r"ip router isis(?: (?P<tag>\S+))?"),
    isis_cost=words(r"isis metric (?P<cost>\d+)"),
    relay=words(r"ip helper-address (?P<server>[\d.]+)"),
    filter=words(r"ip access-group (?P<name>\S+) (?P<way>in|out)"),
    policy=words(r"service-policy input (?P<name>\S+)"),
    member=words(r"switchport access vlan (?P<vlan>\d+)"),
    tag=words(r"encapsulation dot1[qQ] (?P<vlan>\d+)(?: .*)?"),
    vlan=words(r"(?i:vlan) ?(?P<vlan>\d+)"),
    loopback=words(r"(?i:loopback) ?\d+"),
    alone=(
        Left(words(r"(?:vrrp|standby|glbp) "), vrp.REDUNDANCY),
        Left(words(r"ip nat "), vrp.TRANSLATION, grave=False),
        Left(words(r"ip policy "), vrp.POLICY_ROUTING),
        Left(words(r"ip (?:pim|igmp) "), "multicast", grave=False),
        Left(words(r"ip unnumbered"), vrp.UNNUMBERED),
        Left(words(r"tunnel mode "), vrp.TUNNEL),
        Left(words(r"(?:ip ospf|isis) (?:authentication|message-digest)"), vrp.AUTHENTICATION),
        Left(words(r"ip verify unicast"), vrp.REVERSE_PATH),
        Left(words(r"ip address (?:dhcp|negotiated)"), vrp.GIVEN),
    ),
    ospf=words(r"router ospf(?: \d+)?(?: vrf (?P<vpn>\S+))?"),
    network=words(r"network (?P<address>[\d.]+) (?P<mask>[\d.]+) area (?P<area>\S+)"),
    silent=words(r"(?P<not>no )?passive-interface (?P<name>.+)"),
    imports=words(r"redistribute (?P<source>static|connected)(?: subnets)?"),
    import_begins="redistribute ",
    default_route=words(r"default-information originate(?P<always> always)?.*"),
    router_id=words(r"router-id (?P<id>[\d.]+)"),
    area_kinds=words(r"area \S+ (?:stub|nssa|range|authentication|virtual-link)|distribute-list "),
    isis_process=words(r"router isis(?: (?P<tag>\S+))?"),
    wide=words(r"metric-style (?:wide|transition)"),
    bgp=words(r"router bgp (?P<asn>\S+)(?P<vpn> .+)?"),
    family=words(r"address-family "),
    family4=words(r"address-family ipv4(?: unicast)?"),
    peer=words(r"neighbor (?P<peer>\d+\.\d+\.\d+\.\d+) remote-as (?P<asn>\S+)"),
    in_group=words(r"neighbor (?P<peer>\d+\.\d+\.\d+\.\d+) peer-group (?P<group>\S+)"),
    group=words(r"neighbor (?P<group>[A-Za-z]\S*) remote-as (?P<asn>\S+)"),
    source=words(r"neighbor (?P<peer>\S+) update-source (?P<interface>.+)"),
    advertised=words(r"network (?P<address>[\d.]+)(?: mask (?P<mask>[\d.]+))?"),
    bgp_plain=words(
        r"bgp router-id |bgp log|exit|no synchronization|no bgp default|no auto-summary|neighbor \S+ peer-group"
        r"|neighbor \S+ (?:description|activate|next-hop-self)"
    ),
    instance=words(r"vrf definition (?P<name>\S+)"),
    instance_old=words(r"ip vrf (?P<name>\S+)"),
    distinguisher=words(r"rd (?P<rd>\S+)"),
    target=words(r"route-target (?P<way>\S+) (?P<target>\S+)"),
    static=words(r"ip route (?:vrf (?P<vpn>\S+) )?(?P<address>[\d.]+) (?P<mask>[\d.]+) (?P<rest>.+)"),
    whole=(
        Left(words(r"router (?:rip|eigrp)\b"), vrp.NO_HALF),
        Left(words(r"ip nat "), vrp.TRANSLATION, grave=False),
        Left(words(r"mpls ldp|mpls label"), vrp.MPLS),
        Left(words(r"ip local policy"), vrp.POLICY_ROUTING),
        Left(
            words(r"(?:radius|tacacs)(?:-server host| server) |logging (?:host |server )?\d|snmp-server host \d"),
            vrp.SERVERS,
            grave=False,
        ),
        Left(words(r"snmp-server community \S+ (?:RO|RW|ro|rw) \S"), vrp.SNMP),
        Left(words(r"ip vrf "), OLD),
    ),
    pool=words(r"ip dhcp pool (?P<name>.+)"),
    pool_network=words(r"network (?P<address>[\d.]+)(?:/| )(?P<mask>[\d.]+)"),
    pool_dns=words(r"dns-server (?P<servers>[\d. ]+)"),
    pool_domain=words(r"domain-name (?P<domain>\S+)"),
    pool_plain=words(r"default-router |lease "),
    lists=(
        ListWords(opens=words(r"ip access-list standard (?P<name>\S+)"), entry=STANDARD, basic=True),
        ListWords(opens=words(r"ip access-list extended (?P<name>\S+)"), entry=EXTENDED),
    ),
    remark=words(r"(?:\d+ )?remark "),
    line=words(r"line vty .*"),
    guard=words(r"access-class (?P<name>\S+) in(?: vrf-also)?"),
    twins=((words(r"ntp server (?P<server>\d+\.\d+\.\d+\.\d+)"), "ntp server {server}"),),
)
