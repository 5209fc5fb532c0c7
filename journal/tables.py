"""The journal's tables as this version reads and writes them (the migrations make them so). No statement is run in here."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 2
"""Of this version of the tables; stands in `schema_version`, which every version of yunwang reads first."""


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite forgets the zone: all times in it are UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside (a device's answer, a command line): what no database can keep (NUL, half characters) is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else plain(value)


def plain(text: str) -> str:
    """The text with NUL and lone surrogates replaced: what every database and UTF-8 can hold."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


metadata = MetaData()
schema = Table("schema_version", metadata, Column("version", Integer, primary_key=True))
runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("job", String(64), nullable=False),
    Column("title", Words, nullable=False),
    Column("plan_digest", String(80), nullable=False),
    Column("plan", Words, nullable=False),
    Column("operator", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("command", Words, nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("state", String(16), nullable=False),
    Column("message", Words, nullable=False),
    Index("runs_plan_digest", "plan_digest", unique=True),  # a plan is applied once, whoever tries at the same time
)
steps = Table(
    "steps",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run", String(40), ForeignKey("runs.id"), nullable=False, index=True),
    Column("change", Words, nullable=False),
    Column("target", Words, nullable=False, index=True),
    Column("summary", Words, nullable=False),
    Column("wave", Words, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("outcome", Words, nullable=False),
    Column("evidence", JSON, nullable=False),
)
standings = Table(
    "standings",
    metadata,
    Column("job", String(64), primary_key=True),
    Column("target", String(255), primary_key=True),
    Column("in_line", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("facts", JSON, nullable=False),
)
observations = Table(
    "observations",
    metadata,
    Column("run", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("target", Words, primary_key=True),
    Column("digest", String(80), nullable=False),
    Column("summary", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
leases = Table(
    "leases",
    metadata,
    Column("target", Words, primary_key=True),
    Column("run", String(40), nullable=False, index=True),  # no foreign key: leases are got before the run begins
    Column("owner", Words, nullable=False),
    Column("host", Words, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process", Words, nullable=False),
    Column("command", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("heartbeat", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
)
plans = Table(
    "plans",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("plan", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
approvals = Table(
    "approvals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("plan_digest", String(80), nullable=False),
    Column("approver", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("signature", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("approvals_plan_digest", "plan_digest"),  # not unique: an approval that expired may be given again
)
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),  # text: the hash is over what is written, not over what a database makes of a time
    Column("event", String(32), nullable=False),
    Column("operator", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("plan_digest", String(80), nullable=False),
    Column("run", String(40), nullable=False),
    Column("target", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("details", Text, nullable=False),  # canonical JSON, for the same reason
    Column("previous", String(80), nullable=False),
    Column("hash", String(80), nullable=False),
)
