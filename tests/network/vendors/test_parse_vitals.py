"""What devices show of their neighbours, load and lock: from FRR 8.4 itself, ntc-templates' captures, and manuals' shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal
from yunwang.network.facts.model import BgpPeer, Fact, Figure, IsisPeer, Lock, OspfPeer
from yunwang.network.vendors import vendor

FRR_OSPF = """
Neighbor ID     Pri State           Up Time         Dead Time Address         Interface                        RXmtL RqstL DBsmL
10.64.255.2       1 Full/-          10.714s            3.514s 10.64.254.2     eth1:10.64.254.1                     1     0     0
10.64.255.3       1 ExStart/DR      1d02h03m           3.796s 10.64.254.6     eth2:10.64.254.5                     1     0     0

"""
FRR_BGP = """
IPv4 Unicast Summary (VRF default):
BGP router identifier 10.64.255.1, local AS number 65100 vrf-id 0
BGP table version 0
RIB entries 0, using 0 bytes of memory
Peers 1, using 724 KiB of memory

Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc
10.64.255.2     4      65100         3         3        0    0    0 00:00:05            0        0 N/A

Total number of neighbors 1
"""
VRP_OSPF = """
\t OSPF Process 1 with Router ID 10.1.1.1
\t\t  Peer Statistic Information
 ----------------------------------------------------------------------------
 Area Id          Interface                        Neighbor id      State
 0.0.0.0          GigabitEthernet0/0/1             10.1.1.2         Full
 ----------------------------------------------------------------------------
 Total Peer(s):     1
"""
COMWARE_OSPF = """
         OSPF Process 1 with Router ID 10.1.1.1
               Neighbor Brief Information

 Area: 0.0.0.0
 Router ID       Address         Pri Dead-Time  State             Interface
 10.1.1.2        10.0.0.2        1   33         Full/ -           GE1/0/1
"""
COMWARE_ISIS = """
                        Peer information for IS-IS(1)
                        -----------------------------

  System ID: 0000.0000.0004
  Interface: GE1/0/1                 Circuit Id:  0000.0000.0004.01
  State: Up     HoldTime:  8s        Type: L1           PRI: 64
"""
IOS_OSPF = """
Neighbor ID     Pri   State           Dead Time   Address         Interface
10.1.1.2          0   FULL/  -        00:00:38    10.0.0.2        GigabitEthernet0/1
10.1.1.3          1   2WAY/DROTHER    00:00:31    10.0.1.3        Vlan10
"""
IOS_ISIS = """
Tag 1:
System Id       Type Interface     IP Address      State Holdtime Circuit Id
R2              L2   Gi0/1         10.0.0.2        UP    27       R2.01
"""
FRR_ISIS = """
Area 1:
  System Id           Interface   L  State        Holdtime SNPA
  r2                  eth1        2  Up           29       2020.2020.2020
