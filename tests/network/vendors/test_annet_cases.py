"""annet's before/after/patch cases: which we meet line by line, and why we differ where we do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor

FOLDER = Path(__file__).parents[4] / "shared" / "captures" / "annet-patch"
PLATFORMS = {"huawei": "huawei_vrp", "huawei ce": "huawei_vrpv8", "h3c": "hp_comware", "cisco": "cisco_ios"}
FRAME = {"system-view", "quit", "q", "save", "save force", "commit", "conf t", "exit", "copy running-config startup-config"}


@dataclass(frozen=True)
class Case:
    name: str
    platform: str
    before: str
    after: str
    patch: str

    @property
    def lines(self) -> list[str]:
        """annet's lines without indentation, entering, leaving and saving."""
        return [line.strip() for line in self.patch.splitlines() if line.strip() not in FRAME]

    def ours(self) -> list[str]:
        its = vendor(Platform(self.platform))
        made = patch(its, parse(self.before, its.rules), parse(self.after, its.rules))
        return [part.strip() for line in made.lines if not line.leaves_view for part in line.text.split("\n")]


def _sides(text: str) -> tuple[str, str]:
    """annet's diff: a sign before each line that is on one side only, indentation kept."""
    before, after = [], []
    for line in text.splitlines():
        indent, sign, rest = re.fullmatch(r"( *)([+-] ?)?(.*)", line).groups()  # type: ignore[union-attr]  # matches anything
        plain = indent + rest
        if not (sign or "").startswith("+"):
            before.append(plain)
        if not (sign or "").startswith("-"):
            after.append(plain)
    return "\n".join(before), "\n".join(after)


def _cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
        for number, case in enumerate(loaded if isinstance(loaded, list) else [loaded], 1):
            before, after = _sides(case["diff"]) if "diff" in case else (case["before"] or "", case["after"] or "")
            yield Case(f"{file.stem}-{number}", PLATFORMS[case["vendor"].lower()], before, after, case["patch"] or "")


CASES = {case.name: case for case in _cases()}

MODE_FIRST = "the mode comes in first and goes out last, so that no line is refused for it"
LINK_LOCAL_FIRST = "the same lines; we put link-local addresses before global ones"
ONE_LINE = "the list in one line: annet's `none` before it blocks the port for a moment"
NX_OS = "`ipv6 link-local` and ordered policy maps are NX-OS"
WITH_ITS_VIEW = "what is inside a view that goes is not taken out line by line"
WITH_ITS_VLAN = "`undo vlan batch` takes the VLAN and its view; a second line would be refused"

OTHER_ORDER = {
    "cisco_bgp_peer_group-1": "peers before what refers to them, then the rest",
    "cisco_switchport_trunk_allowed-1": MODE_FIRST,
    "cisco_switchport_trunk_allowed-4": MODE_FIRST,
    "cisco_switchport_trunk_allowed-6": MODE_FIRST,
    "cisco_switchport_trunk_allowed-9": MODE_FIRST,
    "huawei_classifier_type_change-1": "matches are taken out in the opposite order",
    "huawei_iface_ip_vpn_binding-1": LINK_LOCAL_FIRST,
    "huawei_iface_ip_vpn_binding-2": LINK_LOCAL_FIRST,
    "huawei_iface_ip_vpn_binding-3": LINK_LOCAL_FIRST,
    "huawei_iface_route_policy-1": "policies before interfaces; router advertisements after all else of an interface",
    "huawei_xpl-2": "what is new is in before the old goes: a filter in use never names what is not there",
    "huawei_xpl-4": "the filter lets go of the list before the list goes",
    "huawei_undo_bgp-1": "the new default route is in before the old one goes",
}
OTHER_LINES = {
    "cisco_iface_ipv6_address-1": NX_OS,
    "cisco_iface_ipv6_address-2": NX_OS,
    "cisco_policy_map-1": NX_OS,
    "cisco_switchport_trunk_allowed-3": ONE_LINE,
    "cisco_switchport_trunk_allowed-5": ONE_LINE,
    "cisco_switchport_trunk_allowed-8": ONE_LINE,
    "cisco_switchport_trunk_allowed-10": "the case leaves the first line of the list out; without it nothing is left of the list",
    "huawei_aaa_privilege_remove-1": "attributes go with their user: `undo local-user` alone is sent",
    "huawei_qos_group-3": WITH_ITS_VIEW,
    "huawei_qos_group-7": WITH_ITS_VIEW,
    "huawei_qos_group-8": WITH_ITS_VIEW,
    "huawei_single-1": "VLANs are named, where annet says `all`: other VLANs that nobody asked about stay",
    "huawei_vlan_global_and_batch-3": WITH_ITS_VLAN,
    "huawei_vlan_global_and_batch-7": WITH_ITS_VLAN,
}


@pytest.mark.skipif(not CASES, reason=f"{FOLDER} is not there (annet's cases are not part of the repository)")
def test_the_lists_of_differences_name_cases_that_exist() -> None:
    assert (OTHER_ORDER.keys() | OTHER_LINES.keys()) <= CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_met_or_differs_for_a_reason(name: str) -> None:
    case = CASES[name]
    ours, theirs = case.ours(), [line for line in case.lines if line]
    if name in OTHER_LINES:
        assert sorted(ours) != sorted(theirs), "met now: take it off the list"
    elif name in OTHER_ORDER:
        assert sorted(ours) == sorted(theirs)
        assert ours != theirs, "met now: take it off the list"
    else:
        assert [line for line in ours if line] == theirs


@pytest.mark.parametrize("name", CASES)
def test_the_way_back_of_a_case_leads_back(name: str) -> None:
    case = CASES[name]
    its = vendor(Platform(case.platform))
    before, after = parse(case.before, its.rules), parse(case.after, its.rules)
    assert bool(patch(its, before, after)) == bool(patch(its, after, before))
