"""FRR's vtysh 8.4: its table, for where real FRR cannot run. Never forwards: routes are computed from the city."""

from __future__ import annotations

from datetime import UTC, datetime

from yunwang.lab.devices import cisco, kinds, routing6
from yunwang.lab.devices import frr_display as show
from yunwang.lab.devices.grammar import Parsed
from yunwang.lab.devices.kinds import InterfaceType
from yunwang.lab.devices.platform import Look, Pager, Platform
from yunwang.lab.devices.tree import Call, Edit, Grammar, Node, Refusal, Row, View

TYPES = (InterfaceType("eth", r"\d+", "eth", "port"), InterfaceType("lo", r"", "lo", "loopback"))
SPELLING = kinds.Ipv6Spelling(upper=False)


def _name(word: str) -> Parsed:
    """A kernel interface's name."""
    if word != "lo" and not (word.startswith("eth") and word[3:].isdigit()):
        raise ValueError(word)
    return Parsed(word, word)


KINDS = {**kinds.shared(SPELLING), "interface": _name}


def write(call: Call) -> str:
    """`write memory`."""
    if call.shell.knobs.faults.full:
        raise Refusal("Building Configuration...\nError: can't write to /etc/frr/frr.conf: No space left on device.")
    call.device.save()
    return (
        "Note: this version of vtysh never writes vtysh.conf\nBuilding Configuration...\n"
        "Integrated configuration saved to /etc/frr/frr.conf\n[OK]"
    )


def _not_twice(edit: Edit) -> None:
    if edit.negated and edit.node.children.get(edit.line.removeprefix("no ")) is None:
        raise Refusal("% Can't find address")


def _address(syntax: str, kind: str, fact: str) -> Row:
    return Row(
        syntax=f"{syntax} address <address={kind}>",
        slot="line",
        fact=fact,
        undo=(f"{syntax} address <address={kind}>",),
        check=_not_twice,
    )


def _order(node: Node) -> tuple[int | str, ...]:
    name = str(node.values["interface"])
    return (name == "lo", int(name[3:] or 0) if name != "lo" else 0)


