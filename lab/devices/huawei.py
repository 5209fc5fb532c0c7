"""What VRP5's and VRP8's tables have in common: interfaces, routing, bindings, users. Never a whole platform."""

from __future__ import annotations

from yunwang.lab.devices import checks, routing6, services, switching
from yunwang.lab.devices import huawei_edits as edits
from yunwang.lab.devices.tree import Row, View, forget_user

OVERLAP = "Error: The specified address conflicts with other address."
OVERLAP6 = "Error: The IPv6 address conflicts with the address of another interface."
NO_IPV6 = "Error: Please enable IPv6 in the interface view first."
VLAN = Row(
    syntax="vlan <vlan=1-4094>",
    slot="vlan {vlan}",
    undo=("vlan <vlan=1-4094>",),
    apply=edits.put_vlan,
    opens="vlan",
    prompt="vlan{vlan}",
    fact="vlan",
)
INTERFACE = Row(
    syntax="interface <interface>",
    slot="interface {interface}",
    apply=edits.put_interface,
    opens="interface",
    prompt="{interface}",
    fact="interface",
    order=edits.interface_order,
)


def user_bind(address: str) -> Row:
    """Static bindings, for the address families that a model has."""
    return Row(
        syntax=f"user-bind static {{ {address} }} [ mac-address <mac> ] [ interface <interface> ] [ vlan <vlan=1-4094> ]",
        slot="line",
        fact="bind",
        group="user-bind",
        missing="Error: The static user-bind entry does not exist.",
        check=checks.adding(edits.binds_once),
    )


ACL4 = (
    "[ source { any | <src=ipv4> { 0 | <srcwild=wildcard> } } ] [ destination { any | <dst=ipv4> { 0 | <dstwild=wildcard> } } ] "
    "[ source-port eq <sport=0-65535> ] [ destination-port eq <dport=0-65535> ]"
)
RULES = (
    Row(syntax="step <step=1-20>", default="step 5"),
    Row(syntax="description <text...>", fact="description"),
    Row(
        syntax=f"rule <rule=0-4294967294> {{ permit | deny }} [ ip | ipv6 | tcp | udp | icmp | icmpv6 | ospf ] {ACL4}",
        slot="rule {rule}",
        undo=("rule <rule=0-4294967294>",),
        missing="Error: The rule does not exist.",
        order=lambda node: (int(str(node.values["rule"])),),
    ),
)

