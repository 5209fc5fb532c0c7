"""Several real processes on one journal at once: each promise has exactly one winner, and nobody waits for ever."""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from parts.journals import Home, plan_for
from parts.postgres import USER, Postgres
from sqlalchemy import text

from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal

TESTS = Path(__file__).parents[1]
PROCESSES = 4
WATCHDOG = 180
"""Seconds after which a deadlock is taken for proved."""


PROGRAM = """
import json, multiprocessing, random, sys
from pathlib import Path
from parts.journals import plan_for
from yunwang.inventories.verdict import Verdict
from yunwang.journal.records import *
from yunwang.journal.store import Journal

processes, url, state, password, first, body = json.loads(sys.argv[1])
fork = multiprocessing.get_context("fork")  # what takes long, the imports, is done once
gate = fork.Barrier(processes, timeout=120)

def work(me, end):
    names = globals() | {"me": me, "out": [], "WHO": {"host": f"host-{me}", "command": "yunwang net apply"}}
    exec(first, names)
    gate.wait()
    exec(body, names)
    gate.wait()  # a dead process's leases pass on: all live until all are done
    end.send(names["out"])

pipes = [fork.Pipe(duplex=False) for _ in range(processes)]
workers = [fork.Process(target=work, args=(me, end)) for me, (_, end) in enumerate(pipes)]
for worker in workers:
    worker.start()
for worker, (end, _) in zip(workers, pipes):
    worker.join()
    if worker.exitcode:
        sys.exit(1)
    print(json.dumps(end.recv()))
"""
OPEN = "journal = Journal.open(url, Path(state), password=password)"


