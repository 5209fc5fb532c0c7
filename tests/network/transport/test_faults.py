"""Misfortunes in mid-session, on every platform: each with its verdict, which names the device and the line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.verdict import Retryable
from yunwang.lab import process
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import HungUp, LineRejected, Session, Silent, Timeouts, connect

IMPATIENT = Timeouts(connect=20, read=1)
Lines = Callable[..., Sequence[PatchLine]]


def to(city: Extranet, name: str, timeouts: Timeouts = TIMEOUTS) -> AbstractContextManager[Session]:
    return connect(city.device(name), city.workspace, wire=city.wire, timeouts=timeouts)


@pytest.fixture
def lines(city: Extranet, name: str) -> Lines:
    """A loopback's descriptions, one after the other, each waiting for the answer to the one before."""
    header = f"interface {city.device(name).management_interface}"
    view = PatchLine(text=header, enters_view=True)
    return lambda *texts: (view, *(PatchLine(text=f"description {text}", view=(header,)) for text in texts))


def test_device_that_refuses_the_connection_is_worth_another_try(city: Extranet, name: str) -> None:
    (port,) = process.free_ports([None])
    closed = city.device(name, port=port)
    with (
        pytest.raises(Retryable, match="refuses the connection") as caught,
        connect(closed, city.workspace, wire=city.wire, timeouts=TIMEOUTS),
    ):
        pass
    assert caught.value.target == f"device/{name}"


def test_device_without_a_free_vty_is_worth_another_try(city: Extranet, name: str) -> None:
    city.fault(name, no_vty=True)
    with pytest.raises(Retryable, match="hung up at log-in") as caught, to(city, name):
        pass
    assert "VTY" in caught.value.remedy


@pytest.mark.parametrize("fault", ["reboot", "half_prompt"])
def test_device_that_reboots_or_breaks_off_in_half_a_line_has_hung_up(city: Extranet, name: str, lines: Lines, fault: str) -> None:
    city.fault(name, disconnect_after=3, **{fault: True})
    with pytest.raises(HungUp) as caught, to(city, name) as session:
        session.push(lines("one", "two", "three", "four"))
    assert caught.value.accepted[-1] == "description one"
    assert caught.value.unknown == "description two"
    city.fault(name)
    with to(city, name) as session:
        runs = session.running()
    assert "description three" not in runs
    assert fault != "reboot" or "description two" not in runs, "what was not saved is gone"


def test_device_that_changes_its_name_is_not_talked_to_any_further(city: Extranet, name: str, lines: Lines) -> None:
    def rename_then_push(session: Session) -> None:
        city.fault(name, renamed="stranger")
        session.push(lines("one", "two"))

    heard = len(city.heard(name))
    with pytest.raises(Silent, match=r"its prompt is now .*stranger") as caught, to(city, name, IMPATIENT) as session:
        rename_then_push(session)
    assert caught.value.unknown
    assert "description two" not in city.heard(name)[heard:]


@pytest.mark.parametrize("delay", [0.02, 0.4])
def test_slow_device_is_not_taken_for_a_dead_one(city: Extranet, name: str, lines: Lines, delay: float) -> None:
    """Seconds a line, to a patience of 1: as 2 s are to the usual 30 and more."""
    city.fault(name, delay=delay)
    with to(city, name, IMPATIENT) as session:
        assert session.push(lines("slowly")).lines[-1] == "description slowly"


def test_line_that_ios_does_not_authorize_is_not_counted_as_accepted(city: Extranet) -> None:
    name = "dh-agg-b"
    header = f"interface {city.device(name).management_interface}"
    city.fault(name, reject="^description two", reject_message="Command authorization failed.\n")
    with pytest.raises(LineRejected) as caught, to(city, name) as session:
        session.push(
            [
                PatchLine(text=header, enters_view=True),
                *(PatchLine(text=f"description {word}", view=(header,)) for word in ("one", "two", "three")),
            ]
        )
    assert (caught.value.line, caught.value.answer) == ("description two", "Command authorization failed.")
    assert caught.value.accepted == (header, "description one")
