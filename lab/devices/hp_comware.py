"""H3C (HP) Comware 7 switches: its table. Global lines stand a space in, `undo` as on VRP, bindings on the ports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from yunwang.lab.devices import checks, huawei, kinds, routing6, services, switching
from yunwang.lab.devices import comware_display as show
from yunwang.lab.devices import comware_edits as edits
from yunwang.lab.devices import huawei_session as session
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.grammar import FaultKind
from yunwang.lab.devices.platform import Look, Pager, Platform
from yunwang.lab.devices.shell import Shell
from yunwang.lab.devices.tree import Edit, Grammar, Node, Row, View

SPELLING = session.SPELLING
ERRORS: Mapping[FaultKind, str] = {
    "unrecognized": " % Unrecognized command found at '^' position.",
    "incomplete": " % Incomplete command found at '^' position.",
    "wrong": " % Wrong parameter found at '^' position.",
    "too-many": " % Too many parameters found at '^' position.",
    "ambiguous": " % Ambiguous command found at '^' position.",
}
BINDING = "[ vlan <vlan=1-4094> ]"


def _family(word: str, kind: str, vlan: str) -> Row:
    return Row(
        syntax=f"{word} source binding {{ ip-address <address={kind}> [ mac-address <mac> ] | mac-address <mac> }} {vlan}",
        slot="line",
        fact="bind",
        group="binding",
        missing="The IP source guard binding entry does not exist.",
        check=checks.adding(edits.binds_once),
    )


def _verify(word: str) -> Row:
    fields = "{ ip-address [ mac-address ] | mac-address }"
    return Row(
        syntax=f"{word} verify source {fields}", slot=f"{word} verify source", undo=(f"{word} verify source",), fact="source-check"
    )


VLAN = Row(
    syntax="vlan <vlan=1-4094>",
    slot="vlan {vlan}",
    apply=edits.put_vlan,
    opens="vlan",
    prompt="vlan{vlan}",
    fact="vlan",
    order=lambda node: (int(str(node.values["vlan"])),),
)


def _vlans(edit: Edit) -> str:
    low, high = edit.int("low"), edit.int("high")
    for vlan in range(low, high + 1):
        slot = f"vlan {vlan}"
        edit.node.children.setdefault(slot, Node(row=VLAN, values={"vlan": vlan}, line=slot))
    return "Please wait... Done."


DESCRIPTION = Row(syntax="description <text...>", fact="description")
SHUTDOWN = Row(syntax="shutdown", fact="shutdown")
LINK_MODE = Row(
    syntax="port link-mode { bridge | route }",
    slot="port link-mode",
    undo=("port link-mode",),
    fact="link-mode",
    apply=edits.put_link_mode,
)
OVERLAP = "The specified IP address overlaps with the IP address of interface {interface}."
LAYER3_ROWS = (
    DESCRIPTION,
    Row(
        syntax="ip binding vpn-instance <name>",
        fact="vpn",
        check=checks.adding(edits.vpn_exists),
        then=edits.wipe,
    ),
    Row(
        syntax="ip address <address=ipv4> <length=mask>",
        fact="ip",
        undo=("ip address [ <address=ipv4> <length=mask> ]",),
        check=checks.adding(checks.all_of(checks.host_address("The specified IP address is invalid."), checks.no_overlap(OVERLAP))),
        apply=edits.put_address,
    ),
    Row(
        syntax="ip address <address=ipv4> <length=mask> sub",
        slot="line",
        fact="ip",
        check=checks.adding(
            checks.all_of(checks.needs("ip", "The primary IP address does not exist."), checks.no_overlap(OVERLAP))
        ),
        missing="The IP address does not exist.",
    ),
    Row(syntax="ospf cost <cost=0-65535>"),
    Row(syntax="ospf network-type { broadcast | nbma | p2mp | p2p }", slot="ospf network-type", undo=("ospf network-type",)),
    Row(syntax="ospf <process=1-65535> area <area>", slot="ospf area", fact="ospf-interface"),
    SHUTDOWN,
    Row(
        syntax="ospfv3 <process=1-65535> area <area>",
        slot="ospfv3 {process}",
        fact="ospf3-interface",
        missing="OSPFv3 is not enabled on the interface.",
        undo=("ospfv3 <process=1-65535> area <area>",),
    ),
    Row(syntax="ospfv3 cost <cost=1-65535>"),
    Row(syntax="ospfv3 network-type { broadcast | nbma | p2mp | p2p }", slot="ospfv3 network-type", undo=("ospfv3 network-type",)),
    Row(syntax="ipv6 mtu <mtu=1280-9600>"),
    Row(
        syntax="ipv6 address <address=ipv6-interface>",
        slot="line",
        fact="ip6",
        undo=("ipv6 address [ <address=ipv6-interface> ]",),
        missing="The IPv6 address does not exist.",
        check=checks.adding(
            checks.all_of(
                checks.host_address("The specified IPv6 address is invalid."),
                checks.no_overlap("The IPv6 address overlaps with that of interface {interface}."),
            )
        ),
    ),
    Row(
        syntax="ipv6 address <address=ipv6> link-local",
        slot="ipv6 address link-local",
        undo=("ipv6 address <address=ipv6> link-local",),
        fact="ip6-link-local",
    ),
    Row(syntax="ipv6 address auto link-local", fact="ip6-auto"),
    Row(syntax="ipv6 nd autoconfig managed-address-flag"),
    Row(syntax="ipv6 nd autoconfig other-flag"),
    Row(syntax="ipv6 nd ra halt", flag_on=True, fact="ra"),
    Row(syntax="packet-filter [ ipv6 ] { name <name=name> | <acl=2000-3999> } { inbound | outbound }", slot="line"),
    Row(
        syntax="qos apply policy <policy=name> inbound",
        slot="qos apply policy",
        undo=("qos apply policy <policy=name> inbound",),
        check=routing6.policy_is_there("The specified QoS policy does not exist."),
    ),
    Row(syntax="dhcp select relay"),
    Row(syntax="dhcp relay server-address <server=ipv4>", slot="line"),
    Row(syntax="ipv6 dhcp select { relay | server }", slot="ipv6 dhcp select", undo=("ipv6 dhcp select",)),
    Row(syntax="ipv6 dhcp relay server-address <server=ipv6>", slot="line"),
    Row(syntax="mtu <mtu=46-9600>"),
    Row(syntax="isis enable <process=1-65535>"),
    Row(syntax="isis cost <cost=1-16777214>"),
    Row(syntax="isis ipv6 enable <process=1-65535>"),
    Row(syntax="isis ipv6 cost <cost=1-16777214>"),
    *services.COMWARE_INTERFACE,
)
ACL4 = huawei.ACL4
VIEWS = {
    "user": View(
        Row(syntax="system-view", do=edits.system_view),
        Row(syntax="screen-length disable", do=edits.pages_off),
        Row(syntax="reboot", do=edits.reboot),
    ),
    "any": View(*show.ROWS, Row(syntax="quit", do=session.leave), Row(syntax="save [ force ]", do=edits.save)),
    "inside": View(Row(syntax="return", do=session.back)),
    "system": View(
        Row(syntax="configuration commit delay <minutes=1-65535>", do=edits.commit_delay),
        Row(syntax="configuration commit", do=edits.commit),
        Row(syntax="version <version...>", fact="version", undo=()),
        Row(syntax="sysname <name>", fact="hostname"),
        Row(syntax="clock timezone <zone=name> { add | minus } <offset=name>"),
        Row(syntax="ip vpn-instance <name>", slot="line", opens="vpn", prompt="vpn-instance-{name}", fact="vpn-instance"),
        Row(syntax="router id <router=ipv4>", fact="router-id"),
        Row(
            syntax="ospf <process=1-65535> [ router-id <router=ipv4> ]",
            slot="ospf {process}",
            undo=("ospf <process=1-65535>",),
            opens="ospf",
            prompt="ospf-{process}",
            fact="ospf-process",
        ),
        Row(
            syntax="ospfv3 <process=1-65535>",
            slot="line",
            opens="ospfv3",
            prompt="ospfv3-{process}",
            fact="ospf3-process",
            missing="The OSPFv3 process does not exist.",
        ),
        Row(syntax="dhcp enable"),
        Row(syntax="lldp global enable"),
        VLAN,
        Row(syntax="vlan <low=1-4094> to <high=1-4094>", undo=(), apply=_vlans),
        Row(
            syntax="interface <interface>",
            slot="interface {interface}",
            apply=edits.put_interface,
            opens="interface",
            prompt="{interface}",
            fact="interface",
            order=edits.interface_order,
        ),
        Row(syntax="scheduler logfile size <size=16-1024>"),
        Row(syntax="line aux <first=0-0>", slot="line", opens="line", prompt="line-aux0", undo=()),
        Row(syntax="line vty <first=0-63> <last=0-63>", slot="line", opens="line", prompt="line-vty{first}-{last}", undo=()),
        Row(
            syntax="ip route-static <address=ipv4> <length=0-32> <nexthop=ipv4> [ description <text...> ]",
            slot="ip route-static {address} {length} {nexthop}",
            undo=("ip route-static <address=ipv4> <length=0-32> [ <nexthop=ipv4> ]",),
            fact="static4",
            missing="The route does not exist.",
        ),
        Row(
            syntax="ipv6 route-static <address=ipv6> <length=0-128> <nexthop=ipv6>",
            slot="line",
            undo=("ipv6 route-static <address=ipv6> <length=0-128> [ <nexthop=ipv6> ]",),
            fact="static6",
            missing="The route does not exist.",
        ),
        *routing6.HUAWEI_TOP,
        *services.COMWARE_TOP,
        Row(
            syntax="qos policy <name>",
            slot="line",
            opens="policy",
            prompt="qospolicy-{name}",
            fact="policy",
            check=checks.unused("name", "policy", "The QoS policy is in use."),
        ),
        Row(syntax="info-center loghost <host=ipv4>", slot="line"),
        Row(syntax="snmp-agent", group="snmp"),
        Row(syntax="snmp-agent sys-info contact <text...>", group="snmp"),
        Row(syntax="snmp-agent sys-info location <text...>", group="snmp"),
        Row(syntax="snmp-agent sys-info version { v3 | v2c v3 | all }", slot="snmp-agent sys-info version", group="snmp"),
        Row(syntax="ssh server enable", group="ssh"),
        Row(syntax="ssh server acl <acl=2000-3999>", group="ssh", undo=("ssh server acl",)),
        Row(syntax="ssh server ipv6 acl ipv6 <acl=2000-3999>", group="ssh", undo=("ssh server ipv6 acl",)),
        Row(
            syntax="ssh user <user=name> service-type { stelnet | all } authentication-type { password | any }",
            slot="ssh user {user}",
            undo=("ssh user <user=name>",),
            group="ssh",
        ),
        Row(syntax="ntp-service enable", group="ntp"),
        Row(syntax="ntp-service unicast-server <server=ipv4>", slot="line", group="ntp"),
        Row(syntax="acl basic <acl=2000-2999>", slot="line", opens="acl", prompt="acl-ipv4-basic-{acl}"),
        Row(syntax="acl advanced <acl=3000-3999>", slot="line", opens="acl", prompt="acl-ipv4-adv-{acl}"),
        Row(syntax="acl { basic | advanced } name <acl=name>", slot="line", opens="acl", prompt="acl-ipv4-{acl}"),
        Row(syntax="acl ipv6 { basic | advanced } name <acl=name>", slot="line", opens="acl6", prompt="acl-ipv6-{acl}"),
        Row(syntax="acl ipv6 basic <acl=2000-2999>", slot="line", opens="acl6", prompt="acl-ipv6-basic-{acl}"),
        Row(syntax="acl ipv6 advanced <acl=3000-3999>", slot="line", opens="acl6", prompt="acl-ipv6-adv-{acl}"),
        Row(syntax="ipv6 nd snooping enable { global | link-local }", slot="line"),
        _family("ip", "ipv4", ""),
        _family("ipv6", "ipv6", ""),
        Row(
            syntax="local-user <user=name> class { manage | network }",
            slot="line",
            opens="local-user",
            prompt="luser-manage-{user}",
        ),
    ),
    "vlan": View(
        Row(syntax="name <text...>"),
        Row(syntax="description <text...>"),
        Row(syntax="arp detection enable"),
        Row(syntax="ipv6 nd detection enable"),
    ),
    "if-port": View(
        LINK_MODE,
        DESCRIPTION,
        Row(
            syntax="port link-type { access | trunk | hybrid }",
            slot="port link-type",
            undo=("port link-type",),
            default="port link-type access",
            fact="link-type",
            check=switching.by_way_of_access,
            then=switching.other_type,
        ),
        Row(
            syntax="port access vlan <vlan=1-4094>",
            fact="access-vlan",
            default="port access vlan 1",
            check=checks.adding(checks.known_vlan(edits.NO_VLAN)),
        ),
        Row(
            syntax="port trunk permit vlan <vlans...>",
            undo=("port trunk permit vlan <vlans...>",),
            fact="trunk-vlans",
            apply=edits.put_trunk,
            check=checks.adding(checks.needs("link-type", "Please configure the port as a trunk port first.")),
        ),
        *switching.COMWARE_HYBRID,
        SHUTDOWN,
        Row(syntax="stp edged-port"),
        Row(syntax="arp detection trust"),
        Row(syntax="ipv6 nd detection trust"),
        *services.COMWARE_PORT,
        _verify("ip"),
        _verify("ipv6"),
        _family("ip", "ipv4", BINDING),
        _family("ipv6", "ipv6", BINDING),
    ),
    "if-routed": View(LINK_MODE, *LAYER3_ROWS),
    "if-vlan": View(*LAYER3_ROWS),
    "if-loopback": View(*LAYER3_ROWS),
    "if-null": View(DESCRIPTION),
    "vpn": View(
        DESCRIPTION,
        Row(syntax="route-distinguisher <rd=name>"),
        Row(syntax="vpn-target <target=name> { export-extcommunity | import-extcommunity | both }", slot="line"),
        Row(syntax="address-family { ipv4 | ipv6 }", slot="line", opens="vpn-family", prompt="vpn-ipv4-{name}"),
    ),
    "vpn-family": View(Row(syntax="vpn-target <target=name> { export-extcommunity | import-extcommunity | both }", slot="line")),
    "ospf": View(*huawei.OSPF_ROWS),
    "ospf-area": View(*huawei.OSPF_AREA),
    "ospfv3": View(*huawei.OSPFV3_ROWS),
    "ospfv3-area": View(),
    "acl": View(*huawei.RULES),
    **routing6.COMWARE_VIEWS,
    **services.COMWARE_VIEWS,
    "line": View(
        Row(syntax="authentication-mode { scheme | password | none }", slot="authentication-mode"),
        Row(syntax="user-role <role=name>", slot="line"),
        Row(syntax="idle-timeout <minutes=0-35791>"),
        Row(syntax="protocol inbound { ssh | telnet | all }", slot="protocol inbound"),
    ),
    "local-user": View(
        Row(syntax="service-type { ssh | terminal | ssh terminal }", slot="service-type"),
        Row(syntax="authorization-attribute user-role <role=name>", slot="line"),
    ),
}


def _view_of(device: Device, node: Node) -> str:
    if node.row.opens != "interface":
        return node.row.opens
    kind = device.platform.kind_of(str(node.values["interface"]))
    mode = node.first("link-mode")
    return f"if-{kind}" if kind != "port" else "if-routed" if mode and mode.values["mode"] == "route" else "if-port"


def _prompt(shell: Shell) -> str:
    name = shell.device.hostname
    return f"<{name}>" if shell.path is None else f"[{name}{session.prompt_of(shell)}]"


def _banner(_: Shell) -> str:
    rule = "*" * 78
    text = (
        "* Copyright (c) 2004-2021 New H3C Technologies Co., Ltd. All rights reserved.*\n"
        "* Without the owner's prior written consent,                                 *\n"
        "* no decompiling or reverse-engineering shall be allowed.                    *"
    )
    return f"\n{rule}\n{text}\n{rule}\n\n"


def _log(device: Device) -> str:
    now = datetime.now(UTC)
    return (
        f"%{now:%b %d %H:%M:%S}:000 {now:%Y} {device.hostname} IFNET/3/PHY_UPDOWN: Physical "
        "state on the interface Vlan-interface1 changed to down."
    )


KINDS = {**session.reader(edits.TYPES), "version...": kinds.text, "hybrid...": switching.hybrid_members}
PLATFORM = Platform(
    name="hp_comware",
    grammar=Grammar(VIEWS, "undo", KINDS, rest=False),
    types=edits.TYPES,
    spelling=SPELLING,
    mac=(4, "-"),
    look=Look(separator="#", end="return", indent=" ", header=lambda device: []),
    pager=Pager(prompt="---- More ----", wipe="\x1b[16D" + " " * 16 + "\x1b[16D"),
    errors=ERRORS,
    view_of=_view_of,
    prompt=_prompt,
    banner=_banner,
    log=_log,
    denied="Permission denied.",
    full="not enough storage space",
    question="This operation may interrupt services. Continue? [Y/N]:",
    user_views=("user", "any"),
    everywhere=("inside", "any"),
    falls_back_to_root=True,
    chassis=lambda text: "switch",
    oui="3ce5a6",
)
