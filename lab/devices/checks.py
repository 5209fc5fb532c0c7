"""What devices of every vendor refuse, each in its own words: overlaps, missing VLANs. Never changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface

from yunwang.lab.devices.tree import Edit, Node, Refusal

Check = Callable[[Edit], None]


def all_of(*checks: Check) -> Check:
    """One check after the other."""

    def check(edit: Edit) -> None:
        for one in checks:
            one(edit)

    return check


def adding(check: Check) -> Check:
    """Only when the line is put in, not when it is taken out."""
    return lambda edit: None if edit.negated else check(edit)


def removing(check: Check) -> Check:
    """Only when the line is taken out."""
    return lambda edit: check(edit) if edit.negated else None


def needs(fact: str, text: str) -> Check:
    """The view must already state this (`ipv6 enable` before an address)."""

    def check(edit: Edit) -> None:
        if edit.node.first(fact) is None:
            raise Refusal(text)

    return check


def needs_globally(fact: str, text: str) -> Check:
    """The device must already state this."""

    def check(edit: Edit) -> None:
        if edit.root.first(fact) is None:
            raise Refusal(text)

    return check


def without(facts: tuple[str, ...], text: str) -> Check:
    """The view must not state any of these yet."""

    def check(edit: Edit) -> None:
        if any(edit.node.first(fact) for fact in facts):
            raise Refusal(text)

    return check


def unused(name: str, of: str, text: str) -> Check:
    """No interface may name it: none has a line whose parameter `of` is this one's `name`."""

    def check(edit: Edit) -> None:
        used = (line.values.get(of) for interface in edit.root.with_fact("interface") for line in interface.children.values())
        if edit.negated and edit.values[name] in used:
            raise Refusal(text)

    return check


def no_overlap(text: str) -> Check:
    """No other interface of the same VPN instance may have an address in this subnet, and none the same address.

    The text may name the {network} and the {interface} that has it.
    """

    def check(edit: Edit) -> None:
        new = _address(edit.values)
        if new is None:
            return
        vpn = _vpn(edit.node)
        for interface in edit.root.with_fact("interface"):
            for known in addresses(interface):
                same_line = interface is edit.node and known == new
                other = interface is not edit.node and _vpn(interface) == vpn
                if not same_line and ((other and _overlap(known, new)) or (interface is edit.node and known.ip == new.ip)):
                    network = known.network.network_address if known.version == 4 else known.network
                    raise Refusal(text.format(network=str(network).upper(), interface=interface.values["interface"]))

    return check


def host_address(text: str) -> Check:
    """The address must be one a host can have: not the network's own, not its broadcast."""

    def check(edit: Edit) -> None:
        new = _address(edit.values)
        if isinstance(new, IPv4Interface):
            edge = new.network.prefixlen < 31 and new.ip in (new.network.network_address, new.network.broadcast_address)
            if edge or new.ip.is_multicast or new.ip.is_unspecified or new.ip.is_loopback:
                raise Refusal(text)
        elif isinstance(new, IPv6Interface) and (new.ip.is_multicast or new.ip.is_unspecified or new.ip.is_loopback):
            raise Refusal(text)

    return check


def known_vlan(text: str) -> Check:
    """The VLAN that the line names must exist."""

    def check(edit: Edit) -> None:
        if edit.int("vlan") not in vlans(edit.root):
            raise Refusal(text)

    return check


def vlans(root: Node) -> frozenset[int]:
    """The VLANs that exist; 1 always does."""
    found = {1}
    for node in root.with_fact("vlan"):
        number = node.values["vlan"]
        assert isinstance(number, int)
        found.add(number)
    for node in root.with_fact("vlans"):
        numbers = node.values["vlans"]
        assert isinstance(numbers, frozenset)
        found |= numbers
    return frozenset(found)


def addresses(interface: Node) -> Iterator[IPv4Interface | IPv6Interface]:
    """An interface's addresses of both families."""
    for line in interface.children.values():
        if line.row.fact in ("ip", "ip6"):
            found = _address(line.values)
            if found is not None:
                yield found


def _address(values: object) -> IPv4Interface | IPv6Interface | None:
    assert isinstance(values, dict)
    address = values.get("address")
    if isinstance(address, tuple):
        return IPv4Interface(f"{address[0]}/{address[1]}")
    if isinstance(address, IPv4Address):
        return IPv4Interface(f"{address}/{values['length']}")
    return address if isinstance(address, IPv6Interface) else None


def _vpn(interface: Node) -> str:
    line = interface.first("vpn")
    return str(line.values["name"]) if line else ""


def _overlap(a: IPv4Interface | IPv6Interface, b: IPv4Interface | IPv6Interface) -> bool:
    if isinstance(a, IPv4Interface) and isinstance(b, IPv4Interface):
        return a.network.overlaps(b.network)
    if isinstance(a, IPv6Interface) and isinstance(b, IPv6Interface):
        return a.network.overlaps(b.network)
    return False
