"""A journal's home as several processes see it, a clock that stands still, and a plan to record. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from yunwang.inventories.plan import Action, Change, Plan
from yunwang.journal.chain import Algorithm
from yunwang.journal.database import Database
from yunwang.journal.store import Journal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ELSEWHERE = "other-boot/pid:[1]/1/1"
"""A process of another machine: only its silence tells that it is dead."""


def plan_for(*targets: str, job: str = "dual-stack") -> Plan:
    """A plan with a change for each target."""
    changes = tuple(Change(id=target, target=target, action=Action.UPDATE, summary="two lines") for target in targets)
    until = NOON + timedelta(hours=1)
    return Plan(
        job=job, title="双栈", workspace="w", intent="sha256:0", operator="li-wei", created=NOON, expires=until, changes=changes
    )


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Home:
    """Where a journal is, and how any number of processes (by name) open it."""

    state: Path
    url: str | None = None
    password: str | None = None
    clock: Clock = field(default_factory=Clock)
    stack: ExitStack = field(default_factory=ExitStack)

    def open(self, me: str = ELSEWHERE, chain: Algorithm = "sha256") -> Journal:
        journal = Journal.open(self.url, self.state, password=self.password, now=self.clock, me=me, chain=chain)
        return self.stack.enter_context(closing(journal))

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The same database, as nobody should use it."""
        with closing(Database.at(self.url, self.state, self.password)) as database:
            yield database
