"""How VRP says in IPv4 what its IPv6 half shall do. Sources: CE6800, NE40E and S-series manuals."""

from __future__ import annotations

from re import compile as words

from yunwang.network.design.words import PORTS, Left, ListWords, Words

_END = r"any|[\d.]+ (?:0|[\d.]+)"
BASIC = words(
    rf"rule (?P<sequence>\d+) (?P<action>permit|deny)(?: source (?P<source>{_END}))?(?: (?:logging|counting))*",
)
ADVANCED = words(
    r"rule (?P<sequence>\d+) (?P<action>permit|deny)(?: (?P<protocol>ip|tcp|udp|icmp|ospf))?"
    rf"(?: source (?P<source>{_END}))?(?: destination (?P<destination>{_END}))?"
    rf"(?: source-port (?P<source_port>{PORTS}))?(?: destination-port (?P<destination_port>{PORTS}))?(?: (?:logging|counting))*"
)
REDUNDANCY = "gateway redundancy: give the group an IPv6 address by hand, or let RA do it"
TRANSLATION = "address translation: IPv6 has no need of it"
POLICY_ROUTING = "policy routing"
AUTHENTICATION = "routing authentication: OSPFv3 and IS-IS's IPv6 have their own"
REVERSE_PATH = "reverse path check"
UNNUMBERED = "an interface without an address of its own"
TUNNEL = "a tunnel: decide what carries IPv6 there"
GIVEN = "an address that another device gives"
NO_HALF = "a routing protocol that has no IPv6 half here"
MPLS = "MPLS: IPv6 between PEs needs 6PE or SRv6, decided for the whole network"
SERVERS = "a server of the management network, which is reached over IPv4 as before"
SNMP = "over IPv6 nothing guards SNMP: its list is IPv4 only"

