"""A patch typed into a device gives what was intended, and its reverse gives what was there: on generated configurations.

The switch here shares nothing with the engine: it keeps lines in views, knows which commands hold one value, and refuses what real
ones refuse (to undo what is not there, a VLAN that still has an interface, an address before IPv6 is enabled).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.patch import Patch, patch
from yunwang.network.vendors import vendor

HEADER = re.compile(r"interface \S+|acl number \d+|ospfv3 \d+")
SLOT = re.compile(
    r"rule \d+|user-bind static ip-address \S+|ip address|port link-type|port default vlan|description|ipv6 nd ra halt"
)
"""What a line of these commands is known by; any other line by its whole text."""
LISTS = ("vlan batch ", "port trunk allow-pass vlan ")


class Switch:
    """A VRP5 switch, as far as the generated configurations go."""

    def __init__(self, text: str) -> None:
        self.views: dict[str, dict[str, str]] = {"": {}}
        self.vlans: dict[tuple[str, str], set[int]] = {}
        self.at = ""
        for line in text.splitlines():
            self.at = self.at if line.startswith(" ") else ""
            self.type(line.strip())
        self.at = ""

    def type(self, line: str) -> None:
        here = self.views[self.at]
        command = line.removeprefix("undo ")
        slot = match[0] if (match := SLOT.match(command)) else command
        if line == "quit":
            self.at = ""
        elif slot == "ipv6 nd ra halt":
            here.pop(slot, None)
            here |= {slot: line} if line != command else {}
        elif begin := next((begin for begin in LISTS if command.startswith(begin)), ""):
            self._list((self.at, begin), ids(command.removeprefix(begin)), taken=line != command)
        elif line == command and HEADER.fullmatch(line):
            self._refuse(line.startswith("ospfv3") and bool(self.at), "a process inside a view")
            self.at = line
            self.views.setdefault(line, {})
        elif line == command:
            self._refuse(line.startswith("ipv6 address") and "ipv6 enable" not in here, f"{line} before IPv6 is enabled")
            self._refuse(slot in here and slot.startswith(("rule", "user-bind")), f"{slot} is there already")
            self._refuse(line.startswith("port default") and "port link-type" not in here, "no link type")
            here[slot] = line
        elif command in self.views and not self.at:
            del self.views[command]
        else:
            self._refuse(slot not in here or command not in (slot, here[slot]), f"{command} is not there")
            left = [other for other in here if other.startswith("ipv6 address")]
            self._refuse(command == "ipv6 enable" and bool(left), "IPv6 is in use")
            self._refuse(command == "port link-type" and "port default vlan" in here, "the port has a VLAN")
            del here[slot]

    def _list(self, place: tuple[str, str], vlans: set[int], *, taken: bool) -> None:
        held = self.vlans.setdefault(place, set())
        if taken:
            self._refuse(not vlans <= held, f"{vlans - held} not in the list")
            self._refuse(any(f"interface Vlanif{vlan}" in self.views for vlan in vlans) and not self.at, "a VLAN has an interface")
            held -= vlans
        else:
            held |= vlans

    def _refuse(self, wrong: bool, why: str) -> None:
        assert not wrong, f"refused in {self.at or 'the system view'}: {why}"

    def shows(self) -> object:
        """Everything; ports that are there anyway only when something is on them."""
        lines = {view: here for view, here in self.views.items() if here or not view.startswith("interface G")}
        return lines, {place: vlans for place, vlans in self.vlans.items() if vlans}


def ids(text: str) -> set[int]:
    return {vlan for low, high in re.findall(r"(\d+)(?: to (\d+))?", text) for vlan in range(int(low), int(high or low) + 1)}


def typed(text: str, made: Patch) -> Switch:
    switch = Switch(text)
    for line in made.commands():
        switch.type(line)
    return switch


VLANS = st.sets(st.integers(2, 12), min_size=1, max_size=6)
TEXT = st.sampled_from(["to core #1", "spare", "2001:DB8::1 is text"])
ADDRESS = st.integers(1, 6)


def listed(vlans: set[int]) -> str:
    return " ".join(str(vlan) for vlan in sorted(vlans))


@st.composite
def vrp(draw: st.DrawFn) -> str:
    """An S-series switch: VLANs with interfaces, ports of all kinds, an ACL, bindings."""
    vlans = draw(VLANS)
    lines = [f"vlan batch {listed(vlans)}"]
    if draw(st.booleans()):
        lines = ["ipv6", *lines, "ospfv3 1", " router-id 10.0.0.1"]
    for vlan in sorted(draw(st.sets(st.sampled_from(sorted(vlans)), max_size=3))):
        lines += [f"interface Vlanif{vlan}", f" ip address 10.0.{vlan}.{draw(ADDRESS)} 255.255.255.0"]
        if draw(st.booleans()):
            lines += [
                " ipv6 enable",
                *(f" ipv6 address 2001:db8:{vlan}::{host}/64" for host in sorted(draw(st.sets(ADDRESS, max_size=3)))),
            ]
            lines += [" undo ipv6 nd ra halt"] if draw(st.booleans()) else []
    for port in (1, 2, 3):
        lines.append(f"interface GigabitEthernet0/0/{port}")
        kind = draw(st.sampled_from(["access", "trunk", "plain"]))
        if kind == "access":
            lines += [" port link-type access", f" port default vlan {draw(st.sampled_from(sorted(vlans)))}"]
        elif kind == "trunk":
            lines += [" port link-type trunk", f" port trunk allow-pass vlan {listed(draw(VLANS))}"]
        if draw(st.booleans()):
            lines.append(f" description {draw(TEXT)}")
    numbers = sorted(draw(st.sets(st.sampled_from([5, 10, 15]))))
    lines += ["acl number 3000", *(f" rule {number} permit ip source 10.{draw(ADDRESS)}.0.0 0.0.255.255" for number in numbers)]
    for host in sorted(draw(st.sets(ADDRESS))):
        lines.append(f"user-bind static ip-address 10.0.9.{host} mac-address 0259-5701-000{draw(ADDRESS)} vlan 9")
    return "\n".join(lines) + "\n"


@settings(max_examples=30, deadline=None)
@given(vrp(), vrp())
def test_a_patch_typed_into_a_switch_gives_what_was_intended_and_its_reverse_what_was_there(before: str, after: str) -> None:
    its = vendor(Platform.HUAWEI_VRP)
    running, intended = parse(before, its.rules), parse(after, its.rules)
    assert typed(before, patch(its, running, intended)).shows() == Switch(after).shows()
    assert typed(after, patch(its, intended, running)).shows() == Switch(before).shows()


@settings(max_examples=30, deadline=None)
@given(vrp())
def test_nothing_to_do_is_an_empty_patch(text: str) -> None:
    its = vendor(Platform.HUAWEI_VRP)
    config = parse(text, its.rules)
    again = parse(config.render(), its.rules)
    assert not diff(config, again)
    assert not patch(its, config, again)
    assert patch(its, config, again).commands() == ()


@settings(max_examples=30, deadline=None)
@given(vrp(), vrp())
def test_the_way_in_never_lacks_an_address(before: str, after: str) -> None:
    """An interface that has an address before and after has one at every line in between."""
    its = vendor(Platform.HUAWEI_VRP)
    lines = patch(its, parse(before, its.rules), parse(after, its.rules)).lines
    kept = {view for view in interfaces(before) if view in set(interfaces(after))}
    assert not [line for line in lines if line.view and line.view[0] in kept and line.text.startswith("undo ip address")]


def interfaces(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.startswith("interface Vlanif"))


@pytest.mark.parametrize(
    ("platform", "running", "intended", "line"),
    [
        ("huawei_vrp", "ipv6\n", "sysname a\n", "undo ipv6"),
        (
            "huawei_vrp",
            "bgp 1\n peer 2001:db8::1 as-number 2\n",
            "bgp 1\n peer 2001:db8::1 as-number 2\n ipv6-family unicast\n  peer 2001:db8::1 enable\n",
            "peer 2001:db8::1 enable",
        ),
        (
            "hp_comware",
            "interface Vlan-interface10\n",
            "interface Vlan-interface10\n ip binding vpn-instance v\n",
            "ip binding vpn-instance v",
        ),
        ("cisco_ios", "ipv6 unicast-routing\n", "hostname a\n", "no ipv6 unicast-routing"),
    ],
)
def test_a_line_that_interrupts_a_service_is_marked(platform: str, running: str, intended: str, line: str) -> None:
    its = vendor(Platform(platform))
    made = patch(its, parse(running, its.rules), parse(intended, its.rules))
    assert [one.text for one in made.disruptive] == [line]


def test_a_question_comes_with_its_answer() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    (line,) = patch(its, parse("ipv6\n", its.rules), parse("", its.rules)).lines
    asked = "Warning: This operation will interrupt all IPv6 services. Continue?[Y/N]:"
    assert line.answer == "Y"
    assert line.question
    assert re.search(line.question, asked)


def test_a_question_is_expected_of_the_line_that_asks_it() -> None:
    """`undo http server enable` asks, whether it puts a line in or takes one out; `http server enable` does not."""
    its = vendor(Platform.HUAWEI_VRP)
    off, on, none = (parse(text, its.rules) for text in ("undo http server enable\n", "http server enable\n", "sysname a\n"))
    for running, intended, asks in ((none, off, True), (on, none, True), (off, none, False), (none, on, False)):
        (line,) = [line for line in patch(its, running, intended).lines if "http" in line.text]
        assert bool(line.question) is asks, line


def test_nothing_live_is_in_a_family_that_is_new() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    four = "ip vpn-instance a\n ipv4-family\n  route-distinguisher 1:1\n"
    six = " ipv6-family\n  route-distinguisher 1:1\n"
    assert not patch(its, parse(four, its.rules), parse(four + six, its.rules)).disruptive
    assert patch(its, parse(four, its.rules), parse(four.replace("1:1", "1:2"), its.rules)).disruptive


@pytest.mark.parametrize("after", [(2, 1, 3), (2, 3, 4), (3, 1, 2)])
def test_no_address_is_put_in_before_it_is_out_elsewhere(after: tuple[int, ...]) -> None:
    its = vendor(Platform.HUAWEI_VRP)
    interface = "interface Vlanif{}\n ip address 10.0.{}.1 255.255.255.0\n"
    running, intended = (
        parse("".join(interface.format(port, net) for port, net in enumerate(nets, 1)), its.rules) for nets in ((1, 2, 3), after)
    )
    has = {f"interface {header.split()[1]}": next(iter(inside)) for header, inside in running.tree.items()}
    for line in patch(its, running, intended).lines:
        if "ip address" not in line.text:
            continue
        if its.rules.is_negated(line.text):
            has.pop(line.view[0], None)
        else:
            assert line.text not in has.values(), line
            has[line.view[0]] = line.text
    assert has == {header: next(iter(inside)) for header, inside in intended.tree.items()}


def test_views_are_entered_and_left() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    made = patch(its, parse("", its.rules), parse("bgp 1\n ipv6-family unicast\n  network 2001:db8:: 32\n", its.rules))
    assert made.commands() == ("bgp 1", "ipv6-family unicast", "network 2001:db8:: 32", "quit", "quit")
    assert [(line.view, line.enters_view, line.leaves_view) for line in made.lines] == [
        ((), True, False),
        (("bgp 1",), True, False),
        (("bgp 1", "ipv6-family unicast"), False, False),
        (("bgp 1", "ipv6-family unicast"), False, True),
        (("bgp 1",), False, True),
    ]
    assert made.text() == "bgp 1\n ipv6-family unicast\n  network 2001:db8:: 32\n"
