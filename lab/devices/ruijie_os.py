"""Ruijie RGOS 11 switches: its table. Like IOS to the eye; other defaults, names with a space, bindings of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from yunwang.lab.devices import checks, cisco, kinds, reboots, routing6, services, switching
from yunwang.lab.devices import ruijie_display as own
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.kinds import InterfaceType
from yunwang.lab.devices.platform import Look, Pager, Platform
from yunwang.lab.devices.tree import Call, Edit, Grammar, Node, Refusal, Row, View, forget_user

TYPES = (
    InterfaceType("GigabitEthernet", r"\d+/\d+", "Gi", "port"),
    InterfaceType("TenGigabitEthernet", r"\d+/\d+", "Te", "port"),
    InterfaceType("Loopback", r"\d+", "Lo", "loopback", made=True),
    InterfaceType("VLAN", r"\d+", "VL", "vlan", made=True),
)
SPELLING = kinds.Ipv6Spelling(upper=False)
KINDS = {
    **kinds.shared(SPELLING),
    "vlans...": kinds.vlans("-"),
    "vlan-list": cisco.vlan_list,
    "version...": kinds.text,
    "mac": kinds.mac(4, "."),
    "interface": kinds.interfaces(TYPES, " "),
}
ORDER = cisco.interface_order(("GigabitEthernet", "TenGigabitEthernet", "Loopback", "VLAN"))
OVERLAP6 = checks.no_overlap("% Address overlaps with {network} on {interface}")


def write(call: Call) -> str:
    """`write`."""
    if call.shell.knobs.faults.full:
        raise Refusal("Building configuration...\n% Error: no space left on device")
    call.device.save()
    return "Building configuration...\n[OK]"


def _binds_once(edit: Edit) -> None:
    for node in edit.node.with_fact("bind"):
        same = node.values["address"] == edit.values["address"] and node.values.get("vlan") == edit.values.get("vlan")
        if same and node.line != edit.line:
            raise Refusal("% The address is already bound.")


def _keeps_ipv6(edit: Edit) -> None:
    """`no ipv6 enable` cannot disable while there is an address (configuration guide 11.4)."""
    if edit.negated and edit.node.first("ip6"):
        raise Refusal("% IPv6 cannot be disabled while an IPv6 address is configured.")


def _switchport(edit: Edit) -> str:
    if edit.negated:
        edit.node.drop("access-vlan", "link-type", "trunk-vlans")
    else:
        edit.node.drop("ip", "ip6", "ip6-enable", "ip6-link-local", "ospf3-interface", "ra")
    return ""


def _made_vlan(edit: Edit) -> str:
    """An access VLAN that does not exist is made."""
    vlan = 1 if edit.negated else edit.int("vlan")
    if vlan in checks.vlans(edit.root) or edit.device.booting:
        return ""
    slot = f"vlan {vlan}"
    edit.root.children[slot] = Node(row=VLAN, values={"vlan": vlan}, line=slot)
    return f"% Access VLAN does not exist. Creating vlan {vlan}"


VLAN = Row(syntax="vlan <vlan=1-4094>", slot="line", opens="vlan", prompt="config-vlan", fact="vlan", order=cisco.vlan_list_order)
DESCRIPTION = Row(syntax="description <text...>", fact="description")
SHUTDOWN = Row(syntax="shutdown", fact="shutdown")
SWITCHPORT = Row(syntax="switchport", flag_on=True, fact="portswitch", then=_switchport)
LAYER3 = (
    DESCRIPTION,
    cisco.VRF_FORWARDING,
    *cisco.addresses("% Bad mask or address for this interface"),
    Row(syntax="ip ospf network { point-to-point | broadcast }", slot="ip ospf network", undo=("ip ospf network [ <rest...> ]",)),
    SHUTDOWN,
    Row(
        syntax="ipv6 address <address=ipv6-slashed>",
        slot="line",
        undo=("ipv6 address [ <address=ipv6-slashed> ]",),
        fact="ip6",
        check=checks.adding(checks.all_of(checks.host_address("% Invalid IPv6 address"), OVERLAP6)),
    ),
    Row(
        syntax="ipv6 address <address=ipv6> link-local",
        slot="ipv6 address link-local",
        undo=("ipv6 address <address=ipv6> link-local",),
        fact="ip6-link-local",
    ),
    Row(syntax="ipv6 enable", fact="ip6-enable", check=_keeps_ipv6),
    Row(syntax="ipv6 mtu <mtu=1280-1500>"),
    Row(syntax="ipv6 nd managed-config-flag"),
    Row(syntax="ipv6 nd other-config-flag"),
    Row(syntax="ipv6 nd suppress-ra", flag_on=True, fact="ra"),
    Row(
        syntax="ipv6 ospf <process=1-65535> area <area=area-number>",
        slot="ipv6 ospf area",
        fact="ospf3-interface",
        undo=("ipv6 ospf <process=1-65535> area <area=area-number>",),
    ),
    Row(
        syntax="ipv6 ospf network { point-to-point | broadcast }",
        slot="ipv6 ospf network",
        undo=("ipv6 ospf network [ <rest...> ]",),
    ),
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
    *(
        Row(syntax=f"ip access-group <acl=name> {way}", slot=f"ip access-group {way}", undo=(f"ip access-group <acl=name> {way}",))
        for way in ("in", "out")
    ),
    Row(syntax="ip ospf cost <cost=1-65535>"),
    Row(syntax="ipv6 ospf cost <cost=1-65535>"),
    Row(syntax="ip mtu <mtu=68-1500>"),
    *services.CISCO_INTERFACE,
    Row(
        syntax="service-policy input <policy=name>",
        slot="service-policy input",
        check=routing6.policy_is_there("% Policy map does not exist"),
    ),
    Row(syntax="ip router isis [ <tag=name> ]", slot="ip router isis"),
    Row(syntax="isis metric <metric=1-16777214>"),
    Row(syntax="ipv6 router isis [ <tag=name> ]", slot="ipv6 router isis"),
    Row(syntax="isis ipv6 metric <metric=1-16777214>"),
)
ADDRESS = "{ any | host <host=ipv4> | <net=ipv4> <wild=wildcard> }"
ADDRESS2 = "{ any | host <host2=ipv4> | <net2=ipv4> <wild2=wildcard> }"
VIEWS = {
    "user": View(
        Row(syntax="enable", do=cisco.nothing),
        Row(syntax="configure [ terminal ]", do=cisco.configure),
        Row(syntax="terminal length <lines=0-512>", do=cisco.page),
        Row(syntax="terminal width <columns=0-256>", do=cisco.nothing),
        Row(syntax="write [ memory ]", do=write),
        Row(syntax="copy running-config startup-config", do=write),
        Row(syntax="reload", do=cisco.reload),
        *reboots.RGOS_USER,
        Row(syntax="{ exit | quit }", do=cisco.leave),
        *own.ROWS,
        reboots.RGOS_SHOWN,
    ),
    "any": View(
        Row(syntax="do <command=text...>", do=cisco.do),
        Row(syntax="end", do=cisco.end),
        Row(syntax="exit", do=cisco.leave),
        *own.ROWS,  # RGOS shows from every mode
        reboots.RGOS_SHOWN,
    ),
    "system": View(
        Row(syntax="version <version...>", fact="version", undo=()),
        Row(syntax="hostname <name>", fact="hostname"),
        Row(syntax="clock timezone <zone=name> <hours=name> <minutes=0-59>"),
        Row(
            syntax="username <user=name> password 7 <hash=name>",
            slot="username {user} password",
            undo=("username <user=name>",),
            then=forget_user,
        ),
        Row(syntax="username <user=name> privilege <level=0-15>", slot="username {user}", undo=("username <user=name> privilege",)),
        Row(syntax="enable service ssh-server"),
        Row(syntax="service dhcp"),
        Row(syntax="ip access-list standard <acl=name>", slot="line", opens="acl-standard", prompt="config-std-nacl"),
        Row(syntax="ip access-list extended <acl=name>", slot="line", opens="acl-extended", prompt="config-ext-nacl"),
        Row(syntax="ipv6 access-list <acl=name>", slot="line", opens="acl6", prompt="config-ipv6-nacl"),
        Row(syntax="ip dhcp snooping"),
        Row(
            syntax="address-bind ipv6-mode { compatible | loose | strict }",
            slot="address-bind ipv6-mode",
            undo=("address-bind ipv6-mode",),
            default="address-bind ipv6-mode strict",
            group="address-bind",
        ),
        Row(
            syntax="address-bind { <address=ipv4> | <address=ipv6> } <mac>",
            slot="address-bind {address}",
            undo=("address-bind { <address=ipv4> | <address=ipv6> }",),
            fact="bind",
            group="address-bind",
            missing="% The binding does not exist.",
        ),
        Row(syntax="address-bind uplink <interface>", slot="line", group="address-bind"),
        Row(syntax="address-bind install", group="address-bind"),
        Row(
            syntax="ip source binding <mac> vlan <vlan=1-4094> <address=ipv4> interface <interface>",
            slot="line",
            fact="bind",
            check=checks.adding(_binds_once),
            missing="% The binding does not exist.",
        ),
        Row(
            syntax="ipv6 source binding <mac> vlan <vlan=1-4094> <address=ipv6> interface <interface>",
            slot="line",
            fact="bind",
            check=checks.adding(_binds_once),
            missing="% The binding does not exist.",
        ),
        Row(syntax="arp <address=ipv4> <mac> arpa", slot="arp {address}", undo=("arp <address=ipv4>",)),
        VLAN,
        cisco.vlans_row("vlan range", VLAN),
        cisco.interface("VLAN ", ORDER, "interface", "config-if-{interface}", "% The VLAN does not exist."),
        Row(syntax="router ospf <process=1-65535>", slot="line", opens="ospf", prompt="config-router", fact="ospf-process"),
        Row(syntax="ipv6 router ospf <process=1-65535>", slot="line", opens="ospfv3", prompt="config-router", fact="ospf3-process"),
        cisco.route4("% No matching route to delete."),
        cisco.route6("% No matching route to delete."),
        cisco.VRF,
        *services.RUIJIE_TOP,
        *routing6.CISCO_TOP,
        *services.CISCO_TOP,
        Row(syntax="snmp-server location <text...>", group="snmp"),
        Row(syntax="snmp-server contact <text...>", group="snmp"),
        Row(syntax="ntp server <server=ipv4>", slot="line", group="ntp"),
        Row(
            syntax="line { console <console=0-0> | vty <first=0-35> <last=0-35> }",
            slot="line",
            opens="line",
            prompt="config-line",
            undo=(),
        ),
    ),
    "vlan": View(Row(syntax="name <name>", fact="vlan-name")),
    "if-port": View(
        DESCRIPTION,
        SWITCHPORT,
        Row(syntax="switchport access vlan <vlan=1-4094>", fact="access-vlan", default="switchport access vlan 1", then=_made_vlan),
        Row(
            syntax="switchport mode { access | trunk }",
            slot="switchport mode",
            undo=("switchport mode",),
            default="switchport mode access",
            fact="link-type",
        ),
        Row(syntax="switchport trunk allowed vlan only <vlans...>", fact="trunk-vlans", undo=("switchport trunk allowed vlan",)),
        switching.cisco_trunk("switchport trunk allowed vlan only"),
        Row(
            syntax="switchport port-security binding <mac> vlan <vlan=1-4094> { <address=ipv4> | <address=ipv6> }",
            slot="line",
            fact="port-bind",
            missing="% The binding does not exist.",
        ),
        Row(syntax="ip verify source [ port-security ]", slot="ip verify source", undo=("ip verify source",), fact="source-check"),
        SHUTDOWN,
        Row(syntax="spanning-tree portfast"),
        Row(syntax="ip dhcp snooping trust"),
        Row(syntax="ipv6 traffic-filter <acl=name> in", slot="ipv6 traffic-filter in", undo=("ipv6 traffic-filter <acl=name> in",)),
    ),
    "if-routed": View(SWITCHPORT, *LAYER3),
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
        Row(syntax="redistribute { static | connected }", slot="line"),
        Row(
            syntax="default-information originate [ always ]",
            slot="default-information originate",
            undo=("default-information originate [ <rest...> ]",),
        ),
    ),
    **routing6.cisco_views(leave=(Row(syntax="exit-address-family", do=cisco.leave),)),
    **services.RUIJIE_VIEWS,
    **cisco.VRF_VIEWS,
    "acl-standard": View(
        Row(
            syntax=f"<sequence=1-2147483647> {{ permit | deny }} {ADDRESS}",
            slot="sequence {sequence}",
            undo=("<sequence=1-2147483647>",),
            missing="% No such entry.",
        )
    ),
    "acl-extended": View(
        Row(
            syntax=(
                f"<sequence=1-2147483647> {{ permit | deny }} {{ ip | tcp | udp | icmp | ospf }} "
                f"{ADDRESS} {ADDRESS2} [ eq <port=name> ]"
            ),
            slot="sequence {sequence}",
            undo=("<sequence=1-2147483647>",),
            missing="% No such entry.",
        )
    ),
    "acl6": View(
        Row(
            syntax="<sequence=1-2147483647> { permit | deny } { ipv6 | tcp | udp | icmp } <text...>",
            slot="sequence {sequence}",
            undo=("<sequence=1-2147483647>",),
        )
    ),
    "line": View(
        Row(syntax="access-class <acl=name> in"),
        Row(syntax="ipv6 access-class <acl=name> in", slot="line"),
        Row(syntax="exec-timeout <minutes=0-35791> <seconds=0-2147483>"),
        Row(syntax="transport input { ssh | telnet | all | none }", slot="transport input", undo=("transport input",)),
        Row(syntax="login local"),
    ),
}


def _view_of(device: Device, node: Node) -> str:
    if node.row.opens != "interface":
        return node.row.opens
    kind = device.platform.kind_of(str(node.values["interface"]))
    return f"if-{kind}" if kind != "port" else "if-routed" if node.first("portswitch") else "if-port"


def _log(device: Device) -> str:
    return f"*{datetime.now(UTC):%b %d %H:%M:%S}: %LINEPROTO-5-UPDOWN: Line protocol on Interface VLAN 1, changed state to down."


PLATFORM = Platform(
    name="ruijie_os",
    grammar=Grammar(VIEWS, "no", KINDS, rest=True),
    types=TYPES,
    spelling=SPELLING,
    mac=(4, "."),
    look=Look(separator="!", end="end", header=cisco.header, separate_first=False),
    pager=Pager(prompt=" --More-- ", wipe="\b" * 10 + " " * 10 + "\b" * 10),
    errors=cisco.ERRORS,
    caret_inside=True,
    view_of=_view_of,
    prompt=cisco.prompt,
    banner=lambda shell: "\n",
    log=_log,
    denied="% User doesn't have sufficient privilege to execute this command.",
    full="no space left on device",
    question="This operation may interrupt services. Continue? [Y/N]:",
    password_question="Password is too simple. Do you want to change the password? [Y/N]:",  # noqa: S106  # a question
    everywhere=("any",),
    falls_back_to_root=True,
    chassis=lambda text: "switch",
    oui="1469a2",
)