SYSTEM_NAME = Row(syntax="sysname <name>", fact="hostname")
AFTER_NAME = (
    Row(syntax="clock timezone <zone=name> { add | minus } <offset=name>"),
    Row(syntax="info-center loghost <host=ipv4>", slot="line"),
    Row(syntax="lldp enable"),
    Row(syntax="dhcp enable", fact="dhcp"),
    Row(
        syntax="dhcp snooping enable",
        fact="dhcp-snooping",
        check=checks.adding(checks.needs_globally("dhcp", "Error: Please enable DHCP first.")),
    ),
    Row(syntax="nd snooping enable"),
    Row(syntax="router id <router=ipv4>", fact="router-id"),
)
AAA_VIEW = Row(syntax="aaa", opens="aaa", prompt="aaa", undo=())
VPN = Row(syntax="ip vpn-instance <name>", slot="line", opens="vpn", prompt="vpn-instance-{name}", fact="vpn-instance")
ACLS = (
    Row(
        syntax="acl number <acl=2000-2999>",
        slot="acl {acl}",
        undo=("acl { <acl=2000-2999> | number <acl=2000-2999> }",),
        opens="acl",
        prompt="acl-basic-{acl}",
        store="acl number {acl}",
    ),
    Row(
        syntax="acl number <acl=3000-3999>",
        slot="acl {acl}",
        undo=("acl { <acl=3000-3999> | number <acl=3000-3999> }",),
        check=checks.unused("acl", "acl", "Error: The ACL is in use."),
        opens="acl",
        prompt="acl-adv-{acl}",
        store="acl number {acl}",
    ),
    Row(syntax="acl ipv6 number <acl=2000-2999>", slot="acl ipv6 {acl}", opens="acl6", prompt="acl6-basic-{acl}"),
    Row(syntax="acl ipv6 number <acl=3000-3999>", slot="acl ipv6 {acl}", opens="acl6", prompt="acl6-adv-{acl}"),
)
OSPF = Row(
    syntax="ospf <process=1-65535> [ router-id <router=ipv4> ]",
    slot="ospf {process}",
    undo=("ospf <process=1-65535>",),
    opens="ospf",
    prompt="ospf-{process}",
    fact="ospf-process",
)
OSPFV3 = Row(
    syntax="ospfv3 <process=1-65535>",
    slot="line",
    missing="Error: The OSPFv3 process does not exist.",
    opens="ospfv3",
    prompt="ospfv3-{process}",
    fact="ospf3-process",
)
AFTER_ROUTING = (
    *routing6.HUAWEI_TOP,
    *services.VRP_TOP,
    Row(
        syntax="traffic policy <name>",
        slot="line",
        opens="policy",
        prompt="trafficpolicy-{name}",
        fact="policy",
        check=checks.unused("name", "policy", "Error: The traffic policy is in use."),
    ),
    Row(
        syntax="ip route-static <address=ipv4> <length=mask> <nexthop=ipv4> [ description <text...> ]",
        slot="ip route-static {address} {length} {nexthop}",
        undo=("ip route-static <address=ipv4> <length=mask> [ <nexthop=ipv4> ]",),
        fact="static4",
        missing="Error: The route does not exist.",
    ),
    Row(
        syntax="ipv6 route-static <address=ipv6> <length=0-128> <nexthop=ipv6>",
        slot="line",
        undo=("ipv6 route-static <address=ipv6> <length=0-128> [ <nexthop=ipv6> ]",),
        fact="static6",
        missing="Error: The route does not exist.",
    ),
    Row(syntax="snmp-agent", group="snmp"),
    Row(syntax="snmp-agent sys-info contact <text...>", group="snmp"),
    Row(syntax="snmp-agent sys-info location <text...>", group="snmp"),
    Row(syntax="snmp-agent sys-info version { v3 | v2c v3 | all }", slot="snmp-agent sys-info version", group="snmp"),
    Row(syntax="snmp-agent trap enable", group="snmp"),
    Row(syntax="stelnet server enable", group="ssh"),
    Row(syntax="ssh user <user=name>", slot="line", group="ssh"),
    Row(
        syntax="ssh user <user=name> authentication-type { password | rsa | all }",
        slot="ssh user {user} authentication-type",
        group="ssh",
    ),
    Row(syntax="ssh user <user=name> service-type { stelnet | sftp | all }", slot="ssh user {user} service-type", group="ssh"),
    Row(syntax="ntp-service unicast-server <server=ipv4>", slot="line", group="ntp"),
    Row(syntax="user-interface { con <line=0-0> | vty <first=0-20> <last=0-20> }", slot="line", opens="line", prompt="ui-vty"),
)

DESCRIPTION = Row(syntax="description <text...>", fact="description")
SHUTDOWN = Row(syntax="shutdown", fact="shutdown")
PORTSWITCH = Row(syntax="portswitch", flag_on=True, fact="portswitch", check=edits.changes_mode)

PORT = (
    PORTSWITCH,
    DESCRIPTION,
    SHUTDOWN,
    Row(
        syntax="port link-type { access | trunk | hybrid }",
        fact="link-type",
        slot="port link-type",
        undo=("port link-type",),
        check=checks.without(("access-vlan", "trunk-vlans", "hybrid"), "Error: Please renew the default configurations."),
    ),
    Row(
        syntax="port default vlan <vlan=1-4094>",
        fact="access-vlan",
        check=checks.adding(
            checks.all_of(
                checks.needs("link-type", "Error: Please set the link type of the port first."), checks.known_vlan(edits.NO_VLAN)
            )
        ),
    ),
    Row(
        syntax="port trunk allow-pass vlan <vlans...>",
        fact="trunk-vlans",
        undo=("port trunk allow-pass vlan <vlans...>",),
        apply=edits.put_trunk,
    ),
    *switching.VRP_HYBRID,
    Row(syntax="stp edged-port enable"),
    Row(
        syntax="dhcp snooping trusted",
        check=checks.adding(checks.needs_globally("dhcp-snooping", "Error: Please enable DHCP snooping in the system view first.")),
    ),
    Row(syntax="nd snooping trusted"),
    *services.VRP_PORT,
)


