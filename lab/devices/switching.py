"""Trunk and hybrid ports of every vendor: the sets of VLANs that their lines add to and take from. Never a whole platform."""

from __future__ import annotations

from collections.abc import Callable

from yunwang.lab.devices import kinds
from yunwang.lab.devices.grammar import Parsed
from yunwang.lab.devices.tree import Edit, Node, Refusal, Row

ALL = frozenset(range(1, 4095))


def held(node: Node, slot: str, default: frozenset[int]) -> frozenset[int]:
    """The VLANs of a port's line."""
    known = node.children.get(slot)
    vlans = known.values["vlans"] if known else default
    assert isinstance(vlans, frozenset)
    return vlans


def _given(edit: Edit) -> frozenset[int]:
    vlans = edit.values["vlans"]
    assert isinstance(vlans, frozenset)
    return vlans


def _store(edit: Edit, slot: str, line: str, vlans: frozenset[int]) -> None:
    edit.node.children.pop(slot, None)
    if vlans:
        edit.node.children[slot] = Node(row=edit.row, values={"vlans": vlans}, line=line)


def _only_hybrid(edit: Edit, refusal: str) -> None:
    kind = edit.node.first("link-type")
    if kind is None or not kind.line.endswith("hybrid"):
        raise Refusal(refusal)


def _vrp_hybrid(kind: str) -> Callable[[Edit], str]:
    def apply(edit: Edit) -> str:
        if not edit.negated:
            _only_hybrid(edit, "Error: The port is not a hybrid port.")
        for one in ("tagged", "untagged"):
            slot = f"port hybrid {one} vlan"
            before = held(edit.node, slot, frozenset())
            after = before | _given(edit) if one == kind and not edit.negated else before - _given(edit)
            _store(edit, slot, f"{slot} {kinds.spell_vlans(after, 'to')}", after)
        return ""

    return apply


def hybrid_members(words: str) -> Parsed:
    """A kind: `10 20 to 30 tagged`; the value is the set and whether it is tagged."""
    listed, _, kind = words.rpartition(" ")
    if kind not in ("tagged", "untagged"):
        raise ValueError(words)
    return Parsed((kinds.vlan_set(listed, "to"), kind), words)


def _comware_hybrid(edit: Edit) -> str:
    if not edit.negated:
        _only_hybrid(edit, "Please configure the port as a hybrid port first.")
    members = (edit.values["vlans"], "") if edit.negated else edit.values["members"]
    assert isinstance(members, tuple)
    given, kind = members
    for one in ("tagged", "untagged"):
        slot = f"port hybrid vlan {one}"
        before = held(edit.node, slot, frozenset({1} if one == "untagged" else ()))
        after = before | given if one == kind else before - given
        _store(edit, slot, f"port hybrid vlan {kinds.spell_vlans(after, 'to')} {one}", after)
    return ""


VRP_HYBRID = (
    Row(syntax="port hybrid pvid vlan <vlan=1-4094>", fact="hybrid"),
    Row(
        syntax="port hybrid tagged vlan <vlans...>",
        fact="hybrid",
        undo=("port hybrid vlan <vlans...>",),
        apply=_vrp_hybrid("tagged"),
    ),
    Row(syntax="port hybrid untagged vlan <vlans...>", fact="hybrid", undo=(), apply=_vrp_hybrid("untagged")),
)
COMWARE_HYBRID = (
    Row(syntax="port hybrid pvid vlan <vlan=1-4094>", fact="hybrid", undo=("port hybrid pvid",), default="port hybrid pvid vlan 1"),
    Row(
        syntax="port hybrid vlan <members=hybrid...>",
        fact="hybrid",
        undo=("port hybrid vlan <vlans...>",),
        apply=_comware_hybrid,
    ),
)
TO_ACCESS_FIRST = "Please configure the port as an access port first."


def by_way_of_access(edit: Edit) -> None:
    """A trunk port becomes a hybrid one, or the other way round, only as an access port."""
    kind = edit.node.first("link-type")
    if not edit.negated and kind and not edit.line.endswith(" access") and kind.line != edit.line:
        raise Refusal(TO_ACCESS_FIRST)


def other_type(edit: Edit) -> str:
    """With its type a port loses what only that type has."""
    kind = "access" if edit.negated else edit.line.split()[-1]
    of = {"access": "access-vlan", "trunk": "trunk-vlans", "hybrid": "hybrid"}
    edit.node.drop(*(fact for name, fact in of.items() if name != kind))
    return ""


def cisco_trunk(stored: str) -> Row:
    """`switchport trunk allowed vlan add LIST` and `… remove LIST`; `stored` begins the line that is kept. All pass without one."""
    slot = "switchport trunk allowed vlan" if stored.endswith("vlan") else stored

    def apply(edit: Edit) -> str:
        before, given = held(edit.node, slot, ALL), _given(edit)
        after = before | given if " add " in edit.line else before - given
        known = edit.node.children.get(slot)
        row = known.row if known else edit.row
        edit.node.children[slot] = Node(
            row=row, values={"vlans": after}, line=f"{stored} {kinds.spell_vlans(after, '-') if after else 'none'}"
        )
        return ""

    return Row(syntax="switchport trunk allowed vlan { add | remove } <vlans...>", undo=(), fact="trunk-vlans", apply=apply)
