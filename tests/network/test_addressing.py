"""Addresses follow from the plan alone, and a plan that cannot work is found out."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface, IPv6Network

import pytest

from yunwang.inventories.network import AddressPlan, Device, Interface, Level, Link, Plane, Platform, Role, Site
from yunwang.network import addressing

PLAN = AddressPlan(
    ipv4=IPv4Network("10.64.0.0/12"),
    ipv6=IPv6Network("2001:db8:100::/40"),
    loopbacks=IPv6Network("2001:db8:1ff::/64"),
    links=IPv6Network("2001:db8:1fe::/64"),
)
CITY = Site(name="yunzhou", title="云州市", level=Level.CITY, ipv6=IPv6Network("2001:db8:100::/48"))


def device(name: str, *interfaces: Interface, site: str = "yunzhou") -> Device:
    return Device(
        name=name,
        platform=Platform.HUAWEI_VRP,
        site=site,
        plane=Plane.A,
        role=Role.ACCESS,
        host="192.0.2.1",
        username="u",
        password="env://P",
        interfaces=interfaces,
    )


def link(number: int) -> Link:
    return Link(
        name=f"l{number}",
        plane=Plane.A,
        a_device="a",
        a_interface=f"GE0/0/{number}",
        b_device="b",
        b_interface=f"GE0/0/{number}",
        bandwidth_mbps=1000,
    )


def test_a_loopback_is_numbered_like_its_ipv4_address() -> None:
    assert addressing.loopback(PLAN, IPv4Address("10.64.255.16")) == IPv6Interface("2001:db8:1ff::10/128")


def test_a_link_is_a_slash_127_and_its_a_end_is_even() -> None:
    ends = addressing.addresses(PLAN, [CITY], [link(0), link(1)], [device("a"), device("b")])
    assert ends["a", "GE0/0/1"] == IPv6Interface("2001:db8:1fe::2/127")
    assert ends["b", "GE0/0/1"] == IPv6Interface("2001:db8:1fe::3/127")


def test_a_vlan_is_readable_in_its_prefix() -> None:
    assert addressing.vlan(CITY, 110) == IPv6Network("2001:db8:100:110::/64")
    assert addressing.vlan(CITY, 4094) == IPv6Network("2001:db8:100:4094::/64")


def test_what_the_inventory_says_itself_wins() -> None:
    own = IPv6Interface("2001:db8:100:ffff::1/64")
    got = addressing.addresses(PLAN, [CITY], [link(0)], [device("a", Interface(name="GE0/0/0", ipv6=own))])
    assert got == {("a", "GE0/0/0"): own}


def test_adding_a_link_at_the_end_renumbers_nothing() -> None:
    devices = [device("a"), device("b")]
    before = addressing.addresses(PLAN, [CITY], [link(0), link(1)], devices)
    after = addressing.addresses(PLAN, [CITY], [link(0), link(1), link(2)], devices)
    assert before.items() <= after.items()


def test_a_site_too_small_for_a_vlan_has_no_room() -> None:
    small = CITY.model_copy(update={"ipv6": IPv6Network("2001:db8:100::/56")})
    with pytest.raises(ValueError, match="VLAN 110 has no /64"):
        addressing.vlan(small, 110)
    vlanif = Interface(name="Vlanif110", vlan=110)
    assert [finding.code for finding in addressing.check(PLAN, [small], [], [device("a", vlanif)])] == ["address-exhausted"]


def test_overlaps_are_found_however_far_apart() -> None:
    sites = [
        CITY,
        Site(name="inner", title="", level=Level.COUNTY, ipv6=IPv6Network("2001:db8:100:8000::/49")),
        Site(name="far", title="", level=Level.COUNTY, ipv6=IPv6Network("2001:db9::/48")),
    ]
    findings = addressing.check(PLAN, sites, [], [])
    assert sorted(finding.code for finding in findings) == ["address-outside-plan", "address-overlap"]


def test_two_links_more_than_there_is_room_for() -> None:
    plan = PLAN.model_copy(update={"links": IPv6Network("2001:db8:1fe::/127")})
    codes = [finding.code for finding in addressing.check(plan, [], [link(0), link(1)], [])]
    assert codes == ["address-exhausted"]


def test_one_address_twice_is_found() -> None:
    loopback = Interface(name="LoopBack0", ipv4=IPv4Interface("10.64.255.1/32"), loopback=True)
    other = Interface(name="LoopBack0", ipv4=IPv4Interface("10.65.0.1/32"), loopback=True)
    (finding,) = addressing.check(PLAN, [CITY], [], [device("a", loopback), device("b", other)])
    assert finding.code == "address-twice"
    assert "2001:db8:1ff::1" in finding.message
