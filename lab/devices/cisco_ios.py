"""Cisco IOS and IOS-XE: their table. Never a switch unless its configuration says `switch 1 provision`: then its ports switch."""

from __future__ import annotations

from datetime import UTC, datetime

from yunwang.lab.devices import checks, cisco, cisco_archive, health_display, kinds, routing6, services, switching
from yunwang.lab.devices import cisco_display as show
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.kinds import InterfaceType
from yunwang.lab.devices.platform import Look, Platform
from yunwang.lab.devices.shell import Shell
from yunwang.lab.devices.tree import Call, Edit, Grammar, Node, Refusal, Row, View

TYPES = (
    InterfaceType("Loopback", r"\d+", "Lo", "loopback", made=True),
    InterfaceType("GigabitEthernet", r"\d+(/\d+){0,2}", "Gi", "port"),
    InterfaceType("TenGigabitEthernet", r"\d+(/\d+){0,2}", "Te", "port"),
    InterfaceType("Vlan", r"\d+", "Vl", "vlan", made=True),
)
SPELLING = kinds.Ipv6Spelling(upper=True)
KINDS = {
    **kinds.shared(SPELLING),
    "vlans...": kinds.vlans("-"),
    "vlan-list": cisco.vlan_list,
    "mac": kinds.mac(4, "."),
    "interface": kinds.interfaces(TYPES),
}
OVERLAP6 = checks.no_overlap("%Error: address overlaps with {network} on {interface}")
ORDER = cisco.interface_order(("Loopback", "GigabitEthernet", "TenGigabitEthernet", "Vlan"))


async def write(call: Call) -> str:
    """`write [ memory ]`."""
    if call.shell.knobs.faults.full:
        raise Refusal("Building configuration...\n% NV memory full, unable to save the configuration")
    call.device.save()
    return "Building configuration...\n[OK]"


async def copy(call: Call) -> str:
    """`copy running-config startup-config` asks for the file's name."""
    await call.shell.terminal.line("Destination filename [startup-config]? ")
    return await write(call)


def _access(edit: Edit) -> str:
    """An access VLAN that does not exist is made."""
    vlan = edit.int("vlan") if not edit.negated else 1
    if vlan in checks.vlans(edit.root) or edit.device.booting:
        return ""
    slot = f"vlan {vlan}"
    edit.root.children[slot] = Node(row=VLAN, values={"vlan": vlan}, line=slot)
    return f"% Access VLAN does not exist. Creating vlan {vlan}"


def _binds_once(edit: Edit) -> None:
    for node in edit.root.with_fact("bind"):
        if (
            node.values["address"] == edit.values["address"]
            and node.values["vlan"] == edit.values["vlan"]
            and node.line != edit.line
        ):
            raise Refusal("% Binding already exists for this address")


def _wipe(edit: Edit) -> str:
    """`no switchport` makes a routed port; `switchport` takes its addresses off."""
    if edit.negated:
        edit.node.drop("access-vlan", "link-type", "trunk-vlans")
    else:
        edit.node.drop(*cisco.LAYER3, "ospf3-interface", "ra")
    return ""


VLAN = Row(syntax="vlan <vlan=1-4094>", slot="line", opens="vlan", prompt="config-vlan", fact="vlan", order=cisco.vlan_list_order)
DESCRIPTION = Row(syntax="description <text...>", fact="description")
SHUTDOWN = Row(syntax="shutdown", fact="shutdown")
SWITCHPORT = Row(syntax="switchport", flag_on=True, fact="portswitch", then=_wipe)


def _routing(edit: Edit) -> None:
    if edit.root.first("ip6-global") is None:
        raise Refusal("% OSPFv3: IPv6 routing not enabled")
    if not any(edit.node.first(fact) for fact in ("ip6-enable", "ip6", "ip6-link-local")):
        raise Refusal("% OSPFv3: IPV6 is not enabled on this interface")


