"""The journal: every call is one committed transaction, so that a crash at any moment stays readable. No policy here."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.engine import Connection

from yunwang.inventories.noun import JsonObject, digest
from yunwang.inventories.plan import Change, Observation, Plan
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal import agreement, process, schema
from yunwang.journal.approvals import Approvals
from yunwang.journal.audit import Audit, By, Deed
from yunwang.journal.chain import Algorithm
from yunwang.journal.database import Database
from yunwang.journal.leases import Leases, fence, free, walker, worker
from yunwang.journal.plans import Plans
from yunwang.journal.records import Phase, Run, RunState, Standing, StepRecord, StepState, Story
from yunwang.journal.tables import observations, runs, standings, steps

LATEST = "latest"
"""The name of the newest run."""
AUDIT_HEAD = "audit-head"
"""The file in the workspace's state folder that keeps the audit chain's head outside the database."""
_RUN_COLUMNS = [column for column in runs.c if column.name != "plan"]


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """Runs, steps, observations, standings, leases, approvals and audit of one workspace.

    Raises Fatal when its database cannot be read or written. `me`: the process that it works for (`process.identity`).
    """

    def __init__(self, database: Database, state: Path, *, chain: Algorithm, now: Callable[[], datetime], me: str) -> None:
        self._database = database
        self._now = now
        self._me = me
        self.audit = Audit(database, state / AUDIT_HEAD, chain, now)
        self.leases = Leases(database, self.audit, now, me)
        self.approvals = Approvals(database, self.audit)
        self.plans = Plans(database, now)

    @classmethod
    def open(
        cls,
        url: str | None,
        state: Path,
        *,
        password: str | None = None,
        chain: Algorithm = "sha256",
        now: Callable[[], datetime] = _now,
        me: str | None = None,
    ) -> Journal:
        """The journal at an SQLAlchemy URL; None: `journal.sqlite` in the workspace's state folder. An empty database gets tables.

        `chain`: what new audit entries are hashed with. Raises Fatal where another version of yunwang wrote it.
        """
        database = Database.at(url, state, password)
        journal = cls(database, state, chain=chain, now=now, me=process.identity() if me is None else me)
        if schema.ready(database):
            journal.audit.append(
                "journal.made", operator="", host=socket.gethostname(), command="", details={"id": secrets.token_hex(16)}
            )
        return journal

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    # --- runs

    def new_run_id(self) -> str:
        """An id for a run that is about to ask for its leases: by time, and unlike any other."""
        return f"{self._now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"

    def begin(self, plan: Plan, *, run: str, operator: str, host: str, command: str) -> Run:
        """Record that a plan is about to be applied, and the plan. Raises Refused where any process has ever begun this plan."""
        with self.audit.deed() as deed:
            former = deed.db.execute(select(*_RUN_COLUMNS).where(runs.c.plan_digest == plan.digest)).mappings().first()
            if former is not None:
                raise applied_before(_run(former))
            begun = Run(
                id=run,
                job=plan.job,
                title=plan.title,
                plan_digest=plan.digest,
                operator=operator,
                host=host,
                command=command,
                started=deed.now,
            )
            deed.db.execute(runs.insert().values(**begun.model_dump(), plan=plan.to_json()))
            by = By(operator, host, command)
            deed.tell("run.begun", by, plan_digest=plan.digest, run=run, details={"job": plan.job, "changes": len(plan.changes)})
        return begun

    def end(self, run: str, state: RunState, message: str = "") -> Run:
        """Record how a run ended (or that it is RUNNING again). Where nothing will follow, its leases are free at once.

        Raises Fatal where the run is no longer this process's: only who walks it says how it ended.
        """
        with self.audit.deed() as deed:
            row, by = self._deed_of(deed.db, run)
            walker(deed.db, run, self._me)
            ended = None if state is RunState.RUNNING else deed.now
            deed.db.execute(runs.update().where(runs.c.id == run).values(state=state.value, message=message, ended=ended))
            event = "run.resumed" if state is RunState.RUNNING else "run.ended"
            deed.tell(event, by, plan_digest=row["plan_digest"], run=run, result=state.value, details={"message": message})
            if state.ended:
                free(deed, run, by)
        return self.run(run)

    def run(self, run: str) -> Run:
        """One run, by its id, the only one that starts so, or as `latest`. Raises Fatal when there is none or several."""
        if run == LATEST and (found := self.runs(limit=1)):
            return found[0]
        with self._database.reading() as db:
            rows = db.execute(select(*_RUN_COLUMNS).where(runs.c.id.startswith(run, autoescape=True))).mappings().all()
        exact = [row for row in rows if row["id"] == run] or rows
        if len(exact) != 1:
            what = "no run" if not exact else "several runs"
            raise Fatal(f"{what} in the journal named {run}", remedy="`yunwang history list` shows them")
        return _run(exact[0])

    def story(self, run: str) -> Story:
        """All that is known of a run, by its id or the beginning of it."""
        found = self.run(run)
        walked = self.steps(found.id)
        return Story(
            run=found,
            approvals=self.approvals.of(found.plan_digest),
            leases=tuple(lease for lease in self.leases.all() if lease.run == found.id),
            steps=walked,
            unknown=tuple(sorted(step.target for step in {step.change: step for step in walked}.values() if not step.state.known)),
        )

    def plan_of(self, run: str) -> Plan:
        """The plan that a run applied."""
        with self._database.reading() as db:
            return Plan.model_validate_json(db.execute(select(runs.c.plan).where(runs.c.id == run)).scalar_one())

    def runs(self, *, job: str | None = None, plan_digest: str | None = None, limit: int = 1000) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        query = select(*_RUN_COLUMNS).order_by(runs.c.started.desc(), runs.c.id.desc()).limit(limit)
        if job is not None:
            query = query.where(runs.c.job == job)
        if plan_digest is not None:
            query = query.where(runs.c.plan_digest == plan_digest)
        with self._database.reading() as db:
            return tuple(_run(row) for row in db.execute(query).mappings())

    # --- observations

    def observe(self, run: str, seen: Iterable[Observation]) -> None:
        """Record what was read of the targets when the run was about to change them."""
        rows = {one.target: {"run": run, **one.model_dump()} for one in seen}
        with self.audit.deed() as deed:
            row, by = self._deed_of(deed.db, run)
            if rows:
                former = observations.delete().where(observations.c.run == run, observations.c.target == bindparam("seen"))
                deed.db.execute(former, [{"seen": target} for target in rows])
                deed.db.execute(observations.insert(), [{**row, "at": deed.now} for row in rows.values()])
            all_seen = deed.db.execute(select(observations.c.target, observations.c.digest).where(observations.c.run == run))
            told = {one.target: one.digest for one in all_seen}
            details: JsonObject = {"targets": len(told), "digest": digest(told)}
            deed.tell("run.observed", by, plan_digest=row["plan_digest"], run=run, details=details)

    def observations(self, run: str) -> tuple[Observation, ...]:
        """What was read of each target at the apply, by target."""
        columns = observations.c.target, observations.c.digest, observations.c.summary
        with self._database.reading() as db:
            rows = db.execute(select(*columns).where(observations.c.run == run).order_by(observations.c.target)).mappings()
            return tuple(Observation(**row) for row in rows)

    # --- steps

    def intend(self, run: str, change: Change, wave: str, phase: Phase) -> int:
        """Record that a step is about to be done; returns its number. What follows must be `settle`d.

        Raises Fatal where the run is no longer this process's to walk: it was taken for dead, and resumed or given up by another.
        """
        with self.audit.deed() as deed:
            row, by = self._deed_of(deed.db, run)
            self._still_ours(deed, row, change.target, phase)
            inserted = deed.db.execute(
                steps.insert().values(
                    run=run,
                    change=change.id,
                    target=change.target,
                    summary=change.summary,
                    wave=wave,
                    phase=phase.value,
                    state=StepState.STARTED.value,
                    started=deed.now,
                    outcome="",
                    evidence={},
                )
            ).inserted_primary_key
            assert inserted is not None
            number = int(inserted[0])
            details: JsonObject = {"step": number, "phase": phase.value, "change": change.id, "wave": wave}
            deed.tell("step.begun", by, plan_digest=row["plan_digest"], run=run, target=change.target, details=details)
        return number

    def settle(self, step: int, state: StepState, outcome: str, evidence: JsonObject | None = None) -> None:
        """Record how a step came out. UNKNOWN may be settled again, once it is known. Raises Fatal where it is known already."""
        with self.audit.deed() as deed:
            begun = deed.db.execute(select(steps).where(steps.c.number == step)).mappings().one()
            if StepState(begun["state"]).known:
                raise Fatal(f"step {step} has ended already: {begun['state']}", remedy="run again with -vv and report it")
            row, by = self._deed_of(deed.db, begun["run"])
            done = {"state": state.value, "ended": deed.now, "outcome": outcome, "evidence": evidence or {}}
            told: JsonObject = {"outcome": outcome, "evidence": agreement.digest_of(evidence or {})}
            deed.db.execute(steps.update().where(steps.c.number == step).values(**done))
            deed.tell(
                "step.ended",
                by,
                plan_digest=row["plan_digest"],
                run=begun["run"],
                target=begun["target"],
                result=state.value,
                details={"step": step, "phase": begun["phase"], "change": begun["change"], **told},
            )

    def steps(self, run: str) -> tuple[StepRecord, ...]:
        """All steps of a run, oldest first."""
        with self._database.reading() as db:
            rows = db.execute(select(steps).where(steps.c.run == run).order_by(steps.c.number)).mappings()
            return tuple(StepRecord(**row) for row in rows)

    def deeds(self, target: str, since: datetime) -> tuple[StepRecord, ...]:
        """What runs have done to a target and taken back there since then, oldest first."""
        did = steps.c.phase.in_((Phase.APPLY.value, Phase.UNDO.value)), steps.c.state == StepState.DONE.value
        query = select(steps).where(steps.c.target == target, steps.c.ended >= since, *did).order_by(steps.c.number)
        with self._database.reading() as db:
            return tuple(StepRecord(**row) for row in db.execute(query).mappings())

    # --- standings

    def stand(self, job: str, seen: Mapping[str, bool], facts: Mapping[str, JsonObject] | None = None) -> None:
        """Record what was just seen of targets: whether each is in line with intent, and facts that reports use."""
        now = self._now()
        with self._database.writing() as db:
            for target, in_line in seen.items():
                row = {"in_line": in_line, "at": now, "facts": (facts or {}).get(target, {})}
                where = (standings.c.job == job) & (standings.c.target == target)
                if not db.execute(standings.update().where(where).values(**row)).rowcount:
                    db.execute(standings.insert().values(job=job, target=target, **row))

    def standings(self, job: str) -> dict[str, Standing]:
        """What was last seen of a job's targets."""
        with self._database.reading() as db:
            rows = db.execute(select(standings).where(standings.c.job == job)).mappings()
            return {row["target"]: Standing(**row) for row in rows}

    def _deed_of(self, db: Connection, run: str) -> tuple[RowMapping, By]:
        """The run, and who works on it."""
        row = db.execute(select(*_RUN_COLUMNS).where(runs.c.id == run)).mappings().first()
        if row is None:
            raise Fatal(f"no run in the journal named {run}", remedy="`yunwang history list` shows them")
        return row, worker(db, run)

    def _still_ours(self, deed: Deed, run: RowMapping, target: str, phase: Phase) -> None:
        state = RunState(run["state"])
        if state is RunState.ABANDONED or (phase is Phase.APPLY and state is not RunState.RUNNING):
            raise Fatal(
                f"run {run['id']} is {state} and no longer to be walked: {run['message']}",
                remedy=f"`yunwang history show {run['id']}` tells how it went on",
            )
        fence(deed.db, run["id"], target, self._me)
        walker(deed.db, run["id"], self._me)


def applied_before(former: Run) -> Refused:
    """The refusal of a plan that was applied, whatever became of it."""
    return Refused(
        f"this plan was applied already: run {former.id} by {former.operator}, {former.state}",
        remedy="make a new plan" if former.state.ended else f"yunwang resume {former.id}",
    )


def _run(row: RowMapping) -> Run:
    return Run(**row)
