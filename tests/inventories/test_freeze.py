"""Freeze windows: over midnight, on weekdays, over the new year, and where the clock is turned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from yunwang.inventories.freeze import Day, Freeze
from yunwang.inventories.workspace import Settings

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
NIGHT = Freeze(name="night", begins="22:00", ends="06:00")


def at(text: str, zone: str = SHANGHAI, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def over(freeze: Freeze, now: str, zone: str = SHANGHAI) -> str:
    """When the window ends, in local time."""
    end = freeze.over(at(now, zone), zone)
    return f"{end.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if end else ""


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-22 21:59:59", ""),
        ("2026-11-22 22:00:00", "2026-11-23 06:00"),
        ("2026-11-23 00:00:00", "2026-11-23 06:00"),
        ("2026-11-23 05:59:59", "2026-11-23 06:00"),
        ("2026-11-23 06:00:00", ""),
    ],
)
def test_a_window_over_midnight_ends_on_the_next_day(now: str, end: str) -> None:
    assert over(NIGHT, now) == end


def test_a_window_belongs_to_the_day_on_which_it_begins() -> None:
    friday = Freeze(name="friday night", begins="22:00", ends="06:00", days=(Day.FRIDAY,))
    assert over(friday, "2026-11-28 05:00") == "2026-11-28 06:00"  # Saturday morning
    assert not over(friday, "2026-11-27 05:00")  # Friday morning
    assert not over(friday, "2026-11-28 23:00")


def test_a_window_without_times_is_whole_days() -> None:
    sunday = Freeze(name="sundays", days=(Day.SUNDAY,))
    assert over(sunday, "2026-11-22 00:00") == "2026-11-23 00:00"
    assert not over(sunday, "2026-11-23 00:00")


@pytest.mark.parametrize(
    ("now", "frozen"),
    [("2026-12-27", False), ("2026-12-28", True), ("2027-01-01", True), ("2027-01-03", True), ("2027-01-04", False)],
)
def test_days_of_every_year_may_lie_over_the_new_year(now: str, frozen: bool) -> None:
    turn = Freeze(name="turn of the year", first="12-28", last="01-03")
    assert bool(over(turn, f"{now} 12:00")) is frozen


@pytest.mark.parametrize(
    ("now", "frozen"), [("2027-02-05", True), ("2027-02-12", True), ("2027-02-13", False), ("2028-02-06", False)]
)
def test_days_with_a_year_are_frozen_once(now: str, frozen: bool) -> None:
    spring = Freeze(name="spring festival", first="2027-02-05", last="2027-02-12")
    assert bool(over(spring, f"{now} 12:00")) is frozen


def test_times_are_the_workspaces_own_not_those_of_utc() -> None:
    assert over(NIGHT, "2026-11-22 23:00", SHANGHAI)  # 15:00 UTC
    assert NIGHT.over(at("2026-11-22 23:00", SHANGHAI), "UTC") is None


def test_where_clocks_go_forward_a_window_ends_when_the_clock_first_shows_a_later_time() -> None:
    # Berlin, 2027-03-28: 02:00 CET is 03:00 CEST, so that 02:30 is never shown
    gap = Freeze(name="gap", begins="01:00", ends="02:30")
    assert gap.over(at("2027-03-28 01:59", BERLIN), BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert not over(gap, "2027-03-28 03:31", BERLIN)


def test_where_clocks_go_back_a_window_lasts_until_its_end_was_shown_twice() -> None:
    # Berlin, 2026-10-25: 03:00 CEST is 02:00 CET, so that 02:30 is shown twice
    night = Freeze(name="night", begins="22:00", ends="02:30")
    assert night.over(at("2026-10-25 02:45", BERLIN, fold=0), BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert night.over(at("2026-10-25 02:29", BERLIN, fold=1), BERLIN) is not None
    assert night.over(at("2026-10-25 02:30", BERLIN, fold=1), BERLIN) is None


def test_where_clocks_go_back_a_window_begins_at_the_first_showing() -> None:
    late = Freeze(name="late", begins="02:30", ends="04:00")
    assert late.over(at("2026-10-25 02:29", BERLIN, fold=0), BERLIN) is None
    assert late.over(at("2026-10-25 02:10", BERLIN, fold=1), BERLIN) is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"begins": "25:00"},
        {"begins": "8:00"},
        {"first": "02-30", "last": "03-01"},
        {"first": "10-01"},
        {"first": "10-01", "last": "2027-10-07"},
        {"days": ["monday"]},
    ],
)
def test_what_is_no_window_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Freeze(name="none", **fields)


@pytest.mark.parametrize("zone", ["Asia/Yunzhou", "", "/etc/passwd", "Asia"])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        Settings(version=1, name="larder", title="", time_zone=zone)
