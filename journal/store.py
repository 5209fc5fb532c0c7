"""The journal's database: every call is one committed transaction, so that a crash at any moment stays readable. No policy here."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Plan
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import Phase, Run, RunState, Standing, StepRecord, StepState

SCHEMA_VERSION = 1

_metadata = MetaData()
_schema = Table("schema_version", _metadata, Column("version", Integer, primary_key=True))
_runs = Table(
    "runs",
    _metadata,
    Column("id", String(40), primary_key=True),
    Column("job", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("plan_digest", String(80), nullable=False, index=True),
    Column("plan", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("ended", DateTime(timezone=True)),
    Column("state", String(16), nullable=False),
    Column("message", Text, nullable=False),
)
_steps = Table(
    "steps",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run", String(40), ForeignKey("runs.id"), nullable=False, index=True),
    Column("change", Text, nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("summary", Text, nullable=False),
    Column("wave", Text, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("ended", DateTime(timezone=True)),
    Column("outcome", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
)
_standings = Table(
    "standings",
    _metadata,
    Column("job", String(64), primary_key=True),
    Column("target", String(255), primary_key=True),
    Column("in_line", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("facts", JSON, nullable=False),
)
_RUN_COLUMNS = [column for column in _runs.c if column.name != "plan"]


class Journal:
    """Runs, steps and standings of one workspace. Raises Fatal when its database cannot be read or written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str | None, state: Path) -> Journal:
        """The journal at an SQLAlchemy URL; None: `journal.sqlite` in the workspace's state folder, made where it is not there."""
        try:
            if url is None:
                state.mkdir(parents=True, exist_ok=True)
                url = f"sqlite:///{state / 'journal.sqlite'}"
            engine = create_engine(make_url(url), pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
            raise Fatal(
                f"the journal's database cannot be opened: {error}",
                remedy="mend journal.url in yunwang.yaml (PostgreSQL needs the extra `postgres`), or the folder's permissions",
            ) from None
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_settings)
        journal = cls(engine)
        with journal._transaction() as db:
            _metadata.create_all(db)
            version = db.scalar(select(_schema.c.version))
            if version is None:
                db.execute(_schema.insert().values(version=SCHEMA_VERSION))
            elif version != SCHEMA_VERSION:
                raise Fatal(
                    f"the journal has schema {version}, this yunwang reads {SCHEMA_VERSION}",
                    remedy="use the yunwang that wrote it, or a newer one",
                )
        return journal

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()

    # --- runs

    def begin(self, plan: Plan, *, operator: str, host: str, command: str) -> Run:
        """Record that a plan is about to be applied; the plan itself is kept with it."""
        now = _now()
        run = Run(
            id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            job=plan.job,
            title=plan.title,
            plan_digest=plan.digest,
            operator=operator,
            host=host,
            command=command,
            started=now,
        )
        with self._transaction() as db:
            db.execute(_runs.insert().values(**run.model_dump(), plan=plan.to_json()))
        return run

    def end(self, run: str, state: RunState, message: str = "") -> Run:
        """Record how a run ended (or that it is RUNNING again)."""
        ended = None if state is RunState.RUNNING else _now()
        with self._transaction() as db:
            db.execute(_runs.update().where(_runs.c.id == run).values(state=state.value, message=message, ended=ended))
        return self.run(run)

    def run(self, run: str) -> Run:
        """One run, by its id or the only one that starts so. Raises Fatal when there is none or several."""
        with self._transaction() as db:
            rows = db.execute(select(*_RUN_COLUMNS).where(_runs.c.id.startswith(run, autoescape=True))).mappings().all()
        exact = [row for row in rows if row["id"] == run] or rows
        if len(exact) != 1:
            what = "no run" if not exact else "several runs"
            raise Fatal(f"{what} in the journal named {run}", remedy="`yunwang history list` shows them")
        return _run(exact[0])

    def plan_of(self, run: str) -> Plan:
        """The plan that a run applied."""
        with self._transaction() as db:
            return Plan.model_validate_json(db.execute(select(_runs.c.plan).where(_runs.c.id == run)).scalar_one())

    def runs(self, *, job: str | None = None, plan_digest: str | None = None, limit: int = 1000) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        query = select(*_RUN_COLUMNS).order_by(_runs.c.started.desc(), _runs.c.id.desc()).limit(limit)
        if job is not None:
            query = query.where(_runs.c.job == job)
        if plan_digest is not None:
            query = query.where(_runs.c.plan_digest == plan_digest)
        with self._transaction() as db:
            return tuple(_run(row) for row in db.execute(query).mappings())

    # --- steps

    def intend(self, run: str, change: Change, wave: str, phase: Phase) -> int:
        """Record that a step is about to be done; returns its number. What follows must be `settle`d."""
        with self._transaction() as db:
            inserted = db.execute(
                _steps.insert().values(
                    run=run,
                    change=change.id,
                    target=change.target,
                    summary=change.summary,
                    wave=wave,
                    phase=phase.value,
                    state=StepState.STARTED.value,
                    started=_now(),
                    outcome="",
                    evidence={},
                )
            ).inserted_primary_key
        assert inserted is not None
        return int(inserted[0])

    def settle(self, step: int, state: StepState, outcome: str, evidence: JsonObject | None = None) -> None:
        """Record how a step came out."""
        with self._transaction() as db:
            db.execute(
                _steps.update()
                .where(_steps.c.number == step)
                .values(state=state.value, ended=_now(), outcome=outcome, evidence=evidence or {})
            )

    def steps(self, run: str) -> tuple[StepRecord, ...]:
        """All steps of a run, oldest first."""
        with self._transaction() as db:
            rows = db.execute(select(_steps).where(_steps.c.run == run).order_by(_steps.c.number)).mappings()
            return tuple(StepRecord(**_in_utc(row)) for row in rows)

    # --- standings

    def stand(self, job: str, standings: Mapping[str, bool], facts: Mapping[str, JsonObject] | None = None) -> None:
        """Record what was just seen of targets: whether each is in line with intent, and facts that reports use."""
        now = _now()
        with self._transaction() as db:
            for target, in_line in standings.items():
                row = {"in_line": in_line, "at": now, "facts": (facts or {}).get(target, {})}
                where = (_standings.c.job == job) & (_standings.c.target == target)
                if not db.execute(_standings.update().where(where).values(**row)).rowcount:
                    db.execute(_standings.insert().values(job=job, target=target, **row))

    def standings(self, job: str) -> dict[str, Standing]:
        """What was last seen of a job's targets."""
        with self._transaction() as db:
            rows = db.execute(select(_standings).where(_standings.c.job == job)).mappings()
            return {row["target"]: Standing(**_in_utc(row)) for row in rows}

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            reason = str(error.__cause__ or error).splitlines()[0]
            raise Fatal(
                f"the journal cannot be used: {reason}", remedy="mend its database (journal.url in yunwang.yaml)"
            ) from error


def _sqlite_settings(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a step's intent must be on disk before the deed
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _run(row: RowMapping) -> Run:
    return Run(**_in_utc(row))


def _in_utc(row: RowMapping) -> dict[str, Any]:
    """SQLite forgets the time zone: all times in it are UTC."""
    return {
        key: value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
        for key, value in row.items()
    }
