"""Which lines share a write, and that each still has its own echo, its own answer, its own fate."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import PatchLine, patch
from yunwang.network.transport import HungUp, LineRejected, Sent, UnexpectedQuestion, connect
from yunwang.network.transport.batch import LINES, batches
from yunwang.network.vendors import vendor

PORT = "interface GigabitEthernet0/0/1"


def inside(*texts: str, view: str = PORT) -> list[PatchLine]:
    """Independent lines of a view."""
    return [PatchLine(text, (view,), independent=True) for text in texts]


def opened(lines: Iterable[PatchLine], view: str = PORT) -> list[PatchLine]:
    """The same with the lines that enter and leave the view."""
    return [PatchLine(view, enters_view=True), *lines, PatchLine("quit", (view,), leaves_view=True)]


def written(lines: Iterable[PatchLine], *, commit: str | None = None) -> list[str]:
    """What goes out in one write, as text."""
    return ["|".join(line.text for line in batch) for batch in batches(list(lines), commit=commit)]


def test_independent_lines_of_a_confirmed_view_share_a_write() -> None:
    assert written([*opened(inside("a", "b")), *opened(inside("c"))]) == [PORT, "a|b|quit", PORT, "c|quit"]


def test_a_view_that_is_there_is_entered_behind_the_one_before_and_its_prompt_awaited() -> None:
    there = [line._replace(independent=True) if line.enters_view else line for line in opened(inside("c", "d"))]
    deep = [PatchLine("quit", (PORT, "family"), leaves_view=True), PatchLine("quit", (PORT,), leaves_view=True)]
    assert written([*opened(inside("a")), *there, *deep, *there]) == [
        PORT,
        f"a|quit|{PORT}",
        f"c|d|quit|quit|quit|{PORT}",
        "c|d|quit",
    ]


def test_a_line_that_is_not_marked_goes_alone() -> None:
    lines = opened([*inside("a"), PatchLine("shutdown", (PORT,), disruptive=True), *inside("b", "c")])
    assert written(lines) == [PORT, "a", "shutdown", "b|c|quit"]


def test_a_question_and_the_way_in_go_alone() -> None:
    first, second, third = inside("a", "b", "c")
    for alone in (second._replace(question=r"\[Y/N\]", answer="Y"), second._replace(management=True)):
        assert written([first, alone, third]) == ["a", "b", "c"]


def test_a_question_mark_goes_alone_because_a_terminal_shows_help_at_it() -> None:
    assert written(inside("a", "description why?", "b")) == ["a", "description why?", "b"]


def test_lines_of_two_views_never_share_a_write() -> None:
    assert written([*inside("a", view="one"), *inside("b", view="two")]) == ["a", "b"]


def test_a_write_is_never_longer_than_a_terminal_takes() -> None:
    sizes = [len(batch) for batch in batches(inside(*map(str, range(LINES * 2 + 1))))]
    assert sizes == [LINES, LINES, 1]


def test_a_candidate_goes_in_one_write_up_to_each_view_that_must_be_confirmed() -> None:
    one = [PatchLine("ipv6 enable", (PORT,)), PatchLine("undo x", (PORT,), question="sure", answer="Y"), *inside("a")]
    assert written(
        [*opened(one), *opened(inside("c")), PatchLine("commit"), PatchLine("bgp 1", enters_view=True)], commit="commit"
    ) == [
        *(PORT, "ipv6 enable", "undo x", f"a|quit|{PORT}", "c|quit", "commit", "bgp 1"),
    ]


@pytest.mark.parametrize("platform", list(Platform))
def test_marks_stand_only_at_what_is_never_asked_about_and_cuts_nothing_off(platform: Platform) -> None:
    marked = [rule for rule in vendor(platform).rules.rules if rule.independent]
    assert marked
    for rule in marked:
        unfit = (rule.asks, rule.disruptive, rule.lifeline, rule.opens, rule.wipes, rule.between, rule.ordered, rule.vlans)
        assert not any(unfit), rule.pattern


def test_a_patch_carries_the_marks_but_never_at_what_a_change_takes_out() -> None:
    its = vendor(Platform.HUAWEI_VRP)
    before = "user-bind static ip-address 10.0.0.1 mac-address 0011-2233-4455 vlan 10\n"
    after = (
        "user-bind static ip-address 10.0.0.1 mac-address 0011-2233-4466 vlan 10\nuser-bind static ip-address 10.0.0.2 vlan 10\n"
    )
    lines = patch(its, parse(before, its.rules), parse(after, its.rules)).lines
    assert {line.text.startswith("undo"): line.independent for line in lines} == {True: False, False: True}


def own(city: Extranet, name: str, *texts: str) -> list[PatchLine]:
    """Descriptions of the device's own loopback."""
    device = city.device(name)
    header = f"interface {device.management_interface}"
    leave = vendor(device.platform).rules.leave
    lines = [PatchLine(f"description {text}", (header,), independent=True) for text in texts]
    return [PatchLine(header, enters_view=True), *lines, PatchLine(leave, (header,), leaves_view=True)]


