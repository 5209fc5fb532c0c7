"""A vendor's notation read as a grammar: keywords abbreviated, parameters, choices, and where a line goes wrong."""

from __future__ import annotations

import pytest

from yunwang.lab.devices import kinds
from yunwang.lab.devices.grammar import Fault, Match, Place, compile_syntax, expected, leading_keywords, match

KINDS = {**kinds.shared(kinds.Ipv6Spelling(upper=True)), "vlans...": kinds.vlans("to"), "mac": kinds.mac(4, "-")}
TABLE = (
    "display version",
    "display vlan",
    "ip address <address=ipv4> <length=mask> [ sub ]",
    "ipv6 address { <address=ipv6-interface> | auto link-local }",
    "ipv6 address <local=ipv6> link-local",
    "vlan <vlan=1-4094>",
    "vlan batch <vlans...>",
    "description <text...>",
)
FIRST = Place.first((compile_syntax(syntax), syntax) for syntax in TABLE)


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("dis ver", "display version"),
        ("DISPLAY VERSION", "display version"),
        ("ip address 10.0.0.1 24", "ip address 10.0.0.1 255.255.255.0"),
        ("ip add 10.0.0.1 255.255.255.0 sub", "ip address 10.0.0.1 255.255.255.0 sub"),
        ("ipv6 address 2001:db8::1/64", "ipv6 address 2001:DB8::1/64"),
        ("ipv6 address 2001:db8:0:0::1 64", "ipv6 address 2001:DB8::1/64"),
        ("ipv6 address fe80::1 link-local", "ipv6 address FE80::1 link-local"),
        ("ipv6 address auto link-local", "ipv6 address auto link-local"),
        ("vlan batch 3 1 to 2 7", "vlan batch 1 to 3 7"),
        ("description  to the  #1 office ", "description to the  #1 office"),
    ],
)
def test_line_is_understood_and_spelled_as_the_device_does(typed: str, spelled: str) -> None:
    found = match(FIRST, typed, KINDS)
    assert isinstance(found, Match)
    assert found.line == spelled


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("display foo", Fault("unrecognized", 8)),
        ("display v", Fault("ambiguous", 8)),
        ("display", Fault("incomplete", 8)),
        ("  display x", Fault("unrecognized", 10)),
        ("ip address 10.0.0.1", Fault("incomplete", 20)),
        ("ip address 10.0.0.256 24", Fault("wrong", 11)),
        ("ip address 10.0.0.1 33", Fault("wrong", 20)),
        ("ip address 10.0.0.1 255.0.255.0", Fault("wrong", 20)),
        ("display version 7", Fault("too-many", 16)),
        ("vlan 4095", Fault("wrong", 5)),
        ("shwo", Fault("unrecognized", 0)),
        ("display verzion", Fault("unrecognized", 8, shared=3)),
    ],
)
def test_caret_points_at_what_is_wrong(typed: str, fault: Fault) -> None:
    assert match(FIRST, typed, KINDS) == fault


def test_question_mark_lists_what_may_follow() -> None:
    assert expected(FIRST, ["display"], KINDS) == ["version", "vlan"]
    assert expected(FIRST, ["ip", "address", "10.0.0.1", "24"], KINDS) == ["sub", "<cr>"]


def test_unbalanced_notation_is_a_defect_of_the_table() -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        compile_syntax("ip address { <ipv4> | dhcp")


def test_leading_keywords_end_at_the_first_choice_or_parameter() -> None:
    assert leading_keywords("ip address <ipv4> sub") == "ip address"
    assert leading_keywords("save [ force ]") == "save"


@pytest.mark.parametrize(
    ("typed", "digits"), [("0259-5701-0001", "025957010001"), ("259-5701-1", "025957010001"), ("FE-E0-89", "00fe00e00089")]
)
def test_mac_may_drop_leading_zeros(typed: str, digits: str) -> None:
    assert kinds.mac(4, "-")(typed).value == digits


@pytest.mark.parametrize("typed", ["0259.5701.0001", "0259-5701", "02595-701-1", "zzzz-0000-0000"])
def test_mac_of_another_spelling_is_none(typed: str) -> None:
    with pytest.raises(ValueError):
        kinds.mac(4, "-")(typed)
