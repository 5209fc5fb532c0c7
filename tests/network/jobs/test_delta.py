"""A change is looked for in, and taken out of, whatever the device runs by then."""

from __future__ import annotations

from textwrap import dedent

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import Config, parse
from yunwang.network.jobs.delta import Delta, delta
from yunwang.network.vendors import vendor


def vrp(text: str) -> Config:
    return parse(dedent(text), vendor(Platform.HUAWEI_VRP).rules)


BEFORE = vrp(
    """\
    sysname r1
    #
    interface LoopBack0
     description old
     ip address 10.0.0.1 255.255.255.255
    #
    return
    """
)
AFTER = vrp(
    """\
    sysname r1
    #
    interface LoopBack0
     description new
     ip address 10.0.0.1 255.255.255.255
     ipv6 enable
     ipv6 address 2001:db8::1/128
    #
    ospfv3 1
     router-id 10.0.0.1
    #
    return
    """
)
CHANGE = delta(BEFORE, AFTER)


def test_forward_and_backward_lead_from_one_to_the_other() -> None:
    assert CHANGE.forward(BEFORE).tree == AFTER.tree
    assert CHANGE.backward(AFTER) == BEFORE


def test_change_that_is_there_needs_nothing_and_one_that_is_not_leaves_nothing_to_take_back() -> None:
    assert CHANGE.forward(AFTER) == AFTER
    assert CHANGE.backward(BEFORE) == BEFORE


def test_half_a_change_is_taken_back() -> None:
    half = BEFORE.overlay(vrp("ospfv3 1\n"))
    assert CHANGE.backward(half) == BEFORE


def test_what_others_did_since_stays() -> None:
    since = AFTER.overlay(vrp("ntp-service unicast-server 10.9.9.9\nospfv3 1\n import-route static\n"))
    back = CHANGE.backward(since)
    assert "ntp-service unicast-server 10.9.9.9" in back.tree
    assert back.view("ospfv3 1") == {"import-route static": {}}
    assert back.view("interface LoopBack0") == BEFORE.view("interface LoopBack0")


def test_a_plan_keeps_it() -> None:
    assert Delta.from_json(CHANGE.to_json()) == CHANGE
