"""How Comware 7 says in IPv4 what its IPv6 half shall do: much as VRP. Source: H3C command reference."""

from __future__ import annotations

from dataclasses import replace
from re import compile as words

from yunwang.network.design.words import Left, ListWords
from yunwang.network.vendors.huawei_vrp import ipv4 as vrp

WORDS = replace(
    vrp.WORDS,
    area=words(r"ospf(?: \d+)? area (?P<area>\S+)"),
    mtu=words(r"(?:ip )?mtu (?P<mtu>\d+)"),
    relay=words(r"dhcp relay server-address (?P<server>[\d.]+)"),
    serves=words(r"dhcp select server|dhcp server apply ip-pool .*"),
    filter=words(r"packet-filter (?:name )?(?P<name>(?!ipv6|mac|name)\S+) (?P<way>in|out)bound(?: .*)?"),
    policy=words(r"qos apply policy (?P<name>\S+) inbound"),
    member=words(r"port access vlan (?P<vlan>\d+)"),
    tag=words(r"vlan-type dot1q vid (?P<vlan>\d+)"),
    vlan=words(r"(?i:vlan-interface) ?(?P<vlan>\d+)"),
    alone=(
        *(left for left in vrp.WORDS.alone if left.why != vrp.REVERSE_PATH),
        Left(words(r"ip urpf "), vrp.REVERSE_PATH),
    ),
    isis_process=words(r"isis(?: (?P<tag>\d+))?(?: vpn-instance \S+)?"),
    family=words(r"address-family |ip vpn-instance "),
    family4=words(r"address-family ipv4(?: unicast)?"),
    bgp_plain=words(
        r"router-id |log|undo peer|group \S+ external$|peer \S+ (?:description|enable|next-hop-local|group)",
    ),
    whole=(
        *(left for left in vrp.WORDS.whole if left.why != vrp.SERVERS),
        Left(
            words(r"(?:radius|hwtacacs) scheme |info-center loghost \d|snmp-agent target-host .* address "),
            vrp.SERVERS,
            grave=False,
        ),
    ),
    pool=words(r"dhcp server ip-pool (?P<name>\S+)"),
    pool_plain=words(r"gateway-list |expired |forbidden-ip "),
    lists=(
        ListWords(opens=words(r"acl (?:number |basic )(?P<name>2\d{3})(?: .*)?"), entry=vrp.BASIC, basic=True),
        ListWords(opens=words(r"acl (?:number |advanced )(?P<name>3\d{3})(?: .*)?"), entry=vrp.ADVANCED),
        ListWords(opens=words(r"acl basic name (?P<name>\S+)(?: .*)?"), entry=vrp.BASIC, basic=True),
        ListWords(opens=words(r"acl advanced name (?P<name>\S+)(?: .*)?"), entry=vrp.ADVANCED),
    ),
    remark=words(r"description |step |rule \d+ comment "),
    line=words(r"(?:user-interface|line) vty .*"),
    login=words(r"ssh server acl (?P<name>\d+)"),
    twins=((words(r"ntp-service unicast-server (?P<server>\d+\.\d+\.\d+\.\d+)"), "ntp-service ipv6 unicast-server {server}"),),
)
