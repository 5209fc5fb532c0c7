"""Who may change a target just now: two operators at once, dead owners, waiting, and runs that were taken for dead."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from parts.shelf import Shelf
from parts.watch import Watch

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations import leases
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms

Make = Callable[..., Engine]


class PowerCut(BaseException):
    """The process dies here: nothing after it is done."""


@pytest.fixture
def other(workspace_state: Path, watch: Watch) -> Journal:
    """The same journal, as another living process has it."""
    return Journal.open(None, workspace_state, now=watch.now, me="another machine/1/1")


@pytest.fixture
def workspace_state(tmp_path: Path) -> Path:
    return tmp_path / ".yunwang"


def shelf() -> Shelf:
    return Shelf(jars={"salt": 0, "tea": 0}, wanted={"salt": 3, "tea": 3}, waves=(("salt",), ("tea",)))


def held(journal: Journal) -> list[str]:
    return [lease.target for lease in journal.leases.all()]


def lend(journal: Journal, target: str = "jar/tea") -> None:
    assert not journal.leases.acquire("20261122-borrowed", [target], owner="chen-jing", host="den", command="yunwang bind apply")


def died(engine: Engine, jars: Shelf) -> str:
    """Apply in a process that dies over the second change; returns the run."""
    plan = engine.plan(jars)

    def dies() -> None:
        raise PowerCut

    jars.breaks["apply", "tea"] = dies
    with pytest.raises(PowerCut):
        engine.apply(plan, jars)
    del jars.breaks["apply", "tea"]
    return engine.journal.runs()[0].id


def test_a_held_target_is_refused_with_who_where_since_when_and_which_command_before_anything_is_read(
    engine: Engine, other: Journal
) -> None:
    jars = shelf()
    plan = engine.plan(jars)
    jars.deeds.clear()
    lend(other)
    with pytest.raises(Refused) as refusal:
        engine.apply(plan, jars)
    assert refusal.value.message == (
        "jar/tea: held by chen-jing on den since 2026-11-22 06:00:00 UTC, run 20261122-borrowed: yunwang bind apply"
    )
    assert [finding.target for finding in refusal.value.findings] == ["jar/tea"]
    assert jars.deeds == []
    assert held(engine.journal) == ["jar/tea"]  # all or nothing: salt is not held by us


def test_all_targets_are_held_while_a_run_works_and_free_when_it_has_ended(engine: Engine) -> None:
    jars, seen = shelf(), list[str]()
    jars.breaks["apply", "salt"] = lambda: seen.extend(held(engine.journal))
    engine.apply(engine.plan(jars), jars)
    assert seen == ["jar/salt", "jar/tea"]
    assert held(engine.journal) == []


def test_a_refused_plan_holds_nothing(engine: Engine) -> None:
    jars = shelf()
    plan = engine.plan(jars)
    jars.jars["tea"] = 9
    with pytest.raises(Refused, match="moved since"):
        engine.apply(plan, jars)
    assert held(engine.journal) == []


def test_other_targets_are_changed_at_the_same_time(engine: Engine, other: Journal) -> None:
    lend(other, "jar/rice")
    jars = shelf()
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED


def test_who_waits_gets_the_target_once_it_is_free_and_looks_at_it_then(make_engine: Make, other: Journal, watch: Watch) -> None:
    engine, jars, slept = make_engine(terms=Terms(wait=30)), shelf(), watch.sleep
    plan = engine.plan(jars)
    jars.deeds.clear()

    def others_end(seconds: float) -> None:
        slept(seconds)
        if watch.slept == 5:
            assert jars.deeds == []
            other.leases.release("20261122-borrowed")

    watch.sleep = others_end  # type: ignore[method-assign]
    lend(other)
    assert engine.apply(plan, jars).state is RunState.SUCCEEDED
    assert watch.slept == 5


def test_who_has_waited_long_enough_is_refused(make_engine: Make, other: Journal, watch: Watch) -> None:
    engine, jars = make_engine(terms=Terms(wait=30)), shelf()
    lend(other)
    with pytest.raises(Refused, match="held by chen-jing"):
        engine.apply(engine.plan(jars), jars)
    assert watch.slept == 30


def test_ctrl_c_ends_the_waiting(make_engine: Make, other: Journal, watch: Watch) -> None:
    engine, jars = make_engine(terms=Terms(wait=30)), shelf()
    plan = engine.plan(jars)
    watch.sleep = lambda seconds: engine.stop.set()  # type: ignore[method-assign]
    lend(other)
    with pytest.raises(Refused, match="held by chen-jing"):
        engine.apply(plan, jars)


def test_a_silent_holder_that_never_began_is_passed_over(engine: Engine, other: Journal, watch: Watch) -> None:
    lend(other)
    watch.turn(minutes=2)
    jars = shelf()
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED


@pytest.mark.parametrize("minutes", [0, 600])
def test_a_dead_owners_targets_pass_on_only_after_its_run_is_resumed(
    make_engine: Make, dead_journal: Journal, watch: Watch, minutes: int
) -> None:
    run = died(make_engine(of=dead_journal), shelf_at := shelf())
    watch.turn(minutes=minutes)
    engine = make_engine(plan_expires_hours=24)
    with pytest.raises(Refused, match=f"run {run}"):
        engine.apply(engine.plan(shelf_at), shelf_at)
    assert engine.resume(run, shelf_at).state is RunState.SUCCEEDED
    assert held(engine.journal) == []


def test_a_dead_owners_targets_pass_on_after_its_run_is_given_up(make_engine: Make, dead_journal: Journal) -> None:
    run, engine = died(make_engine(of=dead_journal), jars := shelf()), make_engine()
    assert leases.run_meant("tea", engine.journal) == leases.run_meant(run[:-2], engine.journal) == run
    engine.journal.leases.give_up(run, operator="li-wei", reason="its desk burnt down")
    assert engine.journal.run(run).state is RunState.ABANDONED
    with pytest.raises(Refused, match="has ended: abandoned"):
        engine.resume(run, jars)
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED


def test_an_interrupted_run_keeps_its_targets_and_is_resumed_by_anybody(engine: Engine, make_engine: Make, other: Journal) -> None:
    jars = shelf()
    jars.breaks["apply", "salt"] = engine.stop.set
    run = engine.apply(engine.plan(jars), jars)
    assert held(other) == ["jar/salt", "jar/tea"]
    assert make_engine(of=other).resume(run.id, jars).state is RunState.SUCCEEDED


def test_a_run_that_lives_is_neither_resumed_nor_given_up_nor_taken_back(engine: Engine, make_engine: Make, other: Journal) -> None:
    jars, refused = shelf(), list[str]()

    def meddle() -> None:
        [run] = other.runs()
        for deed in (
            lambda: make_engine(of=other).resume(run.id, jars),
            lambda: make_engine(of=other).rollback(run.id, jars),
            lambda: other.leases.give_up(run.id, operator="chen-jing", reason="impatience"),
        ):
            with pytest.raises(Refused, match="is still at work: li-wei on desk") as refusal:
                deed()
            refused.append(refusal.value.message)

    jars.breaks["apply", "salt"] = meddle
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED
    assert len(refused) == 3


@pytest.mark.parametrize("beat_between", [True, False])
def test_a_run_that_was_given_up_by_force_stops_before_its_next_step_and_says_what_it_did(
    engine: Engine, other: Journal, watch: Watch, beat_between: bool
) -> None:
    jars = shelf()

    def taken() -> None:
        [run] = other.runs()
        other.leases.give_up(run.id, operator="chen-jing", reason="looked dead", force=True)
        watch.turn(seconds=30 if beat_between else 0)

    jars.breaks["apply", "tea"] = taken
    with pytest.raises(Fatal, match="stopped between steps") as stopped:
        engine.apply(engine.plan(jars), jars)
    assert "applied and verified: jar/salt" in stopped.value.message
    assert jars.did("verify") == ["salt"]
    assert jars.jars["tea"] == 3  # what was in flight was drained, and is not taken back by who does not hold it
    [run] = other.runs()
    assert run.state is RunState.ABANDONED


def test_a_clock_that_jumps_over_a_whole_lease_stops_nobody_whose_targets_nobody_took(engine: Engine, watch: Watch) -> None:
    jars = shelf()
    jars.breaks["apply", "salt"] = lambda: watch.turn(hours=5)
    jars.breaks["apply", "tea"] = lambda: watch.turn(hours=-9)
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED


def test_a_long_step_is_heard_of_while_it_lasts(engine: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "TTL", timedelta(milliseconds=60))
    jars = shelf()

    def long() -> None:
        watch.turn(seconds=20)
        while engine.journal.leases.all()[0].heartbeat < watch.now():
            time.sleep(0.005)  # pytest's timeout is the watchdog

    jars.breaks["apply", "salt"] = long
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED
