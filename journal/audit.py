"""The audit: every deed adds an entry to a hash chain, in the transaction that does the deed. Never changes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, select
from sqlalchemy.engine import Connection

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject, canonical_json
from yunwang.journal import agreement, anchor, chain, tables
from yunwang.journal.chain import Algorithm, Head
from yunwang.journal.database import Database
from yunwang.journal.records import AuditEntry

AT_ONCE = 1000
_IN_ORDER = select(tables.audit).order_by(tables.audit.c.seq)


class By(NamedTuple):
    """Who does a deed, where, and by which command as typed."""

    operator: str
    host: str = ""
    command: str = ""


@dataclass(slots=True)
class Deed:
    """A transaction that writes, and tells the audit what it does."""

    db: Connection
    now: datetime
    algorithm: Algorithm
    head: Head | None = None

    def tell(
        self,
        event: str,
        by: By,
        *,
        plan_digest: str = "",
        run: str = "",
        target: str = "",
        result: str = "",
        details: JsonObject | None = None,
    ) -> None:
        """Add an entry to the chain."""
        last = self.head or head_of(self.db)
        entry = AuditEntry(
            seq=last.seq + 1,
            at=f"{self.now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z",
            event=event,
            operator=tables.plain(by.operator),
            host=tables.plain(by.host),
            command=tables.plain(by.command),
            plan_digest=plan_digest,
            run=run,
            target=tables.plain(target),
            result=tables.plain(result),
            details=tables.plain(canonical_json(details or {})),
            previous=last.hash,
        )
        entry = chain.seal(entry, self.algorithm)
        self.db.execute(tables.audit.insert().values(**entry.model_dump()))
        self.head = Head(seq=entry.seq, hash=entry.hash)


class Audit:
    """The audit chain of one journal."""

    def __init__(self, database: Database, anchored: Path, algorithm: Algorithm, now: Callable[[], datetime]) -> None:
        self._database = database
        self._anchored = anchored
        self._algorithm = algorithm
        self._now = now

    @contextmanager
    def deed(self) -> Iterator[Deed]:
        """One transaction that writes; when it has committed, the head of what it told is kept outside the database."""
        with self._database.writing() as db:
            deed = Deed(db, self._now(), self._algorithm)
            yield deed
        if deed.head is not None:
            anchor.advance(self._anchored, deed.head)

    def append(
        self,
        event: str,
        *,
        operator: str,
        host: str,
        command: str,
        plan_digest: str = "",
        run: str = "",
        target: str = "",
        result: str = "",
        details: JsonObject | None = None,
    ) -> None:
        """Tell of a deed that the journal does not do itself. What the journal does, it tells itself."""
        with self.deed() as deed:
            by = By(operator, host, command)
            deed.tell(event, by, plan_digest=plan_digest, run=run, target=target, result=result, details=details)

    def entries(self, *, after: int | None = None, run: str | None = None, limit: int | None = None) -> Iterator[AuditEntry]:
        """Entries, oldest first: after that number, of that run, no more than `limit`."""
        left = limit
        while left is None or left > 0:
            query = _IN_ORDER.limit(AT_ONCE if left is None else min(left, AT_ONCE))
            if after is not None:
                query = query.where(tables.audit.c.seq > after)
            if run is not None:
                query = query.where(tables.audit.c.run == run)
            with self._database.reading() as db:
                found = [_entry(row) for row in db.execute(query).mappings()]
            yield from found
            if not found:
                return
            after = found[-1].seq
            left = None if left is None else left - len(found)

    def head(self) -> Head:
        """The last entry's number and hash (0 and nothing where there is none)."""
        with self._database.reading() as db:
            return head_of(db)

    def verify(self, anchors: Sequence[Head] = ()) -> tuple[Finding, ...]:
        """What tells that entries were edited, deleted, reordered or cut off, or that runs, steps, observations and approvals are
        not as the entries tell; nothing: the journal is whole.

        Checked against the head in the workspace's state folder, and against `anchors` that were kept elsewhere.
        """
        kept = anchor.read(self._anchored)  # before the entries: it may only be behind them
        with self._database.reading(still=True) as db:
            found = tuple(chain.faults(_all(db), (*anchors, *([kept] if kept else []))))
            return found or tuple(agreement.faults(_all(db), db))


def head_of(db: Connection) -> Head:
    """The chain's head, as the transaction sees it."""
    last = db.execute(select(tables.audit.c.seq, tables.audit.c.hash).order_by(tables.audit.c.seq.desc()).limit(1)).first()
    return Head(seq=last.seq, hash=last.hash) if last is not None else Head(seq=0, hash="")


def _all(db: Connection) -> Iterator[AuditEntry]:
    return map(_entry, db.execution_options(yield_per=AT_ONCE).execute(_IN_ORDER).mappings())


def _entry(row: RowMapping) -> AuditEntry:
    """As it is in the database, whatever someone has put there: it is for the chain to judge."""
    told: dict[str, Any] = {name: value if name == "seq" else str(value) for name, value in row.items()}
    return AuditEntry.model_construct(None, **told)