"""


def read(platform: str, command: str, text: str) -> tuple[Fact, ...]:
    return vendor(Platform(platform)).parse.read(command, text)


@pytest.mark.parametrize(
    ("platform", "command", "text", "peers"),
    [
        ("frr", "show ip ospf neighbor", FRR_OSPF, [("10.64.255.2", "eth1", True), ("10.64.255.3", "eth2", False)]),
        ("huawei_vrp", "display ospf peer brief", VRP_OSPF, [("10.1.1.2", "GigabitEthernet0/0/1", True)]),
        ("hp_comware", "display ospf peer", COMWARE_OSPF, [("10.1.1.2", "GigabitEthernet1/0/1", True)]),
        (
            "cisco_ios",
            "show ip ospf neighbor",
            IOS_OSPF,
            [("10.1.1.2", "GigabitEthernet0/1", True), ("10.1.1.3", "Vlan10", False)],
        ),
    ],
)
def test_ospf_neighbours(platform: str, command: str, text: str, peers: list[tuple[str, str, bool]]) -> None:
    found = [one for one in read(platform, command, text) if isinstance(one, OspfPeer)]
    assert [(str(one.router_id), one.interface, one.full) for one in found] == peers


@pytest.mark.parametrize(
    ("platform", "command", "text", "peer"),
    [
        ("hp_comware", "display isis peer", COMWARE_ISIS, ("0000.0000.0004", "GigabitEthernet1/0/1")),
        ("cisco_ios", "show isis neighbors", IOS_ISIS, ("R2", "GigabitEthernet0/1")),
        ("frr", "show isis neighbor", FRR_ISIS, ("r2", "eth1")),
    ],
)
def test_isis_neighbours(platform: str, command: str, text: str, peer: tuple[str, str]) -> None:
    [found] = read(platform, command, text)
    assert isinstance(found, IsisPeer)
    assert (found.system, found.interface) == peer
    assert found.up


def test_isis_neighbours_of_real_vrp(captures: Path) -> None:
    found = [
        one
        for file in sorted((captures / "ntc-templates" / "huawei_vrp" / "display_isis_peer").glob("*.raw"))
        for one in read("huawei_vrp", "display isis peer", file.read_text())
    ]
    assert len(found) > 3
    assert all(isinstance(one, IsisPeer) and one.up for one in found)


def test_bgp_neighbours_of_real_frr() -> None:
    [found] = read("frr", "show bgp ipv4 summary", FRR_BGP)
    assert isinstance(found, BgpPeer)
    assert found.established


@pytest.mark.parametrize(
    ("platform", "command", "text", "value"),
    [
        ("huawei_vrp", "display cpu-usage", "CPU Usage            : 7% Max: 99%\nCPU utilization for five seconds: 9%: one", 9),
        ("huawei_vrpv8", "display cpu", "System CPU Using Percentage :  11%\n", 11),
        ("huawei_vrp", "display memory-usage", " Memory Using Percentage Is: 26%\n", 26),
        ("huawei_vrpv8", "display memory", "Memory Using Percentage: 39%\n", 39),
        ("hp_comware", "display cpu-usage", "Slot 1 CPU 0 CPU usage:\n  5% in last 5 seconds\n  4% in last 1 minute\n", 4),
        ("hp_comware", "display memory", "Slot 1:\nMem:   984560  456128  528432  0  928  151200     53.7%\n", 46.3),
        ("cisco_ios", "show processes cpu", "CPU utilization for five seconds: 1%/0%; one minute: 2%; five minutes: 1%\n", 2),
        ("cisco_ios", "show processes memory", "Processor Pool Total:  400 Used:   100 Free:  300\n", 25),
        ("ruijie_os", "show cpu", "CPU utilization in one minute: 4.10%\n", 4.1),
        ("ruijie_os", "show memory", "  Used Rate : 68%\n", 68),
        ("huawei_vrp", "display users", "+ 129 VTY 0   00:00:00  SSH  10.1.1.1  pass\n  130 VTY 1   00:01:00  SSH  10.1.1.2\n", 2),
        ("cisco_ios", "show users", "    Line       User\n*  2 vty 0     admin   idle  00:00:00 10.0.0.1\n", 1),
    ],
)
def test_a_figure_is_read_where_it_stands(platform: str, command: str, text: str, value: float) -> None:
    [found] = read(platform, command, text)
    assert isinstance(found, Figure)
    assert found.value == pytest.approx(value)


def test_figure_that_does_not_stand_there_is_not_guessed() -> None:
    with pytest.raises(Fatal, match="what is this"):
        read("huawei_vrp", "display cpu-usage", "what is this\n")


def test_lock_is_somebodys_or_nobodys() -> None:
    free = "Parser Configure Lock\nUser              : unknown\nState             : FREE\n"
    held = "Parser Configure Lock\nUser              : zhao\nState             : LOCKED\n"
    assert read("cisco_ios", "show configuration lock", free) == ()
    assert read("cisco_ios", "show configuration lock", held) == (Lock(holder="zhao"),)