LAYER3 = (
    DESCRIPTION,
    cisco.VRF_FORWARDING,
    *cisco.addresses("Bad mask or address for this interface"),
    *(
        Row(syntax=f"ip access-group <acl=name> {way}", slot=f"ip access-group {way}", undo=(f"ip access-group <acl=name> {way}",))
        for way in ("in", "out")
    ),
    Row(syntax="ip ospf network { point-to-point | broadcast }", slot="ip ospf network", undo=("ip ospf network [ <rest...> ]",)),
    Row(syntax="ip ospf cost <cost=1-65535>"),
    SHUTDOWN,
    Row(
        syntax="ipv6 address <address=ipv6> link-local",
        slot="ipv6 address link-local",
        undo=("ipv6 address <address=ipv6> link-local",),
        fact="ip6-link-local",
    ),
    Row(
        syntax="ipv6 address <address=ipv6-slashed>",
        slot="line",
        undo=("ipv6 address [ <address=ipv6-slashed> ]",),
        fact="ip6",
        check=checks.adding(checks.all_of(checks.host_address("% Invalid address"), OVERLAP6)),
    ),
    Row(syntax="ipv6 enable", fact="ip6-enable"),
    Row(syntax="ipv6 mtu <mtu=1280-9976>"),
    Row(syntax="ipv6 nd managed-config-flag"),
    Row(syntax="ipv6 nd other-config-flag"),
    Row(syntax="ipv6 nd ra suppress [ all ]", fact="ra", slot="ipv6 nd ra suppress", undo=("ipv6 nd ra suppress [ all ]",)),
    *(
        Row(
            syntax=f"ipv6 traffic-filter <acl=name> {way}",
            slot=f"ipv6 traffic-filter {way}",
            undo=(f"ipv6 traffic-filter <acl=name> {way}",),
        )
        for way in ("in", "out")
    ),
    Row(syntax="ip helper-address <server=ipv4>", slot="line"),
    Row(syntax="ipv6 dhcp relay destination <server=ipv6>", slot="line"),
    Row(
        syntax="service-policy input <policy=name>",
        slot="service-policy input",
        check=routing6.policy_is_there("% Policy map does not exist"),
    ),
    Row(syntax="ip router isis [ <tag=name> ]", slot="ip router isis"),
    Row(syntax="isis metric <metric=1-16777214>"),
    Row(syntax="ipv6 router isis [ <tag=name> ]", slot="ipv6 router isis"),
    Row(syntax="isis ipv6 metric <metric=1-16777214>"),
    *services.CISCO_INTERFACE,
    Row(syntax="mtu <mtu=64-9216>"),
    Row(syntax="ip mtu <mtu=68-9216>"),
    Row(syntax="ospfv3 cost <cost=1-65535>"),
    Row(
        syntax="ipv6 ospf <process=1-65535> area <area=area-number>",
        slot="ipv6 ospf area",
        fact="ospf3-interface",
        undo=("ipv6 ospf <process=1-65535> area <area=area-number>",),
        check=checks.adding(_routing),
    ),
    Row(
        syntax="ospfv3 <process=1-65535> ipv6 area <area=area-number>",
        slot="ipv6 ospf area",
        fact="ospf3-interface",
        undo=("ospfv3 <process=1-65535> ipv6 area <area=area-number>",),
        check=checks.adding(_routing),
    ),
    Row(
        syntax="ospfv3 <process=1-65535> area <area=area-number> ipv6",
        slot="ipv6 ospf area",
        store="ospfv3 {process} ipv6 area {area}",
        undo=(),
        fact="ospf3-interface",
        check=checks.adding(_routing),
    ),
    Row(syntax="ospfv3 network { point-to-point | broadcast }", slot="ospfv3 network", undo=("ospfv3 network [ <rest...> ]",)),
    Row(
        syntax="ipv6 ospf network { point-to-point | broadcast }",
        slot="ipv6 ospf network",
        undo=("ipv6 ospf network [ <rest...> ]",),
    ),
)
ADDRESS = "{ any | host <host=ipv4> | <net=ipv4> <wild=wildcard> }"
ADDRESS2 = "{ any | host <host2=ipv4> | <net2=ipv4> <wild2=wildcard> }"
PORT_MATCH = "[ eq <port=name> ] [ log ]"
RUN = (
    Row(syntax="ping [ ip ] <target=ipv4> [ repeat <count=1-100> ] [ source <source=ipv4> ]", do=show.ping),
    Row(syntax="ping [ ipv6 ] <target=ipv6> [ repeat <count=1-100> ] [ source <source=ipv6> ]", do=show.ping),
    Row(syntax="show running-config [ interface <interface=existing> ]", do=show.running_config),
    Row(syntax="show startup-config", do=show.startup_config),
    Row(syntax="show version", do=show.version),
    Row(syntax="show clock", do=show.clock),
    Row(syntax="show ip interface brief", do=show.ip_interface_brief),
    Row(syntax="show ipv6 interface brief", do=show.ipv6_interface_brief),
    Row(syntax="show ipv6 interface <interface=existing>", do=show.ipv6_interface),
    Row(syntax="show { arp | ip arp }", do=show.arp),
    Row(syntax="show ipv6 neighbors", do=show.ipv6_neighbors),
    Row(syntax="show ipv6 neighbors binding", do=show.device_tracking),
    Row(syntax="show mac address-table", do=show.mac_table),
    Row(syntax="show vlan [ brief ]", do=show.vlan_brief),
    Row(syntax="show ip source binding", do=show.source_binding),
    Row(syntax="show device-tracking database", do=show.device_tracking),
    Row(syntax="show ip ospf neighbor", do=show.ospf_neighbor),
    Row(syntax="show { ospfv3 neighbor | ipv6 ospf neighbor }", do=show.ospfv3_neighbor),
    Row(syntax="show ip route", do=show.ip_route),
    Row(syntax="show ipv6 route", do=show.ipv6_route),
    *health_display.IOS,
)
VIEWS = {
    "user": View(
        Row(syntax="enable", do=cisco.nothing),
        Row(syntax="configure terminal", do=cisco.configure),
        *cisco_archive.USER,
        Row(syntax="terminal length <lines=0-512>", do=cisco.page),
        Row(syntax="terminal width <columns=0-512>", do=cisco.nothing),
        Row(syntax="terminal no monitor", do=cisco.nothing),
        Row(syntax="write [ memory ]", do=write),
        Row(syntax="copy running-config startup-config", do=copy),
        Row(syntax="reload", do=cisco.reload),
        Row(syntax="{ exit | logout | quit }", do=cisco.leave),
        *RUN,
    ),
    "any": View(
        Row(syntax="do <command=text...>", do=cisco.do),
        Row(syntax="end", do=cisco.end),
        Row(syntax="exit", do=cisco.leave),
    ),
    "system": View(
        Row(syntax="version <version=name>", fact="version"),
        Row(syntax="service timestamps { debug | log } datetime [ msec ]", slot="line", group="service"),
        Row(syntax="service password-encryption", group="service"),
        Row(syntax="hostname <name>", fact="hostname"),
        Row(syntax="aaa new-model", group="aaa"),
        Row(syntax="clock timezone <zone=name> <hours=name> <minutes=0-59>", group="clock"),
        Row(syntax="switch <member=1-9> provision <model=name>", slot="line", fact="provision"),
        Row(syntax="ip routing", group="ip"),
        Row(syntax="ip domain name <domain=name>", group="ip"),
        Row(syntax="ip domain lookup", flag_on=True, group="ip"),
        Row(syntax="ip dhcp snooping", group="snooping"),
        Row(syntax="ip dhcp snooping vlan <vlans...>", group="snooping"),
        cisco.VRF,
        Row(syntax="ipv6 unicast-routing", fact="ip6-global"),
        Row(syntax="username <user=name> privilege <level=0-15>", slot="username {user}", undo=("username <user=name>",)),
        Row(syntax="lldp run"),
        cisco_archive.ARCHIVE,
        VLAN,
        cisco.vlans_row("vlan", VLAN),
        Row(
            syntax="router ospfv3 <process=1-65535>",
            slot="line",
            opens="ospfv3",
            prompt="config-router",
            fact="ospf3-process",
            check=checks.adding(checks.needs_globally("ip6-global", "% IPv6 routing not enabled")),
        ),
        cisco.interface("Vlan", ORDER, "interface", "config-if"),
        Row(syntax="router ospf <process=1-65535>", slot="line", opens="ospf", prompt="config-router", fact="ospf-process"),
        Row(syntax="ip forward-protocol nd", group="ip-late"),
        Row(syntax="ip http server", flag_on=True, group="ip-late"),
        Row(syntax="ip ssh version 2", group="ssh"),
        cisco.route4("%No matching route to delete"),
        Row(
            syntax="ip source binding <mac> vlan <vlan=1-4094> <address=ipv4> interface <interface>",
            slot="line",
            fact="bind",
            check=checks.adding(_binds_once),
            missing="% Binding does not exist",
        ),
        Row(
            syntax="device-tracking binding vlan <vlan=1-4094> <address=ipv6> interface <interface> <mac>",
            slot="line",
            fact="bind",
            check=checks.adding(_binds_once),
            missing="% Binding does not exist",
        ),
        Row(
            syntax="ipv6 neighbor binding vlan <vlan=1-4094> <address=ipv6> interface <interface> <mac>",
            slot="line",
            fact="bind",
            check=checks.adding(_binds_once),
            missing="% Binding does not exist",
        ),
        Row(syntax="access-list <acl=1-2699> { permit | deny | remark } <text...>", slot="line", undo=()),
        Row(syntax="ip access-list standard <acl=name>", slot="line", opens="acl-standard", prompt="config-std-nacl"),
        Row(syntax="ip access-list extended <acl=name>", slot="line", opens="acl-extended", prompt="config-ext-nacl"),
        cisco.route6("%No matching route to delete"),
        Row(
            syntax="ipv6 router ospf <process=1-65535>",
            slot="line",
            opens="ospfv3",
            prompt="config-rtr",
            fact="ospf3-process",
            check=checks.adding(checks.needs_globally("ip6-global", "% IPv6 routing not enabled")),
        ),
        *routing6.CISCO_TOP,
        *services.CISCO_TOP,
        *services.IOS_TOP,
        Row(syntax="snmp-server location <text...>", group="snmp"),
        Row(syntax="snmp-server contact <text...>", group="snmp"),
        Row(syntax="ipv6 access-list <acl=name>", slot="line", opens="acl6", prompt="config-ipv6-acl"),
        Row(
            syntax="line { con <con=0-0> | vty <first=0-97> <last=0-97> }", slot="line", opens="line", prompt="config-line", undo=()
        ),
        Row(syntax="ntp server <server=ipv4>", slot="line", group="ntp"),
    ),
    "archive": View(*cisco_archive.ROWS),
    "vlan": View(Row(syntax="name <name>", fact="vlan-name")),
    **cisco.VRF_VIEWS,
    "if-port": View(
        DESCRIPTION,
        SWITCHPORT,
        Row(syntax="switchport access vlan <vlan=1-4094>", fact="access-vlan", then=_access),
        Row(
            syntax="switchport mode { access | trunk }",
            slot="switchport mode",
            undo=("switchport mode [ <rest...> ]",),
            fact="link-type",
        ),
        Row(syntax="switchport trunk allowed vlan <vlans...>", fact="trunk-vlans"),
        switching.cisco_trunk("switchport trunk allowed vlan"),
        SHUTDOWN,
        Row(syntax="spanning-tree portfast"),
        Row(syntax="ip dhcp snooping trust"),
        Row(
            syntax="ip verify source [ mac-check | port-security ]",
            slot="ip verify source",
            undo=("ip verify source [ mac-check | port-security ]",),
            fact="source-check",
        ),
        Row(
            syntax="ipv6 source-guard [ attach-policy <policy=name> ]",
            slot="ipv6 source-guard",
            undo=("ipv6 source-guard [ <rest...> ]",),
        ),
        Row(
            syntax="ipv6 nd raguard attach-policy <policy=name>",
            slot="ipv6 nd raguard",
            undo=("ipv6 nd raguard [ <rest...> ]",),
            check=services.RAGUARD_POLICY,
        ),
    ),
    "if-routed": View(SWITCHPORT, *LAYER3),
    "if-wan": View(*LAYER3),
    "if-vlan": View(*LAYER3),
    "if-loopback": View(*LAYER3),
    "ospf": View(
        Row(syntax="router-id <router=ipv4>", fact="ospf-router-id"),
        Row(syntax="redistribute { static | connected } [ subnets ]", slot="line"),
        Row(
            syntax="default-information originate [ always ]",
            slot="default-information originate",
            undo=("default-information originate [ <rest...> ]",),
        ),
        Row(syntax="passive-interface <interface>", slot="line"),
        Row(syntax="network <address=ipv4> <wildcard> area <area=area-number>", slot="line", fact="ospf-network"),
    ),
    "ospfv3": View(
        Row(syntax="router-id <router=ipv4>", fact="ospf3-router-id"),
        Row(syntax="passive-interface <interface>", slot="line"),
        Row(syntax="address-family ipv6 unicast", opens="ospfv3-family", prompt="config-router-af"),
    ),
    "ospfv3-family": View(
        Row(syntax="redistribute { static | connected }", slot="line"),
        Row(
            syntax="default-information originate [ always ]",
            slot="default-information originate",
            undo=("default-information originate [ <rest...> ]",),
        ),
        Row(syntax="exit-address-family", do=cisco.leave),
    ),
    **routing6.cisco_views(leave=(Row(syntax="exit-address-family", do=cisco.leave),)),
    **services.CISCO_VIEWS,
    "acl-standard": View(
        Row(
            syntax=f"[ <sequence=1-2147483647> ] {{ permit | deny }} {ADDRESS} [ log ]",
            slot="line",
            undo=("<sequence=1-2147483647>", f"{{ permit | deny }} {ADDRESS}"),
        ),
        Row(syntax="remark <text...>", slot="line"),
    ),
    "acl-extended": View(
        Row(
            syntax=(
                f"[ <sequence=1-2147483647> ] {{ permit | deny }} {{ ip | tcp | udp | icmp | ospf }} "
                f"{ADDRESS} {ADDRESS2} {PORT_MATCH}"
            ),
            slot="line",
            undo=("<sequence=1-2147483647>",),
        ),
        Row(syntax="remark <text...>", slot="line"),
    ),
    "acl6": View(
        Row(
            syntax="[ sequence <sequence=1-4294967294> ] { permit | deny } { ipv6 | tcp | udp | icmp } <text...>",
            slot="line",
            undo=(),
        )
    ),
    "line": View(
        Row(syntax="access-class <acl=name> in"),
        Row(syntax="ipv6 access-class <acl=name> in", slot="line"),
        Row(syntax="exec-timeout <minutes=0-35791> <seconds=0-2147483>"),
        Row(syntax="privilege level <level=0-15>"),
        Row(syntax="login local"),
        Row(syntax="logging synchronous"),
        Row(syntax="transport preferred none"),
        Row(
            syntax="transport input { ssh | telnet | all | none }", slot="transport input", undo=("transport input [ <rest...> ]",)
        ),
    ),
}