def typed(city: Extranet, name: str, since: int) -> list[str]:
    """What a device was sent since, write by write."""
    return [found[1] for line in city.heard(name)[since:].splitlines() if (found := re.match(r"\S+ < '(.*)'$", line))]


def test_one_write_carries_the_view_and_every_line_is_answered(city: Extranet, name: str) -> None:
    heard = len(city.heard(name))
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push(own(city, name, "one", "is this [Y/N]: two", "three [Y/N]"))
        session.commit()
        assert "description three [Y/N]" in session.running()
    assert pushed.lines[1:4] == ("description one", "description is this [Y/N]: two", "description three [Y/N]")
    assert pushed.remarks == ()
    leave = vendor(city.device(name).platform).rules.leave
    assert rf"description one\ndescription is this [Y/N]: two\ndescription three [Y/N]\n{leave}\n" in typed(city, name, heard)


def test_log_lines_and_slow_pieces_in_a_write_do_not_confuse(city: Extranet, name: str) -> None:
    city.fault(name, noise=1, split=7, pause=0.0005, delay=0.01)
    words = [f"number {number}" for number in range(12)]
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push(own(city, name, *words))
    assert pushed.lines[1:-1] == tuple(f"description {word}" for word in words)


def test_refusal_in_a_write_is_put_down_to_its_line_and_what_was_sent_after_it_is_told(city: Extranet, name: str) -> None:
    city.fault(name, reject="(two|four)$", reject_message="Error: The operation failed.\n% Invalid input detected at '^' marker.")
    with (
        pytest.raises(LineRejected) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push([*own(city, name, "one", "two", "three", "four"), *own(city, name, "never")])
    verdict = caught.value
    assert verdict.line == "description two"
    assert verdict.accepted[-1] == "description one"
    assert [(one.line, bool(one.answer)) for one in verdict.after[:2]] == [("description three", False), ("description four", True)]
    assert "'description three' accepted, 'description four' rejected (" in verdict.message
    assert "never" not in city.heard(name)


def test_hang_up_in_a_write_leaves_what_was_answered_accepted_and_the_rest_unknown(city: Extranet, name: str) -> None:
    city.fault(name, disconnect_after=3)
    with (
        pytest.raises(HungUp) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(own(city, name, "one", "two", "three"))
    assert caught.value.accepted[-1] == "description one"
    assert caught.value.unknown == "description two"
    assert caught.value.after[0] == Sent("description three", None)
    assert "'description three' unknown" in caught.value.message


def test_question_in_a_write_stops_at_its_line_and_leaves_the_rest_unknown(city: Extranet, name: str) -> None:
    city.fault(name, question=True, question_at="two")
    with (
        pytest.raises(UnexpectedQuestion, match="ontinue") as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(own(city, name, "one", "two", "three", "four"))
    assert caught.value.accepted[-1] == "description one"
    assert caught.value.unknown == "description two"
    assert [one.line for one in caught.value.after[:2]] == ["description three", "description four"]


def test_a_view_whose_entry_is_refused_gets_nothing_of_its_write(city: Extranet, name: str) -> None:
    heard = len(city.heard(name))
    view = "interface NoSuchThing77"
    with (
        pytest.raises(LineRejected) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push([*own(city, name, "fine"), *opened(inside("inside", "also inside", view=view), view=view)])
    assert caught.value.line == view
    assert caught.value.after == ()
    assert "inside" not in city.heard(name)[heard:]


def test_a_device_that_is_renamed_is_followed(city: Extranet, name: str) -> None:
    word = "hostname" if city.device(name).platform in (Platform.CISCO_IOS, Platform.RUIJIE_OS, Platform.FRR) else "sysname"
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push([PatchLine(f"{word} other-name"), PatchLine(f"{word} {name}")])
        session.commit()
    assert pushed.lines == (f"{word} other-name", f"{word} {name}")
