"""What Comware lines do beyond being stored, what Comware refuses, and its session commands. Never a table."""

from __future__ import annotations

from yunwang.lab.devices import checks, kinds, timers
from yunwang.lab.devices.kinds import InterfaceType
from yunwang.lab.devices.shell import Closed
from yunwang.lab.devices.tree import Call, Edit, Node, Refusal

TYPES = (
    InterfaceType("NULL", r"0", "NULL", "null"),
    InterfaceType("LoopBack", r"\d+", "Loop", "loopback", made=True),
    InterfaceType("Vlan-interface", r"\d+", "Vlan", "vlan", made=True, aliases=("Vlanif",)),
    InterfaceType("M-GigabitEthernet", r"\d+/\d+/\d+", "MGE", "port"),
    InterfaceType("GigabitEthernet", r"\d+/\d+/\d+", "GE", "port"),
    InterfaceType("Ten-GigabitEthernet", r"\d+/\d+/\d+", "XGE", "port"),
)
WIPED = "Some configurations on the interface are removed."
NO_VLAN = "The VLAN does not exist."
IPV6_FACTS = ("ip6", "ip6-auto", "ip6-link-local", "ospf3-interface", "ra")
LAYER3 = ("ip", "vpn", *IPV6_FACTS)


async def save(call: Call) -> str:
    """`save [ force ]`: without force three questions."""
    terminal = call.shell.terminal
    if "force" not in call.line:
        if not await call.shell.ask("The current configuration will be written to the device. Are you sure? [Y/N]:"):
            return ""
        await terminal.line(
            "Please input the file name(*.cfg)[flash:/startup.cfg]\n(To leave the existing "
            "filename unchanged, press the enter key):"
        )
        if not await call.shell.ask("flash:/startup.cfg exists, overwrite? [Y/N]:"):
            return ""
    if call.shell.knobs.faults.full:
        raise Refusal("Validating file. Please wait...\nFailed to save the current configuration: not enough storage space.")
    call.device.save()
    return "Validating file. Please wait...\nSaved the current configuration to mainboard device successfully."


def system_view(call: Call) -> str:
    """`system-view`."""
    call.shell.path = []
    return "System View: return to User View with Ctrl+Z."


def pages_off(call: Call) -> str:
    """`screen-length disable`."""
    call.shell.terminal.page = 0
    return "Screen-length configuration is disabled for current user."


async def reboot(call: Call) -> str:
    """`reboot`: what was not saved is lost."""
    await call.shell.terminal.write(
        "Start to check configuration with next startup configuration file, please wait.........DONE!\n"
    )
    if not await call.shell.ask("This command will reboot the device. Continue? [Y/N]:"):
        return ""
    raise Closed(reboot=True)


def put_vlan(edit: Edit) -> str:
    """`vlan 10` and its undo."""
    vlan = edit.int("vlan")
    slot = f"vlan {vlan}"
    if not edit.negated:
        edit.node.children.setdefault(slot, Node(row=edit.row, values=edit.values, line=slot))
        return ""
    if vlan == 1:
        raise Refusal("The default VLAN cannot be deleted.")
    if slot not in edit.node.children:
        raise Refusal(NO_VLAN)
    if f"interface Vlan-interface{vlan}" in edit.root.children:
        raise Refusal("The VLAN interface of this VLAN exists. Delete it first.")
    del edit.node.children[slot]
    return ""


def put_interface(edit: Edit) -> str:
    """`interface NAME`: fixed ones are there, others are made."""
    name = edit.str("interface")
    kind = edit.device.platform.kind_of(name)
    slot = f"interface {name}"
    if edit.negated:
        if kind in ("port", "null"):
            raise Refusal("Physical interfaces cannot be deleted.")
        if edit.node.children.pop(slot, None) is None:
            raise Refusal("The interface does not exist.")
        return ""
    if kind == "vlan" and int(name.removeprefix("Vlan-interface")) not in checks.vlans(edit.root):
        raise Refusal("The VLAN does not exist. Create the VLAN first.")
    edit.node.children.setdefault(slot, Node(row=edit.row, values=edit.values, line=slot))
    return ""


