"""A journal that goes away in mid-run: it stops at the next step boundary, and everything that is known is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from parts.shelf import Shelf, fails
from sqlalchemy import create_engine, text

from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine


@contextmanager
def gone(workspace: Workspace, table: str) -> Iterator[None]:
    """A table of the journal is away for that time: whatever writes to it fails."""
    database = create_engine(f"sqlite:///{workspace.state / 'journal.sqlite'}")
    with database.begin() as db:
        db.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    yield
    with database.begin() as db:
        db.execute(text(f"ALTER TABLE away RENAME TO {table}"))
    database.dispose()


def shelf() -> Shelf:
    return Shelf(jars={"salt": 0, "tea": 0}, wanted={"salt": 3, "tea": 3}, waves=(("salt",), ("tea",)))


def lost_at(engine: Engine, jars: Shelf, workspace: Workspace, deed: str, table: str) -> Fatal:
    """Apply, and lose a table over that deed on tea; returns what the operator is told."""
    plan, away = engine.plan(jars), gone(workspace, table)
    jars.breaks[deed, "tea"] = away.__enter__
    with pytest.raises(Fatal) as told:
        engine.apply(plan, jars)
    del jars.breaks[deed, "tea"]
    away.__exit__(None, None, None)
    return told.value


@pytest.mark.parametrize("deed", ["apply", "verify"])
def test_it_stops_at_the_next_step_and_says_what_was_done_and_not_recorded(
    engine: Engine, workspace: Workspace, journal: Journal, deed: str
) -> None:
    jars = shelf()
    told = lost_at(engine, jars, workspace, deed, "steps")
    assert "stopped between steps" in told.message
    assert "applied and verified: jar/salt" in told.message
    [finding] = told.findings
    assert (finding.target, finding.message) == ("jar/tea", "done: now 3" if deed == "apply" else "done: verified")
    assert jars.did("undo") == []  # what cannot be recorded is not done
    assert jars.did("verify") == ["salt", "tea"][: 1 if deed == "apply" else 2]
    [run] = journal.runs()
    assert f"yunwang resume {run.id}" in told.remedy
    assert engine.journal.steps(run.id)[-1].state is StepState.STARTED


def test_resume_settles_what_was_not_recorded_by_looking(engine: Engine, workspace: Workspace, journal: Journal) -> None:
    jars = shelf()
    lost_at(engine, jars, workspace, "apply", "steps")
    [run] = journal.runs()
    journal.end(run.id, RunState.INTERRUPTED)  # as its process, which is this one, would otherwise have to be dead
    assert engine.resume(run.id, jars).state is RunState.SUCCEEDED
    assert jars.did("apply") == ["salt", "tea"]


def test_an_outcome_that_the_journal_takes_a_moment_later_is_recorded_and_the_run_can_be_resumed(
    engine: Engine, workspace: Workspace, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = shelf()
    plan, away = engine.plan(jars), gone(workspace, "steps")
    jars.breaks["apply", "tea"] = away.__enter__

    def back(line: str) -> None:
        if "NOT recorded" in line:
            away.__exit__(None, None, None)

    object.__setattr__(engine, "say", back)
    run = engine.apply(plan, jars)
    assert run.state is RunState.INTERRUPTED
    assert [(step.phase, step.state) for step in journal.steps(run.id) if step.target == "jar/tea"] == [
        (Phase.APPLY, StepState.DONE)
    ]
    del jars.breaks["apply", "tea"]
    assert engine.resume(run.id, jars).state is RunState.SUCCEEDED
    assert jars.did("apply") == ["salt", "tea"]


@pytest.mark.parametrize("table", ["runs", "audit", "leases"])
def test_it_is_the_same_whatever_part_of_the_journal_is_away(engine: Engine, workspace: Workspace, table: str) -> None:
    jars = shelf()
    told = lost_at(engine, jars, workspace, "apply", table)
    assert "applied and verified: jar/salt" in told.message
    assert jars.jars == {"salt": 3, "tea": 3}
    assert jars.did("undo") == []


def test_a_failure_that_cannot_be_recorded_is_told_and_not_taken_back(engine: Engine, workspace: Workspace) -> None:
    jars, away = shelf(), gone(workspace, "steps")
    plan = engine.plan(jars)

    def fail() -> None:
        away.__enter__()
        fails()()

    jars.breaks["apply", "tea"] = fail
    with pytest.raises(Fatal) as told:
        engine.apply(plan, jars)
    assert [finding.message for finding in told.value.findings] == ["failed: the jar is stuck"]
    assert jars.did("undo") == []
