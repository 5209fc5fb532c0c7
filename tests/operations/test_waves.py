"""Canary, groups, failure budget, soak, pause, freeze and deletions: the same for every job."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from parts.shelf import Shelf, fails, meets
from parts.watch import Watch

from yunwang.inventories.plan import Action, Change, Draft, Step
from yunwang.inventories.roles import Right, Role, Roles
from yunwang.inventories.verdict import Refused
from yunwang.journal.records import ApprovalKind, Phase, RunState
from yunwang.journal.store import Journal
from yunwang.operations import approval
from yunwang.operations.engine import Engine
from yunwang.operations.terms import Terms

Make = Callable[..., Engine]


def shelf(count: int, *, waves: tuple[tuple[str, ...], ...] = (), parallel: int = 1) -> Shelf:
    """Jars a, b, c … that are empty and are to hold three."""
    names = "abcdefghij"[:count]
    return Shelf(jars=dict.fromkeys(names, 0), wanted=dict.fromkeys(names, 3), waves=waves, parallel=parallel)


def test_the_canary_stands_in_the_plan_and_the_rest_waits_for_it(make_engine: Make) -> None:
    engine, jars = make_engine(canary=1), shelf(3)
    plan = engine.plan(jars)
    assert [wave.changes for wave in plan.waves] == [("a",), ("b", "c")]
    assert plan.digest != make_engine().plan(jars).digest
    jars.breaks["verify", "a"] = fails()
    assert engine.apply(plan, jars).state is RunState.FAILED
    assert jars.did("apply") == ["a"]


def test_a_canary_may_not_fail_whatever_the_budget(make_engine: Make) -> None:
    engine, jars = make_engine(canary=1, failures={"wave": 9}), shelf(3)
    jars.breaks["apply", "a"] = fails()
    assert engine.apply(engine.plan(jars), jars).state is RunState.FAILED
    assert jars.did("apply") == ["a"]


def test_within_the_failure_budget_the_failed_are_taken_back_and_the_others_go_on(make_engine: Make) -> None:
    engine, jars = make_engine(failures={"wave": 1}), shelf(4, waves=(("a", "b"), ("c", "d")))
    jars.breaks["apply", "a"] = fails()
    jars.requires["c"] = ("a",)
    run = engine.apply(engine.plan(jars), jars)
    assert run.state is RunState.FAILED
    assert jars.jars == {"a": 0, "b": 3, "c": 0, "d": 3}
    assert jars.did("apply") == ["a", "b", "d"]
    assert run.message == (
        "jar/a: the jar is stuck (oil it); 1 taken back, within the failure budget; 2 applied and verified; "
        "not begun, for they require what failed: jar/c"
    )


def test_the_runs_failure_budget_ends_it_in_a_later_wave(make_engine: Make) -> None:
    engine = make_engine(failures={"wave": 1, "run": 1}, undo="change")
    jars = shelf(6, waves=(("a", "b"), ("c", "d"), ("e", "f")))
    jars.breaks |= {("apply", "a"): fails(), ("apply", "c"): fails()}
    run = engine.apply(engine.plan(jars), jars)
    assert jars.did("apply") == ["a", "b", "c"]
    assert jars.jars["b"] == 3
    assert "applied before and kept: jar/b" in run.message


def test_groups_are_not_changed_together_and_the_wave_is(make_engine: Make) -> None:
    lock, together, most = threading.Lock(), set[str](), [0, 0]
    rendezvous = threading.Barrier(2, timeout=10)

    def watched(name: str) -> Callable[[], None]:
        def deed() -> None:
            with lock:
                together.add(name)
                most[0] = max(most[0], len(together))
                most[1] = max(most[1], *(sum(jars.groups[one] == group for one in together) for group in ("east", "west")))
            rendezvous.wait()  # one of the east and one of the west: neither goes on alone
            with lock:
                together.discard(name)

        return deed

    engine, jars = make_engine(per_group=1), shelf(4, parallel=4)
    jars.groups = {"a": "east", "b": "east", "c": "west", "d": "west"}
    jars.breaks = {("apply", name): watched(name) for name in jars.jars}
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED
    assert most == [2, 1]


@pytest.mark.parametrize(("per_group", "together"), [(None, 4), (1, 2)])
def test_a_wave_is_taken_back_as_many_at_a_time_as_it_was_applied(make_engine: Make, per_group: int | None, together: int) -> None:
    engine, jars = make_engine(per_group=per_group), shelf(4, parallel=4)
    jars.groups = {"a": "east", "b": "east", "c": "west", "d": "west"}
    jars.breaks = dict.fromkeys([("undo", name) for name in jars.jars], meets(together))
    jars.breaks["verify", "d"] = fails()
    run = engine.apply(engine.plan(jars), jars)
    assert (run.state, sorted(jars.did("undo"))) == (RunState.FAILED, ["a", "b", "c", "d"])
    assert "NOT taken back" not in run.message


def test_a_wave_is_taken_back_to_its_end_whatever_fails_and_whoever_stops_it(make_engine: Make) -> None:
    engine, jars = make_engine(), shelf(4, parallel=2)
    jars.breaks |= {("verify", "d"): fails(), ("undo", "c"): fails("rust"), ("undo", "b"): engine.stop.set}
    run = engine.apply(engine.plan(jars), jars)
    assert (run.state, sorted(jars.did("undo"))) == (RunState.FAILED, ["a", "b", "c", "d"])
    assert jars.jars == {"a": 0, "b": 0, "c": 3, "d": 0}
    assert "NOT taken back, look at them: jar/c" in run.message


def test_a_wave_soaks_and_is_verified_again_before_the_next_begins(make_engine: Make, journal: Journal, watch: Watch) -> None:
    engine, jars = make_engine(soak_seconds=600), shelf(2, waves=(("a",), ("b",)))
    run = engine.apply(engine.plan(jars), jars)
    assert run.state is RunState.SUCCEEDED
    assert watch.slept == 600  # between the waves, and not after the last
    steps = [(step.change, step.phase) for step in journal.steps(run.id)]
    assert steps == [("a", Phase.APPLY), ("a", Phase.VERIFY), ("a", Phase.VERIFY), ("b", Phase.APPLY), ("b", Phase.VERIFY)]


def test_what_does_not_survive_the_soak_is_taken_back_and_the_next_wave_not_begun(make_engine: Make, watch: Watch) -> None:
    engine, jars = make_engine(soak_seconds=600), shelf(2, waves=(("a",), ("b",)))

    def leaks() -> None:
        if watch.slept:
            jars.jars["a"] = 1

    jars.breaks["verify", "a"] = leaks
    run = engine.apply(engine.plan(jars), jars)
    assert (run.state, jars.jars) == (RunState.FAILED, {"a": 0, "b": 0})
    assert "jar/a: holds 1" in run.message


def test_an_interrupted_soak_is_soaked_to_its_end_after_resume(make_engine: Make, watch: Watch) -> None:
    engine, jars = make_engine(soak_seconds=600), shelf(2, waves=(("a",), ("b",)))
    plan = engine.plan(jars)
    sleep = watch.sleep

    def ctrl_c(seconds: float) -> None:
        sleep(seconds)
        if watch.slept == 100:
            engine.stop.set()

    watch.sleep = ctrl_c  # type: ignore[method-assign]
    run = engine.apply(plan, jars)
    assert (run.state, jars.did("apply")) == (RunState.INTERRUPTED, ["a"])
    engine.stop.clear()
    watch.turn(seconds=200)
    assert engine.resume(run.id, jars).state is RunState.SUCCEEDED
    assert watch.slept == 400


def test_a_pause_asks_before_each_wave_but_the_first_and_no_ends_it_there(make_engine: Make) -> None:
    asked: list[str] = []

    def go_on(question: str) -> bool:
        asked.append(question)
        return len(asked) < 2

    engine, jars = make_engine(terms=Terms(go_on=go_on)), shelf(3, waves=(("a",), ("b",), ("c",)))
    run = engine.apply(engine.plan(jars), jars)
    assert (run.state, jars.did("apply")) == (RunState.INTERRUPTED, ["a", "b"])
    assert f"paused before the rest of wave w3; 1 changes left: yunwang resume {run.id}" in run.message
    assert asked == ["Go on with wave 2 of 3, w2?", "Go on with wave 3 of 3, w3?"]
    assert engine.resume(run.id, jars).state is RunState.SUCCEEDED
    assert len(asked) == 2  # who resumes has said yes


def test_nothing_is_applied_or_resumed_in_a_freeze_window_and_rollback_is(make_engine: Make, watch: Watch) -> None:
    freezes = [{"name": "business hours", "begins": "09:00", "ends": "17:00", "days": ["sun"]}]
    engine = make_engine(freezes=freezes, zone="Asia/Shanghai")  # it is Sunday, 14:00 there
    jars = shelf(2, waves=(("a",), ("b",)))
    plan = engine.plan(jars)
    with pytest.raises(Refused, match=r"nothing is applied during business hours, which ends at 2026-11-22 09:00 UTC"):
        engine.apply(plan, jars)
    watch.turn(hours=3)
    jars.breaks["apply", "a"] = engine.stop.set
    run = engine.apply(plan, jars)
    engine.stop.clear()
    watch.turn(hours=-3)
    with pytest.raises(Refused, match="business hours"):
        engine.resume(run.id, jars)
    assert engine.rollback(run.id, jars).state is RunState.ROLLED_BACK
    assert jars.jars == {"a": 0, "b": 0}


def test_a_window_that_opens_over_a_run_interrupts_it_between_waves(make_engine: Make, watch: Watch) -> None:
    engine = make_engine(freezes=[{"name": "noon", "begins": "12:00", "ends": "13:00"}])
    jars = shelf(2, waves=(("a",), ("b",)))
    jars.breaks["verify", "a"] = lambda: watch.turn(hours=6)
    run = engine.apply(engine.plan(jars), jars)
    assert (run.state, jars.did("apply")) == (RunState.INTERRUPTED, ["a"])
    assert "nothing is applied during noon" in run.message


def test_who_may_break_the_glass_applies_in_a_freeze_window(make_engine: Make, watch: Watch) -> None:
    on_call = Role(name="on-call", people=("li-wei",), may=(Right.PLAN, Right.APPLY, Right.BREAK_GLASS))
    roles = Roles(version=1, approvals=0, operator_proof="claimed", people=("li-wei",), roles=(on_call,))
    engine = make_engine(freezes=[{"name": "always"}])
    engine = replace(engine, workspace=engine.workspace.model_copy(update={"roles": roles}))
    jars = shelf(2, waves=(("a",), ("b",)))
    plan = engine.plan(jars)
    person = approval.Person("li-wei")
    approval.vouch(plan, engine.workspace, engine.journal, person, watch.now(), ApprovalKind.APPLY)
    with pytest.raises(Refused, match="nothing is applied during always"):
        engine.apply(plan, jars)
    approval.break_glass(plan, engine.workspace, engine.journal, person, watch.now(), "the gateway is down")
    assert engine.apply(plan, jars).state is RunState.SUCCEEDED


class Emptying(Shelf):
    """A shelf whose jars are emptied: each change deletes two things and replaces one."""

    def draft(self, observed: object) -> Draft:
        steps = tuple(Step(action=action, what="grain") for action in (Action.DELETE, Action.DELETE, Action.REPLACE))
        drafted = super().draft(observed)  # type: ignore[arg-type]

        def emptied(change: Change) -> Change:
            return change.model_copy(update={"steps": steps})

        return drafted.model_copy(update={"changes": tuple(emptied(change) for change in drafted.changes)})


def test_a_plan_that_deletes_more_than_the_workspace_allows_asks_for_that_number(make_engine: Make) -> None:
    jars = Emptying(jars={"a": 5, "b": 5}, wanted={"a": 0, "b": 0})
    plan = make_engine(deletions=5).plan(jars)
    with pytest.raises(Refused, match="deletes or replaces 6 things, more than 5") as refusal:
        make_engine(deletions=5).apply(plan, jars)
    assert "--allow-deletes 6" in refusal.value.remedy
    with pytest.raises(Refused, match="more than 4"):
        make_engine(deletions=6, terms=Terms(allow_deletes=4)).apply(plan, jars)
    assert jars.did("apply") == []
    assert make_engine(deletions=5, terms=Terms(allow_deletes=6)).apply(plan, jars).state is RunState.SUCCEEDED
