"""A clock that a test turns. For tests of the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Watch:
    """Sleeping takes no time, and is remembered."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
        self.slept = 0.0

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.at += timedelta(seconds=seconds)

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)
