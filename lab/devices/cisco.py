"""What Cisco-like command lines have in common (IOS, RGOS, FRR): sessions, interfaces, addresses. Never a whole platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yunwang.lab.devices import checks, kinds
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.grammar import FaultKind, Parsed
from yunwang.lab.devices.platform import Pager
from yunwang.lab.devices.shell import Closed, Shell
from yunwang.lab.devices.tree import Call, Edit, Node, Refusal, Row, View

ERRORS: Mapping[FaultKind, str] = {
    "unrecognized": "% Invalid input detected at '^' marker.\n",
    "incomplete": "% Incomplete command.\n",
    "wrong": "% Invalid input detected at '^' marker.\n",
    "too-many": "% Invalid input detected at '^' marker.\n",
    "ambiguous": '% Ambiguous command:  "{line}"',
}
PAGER = Pager(prompt=" --More-- ", wipe="\b" * 10 + " " * 10 + "\b" * 10)
LAYER3 = ("ip", "ip6", "ip6-enable", "ip6-link-local", "ip6-auto")
NAMES_LONGEST = 20
"""IOS cuts a longer host name in configuration prompts."""


def configure(call: Call) -> str:
    """`configure terminal`."""
    call.shell.path = []
    return "Enter configuration commands, one per line.  End with CNTL/Z.\n"


def end(call: Call) -> str:
    """`end`: out of configuration."""
    call.shell.path = None
    return ""


def leave(call: Call) -> str:
    """`exit`: one mode up; out of privileged mode the session ends."""
    if call.shell.path is None:
        raise Closed
    call.shell.up()
    return ""


def nothing(_: Call) -> str:
    """Accepted, nothing to do."""
    return ""


def page(call: Call) -> str:
    """`terminal length N`."""
    call.shell.terminal.page = int(call.get("lines"))
    return ""


async def do(call: Call) -> str:
    """`do …`: a privileged command from configuration mode."""
    path, call.shell.path = call.shell.path, None
    try:
        return await call.shell.answer(call.get("command"))
    finally:
        call.shell.path = path


async def reload(call: Call) -> str:
    """`reload`: what was not saved is lost."""
    answer = await call.shell.terminal.line("Proceed with reload? [confirm]")
    if answer.strip().lower() not in ("", "y", "yes"):
        return ""
    raise Closed(reboot=True)


def prompt(shell: Shell) -> str:
    """`H#`, `H(config)#`, `H(config-if)#`."""
    name = shell.device.hostname
    if shell.path is None:
        return f"{name}#"
    return f"{name[:NAMES_LONGEST]}({shell.place or 'config'})#"


def interface(vlan_prefix: str, order: Callable[[Node], tuple[int | str, ...]], opens: str, mode: str, no_vlan: str = "") -> Row:
    """`interface NAME`: fixed ones are there, others are made."""

    def apply(edit: Edit) -> str:
        name = edit.str("interface")
        slot = f"interface {name}"
        if edit.negated:
            if edit.device.platform.kind_of(name) == "port":
                raise Refusal("% Removal of physical interfaces is not permitted")
            edit.node.children.pop(slot, None)
            return ""
        kind = edit.device.platform.kind_of(name)
        lacks = kind == "vlan" and int(name.removeprefix(vlan_prefix)) not in checks.vlans(edit.root)
        if no_vlan and lacks and not edit.device.booting:  # what was saved may have outlived its VLAN
            raise Refusal(no_vlan)
        edit.node.children.setdefault(slot, Node(row=edit.row, values=edit.values, line=slot))
        return ""

    return Row(
        syntax="interface <interface>",
        slot="interface {interface}",
        apply=apply,
        opens=opens,
        prompt=mode,
        fact="interface",
        order=order,
    )


def address(edit: Edit) -> str:
    """The primary IPv4 address; it goes last."""
    slots = edit.node.children
    if not edit.negated:
        slots["ip address"] = Node(row=edit.row, values=edit.values, line=edit.line)
        return ""
    if "address" not in edit.values:
        edit.node.drop("ip")
        return ""
    known = slots.get("ip address")
    if known is None or any(known.values[name] != value for name, value in edit.values.items()):
        raise Refusal("% Invalid address")
    if any(node.row.slot == "line" for node in edit.node.with_fact("ip")):
        raise Refusal("Must delete secondary before deleting primary")
    del slots["ip address"]
    return ""


def vlan_list_order(node: Node) -> tuple[int | str, ...]:
    """VLANs by number."""
    return (int(str(node.values["vlan"])),)


def vlan_list(word: str) -> Parsed:
    """A kind: `10,20-30`; the value is a tuple of ids, lowest first."""
    found = kinds.vlan_set(word, "-")
    return Parsed(tuple(sorted(found)), kinds.spell_vlans(found, "-"))


def vlans_row(command: str, one: Row) -> Row:
    """`command LIST`: each VLAN of the list comes, as a line of row `one`, or goes."""

    def apply(edit: Edit) -> str:
        numbers = edit.values["vlans"]
        assert isinstance(numbers, tuple)
        for vlan in numbers:
            slot = f"vlan {vlan}"
            if edit.negated:
                edit.root.children.pop(slot, None)
            else:
                edit.root.children.setdefault(slot, Node(row=one, values={"vlan": vlan}, line=slot))
        return ""

    syntax = f"{command} <vlans=vlan-list>"
    return Row(syntax=syntax, undo=(syntax,), slot="vlan {vlans[0]}", apply=apply, opens=one.opens, prompt=one.prompt)


def wiped_by_vrf(edit: Edit) -> str:
    """`vrf forwarding` takes the addresses off."""
    name = edit.node.values["interface"]
    families = [("ip", "IPv4"), ("ip6", "IPv6")]
    had = [label for fact, label in families if edit.node.first(fact)]
    edit.node.drop(*LAYER3)
    return "\n".join(
        f"% Interface {name} {label} disabled and address(es) removed due to enabling VRF {edit.values.get('name', '')}"
        for label in had
    )


def _vrf_exists(edit: Edit) -> None:
    if not any(node.values["name"] == edit.values["name"] for node in edit.root.with_fact("vpn-instance")):
        raise Refusal(f"% VRF {edit.values['name']} does not exist or does not have address-family configured")


VRF = Row(syntax="vrf definition <name>", slot="line", opens="vrf", prompt="config-vrf", fact="vpn-instance")
VRF_FORWARDING = Row(syntax="vrf forwarding <name>", fact="vpn", check=checks.adding(_vrf_exists), then=wiped_by_vrf)
VRF_VIEWS = {
    "vrf": View(
        Row(syntax="rd <rd=name>"),
        Row(syntax="route-target { export | import | both } <target=name>", slot="line"),
        Row(syntax="address-family { ipv4 | ipv6 }", slot="line", opens="vrf-family", prompt="config-vrf-af"),
    ),
    "vrf-family": View(
        Row(syntax="route-target { export | import | both } <target=name>", slot="line"),
        Row(syntax="exit-address-family", do=leave),
    ),
}


def header(device: Device) -> list[str]:
    """Nothing of its own: `version` is a line like others."""
    return []


def interface_order(ranks: tuple[str, ...]) -> Callable[[Node], tuple[int | str, ...]]:
    """Interfaces by family, then by number."""

    def order(node: Node) -> tuple[int | str, ...]:
        name = str(node.values["interface"])
        letters = name.rstrip("0123456789/.").strip()
        return (
            ranks.index(letters),
            *(part for part in kinds.natural(name.removeprefix(letters).strip()) if isinstance(part, int)),
        )

    return order


def addresses(not_host: str) -> tuple[Row, Row]:
    """`ip address`, the secondary ones and the primary; `not_host` refuses one that no host may have."""
    sound = checks.adding(checks.all_of(checks.host_address(not_host), checks.no_overlap("% {network} overlaps with {interface}")))
    return (
        Row(syntax="ip address <address=ipv4> <length=dotted> secondary", slot="line", fact="ip", check=sound),
        Row(
            syntax="ip address <address=ipv4> <length=dotted>",
            fact="ip",
            undo=("ip address [ <address=ipv4> <length=dotted> ]",),
            check=sound,
            apply=address,
        ),
    )


def route4(missing: str) -> Row:
    """`ip route`; `missing` answers who takes away one that is not there."""
    return Row(
        syntax="ip route <address=ipv4> <length=dotted> <nexthop=ipv4>",
        slot="line",
        fact="static4",
        undo=("ip route <address=ipv4> <length=dotted> [ <nexthop=ipv4> ]",),
        missing=missing,
    )


def route6(missing: str) -> Row:
    """`ipv6 route`, likewise."""
    return Row(
        syntax="ipv6 route <prefix=ipv6-prefix> <nexthop=ipv6>",
        slot="line",
        fact="static6",
        undo=("ipv6 route <prefix=ipv6-prefix> [ <nexthop=ipv6> ]",),
        missing=missing,
    )
