"""What was given out stays given out, whatever is added later; nothing is given twice; rows come from tables too."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, IPv6Network
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from yunwang.inventories.network import (
    AddressPlan,
    AddressRecord,
    Device,
    Interface,
    Level,
    Link,
    Plane,
    Platform,
    PrefixPair,
    Role,
    Scheme,
    Site,
)
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.network.addresses import addressing, register
from yunwang.network.addresses.book import Book

PLAN = AddressPlan(
    ipv4=IPv4Network("10.0.0.0/8"),
    ipv6=IPv6Network("2001:db8::/32"),
    loopbacks=IPv6Network("2001:db8:ffff::/64"),
    links=IPv6Network("2001:db8:fffe::/64"),
    scheme=Scheme(city=3, county=4, township=5, village=4, function=4, functions={"office": 0, "video": 1}),
)
NARROW = PLAN.model_copy(
    update={
        "ipv6": IPv6Network("2001:db8::/36"),
        "loopbacks": IPv6Network("2001:db8:fff::/64"),
        "links": IPv6Network("2001:db8:ffe::/64"),
    }
)
"""Leaves eight bits for VLANs."""
BELOW = {Level.CITY: Level.COUNTY, Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}


def workspace(sites: tuple[Site, ...] = (), plan: AddressPlan = PLAN, **more: object) -> Workspace:
    return Workspace.model_validate(
        {
            "root": Path(),
            "digest": "",
            "settings": Settings(version=1, name="t", title=""),
            "sites": sites,
            "address_plan": plan,
            **more,
        }
    )


def site(name: str, level: Level, parent: str | None = None, ipv6: str | None = None) -> Site:
    return Site(name=name, title="", level=level, parent=parent, ipv6=IPv6Network(ipv6) if ipv6 else None)


def device(name: str, where: str, *interfaces: Interface) -> Device:
    return Device(
        name=name,
        platform=Platform.FRR,
        site=where,
        plane=Plane.A,
        role=Role.CORE,
        host="192.0.2.1",
        username="u",
        password="env://P",
        interfaces=interfaces,
    )


def given_out(one: Workspace, rows: tuple[AddressRecord, ...]) -> Workspace:
    prefixes = {row.name: row.ipv6 for row in rows if row.kind == "site"}
    sites = tuple(each.model_copy(update={"ipv6": prefixes.get(each.name, each.ipv6)}) for each in one.sites)
    return one.revised(sites=sites, addresses=(*one.addresses, *rows))


@st.composite
def trees(draw: st.DrawFn) -> tuple[Site, ...]:
    """Sites in any order of names: one city, then each below one that is there."""
    names = draw(st.permutations([f"s{number}" for number in range(draw(st.integers(2, 12)))]))
    made = [site(names[0], Level.CITY)]
    for name in names[1:]:
        parent = draw(st.sampled_from([each for each in made if each.level in BELOW]))
        levels = list(Level)
        level = draw(st.sampled_from(levels[levels.index(parent.level) + 1 :]))
        made.append(site(name, level, parent.name))
    return tuple(made)


@settings(max_examples=30, deadline=None)
@given(trees(), st.data())
def test_adding_sites_renumbers_nothing_and_prefixes_never_meet(sites: tuple[Site, ...], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(sites)))
    early = workspace(sites[:first])
    rows, faults = register.allot(early)
    assert not faults
    later, more = register.allot(given_out(early, rows).revised(sites=(*given_out(early, rows).sites, *sites[first:])))
    assert not more
    assert not {row.name for row in rows} & {row.name for row in later}, "what has a prefix is given no other"
    whole = given_out(workspace(sites), (*rows, *later))
    prefixes = sorted(each.ipv6 for each in whole.sites if each.ipv6)
    assert len(prefixes) == len(sites)
    assert not any(one.overlaps(other) for one, other in pairwise(prefixes))
    book = Book.of(whole)
    for each in whole.sites:
        above = addressing.block(PLAN, book.sites[each.parent]) if each.parent else PLAN.ipv6
        assert above is not None
        assert each.ipv6 is not None
        assert each.ipv6.subnet_of(above)
    assert not [finding for finding in book.check() if finding.code != "address-nearly-full"]


@given(trees())
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_files_does_not_matter(sites: tuple[Site, ...]) -> None:
    assert set(register.allot(workspace(sites))[0]) == set(register.allot(workspace(sites[::-1]))[0])


def test_a_prefix_whose_site_is_gone_is_given_to_nobody_else() -> None:
    city = site("city", Level.CITY, ipv6="2001:db8:2000::/48")
    old = AddressRecord(kind="site", name="gone", ipv6=IPv6Network("2001:db8:2200::/48"))
    (row,), _ = register.allot(workspace((city, site("new", Level.COUNTY, "city")), addresses=(old,)))
    assert row.ipv6 == IPv6Network("2001:db8:2400::/48"), "number 1 is taken"
    stale = [finding for finding in Book.of(workspace((city,), addresses=(old,))).check() if finding.code == "address-stale"]
    assert "gone" in stale[0].message


def test_numbers_pass_over_what_others_have() -> None:
    taken = PrefixPair(ipv4=IPv4Network("10.0.0.0/24"), ipv6=IPv6Network("2001:db8:2200::/64"))
    plan = PLAN.model_copy(update={"pairs": (taken,)})
    city = site("city", Level.CITY, ipv6="2001:db8:2000::/48")
    (row,), _ = register.allot(workspace((city, site("new", Level.COUNTY, "city")), plan))
    assert row.ipv6 == IPv6Network("2001:db8:2400::/48")


def test_the_reserve_is_not_given_out_and_the_end_is_told_before() -> None:
    counties = tuple(site(f"c{number:02}", Level.COUNTY, "city") for number in range(14))
    rows, (fault,) = register.allot(workspace((site("city", Level.CITY), *counties)))
    assert len(rows) == 14, "the city and thirteen counties"
    assert (fault.code, fault.target) == ("address-exhausted", "c13")
    warned = Book.of(given_out(workspace((site("city", Level.CITY), *counties)), rows)).check()
    assert "13 of 13 numbers for a county below city are in use" in [finding.message for finding in warned]


def test_what_lies_below_a_site_without_a_prefix_waits() -> None:
    plan = PLAN.model_copy(update={"scheme": Scheme(county=1)})
    rows, faults = register.allot(workspace((site("a", Level.COUNTY), site("b", Level.TOWNSHIP, "a")), plan))
    assert not rows
    assert [fault.target for fault in faults] == ["a"]


def test_a_level_without_bits_is_the_top_alone() -> None:
    plan = PLAN.model_copy(update={"scheme": Scheme(county=4)})
    rows, (fault,) = register.allot(workspace((site("a", Level.CITY), site("b", Level.TOWNSHIP, "a")), plan))
    assert [row.ipv6 for row in rows] == [IPv6Network("2001:db8::/36")]
    assert fault.target == "b"


def test_vlans_get_places_where_their_numbers_do_not_fit() -> None:
    city = site("city", Level.CITY, ipv6="2001:db8:200::/52")
    one = device("d", "city", *(Interface(name=f"Vlanif{number}", vlan=number) for number in (30, 10)))
    made = workspace((city,), NARROW, devices=(one,))
    assert {finding.code for finding in Book.of(made).check()} == {"address-not-given"}
    rows, faults = register.allot(made)
    assert not faults
    assert {row.vlan: str(row.ipv6) for row in rows} == {10: "2001:db8:200::/64", 30: "2001:db8:200:1::/64"}
    more = device("e", "city", Interface(name="Vlanif20", vlan=20))
    (row,), _ = register.allot(made.revised(addresses=rows, devices=(one, more)))
    assert (row.vlan, str(row.ipv6)) == (20, "2001:db8:200:2::/64")
    assert not Book.of(made.revised(addresses=rows)).check()


def test_a_full_part_and_an_unknown_function_are_told() -> None:
    city = site("city", Level.CITY, ipv6="2001:db8:200::/60")
    many = device("d", "city", *(Interface(name=f"Vlanif{number}", vlan=number) for number in (1, 2)))
    odd = device("e", "city", Interface(name="Vlanif3", vlan=3, function="phone"))
    made = workspace((city,), NARROW, devices=(many, odd))
    rows, faults = register.allot(made)
    assert len(rows) == 1
    assert sorted(fault.message for fault in faults) == [
        "2001:db8:200::/64 of site city has no /64 left for VLAN 2",
        "VLAN 3: the address plan has no function phone",
    ]
    assert "address-exhausted" in {finding.code for finding in Book.of(made).check()}


def test_links_without_ipv4_get_the_lowest_free_pair() -> None:
    def link(name: str, ipv6: str | None = None) -> Link:
        return Link.model_validate(
            {
                "name": name,
                "plane": "a",
                "a_device": "a",
                "a_interface": name,
                "b_device": "b",
                "b_interface": name,
                "bandwidth_mbps": 1,
                "ipv6": ipv6,
            }
        )

    made = workspace(links=(link("y"), link("x"), link("z", "2001:db8:fffe::2/127")))
    rows, _ = register.allot(made)
    assert [(row.name, str(row.ipv6)) for row in rows] == [("x", "2001:db8:fffe::/127"), ("y", "2001:db8:fffe::4/127")]
    tiny = PLAN.model_copy(update={"links": IPv6Network("2001:db8:fffe::/127")})
    rows, (fault,) = register.allot(workspace(plan=tiny, links=(link("y"), link("x"))))
    assert [row.name for row in rows] == ["x"]
    assert fault.target == "y"


def test_rows_are_added_to_the_register_and_old_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "network").mkdir()
    first = AddressRecord(kind="site", name="city", ipv6=IPv6Network("2001:db8::/48"))
    second = AddressRecord(kind="vlan", name="city", vlan=7, ipv6=IPv6Network("2001:db8::/64"))
    register.write(tmp_path, [first])
    register.write(tmp_path, [second])
    text = (tmp_path / register.FILE).read_text(encoding="utf-8")
    assert text == "kind,name,vlan,ipv6\nsite,city,,2001:db8::/48\nvlan,city,7,2001:db8::/64\n"


def test_what_another_system_has_is_taken_over_or_contradicted() -> None:
    city = site("city", Level.CITY, ipv6="2001:db8:2000::/48")
    made = workspace((city, site("new", Level.COUNTY, "city")))
    theirs = [
        AddressRecord(kind="site", name="new", ipv6=IPv6Network("2001:db8:2a00::/48")),
        AddressRecord(kind="site", name="city", ipv6=IPv6Network("2001:db8:3000::/48")),
        AddressRecord(kind="site", name="elsewhere", ipv6=IPv6Network("2001:db8:4000::/48")),
        AddressRecord(kind="vlan", name="city", vlan=9, ipv6=IPv6Network("2001:db9::/64")),
    ]
    rows, faults = register.adopt(made, theirs)
    assert rows == (theirs[0],)
    assert [fault.code for fault in faults] == ["address-differs", "address-unknown", "address-outside-plan"]


def test_the_whole_plan_as_a_table_is_read_back_as_rows() -> None:
    city = site("city", Level.CITY, ipv6="2001:db8:2000::/48")
    made = workspace((city,), devices=(device("d", "city", Interface(name="Vlanif9", vlan=9, ipv4=IPv4Interface("10.1.9.1/24"))),))
    text = register.entries_csv(Book.of(made).entries())
    assert "vlan,city,9,2001:db8:2000:9::/64,10.1.9.0/24," in text
    assert register.narrowed(text) == "kind,name,vlan,ipv6\nsite,city,,2001:db8:2000::/48\nvlan,city,9,2001:db8:2000:9::/64\n"
    assert register.narrowed("kind,name\n") == "kind,name\n"


def test_a_plan_without_a_scheme_is_checked_too() -> None:
    """Every site states its own share: shares outside and over each other, addresses twice, pools that are full, nothing given."""
    plan = PLAN.model_copy(update={"scheme": None, "ipv6": IPv6Network("2001:db8::/33")})
    sites = (
        site("city", Level.CITY, None, "2001:db8:1::/48"),
        site("county", Level.COUNTY, "city", "2001:db8:1:1000::/52"),
        site("beyond", Level.COUNTY, "city", "2001:db9::/48"),
        site("waiting", Level.COUNTY, "city"),
    )
    own = Interface(name="lo", ipv4=IPv4Interface("10.0.0.1/32"), ipv6=IPv6Interface("2001:db8:77::1/128"), loopback=True)
    twin = Interface(name="eth1", ipv4=IPv4Interface("10.0.1.1/24"), ipv6=IPv6Interface("2001:db8:77::1/64"))
    line = Interface(name="eth2")
    link = Link(name="line", plane=Plane.A, a_device="a", a_interface="eth2", b_device="b", b_interface="eth2", bandwidth_mbps=1)
    book = Book.of(workspace(sites, plan, devices=(device("a", "city", own, line), device("b", "city", twin, line)), links=(link,)))
    assert book.uses() == ()
    told = {(finding.code, finding.target) for finding in book.check()}
    assert {
        ("address-outside-plan", "site beyond"),
        ("address-exhausted", "a lo"),
        ("address-twice", "b"),
        ("address-not-given", "line"),
        ("address-not-given", "waiting"),
    } <= told
    assert register.allot(book.workspace)[0][0].kind == "link", "shares are the sites' own"


def test_shares_that_lie_over_each_other_are_told() -> None:
    plan = PLAN.model_copy(update={"scheme": None})
    sites = (site("east", Level.CITY, None, "2001:db8:1::/48"), site("west", Level.CITY, None, "2001:db8:1:8000::/49"))
    assert [finding.message for finding in Book.of(workspace(sites, plan)).check()] == [
        "site west: 2001:db8:1:8000::/49 lies over 2001:db8:1::/48 of site east"
    ]