DESCRIPTION = Row(syntax="description <text...>", fact="description")
INTERFACE = (
    DESCRIPTION,
    _address("ip", "prefix4", "ip"),
    Row(syntax="ip ospf area <area=area-number>", fact="ospf-interface"),
    Row(syntax="ip ospf cost <cost=1-65535>"),
    Row(
        syntax="ip ospf message-digest-key <id=1-255> md5 <key=name>",
        slot="ip ospf message-digest-key {id}",
        undo=("ip ospf message-digest-key <id=1-255> [ <rest...> ]",),
    ),
    Row(syntax="ip ospf network { point-to-point | broadcast }", slot="ip ospf network", undo=("ip ospf network [ <rest...> ]",)),
    _address("ipv6", "ipv6-slashed", "ip6"),
    Row(syntax="ipv6 nd prefix <prefix=ipv6-prefix>", slot="line"),
    Row(syntax="ipv6 nd suppress-ra", flag_on=True, fact="ra"),
    Row(syntax="ipv6 nd managed-config-flag"),
    Row(syntax="ipv6 nd other-config-flag"),
    Row(syntax="ip router isis <tag=name>"),
    Row(syntax="ipv6 router isis <tag=name>"),
    Row(syntax="ipv6 ospf6 area <area=area-number>", fact="ospf3-interface"),
    Row(syntax="ipv6 ospf6 cost <cost=1-65535>"),
    Row(syntax="ipv6 ospf6 passive"),
    Row(
        syntax="ipv6 ospf6 network { point-to-point | broadcast }",
        slot="ipv6 ospf6 network",
        undo=("ipv6 ospf6 network [ <rest...> ]",),
    ),
    Row(syntax="shutdown", fact="shutdown"),
)
DEFAULT_ROUTE = Row(
    syntax="default-information originate [ always ]",
    slot="default-information originate",
    undo=("default-information originate [ <rest...> ]",),
)
RUN = (
    Row(syntax="show running-config", do=show.running_config),
    Row(syntax="show version", do=show.version),
    Row(syntax="show interface brief", do=show.interface_brief),
    Row(syntax="show ip route", do=show.ip_route),
    Row(syntax="show ipv6 route", do=show.ipv6_route),
    Row(syntax="show ip ospf neighbor", do=show.ospf_neighbor),
    Row(syntax="show ipv6 ospf6 neighbor", do=show.ospf6_neighbor),
    Row(syntax="show ipv6 forwarding", do=show.forwarding),
    Row(syntax="ping [ ip ] <target=ipv4>", do=show.ping),
    Row(syntax="ping [ ipv6 ] <target=ipv6>", do=show.ping),
)
VIEWS = {
    "user": View(
        Row(syntax="enable", do=cisco.nothing),
        Row(syntax="configure [ terminal ]", do=lambda call: cisco.configure(call) and ""),  # vtysh greets no one
        Row(syntax="terminal length <lines=0-512>", do=cisco.page),
        Row(syntax="write [ memory ]", do=write),
        Row(syntax="copy running-config startup-config", do=write),
        Row(syntax="{ exit | quit }", do=cisco.leave),
        *RUN,
    ),
    "any": View(
        Row(syntax="do <command=text...>", do=cisco.do),
        Row(syntax="end", do=cisco.end),
        Row(syntax="{ exit | quit }", do=cisco.leave),
    ),
    "system": View(
        Row(syntax="frr version <version=name>", group="head", undo=()),
        Row(syntax="frr defaults { traditional | datacenter }", slot="frr defaults", group="head", undo=()),
        Row(syntax="hostname <name>", fact="hostname", group="head"),
        Row(syntax="log syslog { informational | debugging | warnings }", slot="log syslog", group="head"),
        Row(syntax="ip forwarding", flag_on=True, group="head"),
        Row(syntax="ipv6 forwarding", flag_on=True, group="head"),
        Row(syntax="service integrated-vtysh-config", group="head"),
        Row(
            syntax="ip route <address=prefix4> <nexthop=ipv4>",
            slot="line",
            fact="static4",
            group="route",
            missing="% Refusing to remove a non-existent route",
        ),
        Row(
            syntax="ipv6 route <prefix=ipv6-prefix> <nexthop=ipv6>",
            slot="line",
            fact="static6",
            group="route",
            missing="% Refusing to remove a non-existent route",
        ),
        cisco.interface("", _order, "interface", "config-if"),
        Row(syntax="router ospf", opens="ospf", prompt="config-router", fact="ospf-process"),
        Row(syntax="router ospf6", opens="ospf6", prompt="config-ospf6", fact="ospf3-process"),
        *routing6.CISCO_TOP[1:],
    ),
    "interface": View(*INTERFACE),
    "ospf": View(
        Row(syntax="ospf router-id <router=ipv4>", fact="ospf-router-id"),
        Row(syntax="passive-interface <interface>", slot="line"),
        Row(syntax="redistribute { static | connected }", slot="line"),
        DEFAULT_ROUTE,
        Row(syntax="network <address=prefix4> area <area=area-number>", slot="line", fact="ospf-network"),
    ),
    "ospf6": View(
        Row(syntax="ospf6 router-id <router=ipv4>", fact="ospf3-router-id"),
        Row(syntax="redistribute { static | connected }", slot="line"),
        DEFAULT_ROUTE,
    ),
    **routing6.cisco_views("[ unicast ]", (Row(syntax="exit-address-family", do=cisco.leave),)),
}
UNKNOWN = "% Unknown command: {line}"


PLATFORM = Platform(
    name="frr",
    grammar=Grammar(VIEWS, "no", KINDS, rest=True),
    types=TYPES,
    spelling=SPELLING,
    mac=(2, ":"),
    look=Look(separator="!", end="end", block_end="exit", header=cisco.header, separate_first=False),
    pager=Pager(prompt="--More--", wipe="\r        \r"),
    errors={
        "unrecognized": UNKNOWN,
        "incomplete": "% Command incomplete: {line}",
        "wrong": UNKNOWN,
        "too-many": UNKNOWN,
        "ambiguous": "% Ambiguous command: {line}",
    },
    view_of=lambda device, node: node.row.opens,
    prompt=cisco.prompt,
    banner=lambda shell: "\nHello, this is FRRouting (version 8.4.4).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n\n",
    log=lambda device: (
        f"{datetime.now(UTC):%Y/%m/%d %H:%M:%S} ZEBRA: [WPPMZ-G9797] if_zebra_speed_update: lo old speed: 0 new speed: 1"
    ),
    denied="% You are not authorized to run this command.",
    full="No space left on device",
    question="Continue? [y/N]: ",
    everywhere=("any",),
    falls_back_to_root=True,
    runs_single_command=True,
    chassis=lambda text: "router",
    oui="0242ac",
)