def together(home: Home, body: str, first: str = OPEN) -> list[list[object]]:
    """Run `first` in several processes, and when all are ready `body` at once; what each appended to `out`."""
    call = [sys.executable, "-c", PROGRAM, json.dumps([PROCESSES, home.url, str(home.state), home.password, first, body])]
    done = subprocess.run(call, cwd=TESTS, capture_output=True, text=True, timeout=WATCHDOG, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_of_all_who_begin_a_plan_at_once_exactly_one_does(home: Home) -> None:
    home.open()
    answers = together(
        home,
        """
for number in range(5):
    try:
        journal.begin(plan_for("device/a", job=f"job-{number}"), run=f"run-{number}-{me}", operator=f"operator-{me}", **WHO)
        out.append("begun")
    except Verdict as verdict:
        out.append(verdict.message)
""",
    )
    for number, outcomes in enumerate(zip(*answers, strict=True)):
        assert Counter(outcomes)["begun"] == 1, outcomes
        winner = outcomes.index("begun")
        assert all(f"run run-{number}-{winner} by operator-{winner}, running" in str(told) for told in outcomes if told != "begun")
    with closing(home.open()) as journal:
        assert len(journal.runs()) == 5
        assert journal.audit.verify() == ()


def test_overlapping_leases_are_never_held_by_two_and_never_in_part(home: Home) -> None:
    """Each asks for a third of the targets, in an order of its own; who gets them looks whether they are all its own."""
    home.open()
    answers = together(
        home,
        """
dice = random.Random(me)
targets = [f"device/{number}" for number in range(9)]
for number in range(15):
    run, wanted = f"run-{me}-{number}", dice.sample(targets, 3)
    against = journal.leases.acquire(run, wanted, owner=f"operator-{me}", **WHO)
    held = {lease.target for lease in journal.leases.all() if lease.run == run}
    if against:
        assert not held, "in part"
        assert {lease.target for lease in against} <= set(wanted)
        out.append("waits")
    else:
        assert held == set(wanted), "not all"
        assert journal.leases.renew(run)
        journal.leases.release(run)
        out.append("got")
""",
    )
    counted = Counter(outcome for answer in answers for outcome in answer)
    assert counted["got"] + counted["waits"] == PROCESSES * 15
    assert counted["got"] > 0
    with closing(home.open()) as journal:
        assert journal.leases.all() == ()
        assert journal.audit.verify() == ()


def test_all_make_the_schema_of_an_empty_database_at_once(home: Home) -> None:
    together(
        home, "# open first\njournal = Journal.open(url, Path(state), password=password)\njournal.stand('dual-stack', {'a': True})"
    )
    with closing(home.open()) as journal:
        assert [entry.event for entry in journal.audit.entries()] == ["journal.made"]


def test_a_new_journal_waits_for_who_writes_in_it_already(file_home: Home) -> None:
    """SQLite's own patience does not hold for the change to WAL."""
    file_home.state.mkdir(exist_ok=True)
    other = sqlite3.connect(file_home.state / "journal.sqlite", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, other.execute, ["COMMIT"])
    end.start()
    with closing(file_home.open()) as journal:
        assert [entry.event for entry in journal.audit.entries()] == ["journal.made"]
    end.join()
    other.close()


def test_steps_of_many_runs_at_once_are_one_sound_chain(home: Home) -> None:
    home.open()
    together(
        home,
        """
plan = plan_for(f"device/{me}", job=f"job-{me}")
journal.leases.acquire(f"run-{me}", [f"device/{me}"], owner=f"operator-{me}", **WHO)
journal.begin(plan, run=f"run-{me}", operator=f"operator-{me}", **WHO)
for number in range(10):
    journal.settle(journal.intend(f"run-{me}", plan.changes[0], "wave", Phase.APPLY), StepState.DONE, "done")
journal.end(f"run-{me}", RunState.SUCCEEDED)
""",
    )
    with closing(home.open()) as journal:
        assert journal.audit.verify([journal.audit.head()]) == ()
        assert Counter(entry.event for entry in journal.audit.entries())["step.ended"] == PROCESSES * 10


def test_one_of_all_who_take_a_dead_run_over_does(home: Home) -> None:
    home.clock.turn(days=-10_000)  # it was last heard of a long time ago
    with closing(home.open("dead/pid:[1]/1/1")) as first:
        first.leases.acquire("one", ["device/a"], owner="wang", host="desk", command="x")
        first.begin(plan_for("device/a"), run="one", operator="wang", host="desk", command="x")
    answers = together(
        home,
        """
try:
    out.append(len(journal.leases.take_over("one", owner=f"operator-{me}", **WHO)))
except Verdict as verdict:
    out.append(verdict.message)
""",
    )
    assert sum(answer == [0] for answer in answers) == 1, answers


def test_a_database_that_goes_away_in_mid_run_is_a_verdict_and_comes_back(server_home: Home, postgres: Postgres) -> None:
    journal = server_home.open()
    plan = plan_for("device/a", "device/b")
    journal.begin(plan, run="one", operator="wang", host="desk", command="x")
    step = journal.intend("one", plan.changes[0], "wave", Phase.APPLY)
    postgres.stop()
    try:
        for deed in (
            lambda: journal.settle(step, StepState.DONE, "done"),
            lambda: journal.intend("one", plan.changes[1], "wave", Phase.APPLY),
            lambda: journal.leases.renew("one"),
            lambda: journal.runs(),
        ):
            with pytest.raises(Fatal, match="the journal cannot be used") as lost:
                deed()
            assert "resume" in lost.value.remedy
            assert postgres.password not in lost.value.message
    finally:
        postgres.start()
    assert [step.state for step in journal.steps("one")] == [StepState.STARTED]  # unknown, and said to be
    journal.settle(step, StepState.DONE, "done")
    assert journal.end("one", RunState.SUCCEEDED).ended
    assert journal.audit.verify() == ()


def test_a_wrong_password_is_said_and_not_shown(postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="password authentication failed") as refusal:
        Journal.open(postgres.url(), tmp_path, password="not-the-one")
    assert "not-the-one" not in str(refusal.value) + refusal.value.remedy


def test_who_works_with_the_journal_and_does_not_own_it_cannot_touch_the_audit(server_home: Home) -> None:
    """The grants are those of docs/journal.md."""
    server_home.open()
    block = (TESTS.parent / "docs" / "journal.md").read_text().partition("```sql\n")[2].partition("```")[0]
    operator = f"operator_{secrets.token_hex(4)}"
    with server_home.database() as database, database.writing() as db:
        db.execute(text(f"CREATE ROLE {operator} LOGIN PASSWORD 'pw-{operator}'"))
        for statement in block.replace("operator", operator).split(";")[:-1]:
            db.execute(text(statement))
    assert server_home.url is not None
    theirs = Home(server_home.state, server_home.url.replace(f"//{USER}@", f"//{operator}@"), f"pw-{operator}")
    with theirs.stack:
        journal = theirs.open()
        plan = plan_for("device/a")
        assert journal.leases.acquire("one", ["device/a"], owner="wang", host="desk", command="x") == ()
        journal.begin(plan, run="one", operator="wang", host="desk", command="x")
        journal.observe("one", plan.observations)
        journal.settle(journal.intend("one", plan.changes[0], "wave", Phase.APPLY), StepState.DONE, "done")
        journal.stand("dual-stack", {"device/a": True})
        journal.end("one", RunState.SUCCEEDED)
        assert journal.audit.verify() == ()
        for deed in (
            "DELETE FROM audit",
            "UPDATE audit SET result = ''",
            "TRUNCATE audit",
            "ALTER TABLE audit DISABLE TRIGGER ALL",
        ):
            with (
                theirs.database() as database,
                pytest.raises(Fatal, match=r"permission denied|must be owner"),
                database.writing() as db,
            ):
                db.execute(text(deed))
