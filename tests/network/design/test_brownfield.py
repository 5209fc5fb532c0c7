"""Running IPv4 configurations become a dual-stack design without anybody writing down interfaces or links."""

from __future__ import annotations

from pathlib import Path

import pytest

from yunwang.inventories.demo import write
from yunwang.inventories.network import Platform
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses.book import Book
from yunwang.network.configuration.config import parse
from yunwang.network.design import brownfield
from yunwang.network.design.brownfield import Designed, Source
from yunwang.network.design.intent import Found
from yunwang.network.vendors import vendor


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("city") / "demo"
    write(folder)
    found, findings = read(folder)
    assert found is not None, findings
    return found


def sources(city: Workspace) -> list[Source]:
    return [
        Source(file=file.name, text=file.read_text(encoding="utf-8")) for file in sorted((city.root / "lab" / "devices").iterdir())
    ]


def designed(city: Workspace, given: list[Source]) -> dict[str, Designed]:
    found, _ = brownfield.match(city, given)
    running = {name: parse(source.text, vendor(city.device(name).platform).rules) for name, source in found.items()}
    whole, _, _ = brownfield.complete(city, running)
    return {name: brownfield.design(whole, whole.device(name), source) for name, source in found.items()}


def test_what_the_devices_show_gives_the_design_that_the_inventory_gives(city: Workspace) -> None:
    bare = city.revised(devices=tuple(one.model_copy(update={"interfaces": ()}) for one in city.devices), links=())
    written, surveyed = designed(city, sources(city)), designed(bare, sources(city))
    assert {name: one.lines for name, one in written.items()} == {name: one.lines for name, one in surveyed.items()}
    assert len(written) == 16
    assert not [finding for one in surveyed.values() for finding in one.findings if finding.severity == "error"]


def test_the_intent_found_is_what_the_workspaces_files_would_say(city: Workspace) -> None:
    bare = city.revised(devices=tuple(one.model_copy(update={"interfaces": ()}) for one in city.devices), links=())
    found, odd = brownfield.match(bare, sources(city))
    assert not odd
    running = {name: parse(source.text, vendor(city.device(name).platform).rules) for name, source in found.items()}
    whole, rows, faults = brownfield.complete(bare, running)
    assert (rows, faults) == ((), ())
    assert not brownfield.lacking(whole)
    assert Book.of(whole).addresses == Book.of(city).addresses
    intent = Found.between(bare, whole)
    assert {"name": "Vlanif110", "ipv4": "10.64.110.1/24", "vlan": 110, "terminals": True} in intent.interfaces["yz-acc-1"]
    assert len(intent.links) == 15
    assert intent.links[0]["a_interface"] == "GE1/0/1"


def test_what_somebody_wrote_is_not_written_over(city: Workspace) -> None:
    bare = city.revised(devices=tuple(one.model_copy(update={"interfaces": ()}) for one in city.devices), links=city.links[:1])
    found = Found.between(bare, city)
    files, odd = found.files(bare, {"yz-acc-2"}, "version: 1\nlinks:\n  - name: one\n    plane: a   # kept\n")
    assert "network/host_vars/yz-acc-1.yaml" in files
    assert "network/host_vars/yz-acc-2.yaml" not in files
    assert files["network/links.yaml"].startswith("version: 1\nlinks:\n  - name: one\n    plane: a   # kept\n  - name: ")
    assert [finding.message.split()[0] for finding in odd] == ["yz-acc-2"]
    _, odd = Found.between(city.revised(links=()), city).files(city, (), "links: [{name: one}]\nversion: 1\n")
    assert "by hand" in odd[0].remedy
    files, _ = Found.between(city.revised(links=()), city).files(city, (), "version: 1\nlinks: []\n")
    assert files["network/links.yaml"].count("- name") == 15


