"""Where an address lies follows from the plan alone."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Interface, IPv6Network

import pytest
from pydantic import ValidationError

from yunwang.inventories.network import AddressPlan, Level, Scheme, Site
from yunwang.network.addresses import addressing

PLAN = AddressPlan(
    ipv4=IPv4Network("10.64.0.0/12"),
    ipv6=IPv6Network("2001:db8:100::/40"),
    loopbacks=IPv6Network("2001:db8:1ff::/64"),
    loopbacks_ipv4=IPv4Network("10.64.255.0/24"),
    links=IPv6Network("2001:db8:1fe::/64"),
)
SCHEMED = PLAN.model_copy(update={"scheme": Scheme(county=4, township=4, function=4, functions={"office": 0, "video": 1})})
COUNTY = Site(name="donghe", title="", level=Level.COUNTY, ipv6=IPv6Network("2001:db8:110::/48"))


def test_a_loopback_is_as_far_into_its_pool_as_its_ipv4_address() -> None:
    assert addressing.loopback(PLAN, IPv4Address("10.64.255.16")) == IPv6Interface("2001:db8:1ff::10/128")
    assert addressing.loopback(PLAN, IPv4Address("10.65.0.1")) is None


def test_a_link_is_a_slash_127_numbered_by_its_ipv4_subnet() -> None:
    assert addressing.link(PLAN, IPv4Network("10.64.254.4/30")) == IPv6Network("2001:db8:1fe::fe04/127")
    assert addressing.link(PLAN, IPv4Network("10.64.254.7/32")) == IPv6Network("2001:db8:1fe::fe06/127")
    assert addressing.link(PLAN, IPv4Network("192.0.2.0/30")) is None


def test_a_block_holds_all_that_lies_below_a_site() -> None:
    assert addressing.block(SCHEMED, COUNTY) == IPv6Network("2001:db8:110::/44")
    assert addressing.block(PLAN, COUNTY) == COUNTY.ipv6, "without a scheme a site has its share alone"
    odd = COUNTY.model_copy(update={"ipv6": IPv6Network("2001:db8:113::/48")})
    assert addressing.block(SCHEMED, odd) == odd.ipv6, "it does not begin where a county's block could"


def test_a_function_is_a_part_of_the_share() -> None:
    assert addressing.function(SCHEMED, COUNTY, None) == IPv6Network("2001:db8:110::/52")
    assert addressing.function(SCHEMED, COUNTY, "video") == IPv6Network("2001:db8:110:1000::/52")
    assert addressing.function(PLAN, COUNTY, None) == COUNTY.ipv6
    with pytest.raises(ValueError, match="no function phone"):
        addressing.function(SCHEMED, COUNTY, "phone")
    with pytest.raises(ValueError, match="no prefix yet"):
        addressing.function(SCHEMED, COUNTY.model_copy(update={"ipv6": None}), None)
    with pytest.raises(ValueError, match="no room for functions"):
        addressing.function(SCHEMED, COUNTY.model_copy(update={"ipv6": IPv6Network("2001:db8:110::/64")}), None)


def test_a_vlan_is_readable_in_its_prefix() -> None:
    assert addressing.vlan(IPv6Network("2001:db8:100::/48"), 4094) == IPv6Network("2001:db8:100:4094::/64")
    assert addressing.vlan(IPv6Network("2001:db8:100::/52"), 110) == IPv6Network("2001:db8:100:110::/64")


def test_twelve_bits_have_a_place_of_its_own_for_every_vlan() -> None:
    part = IPv6Network("2001:db8:100:1000::/52")
    prefixes = {addressing.vlan(part, number) for number in range(1, 4095)}
    assert len(prefixes) == 4094
    assert all(prefix is not None and prefix.subnet_of(part) for prefix in prefixes)


def test_fewer_bits_than_vlan_ids_make_no_place_by_the_number() -> None:
    assert addressing.vlan(IPv6Network("2001:db8:100::/56"), 110) is None


def test_a_level_keeps_its_reserve_and_its_parents_own_number() -> None:
    assert addressing.usable(Scheme(county=4), Level.COUNTY) == 13
    assert addressing.usable(Scheme(county=4, reserve=0), Level.COUNTY) == 15
    assert addressing.usable(Scheme(), Level.COUNTY) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"function": 1, "functions": {"a": 0, "b": 2}},
        {"function": 2, "functions": {"a": 1, "b": 1}},
    ],
)
def test_functions_need_numbers_that_fit(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="numbers of their own"):
        Scheme.model_validate(fields)


def test_a_scheme_leaves_room_for_vlans() -> None:
    with pytest.raises(ValidationError, match="fewer than four"):
        AddressPlan.model_validate({**PLAN.model_dump(), "scheme": {"county": 10, "township": 12}})
