"""What VRP lines do beyond being stored, and what VRP refuses. Never a table."""

from __future__ import annotations

from yunwang.lab.devices import checks, kinds
from yunwang.lab.devices.tree import Edit, Node, Refusal, Row

NO_VLAN = "Error: The VLAN does not exist."
SUBS = "Error: The primary address cannot be deleted before the sub addresses are deleted."
BOUND = "Error: The static user-bind entry already exists."
WIPED = (
    "Info: All IPv4 related configurations on this interface are removed!\n"
    "Info: All IPv6 related configurations on this interface are removed!"
)
IPV6_FACTS = ("ip6", "ip6-enable", "ip6-auto", "ip6-link-local", "ospf3-interface", "ra", "ra-sends")
LAYER3 = ("ip", "vpn", *IPV6_FACTS)
PORT_FACTS = ("link-type", "access-vlan", "trunk-vlans", "hybrid", "source-check")


def wipe_layer3(edit: Edit) -> str:
    """`ip binding vpn-instance` and its undo take every address off the interface."""
    edit.node.drop(*(fact for fact in LAYER3 if fact != "vpn"))
    return WIPED


def undo_address(edit: Edit) -> str:
    """`undo ip address` takes all; a primary one alone only when there is no sub address."""
    subs = [node for node in edit.node.with_fact("ip") if node.row.slot == "line"]
    if "address" not in edit.values:
        edit.node.drop("ip")
        return ""
    given = [node for node in edit.node.with_fact("ip") if all(node.values[name] == value for name, value in edit.values.items())]
    if not given:
        raise Refusal("Error: The address does not exist.")
    if given[0].row.slot is None and subs:
        raise Refusal(SUBS)
    edit.node.children = {slot: node for slot, node in edit.node.children.items() if node is not given[0]}
    return ""


def put_address(edit: Edit) -> str:
    """The primary IPv4 address."""
    if edit.negated:
        return undo_address(edit)
    edit.node.children["ip address"] = Node(row=edit.row, values=edit.values, line=edit.line)
    return ""


def no_ipv6(edit: Edit) -> str:
    """`undo ipv6 enable` takes all IPv6 off the interface."""
    if edit.negated:
        edit.node.drop(*IPV6_FACTS)
    return ""


def changes_mode(edit: Edit) -> None:
    """`portswitch` and its undo want a bare port."""
    if any(edit.node.first(fact) for fact in (*LAYER3, *PORT_FACTS)):
        raise Refusal("Error: The interface has other configuration. Please delete it first.")


def binds_once(edit: Edit) -> None:
    """One entry an address and VLAN."""
    for node in edit.root.with_fact("bind"):
        if node.values["address"] == edit.values["address"] and node.values.get("vlan") == edit.values.get("vlan"):
            raise Refusal(BOUND)


def given_vlans(edit: Edit) -> frozenset[int]:
    """The VLANs that the line names."""
    found = edit.values["vlans"]
    assert isinstance(found, frozenset)
    return found


def put_batch(edit: Edit) -> str:
    """`vlan batch`: adds to the one line; its undo takes VLANs away, wherever they stand."""
    known = edit.node.first("vlans")
    before = known.values["vlans"] if known else frozenset()
    assert isinstance(before, frozenset)
    after = before - given_vlans(edit) if edit.negated else before | given_vlans(edit)
    if edit.negated:
        for vlan in given_vlans(edit):
            free_vlan(edit.root, vlan)
            edit.node.children.pop(f"vlan {vlan}", None)
    set_batch(edit.node, edit.row, after)
    return "Info: This operation may take a few seconds. Please wait for a moment...done."


def set_batch(root: Node, row: Row, ids: frozenset[int]) -> None:
    """Write the `vlan batch` line."""
    root.children.pop("vlan batch", None)
    if ids:
        root.children["vlan batch"] = Node(row=row, values={"vlans": ids}, line=f"vlan batch {kinds.spell_vlans(ids, 'to')}")


def free_vlan(root: Node, vlan: int) -> None:
    """A VLAN that has an interface stays."""
    if f"interface Vlanif{vlan}" in root.children:
        raise Refusal("Error: The VLAN has a L3 interface. Please delete it first.")


def put_vlan(edit: Edit) -> str:
    """`vlan 10` makes the VLAN (it joins the batch line) and its view."""
    vlan = edit.int("vlan")
    known = edit.node.first("vlans")
    ids = known.values["vlans"] if known else frozenset()
    assert isinstance(ids, frozenset)
    if edit.negated:
        if vlan not in checks.vlans(edit.root) or vlan == 1:
            raise Refusal(NO_VLAN if vlan != 1 else "Error: The default VLAN cannot be deleted.")
        free_vlan(edit.root, vlan)
        edit.node.children.pop(f"vlan {vlan}", None)
        ids -= {vlan}
    else:
        slot = f"vlan {vlan}"
        edit.node.children.setdefault(slot, Node(row=edit.row, values=edit.values, line=slot))
        ids |= {vlan} - {1}
    set_batch(edit.node, BATCH, ids)
    return ""


def put_interface(edit: Edit) -> str:
    """`interface NAME`: fixed ones are there, others are made; a VLAN's needs its VLAN."""
    name = edit.str("interface")
    kind = edit.device.platform.kind_of(name)
    slot = f"interface {name}"
    if edit.negated:
        if kind in ("port", "null"):
            raise Refusal("Error: The interface cannot be deleted.")
        if edit.node.children.pop(slot, None) is None:
            raise Refusal("Error: The interface does not exist.")
        return ""
    if kind == "vlan" and int(name.removeprefix("Vlanif")) not in checks.vlans(edit.root):
        raise Refusal(NO_VLAN)
    edit.node.children.setdefault(slot, Node(row=edit.row, values=edit.values, line=slot))
    return ""


def interface_order(node: Node) -> tuple[int | str, ...]:
    """By family, then by number."""
    name = str(node.values["interface"])
    letters = name.rstrip("0123456789/.")
    rank = ("Vlanif", "MEth", "GigabitEthernet", "GE", "XGigabitEthernet", "10GE", "NULL", "LoopBack").index(letters)
    return (rank, *(int(part) for part in name.removeprefix(letters).split("/")))


def process_exists(edit: Edit) -> None:
    """The OSPFv3 process must be there first."""
    if not any(node.values["process"] == edit.values["process"] for node in edit.root.with_fact("ospf3-process")):
        raise Refusal("Error: The OSPFv3 process does not exist.")


BATCH = Row(syntax="vlan batch <vlans...>", undo=("vlan batch <vlans...>",), fact="vlans", apply=put_batch)


def put_trunk(edit: Edit) -> str:
    """VLANs are added to the one line; VLAN 1 passes anyway and is not shown."""
    known = edit.node.first("trunk-vlans")
    before = known.values["vlans"] if known else frozenset()
    assert isinstance(before, frozenset)
    after = before - given_vlans(edit) if edit.negated else before | given_vlans(edit)
    edit.node.children.pop("port trunk allow-pass vlan", None)
    if after - {1}:
        line = f"port trunk allow-pass vlan {kinds.spell_vlans(frozenset(after - {1}), 'to')}"
        edit.node.children["port trunk allow-pass vlan"] = Node(row=edit.row, values={"vlans": frozenset(after)}, line=line)
    return ""


def vpn_exists(edit: Edit) -> None:
    """The VPN instance must be there first."""
    if not any(node.values["name"] == edit.values["name"] for node in edit.root.with_fact("vpn-instance")):
        raise Refusal("Error: The VPN instance does not exist.")