def layer3(ipv6_enable: Row, ra: tuple[Row, ...]) -> tuple[Row, ...]:
    """What an interface that routes takes."""
    enabled = checks.needs("ip6-enable", NO_IPV6)
    return (
        DESCRIPTION,
        ipv6_enable,
        SHUTDOWN,
        Row(
            syntax="ip binding vpn-instance <name>",
            fact="vpn",
            undo=("ip binding vpn-instance [ <name> ]",),
            check=checks.adding(edits.vpn_exists),
            then=edits.wipe_layer3,
        ),
        Row(
            syntax="ip address <address=ipv4> <length=mask>",
            fact="ip",
            undo=("ip address [ <address=ipv4> <length=mask> ]",),
            check=checks.adding(
                checks.all_of(checks.host_address("Error: The specified IP address is invalid."), checks.no_overlap(OVERLAP))
            ),
            apply=edits.put_address,
        ),
        Row(
            syntax="ip address <address=ipv4> <length=mask> sub",
            slot="line",
            fact="ip",
            check=checks.adding(
                checks.all_of(checks.needs("ip", "Error: Please configure the primary address first."), checks.no_overlap(OVERLAP))
            ),
            missing="Error: The address does not exist.",
        ),
        Row(
            syntax="ipv6 address <address=ipv6-interface>",
            slot="line",
            fact="ip6",
            undo=("ipv6 address [ <address=ipv6-interface> ]",),
            missing="Error: The IPv6 address does not exist.",
            check=checks.adding(
                checks.all_of(enabled, checks.host_address("Error: The IPv6 address is invalid."), checks.no_overlap(OVERLAP6))
            ),
        ),
        Row(
            syntax="ipv6 address <address=ipv6> link-local",
            slot="ipv6 address link-local",
            undo=("ipv6 address <address=ipv6> link-local",),
            fact="ip6-link-local",
            check=checks.adding(enabled),
        ),
        Row(syntax="ipv6 address auto link-local", fact="ip6-auto", check=checks.adding(enabled)),
        Row(syntax="ipv6 mtu <mtu=1280-9600>", check=checks.adding(enabled)),
        *ra,
        Row(syntax="ipv6 nd autoconfig managed-address-flag", check=checks.adding(enabled)),
        Row(syntax="ipv6 nd autoconfig other-flag", check=checks.adding(enabled)),
        Row(syntax="ospf cost <cost=1-65535>"),
        Row(syntax="ospf network-type { broadcast | nbma | p2mp | p2p }", slot="ospf network-type", undo=("ospf network-type",)),
        Row(
            syntax="ospf enable <process=1-65535> area <area>",
            fact="ospf-interface",
            undo=("ospf enable [ <process=1-65535> [ area <area> ] ]",),
        ),
        Row(
            syntax="ospfv3 <process=1-65535> area <area>",
            slot="ospfv3 {process}",
            fact="ospf3-interface",
            undo=("ospfv3 <process=1-65535> area <area>",),
            missing="Error: OSPFv3 is not enabled on the interface.",
            check=checks.adding(checks.all_of(enabled, edits.process_exists)),
        ),
        Row(syntax="ospfv3 cost <cost=1-65535>", check=checks.adding(enabled)),
        Row(
            syntax="ospfv3 network-type { broadcast | nbma | p2mp | p2p }",
            slot="ospfv3 network-type",
            undo=("ospfv3 network-type",),
        ),
        Row(syntax="traffic-filter { inbound | outbound } acl <acl=2000-3999>", slot="line"),
        Row(syntax="traffic-filter { inbound | outbound } acl ipv6 <acl=2000-3999>", slot="line", check=checks.adding(enabled)),
        Row(
            syntax="traffic-policy <policy=name> inbound",
            undo=("traffic-policy [ <policy=name> ] inbound",),
            check=routing6.policy_is_there("Error: The traffic policy does not exist."),
        ),
        Row(syntax="dhcpv6 relay destination <server=ipv6>", slot="line", check=checks.adding(enabled)),
        Row(syntax="dhcp select { relay | global | interface }", slot="dhcp select", undo=("dhcp select",)),
        Row(syntax="dhcp relay server-ip <server=ipv4>", slot="line"),
        Row(syntax="mtu <mtu=46-9600>"),
        Row(syntax="isis enable <process=1-65535>"),
        Row(syntax="isis cost <cost=1-16777214>"),
        Row(syntax="isis ipv6 enable <process=1-65535>", check=checks.adding(enabled)),
        Row(syntax="isis ipv6 cost <cost=1-16777214>", check=checks.adding(enabled)),
        Row(syntax="arp-proxy enable"),
        *services.vrp_interface(enabled),
    )


