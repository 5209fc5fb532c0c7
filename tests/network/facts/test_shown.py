"""Whatever a session leaves around and inside a table, the facts are the same.

`shown/<platform>/*.txt`: how many facts, the command, then its output; by hand, in the shapes that manuals and captures give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal
from yunwang.network.facts.model import BgpPeer, Fact, InterfaceIpv6, Ospfv3Peer, Route, Row
from yunwang.network.vendors import vendor

FOLDER = Path(__file__).parent / "shown"
FILES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.glob("*/*.txt"))
MORE = (
    "  ---- More ----\x1b[16D                \x1b[16D",
    "---- More ----\x1b[42D                                          \x1b[42D",
    "---- More ----\r              \r",
    " --More-- " + "\x08" * 9 + " " * 8 + "\x08" * 9,
    "--More--\r\r        \r\r",
    "\x1b[7m--More--\x1b[27m\r\x1b[K",
    "--More-- ",
    "---- More ----",
)
LOGS = {
    "huawei": "Nov 22 2026 03:00:00+00:00 a %%01IFNET/4/LINK_STATE(l)[0]:The line protocol went UP.",
    "hp": "%Nov 22 03:00:00:123 2026 H3C IFNET/3/PHY_UPDOWN: Physical state on the interface GE1/0/1 changed to up.",
    "cisco": "*Nov 22 03:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up",
    "ruijie": "*Nov 22 03:00:00: %LINEPROTO-5-UPDOWN: Line protocol on Interface VLAN 10, changed state to up.",
    "frr": "2026/11/22 03:00:00 ZEBRA: [TZANK-DEMSE] netlink problem",
}


def shown(file: str) -> tuple[Platform, str, int, str]:
    first, _, text = (FOLDER / file).read_text(encoding="utf-8").partition("\n")
    count, _, command = first.partition(" ")
    return Platform(Path(file).parent.name), command, int(count), text


def read(platform: Platform, command: str, text: str) -> tuple[Fact, ...]:
    return vendor(platform).parse.read(command, text)


def variations(platform: Platform, command: str, text: str) -> Iterator[tuple[str, str]]:
    """What was done to the output, and what became of it."""
    lines = text.strip("\n").split("\n")
    prompt = "<R1>" if platform.value.startswith("h") else "R1#"
    log = next(log for start, log in LOGS.items() if platform.value.startswith(start))
    yield "carriage returns", text.replace("\n", "\r\n")
    yield "two carriage returns", text.replace("\n", "\r\r\n")
    yield "stripped", text.strip()
    yield "prompt after it", f"{text.strip()}\n\n{prompt} "
    yield "the session left", f"{text.strip()}\n{prompt}quit\n"
    yield "echo before it", f"{prompt}{command}\n{text}"
    yield "bare echo", f"{command}\n{text}"
    yield (
        "a command before it",
        f"{prompt}{'screen-length 0 temporary' if prompt == '<R1>' else 'terminal length 0'}\n{prompt}{command}\n{text}",
    )
    yield "blanks at the ends", "".join(f"{line}   \n" for line in lines)
    yield "blank lines", "\n\n".join(lines)
    yield "the screen cleared", f"\x1b[2J\x1b[H\x00{text}"
    yield "upper case", re.sub(r"[0-9a-f]{1,4}(?:[:.-][0-9a-f]{0,4}){2,}", lambda found: found[0].upper(), text)
    yield "lower case", re.sub(r"[0-9A-F]{1,4}(?::[0-9A-F]{0,4}){2,}", lambda found: found[0].lower(), text)
    for at in range(len(lines) + 1):
        yield f"a log line before line {at}", "\n".join([*lines[:at], *((log,) if at % 2 else ("", log, "")), *lines[at:]])
    for at in range(1, len(lines)):
        yield f"a pager's line before line {at}", "\n".join([*lines[:at], "  ---- More ----", *lines[at:]])
        more = MORE[(len(text) + at) % len(MORE)]  # each of them somewhere
        yield f"{more!r} before line {at}", "\n".join([*lines[:at], more + lines[at], *lines[at + 1 :]])


@pytest.mark.parametrize("file", FILES)
def test_a_table_is_read_whatever_the_session_adds(file: str) -> None:
    platform, command, count, text = shown(file)
    facts = read(platform, command, text)
    assert len(facts) == count
    for what, varied in variations(platform, command, text):
        assert read(platform, command, varied) == facts, what


def test_every_real_capture_gives_facts_also_with_carriage_returns_and_a_prompt(captures: Path) -> None:
    folders = {platform: captures / "ntc-templates" / platform for platform in ("huawei_vrp", "hp_comware", "cisco_ios")}
    files = [(name, file) for name, folder in folders.items() for file in sorted(folder.glob("*/*.raw"))]
    assert files
    for name, file in files:
        platform, command = Platform(name), file.parent.name.replace("_", " ")
        text = file.read_text(encoding="utf-8")
        facts = read(platform, command, text)
        assert facts, file
        prompt = "<R1>" if name != "cisco_ios" else "R1#"
        varied = f"{prompt}{command}\n{text.rstrip()}\n{prompt}".replace("\n", "\r\n")
        assert read(platform, command, varied) == facts, file


def test_lines_that_a_terminal_wrapped_are_joined() -> None:
    platform, command, _, text = shown("cisco_xe/show_device-tracking_database.1.txt")
    wrapped = "\n".join(part for line in text.split("\n") for part in (re.findall(r".{1,80}", line) or [""]))
    assert max(map(len, wrapped.split("\n"))) == 80
    assert read(platform, command, wrapped) == read(platform, command, text)


@pytest.mark.parametrize(
    ("platform", "command", "line"),
    [
        ("cisco_ios", "show ipv6 route", "O   2001:DB8:1::/64 [110/2]\n     via FE80::2"),
        ("hp_comware", "display ospfv3 peer", " 2.2.2.2         1   Full/DR           00:00:33  0      GE1"),
        ("huawei_vrp", "display ipv6 interface", "Vlanif10 current state : UP\nIPv6 protocol current state : UP"),
        ("cisco_ios", "show ip verify source", "Gi1/0/13   ip-mac       active       10.1.1.101"),
        (
            "huawei_vrp",
            "display bgp ipv6 peer",
            " Total number of peers : 1\n  2001:DB8::2   4   200       10       10     0 00:05:00 Esta       0",
        ),
    ],
)
def test_a_row_that_lost_its_end_is_an_error(platform: str, command: str, line: str) -> None:
    with pytest.raises(Fatal) as error:
        read(Platform(platform), command, line)
    assert any(part.strip() in error.value.message for part in line.split("\n"))


def test_a_total_may_be_missing_where_the_prompt_shows_that_the_table_is_whole() -> None:
    text = (FOLDER / "cisco_ios/show_ip_source_binding.2.txt").read_text(encoding="utf-8").split("\n", 1)[1]
    bare = text[: text.index("Total")]
    with pytest.raises(Fatal, match="no total"):
        read(Platform.CISCO_IOS, "show ip source binding", bare)
    assert len(read(Platform.CISCO_IOS, "show ip source binding", f"{bare}SW1#")) == 1


INTERFACES = """{
  "eth0":{"administrativeStatus":"up","operationalStatus":"up","vrfName":"default","ipAddresses":[
    {"address":"10.0.0.1/24"},{"address":"2001:db8::1/64"}]},
  "eth1":{"administrativeStatus":"up","operationalStatus":"down","vrfName":"health","ipAddresses":[]}
}
"""


def test_json_of_an_interface_and_what_is_no_such_json() -> None:
    found = vendor(Platform.FRR).parse.read("show interface json", INTERFACES, InterfaceIpv6)
    assert [(one.name, one.up, one.vpn, [str(address) for address in one.addresses]) for one in found] == [
        ("eth0", True, None, ["2001:db8::1"]),
        ("eth1", False, "health", []),
    ]
    for text, quoted in (
        (INTERFACES[:-30], "cut off"),
        ("{\n  what is this\n}", "what is this"),
        ('{"eth0":{"operationalStatus":"up"}}', "eth0"),
        ('["eth0"]', "eth0"),
    ):
        with pytest.raises(Fatal, match=quoted):
            read(Platform.FRR, "show interface json", text)
    (peer,) = vendor(Platform.FRR).parse.read(
        "show ipv6 ospf6 neighbor json",
        '{"neighbors":[{"neighborId":"10.64.255.2","priority":1,"state":"Full","interfaceName":"eth1"}]}',
        Ospfv3Peer,
    )
    assert (str(peer.router_id), peer.full) == ("10.64.255.2", True)


def test_a_command_that_shows_another_noun_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="does not show BgpPeer"):
        vendor(Platform.FRR).parse.read("show interface json", INTERFACES, BgpPeer)


def test_columns_of_ntc_templates_in_one_spelling() -> None:
    text = (
        "VLAN Name                             Status    Ports\n---- ---- ---- ----\n10   office      active    Gi1/0/1, Gi1/0/2\n"
    )
    (row,) = read(Platform.CISCO_IOS, "show vlan brief", text)
    assert isinstance(row, Row)
    assert row.values["interfaces"] == ["GigabitEthernet1/0/1", "GigabitEthernet1/0/2"]
    with pytest.raises(Fatal, match="nothing of the kind"):
        read(Platform.CISCO_IOS, "show vlan brief", "nothing of the kind\n")


def test_a_route_says_its_vpn_instance() -> None:
    platform, command, _, text = shown("cisco_xe/show_ipv6_route_vrf_health.1.txt")
    for shape, vpn in (
        (text, "health"),
        (text.replace("- health -", "- default -"), None),
        (text.replace("- health -", "-"), None),
    ):
        assert [one.vpn for one in vendor(platform).parse.read(command, shape, Route)] == [vpn]