def test_files_are_matched_by_host_name_and_what_is_nobodys_is_told(city: Workspace) -> None:
    mine, other, twice = (
        Source(file="x.cfg", text="sysname yz-agg-a\n"),
        Source(file="stranger.cfg", text="hostname nobody\n"),
        Source(file="yz-agg-a.cfg", text="# no name in it\n"),
    )
    found, odd = brownfield.match(city, [mine, other, twice])
    assert found == {"yz-agg-a": mine}
    assert sorted({finding.code for finding in odd}) == ["device-twice", "no-configuration", "unknown-device"]
    assert sum(finding.code == "no-configuration" for finding in odd) == 15


LEFT = """sysname yz-agg-a
#
router id 10.64.255.3
#
acl number 3001
 rule 5 permit ip source 198.51.100.0 0.0.0.255
 rule 10 permit tcp source 10.64.0.0 0.0.254.255
#
interface GigabitEthernet0/0/1
 ip address 10.64.254.2 255.255.255.252
 ospf enable 1 area 0
 traffic-filter inbound acl 3001
 traffic-filter outbound acl 3999
 vrrp vrid 1 virtual-ip 10.64.254.3
 mtu 1000
#
interface GigabitEthernet0/0/9
 ip address 192.0.2.1 255.255.255.0
 dhcp select relay
 dhcp relay server-ip 198.51.100.9
#
ospf 1 router-id 10.64.255.3
 import-route bgp
 area 0.0.0.1
  stub
#
ospf 2 vpn-instance health
#
rip 1
#
isis 1
 network-entity 49.0001.00
#
bgp 65100
 group rr internal
 peer 10.64.255.1 group rr
 peer 203.0.113.9 as-number 65200
 peer 10.64.255.1 route-policy out export
 ipv4-family vpnv4
  peer 10.64.255.1 enable
 ipv4-family unicast
  network 198.51.100.0 255.255.255.0
#
ip route-static 0.0.0.0 0.0.0.0 198.51.100.1
ip route-static 198.51.100.0 24 10.64.254.1
ip route-static vpn-instance health 0.0.0.0 0.0.0.0 10.64.254.1
ip route-static 10.64.110.0 24 NULL0
#
user-interface vty 0 4
 acl 2999 inbound
#
return
"""


def test_what_cannot_be_mirrored_is_listed_with_file_and_line(city: Workspace) -> None:
    source = Source(file="agg.cfg", text=LEFT)
    whole = designed(city, [source])["yz-agg-a"]
    lines = LEFT.splitlines()
    told = {lines[finding.line - 1].strip(): finding.message for finding in whole.findings if finding.line}
    for line, word in {
        "rule 5 permit ip source 198.51.100.0 0.0.0.255": "198.51.100.0/24 has no counterpart",
        "rule 10 permit tcp source 10.64.0.0 0.0.254.255": "not understood",
        "vrrp vrid 1 virtual-ip 10.64.254.3": "gateway redundancy",
        "import-route bgp": "redistribution",
        "stub": "area's kind",
        "ospf 2 vpn-instance health": "VPN instance",
        "rip 1": "no IPv6 half",
        "isis 1": "wide metrics",
        "peer 203.0.113.9 as-number 65200": "no IPv6 address",
        "peer 10.64.255.1 route-policy out export": "a setting of BGP",
        "ipv4-family vpnv4": "other than IPv4 unicast",
        "network 198.51.100.0 255.255.255.0": "no counterpart",
        "ip route-static 0.0.0.0 0.0.0.0 198.51.100.1": "next hop 198.51.100.1",
        "ip route-static 198.51.100.0 24 10.64.254.1": "no counterpart",
        "ip route-static vpn-instance health 0.0.0.0 0.0.0.0 10.64.254.1": "VPN instance health",
        "ip route-static 10.64.110.0 24 NULL0": "next hop",
        "acl 2999 inbound": "nothing guards the login",
    }.items():
        assert word in told[line], line
    messages = " ".join(finding.message for finding in whole.findings)
    assert "applied and not there" in messages
    assert "MTU of 1280" in messages
    assert "GigabitEthernet0/0/9" in messages
    assert all(finding.file == "agg.cfg" for finding in whole.findings)
    assert "traffic-filter" not in whole.lines, "a list without its IPv6 half is applied nowhere"
    assert "peer 2001:db8:1ff::1 as-number 65100" in whole.lines, "the group's AS"