VPN_ROWS = (
    Row(syntax="description <text...>", fact="description"),
    Row(syntax="ipv4-family", opens="vpn-family", prompt="vpn-instance-af-ipv4"),
    Row(syntax="ipv6-family", opens="vpn-family", prompt="vpn-instance-af-ipv6"),
)
VPN_FAMILY = (
    Row(syntax="route-distinguisher <rd=name>"),
    Row(syntax="vpn-target <target=name> { export-extcommunity | import-extcommunity | both }", slot="line"),
)
DEFAULT_ROUTE = Row(syntax="default-route-advertise [ always ]", slot="default-route-advertise", undo=("default-route-advertise",))
OSPF_ROWS = (
    DEFAULT_ROUTE,
    Row(syntax="import-route { static | direct }", slot="line"),
    Row(syntax="silent-interface <interface>", slot="line"),
    Row(syntax="area <area>", slot="line", opens="ospf-area", prompt="ospf-{process}-area-{area}", fact="ospf-area"),
)
OSPF_AREA = (
    Row(syntax="network <address=ipv4> <wildcard>", slot="line", fact="ospf-network", missing="Error: The network does not exist."),
)
OSPFV3_ROWS = (
    Row(syntax="router-id <router=ipv4>", fact="ospf3-router-id"),
    DEFAULT_ROUTE,
    Row(syntax="import-route { static | direct }", slot="line"),
    Row(syntax="silent-interface <interface>", slot="line"),
    Row(syntax="area <area>", slot="line", opens="ospfv3-area", prompt="ospfv3-{process}-area-{area}"),
)
AAA = (
    Row(syntax="authentication-scheme default", opens="scheme", prompt="aaa-authen-default"),
    Row(
        syntax="local-user <user=name> password irreversible-cipher <hash=name>",
        slot="local-user {user} password",
        undo=("local-user <user=name>",),
        then=forget_user,
    ),
    Row(syntax="local-user <user=name> privilege level <level=0-15>", slot="local-user {user} privilege"),
    Row(syntax="local-user <user=name> service-type { ssh | terminal | none }", slot="local-user {user} service-type"),
)
LINE = (
    Row(syntax="authentication-mode { aaa | password | none }", slot="authentication-mode"),
    Row(syntax="acl <acl=2000-3999> inbound", slot="acl inbound", undo=("acl inbound",)),
    Row(syntax="acl ipv6 <acl=2000-3999> inbound", slot="acl ipv6 inbound", undo=("acl ipv6 inbound",)),
    Row(syntax="idle-timeout <minutes=0-35791>"),
    Row(syntax="protocol inbound { ssh | telnet | all }", slot="protocol inbound"),
)


VIEWS = {
    "if-null": View(DESCRIPTION),
    "vpn": View(*VPN_ROWS),
    "vpn-family": View(*VPN_FAMILY),
    "acl": View(*RULES),
    "ospf": View(*OSPF_ROWS),
    "ospf-area": View(*OSPF_AREA),
    "ospfv3": View(*OSPFV3_ROWS),
    "ospfv3-area": View(),
    "aaa": View(*AAA),
    "scheme": View(Row(syntax="authentication-mode { local | radius | none }", slot="authentication-mode")),
    "line": View(*LINE),
    **routing6.VRP_VIEWS,
    **services.VRP_VIEWS,
}
"""Views that both have alike."""
