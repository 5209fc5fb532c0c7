"""How VRP talks: prompts, errors, questions, the commands that show. Never a configuration line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from yunwang.lab.devices import huawei_display as show
from yunwang.lab.devices import kinds
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.grammar import FaultKind, Kind
from yunwang.lab.devices.kinds import InterfaceType
from yunwang.lab.devices.platform import Look, Pager, Platform
from yunwang.lab.devices.shell import Closed, Shell
from yunwang.lab.devices.tree import Call, Grammar, Node, Refusal, Row, View

SPELLING = kinds.Ipv6Spelling(upper=True)
ERRORS: Mapping[FaultKind, str] = {
    "unrecognized": "Error: Unrecognized command found at '^' position.",
    "incomplete": "Error:Incomplete command found at '^' position.",
    "wrong": "Error: Wrong parameter found at '^' position.",
    "too-many": "Error:Too many parameters found at '^' position.",
    "ambiguous": "Error:Ambiguous command found at '^' position.",
}
PAGER = Pager(prompt="  ---- More ----", wipe="\x1b[42D" + " " * 42 + "\x1b[42D")
DENIED = "Error: You do not have permission to run the command or the command is incomplete."
FULL = "Error: Insufficient storage space in the flash."
QUESTION = "Warning: This operation may interrupt services. Continue? [Y/N]:"
PASSWORD_QUESTION = (  # a question, not a password
    "Warning: The initial password poses security risks.\nThe password needs to be changed. Change now? [Y/N]:"
)


def reader(types: tuple[InterfaceType, ...]) -> Mapping[str, Kind]:
    """VRP's kinds of parameters."""
    return {
        **kinds.shared(SPELLING),
        "vlans...": kinds.vlans("to"),
        "mac": kinds.mac(4, "-"),
        "interface": kinds.interfaces(types),
        "section": kinds.name,
    }


def system_view(call: Call) -> str:
    """`system-view`."""
    call.shell.path = []
    return "Enter system view, return user view with Ctrl+Z."


def leave(call: Call) -> str:
    """`quit`: one view up; out of the user view the session ends."""
    if call.shell.path is None:
        raise Closed
    call.shell.up()
    return ""


def back(call: Call) -> str:
    """`return`: to the user view."""
    call.shell.path = None
    return ""


def lines_on_page(call: Call) -> str:
    """`screen-length N temporary`."""
    call.shell.terminal.page = int(call.get("lines"))
    return "Info: The configuration takes effect on the current user terminal interface only."


async def reboot(call: Call) -> str:
    """`reboot`: what was not saved is lost."""
    if not await call.shell.ask("System will reboot! Continue? [y/n]:"):
        return ""
    raise Closed(reboot=True)


async def reset(call: Call) -> str:
    """`reset saved-configuration`: boots bare next time; refused here, so that no lab loses its way in."""
    await call.shell.ask("Warning: The action will delete the saved configuration in the device. Continue? [Y/N]:")
    return "Error: The operation is not allowed on this device."


def refuse_when_full(call: Call) -> None:
    """A save finds no room."""
    if call.shell.knobs.faults.full:
        raise Refusal(FULL)


ANYWHERE = (
    Row(
        syntax="display current-configuration [ configuration <section> | interface <interface=existing> ]",
        do=show.current_configuration,
    ),
    Row(syntax="display saved-configuration", do=show.saved_configuration),
    Row(syntax="display this", do=show.this),
    Row(syntax="display version", do=show.version),
    Row(syntax="display clock", do=show.clock),
    Row(syntax="display startup", do=show.startup),
    Row(syntax="display interface brief", do=show.interface_brief),
    Row(syntax="display ip interface brief", do=show.ip_interface_brief),
    Row(syntax="display ipv6 interface brief", do=show.ipv6_interface_brief),
    Row(syntax="display ipv6 interface <interface=existing>", do=show.ipv6_interface),
    Row(syntax="display ipv6 neighbors", do=show.ipv6_neighbors),
    Row(syntax="display arp [ all ]", do=show.arp),
    Row(syntax="display mac-address", do=show.mac_address),
    Row(syntax="display vlan", do=show.vlan),
    Row(syntax="display ospf peer [ brief ]", do=show.ospf_peer),
    Row(syntax="display ospfv3 peer", do=show.ospfv3_peer),
    Row(syntax="display ip routing-table", do=show.ip_routing_table),
    Row(syntax="display ipv6 routing-table", do=show.ipv6_routing_table),
    Row(syntax="ping [ -c <count=1-100> ] [ -a <source=ipv4> ] <target=ipv4>", do=show.ping),
    Row(syntax="ping ipv6 [ -c <count=1-100> ] [ -a <source=ipv6> ] <target=ipv6>", do=show.ping),
)
USER = (
    Row(syntax="screen-length <lines=0-512> temporary", do=lines_on_page),
    Row(syntax="reboot", do=reboot),
    Row(syntax="reset saved-configuration", do=reset),
)


