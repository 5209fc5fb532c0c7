"""Echo, line editing, pages, the question mark and the log of the wire."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Protocol

from yunwang.lab.devices.terminal import Terminal


class Console(Protocol):
    terminal: Terminal
    log: io.StringIO

    def type(self, text: str) -> str: ...


Open = Callable[[str], Console]


def test_long_answers_stop_for_more_until_paging_is_off(console: Open) -> None:
    for name, command, more, off in (
        ("yz-acc-1", "display current-configuration", "  ---- More ----", "screen-length 0 temporary"),
        ("yz-acc-2", "display current-configuration", "---- More ----", "screen-length disable"),
        ("dh-acc-2", "show running-config", " --More-- ", "terminal length 0"),
        ("dh-acc-1", "show running-config", " --More-- ", "terminal length 0"),
    ):
        user = console(name)
        user.terminal.page = 24
        stopped = user.type(f"{command}\n")
        assert stopped.endswith(more), name
        assert len(stopped.splitlines()) == 25
        user.type("q")
        user.type(f"{off}\n")
        assert more not in user.type(f"{command}\n"), name


def test_space_gives_a_page_enter_a_line_and_q_ends(console: Open) -> None:
    user = console("yz-acc-1")
    user.terminal.page = 24
    whole = user.type("display saved-configuration\n \r\rq")
    assert whole.count("---- More ----") == 4
    assert "\x1b[42D" in whole
    assert "user-interface vty" not in whole
    assert whole.endswith("<yz-acc-1>")


def test_what_is_typed_at_once_is_answered_in_one_piece(console: Open) -> None:
    user = console("yz-acc-1")
    assert user.type("system-view\ninterface Vlanif110\nquit\n").count("[yz-acc-1") == 3
    assert user.log.getvalue().count(" > ") == 2  # the first prompt, before anything is typed, and the rest


def test_a_question_mark_is_answered_at_once_and_leaves_the_line_standing(console: Open) -> None:
    shown = console("yz-acc-1").type("display ip ?interface brief\n")
    assert "  interface\n  routing-table\n<yz-acc-1>display ip interface brief\n" in shown


def test_backspace_corrects_and_control_z_leaves_configuration(console: Open) -> None:
    user = console("dh-acc-2")
    assert user.type("shoo\x08w clock\n").splitlines()[1].count(":") == 2
    assert user.type("configure terminal\ninterface Vlan220\n\x1a").endswith("dh-acc-2#")


def test_carriage_return_with_line_feed_is_one_enter(console: Open) -> None:
    assert console("yz-acc-1").type("system-view\r\nquit\r\n").count("<yz-acc-1>") == 2


def test_including_and_sections(console: Open) -> None:
    user = console("dh-acc-2")
    assert "ntp server 10.64.255.1\n" in user.type("show running-config | include ^ntp\n")
    section = user.type("show running-config | section router ospf\n")
    assert "router ospf 1\n router-id 10.64.255.12\n" in section
    assert "hostname" not in section
    assert user.type("show running-config | begin line vty\n").splitlines()[1] == "line vty 0 15"
