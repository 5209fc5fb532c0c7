"""Sessions over real SSH, on every platform: reading, pushing, saving, and every way it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import HungUp, LineRejected, Sent, Session, Silent, Timeouts, UnexpectedQuestion, connect
from yunwang.network.vendors import vendor

IMPATIENT = Timeouts(connect=20, read=1)
"""For devices that never answer: nothing is measured, nobody waits longer than needed."""
REFUSED = {
    "hp_comware": " % Wrong parameter found at '^' position.",
    "ruijie_os": "% Invalid input detected at '^' marker.",
    "cisco_ios": "% Invalid input detected at '^' marker.",
    "frr": "% Unknown command: description",
}
Lines = Callable[..., Sequence[PatchLine]]


@pytest.fixture
def lines(city: Extranet, name: str) -> Lines:
    """A loopback's descriptions, one after the other, typed in its view."""
    device = city.device(name)
    header = f"interface {device.management_interface}"
    leave = vendor(device.platform).rules.leave

    def make(*texts: str) -> Sequence[PatchLine]:
        inside = (PatchLine(text=f"description {text}", view=(header,)) for text in texts)
        return (PatchLine(text=header, enters_view=True), *inside, PatchLine(text=leave, view=(header,), leaves_view=True))

    return make


def configuration(session: Session, city: Extranet, name: str) -> Config:
    return parse(session.running(), vendor(city.device(name).platform).rules)


def test_running_configuration_is_read_whole(city: Extranet, name: str) -> None:
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        config = configuration(session, city, name)
    assert config.complete
    assert config == parse(city.saved(name), config.rules)
    assert session.host == name


def test_pushed_lines_run_and_are_saved_when_asked(city: Extranet, name: str, lines: Lines) -> None:
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push(lines("first", "second words"))
        assert session.commit() == (city.device(name).platform is Platform.HUAWEI_VRPV8)
        assert "description second words" in session.running()
        assert "second words" not in city.saved(name)
        session.save()
    assert pushed.lines[1:3] == ("description first", "description second words")
    assert "description second words" in city.saved(name)


def test_nothing_of_an_uncommitted_candidate_runs(city: Extranet) -> None:
    device = city.device("yz-core-a")
    header = f"interface {device.management_interface}"
    with connect(device, city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        session.push([PatchLine(text=header, enters_view=True), PatchLine(text="description never", view=(header,))])
        assert session.two_stage
    with connect(device, city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        assert "never" not in session.running()


def test_rejected_line_is_named_and_nothing_follows_it(city: Extranet, name: str, lines: Lines) -> None:
    platform = city.device(name).platform
    city.fault(name, reject="two$", reject_message=REFUSED.get(platform, "Error: The operation failed."))
    heard = len(city.heard(name))
    with (
        pytest.raises(LineRejected) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(lines("one", "two", "three"))
    verdict = caught.value
    assert verdict.line == "description two"
    assert verdict.target == f"device/{name}"
    assert verdict.accepted[-1] == "description one"
    assert verdict.view.startswith("interface ")
    assert REFUSED.get(platform, "The operation failed").strip() in verdict.answer
    if platform is Platform.HUAWEI_VRPV8:  # a candidate goes in one write, and is thrown away
        assert verdict.after[0] == Sent("description three", "")
        assert "clear configuration candidate" in city.heard(name)[heard:]
    else:
        assert "three" not in city.heard(name)[heard:]


def test_rejected_view_gets_none_of_its_lines(city: Extranet, name: str) -> None:
    heard = len(city.heard(name))
    view = "interface NoSuchThing77"
    with (
        pytest.raises(LineRejected) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push([PatchLine(text=view, enters_view=True), PatchLine(text="description inside", view=(view,))])
    assert caught.value.line == view
    assert "inside" not in city.heard(name)[heard:]


def test_rejection_throws_the_candidate_away(city: Extranet) -> None:
    device = city.device("yz-core-a")
    header = f"interface {device.management_interface}"
    city.fault(device.name, reject="bad$")
    with (
        pytest.raises(LineRejected),
        connect(device, city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(
            [
                PatchLine(text=header, enters_view=True),
                *(PatchLine(text=f"description {word}", view=(header,)) for word in ("good", "bad")),
            ]
        )
    assert "clear configuration candidate" in city.heard(device.name)
    with connect(device, city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        assert "description good" not in session.running()


def test_hang_up_in_mid_push_tells_how_far_it_came(city: Extranet, name: str, lines: Lines) -> None:
    city.fault(name, disconnect_after=3)
    with (
        pytest.raises(HungUp) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(lines("one", "two", "three", "four"))
    assert caught.value.accepted[-1] == "description one"
    assert caught.value.unknown == "description two"
    assert "'description two'" in caught.value.message
    assert caught.value.remedy


def test_silence_in_mid_push_tells_how_far_it_came(city: Extranet, name: str, lines: Lines) -> None:
    def hang_then_push(session: Session) -> None:
        city.fault(name, hang=True)
        session.push(lines("one", "two"))

    with (
        pytest.raises(Silent) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=IMPATIENT) as session,
    ):
        hang_then_push(session)
    assert caught.value.accepted == ()
    assert caught.value.unknown == vendor(city.device(name).platform).session.config_enter


def test_silence_at_log_in_is_worth_another_try(city: Extranet, name: str) -> None:
    city.fault(name, hang=True)
    with (
        pytest.raises(Retryable, match="does not answer"),
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=IMPATIENT),
    ):
        pass


def test_unforeseen_question_is_never_answered(city: Extranet, name: str, lines: Lines) -> None:
    city.fault(name, question=True)
    heard = len(city.heard(name))
    with (
        pytest.raises(UnexpectedQuestion) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(lines("one"))
    assert caught.value.unknown.startswith("interface ")
    assert "ontinue?" in caught.value.message
    after = city.heard(name)[heard:].rpartition("ontinue?")[2]
    assert not re.search(r" < '", after), "something was typed after the question"


def test_question_of_the_plan_is_answered(city: Extranet, name: str) -> None:
    device = city.device(name)
    header = f"interface {device.management_interface}"
    city.fault(name, question=True)
    with connect(device, city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push(
            [
                PatchLine(text=header, enters_view=True, question=r"ontinue\?", answer="yes"),
                PatchLine(text="description asked", view=(header,)),
            ]
        )
    assert pushed.lines == (header, "description asked")


def test_log_lines_and_slow_pieces_do_not_confuse(city: Extranet, name: str, lines: Lines) -> None:
    city.fault(name, noise=1, split=9, pause=0.0005)
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        pushed = session.push(lines("under", "noise"))
        session.commit()
        noisy = configuration(session, city, name)
    city.fault(name)
    assert pushed.lines[1:3] == ("description under", "description noise")
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        assert configuration(session, city, name) == noisy


def test_denied_command_is_named(city: Extranet, name: str, lines: Lines) -> None:
    city.fault(name, deny=True)
    with (
        pytest.raises(LineRejected) as caught,
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.push(lines("one"))
    assert caught.value.accepted == ()


def test_full_device_is_not_reported_as_saved(city: Extranet, name: str) -> None:
    city.fault(name, full=True)
    with (
        pytest.raises(Fatal, match="not saved"),
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.save()


def test_old_password_question_is_passed(city: Extranet, name: str) -> None:
    city.fault(name, old_password=True)
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        assert session.host == name


def test_command_that_the_device_lacks_is_named(city: Extranet, name: str) -> None:
    with (
        pytest.raises(Fatal, match="refuses 'display nonsense'"),
        connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session,
    ):
        session.display("display nonsense")
