"""Times in which nothing is applied: every night, on weekdays, over a holiday each year, or once. Pure; reads no clock.

Times of day are the workspace's own (its time zone); instants are UTC. Where the clock is turned over the beginning or the end of
a window, the window is the longer one: `begins` is the earlier, `ends` the later of two readings (PEP 495).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from yunwang.inventories.noun import Noun


class Day(StrEnum):
    """A day of the week, as in crontab(5); in the order of `datetime.weekday`."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError; a folder's name raises an OSError
        raise ValueError(f"no time zone is named {name} (expected, for example, Asia/Shanghai)") from None
    return name


def _time_of_day(written: str) -> str:
    time.fromisoformat(written)
    return written


def _day_of_calendar(written: str) -> str:
    date.fromisoformat(written if len(written) > len("MM-DD") else f"2024-{written}")  # a leap year: 02-29 is a day
    return written


TimeZone = Annotated[str, AfterValidator(_zone)]
"""A name of the IANA time zone database."""
TimeOfDay = Annotated[str, Field(pattern=r"^\d\d:\d\d$"), AfterValidator(_time_of_day)]
"""`HH:MM`, 00:00 to 23:59."""
CalendarDay = Annotated[str, Field(pattern=r"^(\d{4}-)?\d\d-\d\d$"), AfterValidator(_day_of_calendar)]
"""`MM-DD`, every year, or `YYYY-MM-DD`, once."""


class Freeze(Noun):
    """A window that begins on each of `days` (none: every day) from `first` to `last` (none: the whole year), both included.

    With `ends` not after `begins` it ends on the next day; it belongs to the day on which it begins.
    """

    name: str
    begins: TimeOfDay = "00:00"
    ends: TimeOfDay = "00:00"
    days: tuple[Day, ...] = ()
    first: CalendarDay | None = None
    last: CalendarDay | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Freeze:
        if (self.first is None) != (self.last is None) or len(self.first or "") != len(self.last or ""):
            raise ValueError("first and last go together, both with a year or both without")
        return self

    def over(self, now: datetime, zone: str) -> datetime | None:
        """When the window ends that `now` lies in; None where it lies in none."""
        today = now.astimezone(ZoneInfo(zone)).date()
        return max((end for start, end in self._windows(today, zone) if start <= now < end), default=None)

    def _windows(self, today: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """Beginning and end of the windows that may hold an instant of `today`: yesterday's, and today's."""
        begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        for day in (today - timedelta(days=1), today):
            if self._on(day):
                last = day if ends > begins else day + timedelta(days=1)
                yield min(_readings(day, begins, zone)), max(_readings(last, ends, zone))

    def _on(self, day: date) -> bool:
        if self.days and list(Day)[day.weekday()] not in self.days:
            return False
        if self.first is None or self.last is None:
            return True
        written = day.isoformat()[-len(self.first) :]
        if self.first <= self.last:
            return self.first <= written <= self.last
        return written >= self.first or written <= self.last  # over the new year


def _readings(day: date, at: time, zone: str) -> tuple[datetime, ...]:
    return tuple(datetime.combine(day, at.replace(fold=fold), ZoneInfo(zone)).astimezone(UTC) for fold in (0, 1))
