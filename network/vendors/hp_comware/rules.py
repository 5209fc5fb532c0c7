"""Comware 7's rule table. Sources: H3C command references and annet's H3C cases."""

from __future__ import annotations

import re

from yunwang.network.configuration.rule import Block, Rule, held
from yunwang.network.configuration.table import Rules
from yunwang.network.spelling import names, prefix_length
from yunwang.network.vendors.hp_comware.interface_rules import INTERFACE
from yunwang.network.vendors.huawei_vrp.igp_rules import CONTINUE, IN_PROCESS, PROCESSES
from yunwang.network.vendors.huawei_vrp.rules import ACTIVE, BLOCKS, CLASSIFIER_IN_POLICY, MST_INSTANCE, ROUTES, SAME, STEP, TIMES
from yunwang.network.vendors.huawei_vrp.service_rules import SNMP_VERSIONS
from yunwang.network.vlans import VlanSyntax

TOP = (
    Rule("sysname <name>", order=1),
    Rule("vlan {id:digits}", opens="vlan", order=11, member_of="vlan"),
    Rule(
        "vlan <vlans...>",
        order=10,
        vlans=VlanSyntax(add="vlan {}", remove="undo vlan {}", items=1, hidden=1 << 1, default=1 << 1, members_create=True),
    ),
    Rule("ip vpn-instance {name}", opens="vpn", order=29, lifeline="name"),
    TIMES,
    *(
        Rule(f"acl {kind}", opens="acl", order=20, lifeline="filter")
        for kind in (
            "{family} {type} name {name} [<options...>]",
            "{family} name {name} [<options...>]",
        )
    ),
    *(
        Rule(
            f"acl {ipv6}<type> {{id:digits}} [<options...>]",
            opens="acl",
            order=20,
            undo=f"acl {ipv6}{{type}} {{id}}",
            lifeline="filter",
        )
        for ipv6 in ("ipv6 ", "")  # `number` is the older word for what the number's range says
    ),
    *(
        Rule(
            f"{family} prefix-list {{name}} index {{index}} <entry...>",
            order=22,
            change="undo-first",
            stub=f"{family} prefix-list {{name}} index 65535 deny {nothing}",
        )
        for family, nothing in (("ip", "0.0.0.0 32"), ("ipv6", ":: 128"))
    ),
    *(
        Rule(
            f"{family}policy-based-route {{name}} <mode> node {{node}}",
            opens="pbr",
            order=25,
            undo=f"{family}policy-based-route {{name}} node {{node}}",
            change="empty-first",
        )
        for family in ("ipv6 ", "")
    ),
    Rule("object-group {family} address {name}", opens="object-group", order=19),
    Rule("ip community-list {kind:name} {name} {entry...}", order=22, sequence="community {name}"),
    Rule("ip community-list {name} {entry...}", order=22, sequence="community {name}"),
    Rule("ip as-path {name} {entry...}", order=22, sequence="as-path {name}"),
    Rule(
        "route-policy {name} <mode> node {node}",
        opens="route-policy",
        order=25,
        undo="route-policy {name} node {node}",
        change="empty-first",
    ),
    *PROCESSES,
    *held(
        "",
        *("stp mode", "stp priority", "stp root", "stp instance {id} priority", "stp instance {id} root", "stp max-hops"),
        *("stp bridge-diameter", "stp pathcost-standard", "stp timer {what}", "stp vlan {id} priority", "stp vlan {id} root"),
        *("lldp timer {what}", "lldp hold-multiplier", "clock timezone", "clock protocol", "dns domain"),
        *("loopback-detection interval-time", "link-aggregation global load-sharing mode", "dot1x authentication-method"),
        order=12,
    ),
    Rule("stp region-configuration", opens="mst-region", order=13),
    Rule("dhcp enable", order=2),
    Rule("dhcp snooping enable", order=3),
    Rule("ipv6 dhcp snooping enable", order=3),
    Rule("mpls lsr-id <id>", order=29),
    Rule("mpls {what...}", order=30),
    Rule("dhcp server ip-pool {name}", opens="dhcp-pool", order=37),
    Rule("ipv6 dhcp pool {name}", opens="dhcp-pool", order=37),
    Rule("radius scheme {name}", opens="radius", order=32),
    Rule("hwtacacs scheme {name}", opens="radius", order=32),
    Rule("domain default enable <name>", order=34, lifeline="login"),
    Rule("domain {name}", opens="domain", order=33, lifeline="login"),
    *held("", "password-control {what:name}", order=34),
    Rule("arp static {address} <entry...>", order=66, undo="arp {address}", change="undo-first"),
    Rule("ipv6 neighbor {address} <mac> <vlan:digits> <port>", order=66, undo="ipv6 neighbor {address} Vlan-interface{vlan}"),
    Rule("ipv6 neighbor {address} <mac> interface <port>", order=66, undo="ipv6 neighbor {address} {port}"),
    Rule("nqa entry {admin} {tag}", opens="nqa", order=45, stops=("nqa schedule {admin} {tag}",)),
    Rule("nqa schedule {admin} {tag} <time...>", order=46, change="undo-first"),
    Rule("track {id:digits} <what...>", order=62, change="undo-first"),
    Rule("traffic classifier {name} [<operator...>]", opens="classifier", order=25),
    Rule("traffic behavior {name}", opens="behavior", order=26),
    Rule("mirroring-group {id} mirroring-port {port} <direction>", order=43, undo="mirroring-group {id} mirroring-port {port}"),
    Rule("mirroring-group {id} monitor-port <port>", order=43, undo="{line}", change="undo-first"),
    Rule("mirroring-group {id} {kind:name}", order=42, undo="mirroring-group {id}", undo_wipes=("mirroring-group {id} ",)),
    Rule("qos policy {name}", opens="qos-policy", order=27, ordered=True),
    Rule("nat address-group {id}", opens="nat-group", order=21),
    *held("", "irf member {id} priority", "irf member {id} description", order=8),
    *(
        Rule(f"{start} {{name}}", opens="crypto", order=order)
        for order, start in ((30, "ike proposal"), (31, "ike keychain"), (32, "ike profile"), (31, "ipsec transform-set"))
    ),
    *(
        Rule(f"ipsec {kind} {{name}} {{seq:digits}} [<mode...>]", opens="crypto", order=33)
        for kind in ("policy", "policy-template")
    ),
    Rule("pki domain {name}", opens="pki", order=30),
    Rule("public-key peer {name} <key...>", order=30, change="undo-first"),
    Rule("qos apply policy <policy> global {direction}", order=28, undo="{line}", change="undo-first"),
    Rule("interface {name:logical...} mode <mode>", opens="interface", order=38, undo="interface {name}", change="undo-first"),
    Rule("interface {name:logical...}", opens="interface", order=38),
    Rule("interface {name...}", opens="interface", order=40, permanent=True),
    Rule("bgp <as>", opens="bgp", order=60, change="undo-first", undo="bgp", undo_asks=CONTINUE, undo_disruptive=True),
    *ROUTES,
    Rule("header {what} <text...>", order=75),
    Rule(
        "ip source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        order=36,
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule(
        "ipv6 source binding ip-address {address} [mac-address <mac>] [vlan {vlan:digits}]",
        order=36,
        undo="{line}",
        change="undo-first",
        independent=True,
    ),
    Rule("snmp-agent group v3 {name} {level} [<views...>]", order=76),
    Rule("snmp-agent group {version} {name} [<views...>]", order=76),
    Rule("snmp-agent usm-user v3 {user} <rest...>", order=77, undo="snmp-agent usm-user v3 {user} local", change="undo-first"),
    SNMP_VERSIONS,
    *held("", "snmp-agent sys-info {what}", "snmp-agent trap source", "snmp-agent port", order=75),
    *(
        Rule(f"snmp-agent community {kind} [<options...>]", order=76)
        for kind in ("{way} cipher {name}", "{way} simple {name}", "{way} {name}")
    ),
    *(
        Rule(f"snmp-agent target-host {{kind}} address udp-domain {host}", order=77, undo=undo, change="undo-first")
        for host, undo in (
            (
                "{to} [<port...>] vpn-instance {vpn} params securityname {name} [<version...>]",
                "snmp-agent target-host {kind} address udp-domain {to} params securityname {name} vpn-instance {vpn}",
            ),
            (
                "{to} [<port...>] params securityname {name} [<version...>]",
                "snmp-agent target-host {kind} address udp-domain {to} params securityname {name}",
            ),
        )
    ),
    *(
        Rule(f"ntp-service {server} {{address}} {rest}[<options...>]", order=76)
        for server in ("ipv6 unicast-server", "unicast-server")
        for rest in ("vpn-instance {vpn} ", "")
    ),
    *held("", "ntp-service source", "ntp-service ipv6 source", "ntp-service authentication-keyid {id}", order=75),
    *held("", "info-center loghost source", "info-center timestamp {what}", "info-center source {module} {output}", order=75),
    *(
        Rule(f"info-center loghost {host} [<options...>]", order=76)
        for host in ("vpn-instance {vpn} ipv6 {address}", "vpn-instance {vpn} {address}", "ipv6 {address}", "{address}")
    ),
    Rule("ssh user {user} <service...>", order=74, lifeline="login"),
    *(
        Rule(f"{server} server {what} <value...>", order=74, lifeline="guard" if "acl" in what else "login")
        for server in ("ssh", "telnet")
        for what in (
            "ipv6 acl",
            "acl ipv6",
            "acl mac",
            "acl",
            "port",
            "authentication-timeout",
            "authentication-retries",
            "ipv6 dscp",
            "dscp",
        )
    ),
    Rule("ssh {what...}", order=74, lifeline="login"),
    Rule("telnet {what...}", order=74, lifeline="login"),
    Rule("line {lines...}", opens="line", order=75, permanent=True, cut="range", lifeline="login"),
    Rule("user-role {name}", opens="role", order=75),
    Rule("local-user {name} class {class}", opens="local-user", order=35, lifeline="login"),
    Rule("local-user {name}", opens="local-user", order=35, lifeline="login"),
)

INSIDE = (
    Rule("description <text...>", "*", order=45, independent=True),
    Rule("name <text...>", "vlan", order=45),
    STEP,
    Rule("rule {id:digits} comment <text...>", "acl", order=51),
    Rule("rule {id:digits} <body...>", "acl", order=50, change="undo-first"),
    Rule("address-family {family...}", "vpn", opens="vpn-family", order=10),
    Rule("vpn-target <targets...> {way}", "vpn", order=20, undo="{line}", bag=True, words="vpn-target {} {way}"),
    Rule("vpn-target <targets...> {way}", "vpn-family", order=20, undo="{line}", bag=True, words="vpn-target {} {way}"),
    Rule("service-type <types...>", "local-user", undo="{line}", bag=True, words="service-type {}"),
    Rule("pre-shared-key address {address} {mask} key <key...>", "crypto", undo="pre-shared-key address {address} {mask}"),
    Rule("route-distinguisher <rd>", "*", order=10, change="undo-first", disruptive=True, undo_disruptive=True),
    *(
        Rule(f"{what} <value...>", "crypto")
        for what in (
            *("encryption-algorithm", "authentication-algorithm", "authentication-method", "dh", "sa duration", "prf"),
            *("exchange-mode", "keychain", "proposal", "local-identity", "esp authentication-algorithm", "pfs"),
            *("esp encryption-algorithm", "encapsulation-mode", "protocol", "transform-set", "security acl", "ike-profile"),
            *("remote-address", "local-address"),
        )
    ),
    Rule("{what:name} <value...>", "pki"),
    Rule("{id:digits} <object...>", "object-group", undo="{id}", change="undo-first"),
    *IN_PROCESS,
    Rule("address-family {family...}", "isis", opens="igp-family", order=20),
    Rule("ip vpn-instance {name}", "bgp", opens="bgp", order=55, apart=True),
    Rule("address-family {family...}", "bgp", opens="bgp-family", order=60),
    *(
        rule
        for view in ("bgp", "bgp-family")
        for rule in (
            Rule(
                "peer {peer:address} as-number <as>",
                view,
                order=12,
                undo="peer {peer}",
                undo_wipes=("peer {peer} ",),
                change="undo-first",
                undo_disruptive=True,
                last_out=True,
            ),
            Rule("peer {group} as-number <as>", view, order=12, undo_disruptive=True, last_out=True),
            Rule("group {group} [<kind>]", view, order=10, undo_wipes=("peer {group} ",), last_out=True),
            Rule("peer {peer} group {group}", view, order=14, undo_disruptive=True),
            Rule("network {network} {mask} [<options...>]", view, order=40),
            Rule("aggregate {network} {mask} [<options...>]", view, order=41),
            *held(view, "balance", order=41),
            *(
                Rule(f"peer {{peer}} {what} <name> {{direction}}", view, order=30, undo=f"peer {{peer}} {what} {{direction}}")
                for what in ("route-policy", "prefix-list", "filter-policy", "as-path-acl")
            ),
            Rule("peer {peer} enable", view, order=20, asks=CONTINUE, undo_asks=CONTINUE, disruptive=True, undo_disruptive=True),
            Rule("peer {peer} capability-advertise {what}", view, order=15),
            Rule("peer {peer} description <text...>", view, order=15),
            Rule("peer {peer} connect-interface <interface>", view, order=15),
            Rule("peer {peer} {what:name} <value...>", view, order=25),
        )
    ),
    Rule("if-match ip address prefix-list <name>", "route-policy", order=10),
    Rule("if-match ipv6 address prefix-list <name>", "route-policy", order=10),
    Rule("if-match {what:name} <value...>", "route-policy", order=10),
    Rule("apply {what:name} <value...>", "route-policy", order=20),
    Rule("acl {family...}", "line", lifeline="filter"),
    *held(
        "line", "authentication-mode", "idle-timeout", "screen-length", "history-command max-size", "set authentication password"
    ),
    Rule("user-role {role}", "line", last_out=True),  # whoever logs in meanwhile has the new one or both
    Rule("protocol inbound <protocol>", "line"),
    Rule("password <kind> <value...>", "local-user", undo="password"),
    Rule("authorization-attribute user-role {role}", "local-user", last_out=True),
    *held("local-user", "authorization-attribute {what}", "access-limit", "group", "state"),
    *held("domain", "authentication {who}", "authorization {who}", "accounting {who}", "state", "access-limit"),
    Rule("secondary {what} {address:address} [<options...>]", "radius"),
    *held("radius", "primary {what}", "key {what}", "user-name-format", "nas-ip", "timer {what}", "retry", "server-type"),
    *held("dhcp-pool", "gateway-list", "dns-list", "domain-name", "expired", "address range", "nbns-list", "option {code}"),
    Rule("network {network} mask {mask} secondary", "dhcp-pool"),
    Rule("network <network...>", "dhcp-pool", order=10, change="undo-first"),
    Rule("static-bind ip-address {address} <client...>", "dhcp-pool", change="undo-first"),
    *held("behavior", "filter", "remark {what}", "car", "accounting", "queue {kind}"),
    Rule(CLASSIFIER_IN_POLICY, "qos-policy", undo="classifier {classifier}", sequence="classifier"),
    Rule("region-name <name>", "mst-region", order=10, wipes=ACTIVE),
    Rule("revision-level <level>", "mst-region", order=10, wipes=ACTIVE),
    MST_INSTANCE,
    Rule("active region-configuration", "mst-region", order=90),
    Rule("type {type}", "nqa", opens="nqa-type"),
    Rule("reaction {id:digits} <what...>", "nqa-type", change="undo-first"),
    *held(
        "nqa-type",
        "destination ip",
        "destination port",
        "frequency",
        "probe {what}",
        "source ip",
        "source interface",
        "next-hop ip",
    ),
)

INTERFACES = names(
    "GigabitEthernet GE, Ten-GigabitEthernet XGE, Twenty-FiveGigE WGE, FortyGigE FGE, HundredGigE HGE, "
    "TwoHundredGigE, FourHundredGigE, M-GigabitEthernet M-GE MGE, Ethernet Eth, Vlan-interface Vlan, LoopBack Loop, "
    "InLoopBack InLoop, Bridge-Aggregation BAGG, Route-Aggregation RAGG, Tunnel Tun, Vsi-interface Vsi, Serial Ser, "
    "Dialer Dia, Virtual-Template VT, Reth, NULL"
)

RULES = Rules(
    rules=(*TOP, *INTERFACE, *INSIDE),
    negation="undo",
    separator="#",
    leave="quit",
    ends=frozenset({"return"}),
    skips=frozenset({"quit"}),
    noise=re.compile(r"^(?: ?version \d|<[^>]*>|\s*-+ ?More ?-+|%[A-Z]\w{2} +\d+ )"),
    blocks=(
        *BLOCKS,
        Block(re.compile(r"public-key peer \S+$"), r"^\s*peer-public-key end$"),
        Block(re.compile(r"header (?:legal|login|motd|shell|incoming) (\S)"), r"{0}\s*$"),
    ),
    texts=("description ", "name ", "undo description ", "header ", "sysname "),
    undo_values=False,
    mac="-",
    interfaces=INTERFACES,
    same=(
        *SAME,
        (r"(ip route-static (?:vpn-instance \S+ )?\d\S+ )(\d+\.\S+)(?= )", prefix_length),
        (r"ospf (\d+) area (\d+)$", r"ospf \1 area 0.0.0.\2"),
    ),
)