def test_a_device_without_router_id_is_a_finding_and_the_others_go_on(city: Workspace) -> None:
    nameless = city.revised(devices=tuple(one.model_copy(update={"router_id": None}) for one in city.devices))
    text = "sysname yz-agg-a\n#\ninterface GigabitEthernet0/0/1\n ip address 10.64.254.2 30\n ospf enable 1 area 0\n#\nreturn\n"
    made = designed(nameless, [Source(file="a.cfg", text=text)])["yz-agg-a"]
    assert not made.lines
    assert [finding.code for finding in made.findings] == ["no-design"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ip address 10.64.254.2 255.255.255.252", "ip address 10.64.254.2 0.0.254.255"),
        ("router id 10.64.255.3", "router id 10.64.255.999"),
        ("ospf enable 1 area 0", "ospf enable 1 area zero"),
        ("permit ip source 198.51.100.0 0.0.0.255", "permit ip source 198.51.100.999 0.0.0.255"),
        ("ip route-static 198.51.100.0 24 10.64.254.1", "ip route-static 198.51.100.0 99 10.64.254.1"),
        ("peer 203.0.113.9 as-number", "peer 203.0.113.999 as-number"),
    ],
)
def test_what_is_no_address_is_a_finding_and_the_others_go_on(city: Workspace, old: str, new: str) -> None:
    nameless = city.revised(devices=tuple(one.model_copy(update={"router_id": None}) for one in city.devices))
    assert old in LEFT
    whole = designed(nameless, [Source(file="agg.cfg", text=LEFT.replace(old, new)), *sources(city)[:3]])
    assert [one.code for one in whole["yz-agg-a"].findings] == ["no-design"]
    assert "is not understood" in whole["yz-agg-a"].findings[0].message
    assert all(made.lines for name, made in whole.items() if name != "yz-agg-a")


@pytest.mark.parametrize(
    ("platform", "text", "code"),
    [
        (Platform.CISCO_IOS, "switch 1 provision ws-c3750x-24\n", "needed-first"),
        (Platform.CISCO_IOS, "switch 1 provision ws-c3750x-24\nsdm prefer dual-ipv4-and-ipv6 default\n", ""),
        (Platform.HP_COMWARE, "hardware-resource routing-mode ipv6-64\n", "needed-first"),
        (Platform.HUAWEI_VRP, "assign resource-template ipv4-large\n", "needed-first"),
        (Platform.HUAWEI_VRP, "ip vpn-instance x\n", ""),
        (Platform.RUIJIE_OS, "address-bind install\n", "needed-first"),
        (Platform.RUIJIE_OS, "address-bind install\naddress-bind ipv6-mode compatible\n", ""),
    ],
)
def test_what_a_device_needs_first_is_said(city: Workspace, platform: Platform, text: str, code: str) -> None:
    one = city.device("yz-agg-a").model_copy(update={"platform": platform, "interfaces": ()})
    alone = city.revised(devices=(one,), links=())
    made = brownfield.design(alone, one, Source(file="f", text=text))
    assert [finding.code for finding in made.findings if finding.code == "needed-first"] == ([code] if code else [])


def test_a_table_that_is_too_small_is_said(city: Workspace) -> None:
    one = city.device("yz-agg-a").model_copy(update={"ipv6_table": 40})
    made = brownfield.design(city, one, next(source for source in sources(city) if source.file == "yz-agg-a.cfg"))
    assert "table-size" in [finding.code for finding in made.findings]
    assert Path(made.device).name == "yz-agg-a"
