"""VLAN lists are sets, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunwang.network.vlans import ALL, VlanSyntax, read, spans

HUAWEI = VlanSyntax(add="", remove="")
CISCO = VlanSyntax(add="", remove="", huawei=False)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("10 20 to 22", {10, 20, 21, 22}),
        ("10,20-22", {10, 20, 21, 22}),
        ("none", set()),
        ("4094", {4094}),
        ("1 to 4095", set(range(1, 4095))),
        ("0 99999 5 to 99999999999999999999", set(range(5, 4095))),  # what a typing error must not cost: memory
        ("10 to 5 7", {7}),
    ],
)
def test_every_vendors_list_is_read(text: str, ids: set[int]) -> None:
    assert read(text) == sum(1 << vlan for vlan in ids)


def test_all_is_all() -> None:
    assert read("all") == ALL
    assert list(spans(ALL)) == [(1, 4094)]


@given(st.sets(st.integers(1, 4094)), st.sampled_from([HUAWEI, CISCO]))
def test_what_is_written_is_read_again(ids: set[int], syntax: VlanSyntax) -> None:
    vlans = sum(1 << vlan for vlan in ids)
    lists = list(syntax.lists(vlans))
    assert sum(read(listed) for listed in lists) == vlans
    assert all(len(listed.replace(" to ", "-").replace(",", " ").split()) <= syntax.items for listed in lists)