def _view_of(device: Device, node: Node) -> str:
    if node.row.opens != "interface":
        return node.row.opens
    kind = device.platform.kind_of(str(node.values["interface"]))
    if kind != "port":
        return f"if-{kind}"
    if device.chassis == "router":
        return "if-wan"
    return "if-routed" if node.first("portswitch") else "if-port"


def _banner(_: Shell) -> str:
    return "\n"


def _log(_: Device) -> str:
    return f"*{datetime.now(UTC):%b %d %H:%M:%S}.000: %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan1, changed state to down"


PLATFORM = Platform(
    name="cisco_ios",
    grammar=Grammar(VIEWS, "no", KINDS, rest=True),
    types=TYPES,
    spelling=SPELLING,
    mac=(4, "."),
    look=Look(separator="!", end="end", header=cisco.header),
    pager=cisco.PAGER,
    errors=cisco.ERRORS,
    caret_inside=True,
    advertises=True,
    view_of=_view_of,
    prompt=cisco.prompt,
    banner=_banner,
    log=_log,
    denied="% User doesn't have sufficient privilege to execute this command.",
    full="% NV memory full",
    question="This operation may interrupt service. Continue? [yes/no]: ",
    user_views=("user",),
    everywhere=("any",),
    falls_back_to_root=True,
    runs_single_command=True,
    chassis=lambda text: "switch" if "\nswitch 1 provision" in text else "router",
    oui="0050f0",
)