WORDS = Words(
    hostname="sysname",
    address=words(r"ip address (?P<address>[\d.]+) (?P<mask>[\d.]+)"),
    vpn=words(r"ip binding vpn-instance (?P<name>\S+)"),
    mtu=words(r"mtu (?P<mtu>\d+)"),
    area=words(r"ospf enable(?: \d+)? area (?P<area>\S+)"),
    point_to_point=words(r"ospf network-type p2p"),
    cost=words(r"ospf cost (?P<cost>\d+)"),
    isis=words(r"isis enable(?: (?P<tag>\S+))?"),
    isis_cost=words(r"isis cost (?P<cost>\d+)"),
    relay=words(r"dhcp relay server-ip (?P<server>[\d.]+)"),
    serves=words(r"dhcp select (?:global|interface)"),
    filter=words(r"traffic-filter (?P<way>in|out)bound acl (?:name )?(?P<name>(?!ipv6|name)\S+)"),
    policy=words(r"traffic-policy (?P<name>\S+) inbound"),
    member=words(r"port default vlan (?P<vlan>\d+)"),
    tag=words(r"(?:vlan-type dot1q|dot1q termination vid) (?P<vlan>\d+)"),
    vlan=words(r"(?i:vlanif) ?(?P<vlan>\d+)"),
    loopback=words(r"(?i:loopback) ?\d+"),
    alone=(
        Left(words(r"vrrp "), REDUNDANCY),
        Left(words(r"nat (?!server)"), TRANSLATION, grave=False),
        Left(words(r"(?:ip policy-based-route|traffic-redirect) "), POLICY_ROUTING),
        Left(words(r"(?:pim|igmp) "), "multicast", grave=False),
        Left(words(r"ip address unnumbered"), UNNUMBERED),
        Left(words(r"tunnel-protocol "), TUNNEL),
        Left(words(r"(?:ospf|isis) authentication"), AUTHENTICATION),
        Left(words(r"urpf "), REVERSE_PATH),
        Left(words(r"ip address (?:dhcp-alloc|negotiat)"), GIVEN),
    ),
    ospf=words(r"ospf(?: (?!vpn-instance)\S+)*(?: vpn-instance (?P<vpn>\S+))?(?: .*)?"),
    network=words(r"network (?P<address>[\d.]+) (?P<mask>[\d.]+)(?P<area>)(?: description .*)?"),
    silent=words(r"(?P<not>undo )?silent-interface (?P<name>.+)"),
    imports=words(r"import-route (?P<source>static|direct)"),
    import_begins="import-route ",
    default_route=words(r"default-route-advertise(?P<always> always)?.*"),
    router_id=words(r"(?:router id|router-id|ospf .*router-id) (?P<id>[\d.]+)(?: .*)?"),
    area_kinds=words(r"stub|nssa|abr-summary|authentication-mode|vlink-peer|filter |filter-policy "),
    isis_process=words(r"isis(?: (?P<tag>\d+))?(?: vpn-instance \S+)?"),
    wide=words(r"cost-style (?:wide|compatible|wide-compatible)"),
    bgp=words(r"bgp (?P<asn>\S+)(?P<vpn> .+)?"),
    family=words(r"ipv4-family|ipv6-family|l2vpn-family"),
    family4=words(r"ipv4-family(?: unicast)?"),
    peer=words(r"peer (?P<peer>\d+\.\d+\.\d+\.\d+) as-number (?P<asn>\S+)"),
    in_group=words(r"peer (?P<peer>\d+\.\d+\.\d+\.\d+) group (?P<group>\S+)"),
    group=words(r"peer (?P<group>[A-Za-z]\S*) as-number (?P<asn>\S+)"),
    internal_group=words(r"group (?P<group>\S+) internal"),
    source=words(r"peer (?P<peer>\S+) connect-interface (?P<interface>.+)"),
    advertised=words(r"network (?P<address>[\d.]+)(?: (?P<mask>[\d.]+))?"),
    bgp_plain=words(
        r"router-id |log|undo synchronization|undo peer|undo default ipv4-unicast|group \S+ external$"
        r"|peer \S+ (?:description|enable|next-hop-local|group)"
    ),
    instance=words(r"ip vpn-instance (?P<name>\S+)"),
    distinguisher=words(r"route-distinguisher (?P<rd>\S+)"),
    target=words(r"vpn-target (?P<target>\S+) (?P<way>\S+)"),
    static=words(
        r"ip route-static (?:vpn-instance (?P<vpn>\S+) )?(?P<address>[\d.]+) (?P<mask>[\d.]+) (?P<rest>.+)",
    ),
    whole=(
        Left(words(r"rip\b"), NO_HALF),
        Left(words(r"nat "), TRANSLATION, grave=False),
        Left(words(r"mpls ldp|mpls$|mpls lsr-id"), MPLS),
        Left(words(r"policy-based-route "), POLICY_ROUTING),
        Left(
            words(r"(?:radius|hwtacacs)-server template |info-center loghost \d|snmp-agent target-host .* address "),
            SERVERS,
            grave=False,
        ),
        Left(words(r"snmp-agent community .* acl "), SNMP),
    ),
    pool=words(r"ip pool (?P<name>\S+)"),
    pool_network=words(r"network (?P<address>[\d.]+)(?: mask (?P<mask>[\d.]+))?"),
    pool_dns=words(r"dns-list (?P<servers>[\d. ]+)"),
    pool_domain=words(r"domain-name (?P<domain>\S+)"),
    pool_plain=words(r"gateway-list |lease |excluded-ip-address "),
    lists=(
        ListWords(opens=words(r"acl (?:number |name \S+ )?(?P<name>2\d{3})(?: .*)?"), entry=BASIC, basic=True),
        ListWords(opens=words(r"acl (?:number |name \S+ )?(?P<name>3\d{3})(?: .*)?"), entry=ADVANCED),
        ListWords(opens=words(r"acl name (?P<name>[A-Za-z]\S*) basic(?: .*)?"), entry=BASIC, basic=True),
        ListWords(opens=words(r"acl name (?P<name>[A-Za-z]\S*)(?: adv.*)?"), entry=ADVANCED),
    ),
    basic6=True,
    remark=words(r"description |step |rule \d+ description "),
    line=words(r"user-interface (?:vty .*|maximum-vty .*)"),
    guard=words(r"acl (?P<name>\d+) inbound"),
    login=words(r"ssh server acl (?P<name>\d+)"),
    twins=(
        (words(r"ntp-service unicast-server (?P<server>\d+\.\d+\.\d+\.\d+)"), "ntp-service unicast-server ipv6 {server}"),
        (words(r"ntp unicast-server (?P<server>\d+\.\d+\.\d+\.\d+)"), "ntp unicast-server ipv6 {server}"),
        (words(r"stelnet ipv4 server enable"), "stelnet ipv6 server enable"),
    ),
)