def interface_order(node: Node) -> tuple[int | str, ...]:
    """By family, then by number."""
    name = str(node.values["interface"])
    letters = name.rstrip("0123456789/")
    rank = [kind.name for kind in TYPES].index(letters)
    return (rank, *(int(part) for part in name.removeprefix(letters).split("/")))


def put_link_mode(edit: Edit) -> str:
    """Another link mode takes everything but the description off the port."""
    mode = "bridge" if edit.negated else edit.line.split()[-1]
    known = edit.node.children.get("port link-mode")
    if known is not None and known.values["mode"] == mode:
        return ""
    had = [slot for slot, node in edit.node.children.items() if node.row.fact not in ("description", "shutdown", "link-mode")]
    for slot in had:
        del edit.node.children[slot]
    edit.node.children["port link-mode"] = Node(row=edit.row, values={"mode": mode}, line=f"port link-mode {mode}")
    return "Some configurations on the interface are removed." if had else ""


def put_trunk(edit: Edit) -> str:
    """VLAN 1 is permitted from the start, and shown."""
    known = edit.node.first("trunk-vlans")
    before, given = known.values["vlans"] if known else frozenset({1}), edit.values["vlans"]
    assert isinstance(before, frozenset)
    assert isinstance(given, frozenset)
    after = before - given if edit.negated else before | given
    slot = "port trunk permit vlan"
    edit.node.children[slot] = Node(row=edit.row, values={"vlans": after}, line=f"{slot} {kinds.spell_vlans(after, 'to')}")
    return "" if edit.device.booting else "Please wait... Done."


def put_address(edit: Edit) -> str:
    """The primary IPv4 address."""
    if not edit.negated:
        edit.node.children["ip address"] = Node(row=edit.row, values=edit.values, line=edit.line)
    elif "address" not in edit.values:
        edit.node.drop("ip")
    else:
        undo_address(edit)
    return ""


def undo_address(edit: Edit) -> None:
    """One primary address goes, after the secondary ones."""
    known = edit.node.children.get("ip address")
    if known is None or any(known.values[name] != value for name, value in edit.values.items()):
        raise Refusal("The IP address does not exist.")
    if any(node.row.slot == "line" for node in edit.node.with_fact("ip")):
        raise Refusal("The primary IP address cannot be deleted because secondary IP addresses exist.")
    del edit.node.children["ip address"]


def wipe(edit: Edit) -> str:
    """`ip binding vpn-instance` takes the addresses off."""
    had = edit.node.drop(*(fact for fact in LAYER3 if fact != "vpn"))
    return WIPED if had else ""


def vpn_exists(edit: Edit) -> None:
    """The VPN instance must be there first."""
    if not any(node.values["name"] == edit.values["name"] for node in edit.root.with_fact("vpn-instance")):
        raise Refusal("The specified VPN instance does not exist.")


def binds_once(edit: Edit) -> None:
    """An address is bound once a port and VLAN."""
    for node in edit.node.with_fact("bind"):
        if all(node.values.get(name) == edit.values.get(name) for name in ("address", "vlan")):
            raise Refusal("The IP source guard binding entry already exists.")


def commit_delay(call: Call) -> str:
    """`configuration commit delay MINUTES`: what is configured from now on goes again, unless `configuration commit` follows."""
    if call.shell.knobs.faults.no_timer:
        raise Refusal(call.device.platform.errors["unrecognized"])
    timers.start(call.device, int(call.get("minutes")) * 60, call.device.running.copy())
    return ""


def commit(call: Call) -> str:
    """`configuration commit`: what was configured since stays."""
    call.device.timer = None
    return ""