def prompt_of(shell: Shell) -> str:
    """What stands after the host name in a view's prompt: `-Vlanif10`, `-ospf-1-area-0.0.0.0`."""
    place = shell.place
    return f"-{place}" if place else ""


def banner(shell: Shell) -> str:
    """What VRP says after login."""
    now = datetime.now(UTC)
    return (
        "\nInfo: The max number of VTY users is 21, and the number\n      of current VTY users on line is 1.\n"
        f"      The current login time is {now:%Y-%m-%d %H:%M:%S}+00:00.\n"
    )


def log(device: Device) -> str:
    """A log line, as `terminal monitor` shows them."""
    return (
        f"{datetime.now(UTC):%b %d %Y %H:%M:%S}+00:00 {device.hostname} %%01IFNET/4/LINK_STATE(l)[0]:The "
        "line protocol IP on the interface Vlanif1 has entered the DOWN state."
    )


def header(device: Device) -> list[str]:
    """The first line of the configuration, if it has one."""
    return [device.banner_line] if device.banner_line else []


def chassis(text: str) -> str:
    """An AR router's configuration begins with its release in brackets; its ports route."""
    return "router" if text.startswith("[") else "switch"


def interface_view(device: Device, node: Node) -> str:
    """Which table an interface takes: a port that switches or routes, a VLAN's, a loopback."""
    kind = device.platform.kind_of(str(node.values["interface"]))
    if kind != "port":
        return f"if-{kind}"
    if device.chassis == "router":
        return "if-wan"
    return "if-routed" if node.first("portswitch") else "if-port"


def types(long: str, short: str, xlong: str, xshort: str) -> tuple[InterfaceType, ...]:
    """VRP's interfaces; VRP5 and VRP8 name their ports differently."""
    return (
        InterfaceType("Vlanif", r"\d+", "Vlanif", "vlan", made=True),
        InterfaceType("MEth", r"\d+/\d+/\d+", "MEth", "port"),
        InterfaceType(long, r"\d+/\d+/\d+", short, "port", aliases=("GigabitEthernet", "GE")),
        InterfaceType(xlong, r"\d+/\d+/\d+", xshort, "port", aliases=("XGigabitEthernet", "XGE")),
        InterfaceType("NULL", r"0", "NULL", "null"),
        InterfaceType("LoopBack", r"\d+", "LoopBack", "loopback", made=True),
    )


def platform(
    name: str,
    views: Mapping[str, View],
    types: tuple[InterfaceType, ...],
    *,
    prompt: Callable[[Shell], str],
    everywhere: tuple[str, ...],
    two_stage: bool = False,
) -> Platform:
    """A VRP with these views and interfaces; `everywhere` names the tables that hold in every view, the first one first."""
    return Platform(
        name=name,
        grammar=Grammar(views, "undo", reader(types), rest=False),
        types=types,
        spelling=SPELLING,
        mac=(4, "-"),
        look=Look(separator="#", end="return", header=header),
        pager=PAGER,
        errors=ERRORS,
        view_of=_view_of,
        prompt=prompt,
        banner=banner,
        log=log,
        denied=DENIED,
        full=FULL,
        question=QUESTION,
        password_question=PASSWORD_QUESTION,
        user_views=("user", "any"),
        everywhere=everywhere,
        falls_back_to_root=True,
        two_stage=two_stage,
        chassis=chassis,
        oui="00e0fc",
    )


def _view_of(device: Device, node: Node) -> str:
    return interface_view(device, node) if node.row.opens == "interface" else node.row.opens
