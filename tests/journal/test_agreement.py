"""The tables beside the audit: whoever edits them by hand is found, and what they edited is named."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from parts.journals import NOON, Home, plan_for
from sqlalchemy import text

from yunwang.cli.main import run as yunwang
from yunwang.inventories import demo
from yunwang.inventories.plan import Observation
from yunwang.journal.records import Approval, ApprovalKind, Phase, RunState, StepState
from yunwang.journal.store import Journal

WANG = {"operator": "wang", "host": "desk", "command": "yunwang net apply"}
NUL = "half a line\0 云"
"""What a device may answer, and a database replaces."""


def worked(home: Home) -> Journal:
    """Two runs: one that failed and was resumed, one that was given up; everything that is told of, told."""
    journal = home.open()
    plan = plan_for("device/a", "device/b")
    journal.approvals.add(Approval(plan_digest=plan.digest, approver="chen-jing", role="approver", reason="as agreed", at=NOON))
    journal.approvals.add(Approval(plan_digest=plan.digest, approver="wang", role="", kind=ApprovalKind.APPLY, at=NOON))
    journal.leases.acquire("one", ["device/a", "device/b"], owner="wang", host="desk", command="yunwang net apply")
    journal.begin(plan, run="one", **WANG)
    journal.observe("one", [Observation(target=f"device/{name}", digest=f"sha256:{name}") for name in "ab"])
    journal.observe("one", [Observation(target="device/b", digest="sha256:later")])
    for change in plan.changes:
        home.clock.turn(seconds=2.5)
        step = journal.intend("one", change, "plane a", Phase.APPLY)
        journal.settle(step, StepState.UNKNOWN, NUL)
        journal.settle(step, StepState.DONE, NUL, {"lines": 2, "took": 0.25})
    journal.end("one", RunState.INTERRUPTED, NUL)
    journal.leases.take_over("one", owner="li-wei", host="den", command="yunwang resume one")
    journal.end("one", RunState.FAILED, "device/b: it hung up")
    journal.leases.acquire("one", ["device/a", "device/b"], owner="wang", host="desk", command="yunwang rollback one")
    journal.end("one", RunState.RUNNING, "rollback")
    journal.end("one", RunState.ROLLED_BACK)
    lost = plan_for("device/c")
    journal.leases.acquire("two", ["device/c"], owner="wang", host="desk", command="yunwang net apply")
    journal.begin(lost, run="two", **WANG)
    journal.intend("two", lost.changes[0], "canary", Phase.APPLY)
    journal.leases.give_up("two", operator="li-wei", reason="its desk burnt down", force=True)
    journal.leases.acquire("three", ["device/d"], owner="wang", host="desk", command="yunwang net apply")
    journal.leases.give_up("three", operator="li-wei", reason="it never began", force=True)
    return journal


def test_what_was_recorded_is_what_the_audit_tells(home: Home) -> None:
    assert worked(home).audit.verify() == ()


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        (
            "UPDATE steps SET state = 'failed' WHERE number = 1",
            "step 1 was changed after audit entry 10 told of it: state is 'failed', was 'done'",
        ),
        (
            "UPDATE steps SET outcome = 'nothing was sent' WHERE number = 2",
            "step 2 was changed after audit entry 13 told of it: outcome is 'nothing",
        ),
        ("UPDATE steps SET target = 'device/z' WHERE number = 1", "target is 'device/z', was 'device/a'"),
        ("UPDATE steps SET wave = 'canary' WHERE number = 1", "wave is 'canary', was 'plane a'"),
        ("UPDATE steps SET run = 'two' WHERE number = 1", "run is 'two', was 'one'"),
        ('UPDATE steps SET evidence = \'{"lines": 3, "took": 0.25}\' WHERE number = 1', "evidence is 'sha256:"),
        ("UPDATE steps SET ended = '2026-11-22 12:30:00.000000' WHERE number = 1", "ended is 2026-11-22 12:30:00"),
        ("DELETE FROM steps WHERE number = 3", "step 3 is not in the journal, and audit entry 25 tells of it"),
        ("UPDATE steps SET number = 9 WHERE number = 3", "step 9 is in the journal, and the audit does not tell of it"),
        (
            "UPDATE runs SET state = 'succeeded' WHERE id = 'one'",
            "run one was changed after audit entry 21 told of it: state is 'succeeded'",
        ),
        ("UPDATE runs SET message = '' WHERE id = 'two'", "was 'given up: its desk burnt down'"),
        ("UPDATE runs SET operator = 'li-wei' WHERE id = 'one'", "operator is 'li-wei', was 'wang'"),
        ("UPDATE runs SET plan = replace(plan, 'two lines', 'one line') WHERE id = 'one'", "plan is 'sha256:"),
        (
            "UPDATE observations SET digest = 'sha256:b' WHERE target = 'device/b'",
            "what was observed by run one was changed after audit entry 7",
        ),
        ("DELETE FROM observations", "what was observed by run one is not in the journal"),
        ("DELETE FROM approvals WHERE kind = 'approval'", "approval by chen-jing of plan sha256:"),
        ("UPDATE approvals SET approver = 'zhao-min' WHERE kind = 'approval'", "approval by zhao-min of plan sha256:"),
    ],
)
def test_what_was_edited_by_hand_is_named(home: Home, deed: str, found: str) -> None:
    journal = worked(home)
    with home.database() as database, database.writing() as db:
        db.execute(text(deed))
    said = [finding.message for finding in journal.audit.verify()]
    assert any(found in message for message in said), said
    assert len(said) == 1 or "approve" in deed or "approvals" in deed or "number" in deed, said


@pytest.mark.parametrize("deed", ["UPDATE runs SET started = 'noon'", "UPDATE steps SET evidence = '{'"])
def test_what_no_yunwang_writes_is_a_finding_and_no_traceback(file_home: Home, deed: str) -> None:
    journal = worked(file_home)
    with closing(sqlite3.connect(file_home.state / "journal.sqlite")) as db, db:
        db.execute(deed)
    assert "nothing that yunwang writes" in journal.audit.verify()[-1].message


def test_a_run_put_in_beside_the_audit_is_named(home: Home) -> None:
    journal = worked(home)
    with home.database() as database, database.writing() as db:
        columns = "job, title, plan, operator, host, command, started, ended, state, message"
        db.execute(
            text(f"INSERT INTO runs (id, plan_digest, {columns}) SELECT 'zero', 'sha256:0', {columns} FROM runs WHERE id = 'one'")
        )
    [finding] = journal.audit.verify()
    assert (finding.code, finding.target) == ("journal-put-in", "run/zero")


def test_history_verify_names_a_step_that_was_edited(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path_factory.mktemp("city")
    demo.write_empty(root, "city")
    home = Home(root / ".yunwang")
    home.clock.time = datetime.now(UTC)
    with home.stack:
        worked(home)
    assert yunwang(["history", "verify", "-w", str(root)]) == 0
    assert "runs, steps and approvals are as it tells" in capsys.readouterr().out
    with closing(sqlite3.connect(root / ".yunwang" / "journal.sqlite")) as db, db:
        db.execute("UPDATE steps SET state = 'failed' WHERE number = 2")
    assert yunwang(["history", "verify", "--json", "-w", str(root)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["whole"]
    assert [finding["target"] for finding in told["findings"]] == ["step/2"]
