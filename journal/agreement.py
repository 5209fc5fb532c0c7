"""Whether runs, steps, observations and approvals stand in their tables as the audit tells of them. Changes nothing, mends nothing.

The chain has to be whole (`chain.faults`): what it tells is folded into what each row has to say, as far as it tells of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.engine import Connection

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject, digest
from yunwang.journal.records import AuditEntry, RunState, StepState
from yunwang.journal.tables import approvals, observations, plain, runs, steps

Name: TypeAlias = tuple[str, ...]
"""What a row is about, as it is said: `run 20261122-060000-abcdef`, `step 7`."""
ANSWERS = ("plan.approved", "plan.broken-glass", "plan.vouched")
ROWS_AT_ONCE = 500


@dataclass(slots=True)
class _Told:
    """What the audit tells of a row: columns by name, and which entry told last."""

    seq: int = 0
    columns: dict[str, Any] = field(default_factory=dict)


def digest_of(evidence: JsonObject) -> str:
    """A step's evidence as the audit tells of it: in ASCII, for a device may have said half a character."""
    return digest(json.dumps(evidence, sort_keys=True))


def faults(entries: Iterable[AuditEntry], db: Connection) -> Iterator[Finding]:
    """Each row that is not as the audit tells, that it does not tell of, or that is gone. Both as one transaction sees them."""
    try:
        yield from _faults(entries, db)
    except (KeyError, TypeError, ValueError) as error:  # a time that is none, JSON that is none: nobody but a hand writes that
        yield _finding("edited", ("a value",), f"in the journal is nothing that yunwang writes: {error}")


def _faults(entries: Iterable[AuditEntry], db: Connection) -> Iterator[Finding]:
    account: dict[Name, _Told] = {}
    audited_since = None
    for entry in entries:
        if entry.event == "journal.upgraded":  # before it there was no audit
            audited_since = _moment(entry)
        _tell(account, entry)
    for name, row in _rows(db):
        told = account.pop(name, None)
        if told is None:
            if audited_since is None or "started" not in row or row["started"] >= audited_since:
                yield _finding("put-in", name, "is in the journal, and the audit does not tell of it")
        elif wrong := [column for column, value in told.columns.items() if row[column] != value]:
            what = "; ".join(f"{column} is {_short(row[column])}, was {_short(told.columns[column])}" for column in wrong)
            yield _finding("edited", name, f"was changed after audit entry {told.seq} told of it: {what}")
    for name, told in account.items():
        yield _finding("deleted", name, f"is not in the journal, and audit entry {told.seq} tells of it")


def _tell(account: dict[Name, _Told], entry: AuditEntry) -> None:
    details, at = json.loads(entry.details), _moment(entry)
    by = {"operator": entry.operator, "host": entry.host, "command": entry.command}
    run: Name = ("run", entry.run)
    step: Name = ("step", str(details.get("step")))
    told: dict[str, Any]
    match entry.event:
        case "run.begun":
            plan = {"plan": entry.plan_digest, "plan_digest": entry.plan_digest, "job": details["job"]}
            name, told = run, {**by, **plan, "started": at, "ended": None, "state": RunState.RUNNING, "message": ""}
        case "run.resumed":
            name, told = run, {"state": RunState.RUNNING, "message": details.get("message", ""), "ended": None}
        case "run.ended":
            name, told = run, {"state": entry.result, "message": details["message"], "ended": at}
        case "run.given-up" if run in account and not RunState(account[run].columns["state"]).ended:
            name, told = run, {"state": entry.result, "message": f"given up: {details['reason']}", "ended": at}
        case "run.observed" if details["targets"]:
            name, told = ("what was observed by run", entry.run), {"digest": details["digest"]}
        case "step.begun":
            begun = {"run": entry.run, "target": entry.target, "started": at, "state": StepState.STARTED, "outcome": ""}
            name, told = step, begun | {key: details[key] for key in ("phase", "change", "wave") if key in details}
        case "step.ended":
            outcome = {"state": entry.result, "outcome": details["outcome"], "ended": at}
            name, told = step, outcome | {key: details[key] for key in ("evidence",) if key in details}
        case event if event in ANSWERS:
            name, told = _answer(entry.result, entry.operator, entry.plan_digest, details), {}
        case _:
            return
    known = account.setdefault(name, _Told())
    known.seq = entry.seq
    known.columns |= {column: plain(value) if isinstance(value, str) else value for column, value in told.items()}


def _rows(db: Connection) -> Iterator[tuple[Name, Mapping[str, Any]]]:
    streamed = db.execution_options(yield_per=ROWS_AT_ONCE)
    for row in streamed.execute(select(runs).order_by(runs.c.id)).mappings():
        yield ("run", row["id"]), {**row, "plan": f"sha256:{hashlib.sha256(row['plan'].rstrip().encode()).hexdigest()}"}
    for row in streamed.execute(select(steps).order_by(steps.c.number)).mappings():
        yield ("step", str(row["number"])), {**row, "evidence": digest_of(row["evidence"])}
    seen = streamed.execute(select(observations).order_by(observations.c.run)).mappings()
    for run, group in groupby(seen, lambda row: str(row["run"])):
        yield ("what was observed by run", run), {"digest": digest({row["target"]: row["digest"] for row in group})}
    for row in streamed.execute(select(approvals).order_by(approvals.c.number)).mappings():
        yield _answer(row["kind"], row["approver"], row["plan_digest"], {**row, "signature": digest(row["signature"])}), {}


def _answer(kind: str, person: str, plan: str, signed: Mapping[str, Any]) -> Name:
    """An approval has no state: all of it is its name."""
    told = (f"reason {signed['reason']!r}", f"role {signed['role']!r}", f"signature {signed['signature']}")
    return (kind, "by", person, "of plan", plan, "with", *map(plain, told))


def _moment(entry: AuditEntry) -> datetime:
    return datetime.fromisoformat(entry.at)


def _short(value: object) -> str:
    said = f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else repr(str(value)) if value is not None else "empty"
    return said if len(said) <= 80 else f"{said[:77]}…"


def _finding(what: str, name: Name, message: str) -> Finding:
    return Finding(
        code=f"journal-{what}",
        message=f"{' '.join(name)} {message}",
        remedy="keep this database as evidence; what the audit tells is what was done (`history tail`, `history export`)",
        target=f"{name[0].rpartition(' ')[2]}/{name[1]}" if len(name) == 2 else "",
    )
