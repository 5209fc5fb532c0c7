"""What an apply promises: exactly the plan, verified, recorded, and taken back where it fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from parts.shelf import Shelf, fails
from parts.watch import Watch

from yunwang.inventories.plan import Plan, Wave
from yunwang.inventories.verdict import Refused
from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine


def test_a_plan_is_applied_verified_and_recorded_and_then_there_is_nothing_to_do(engine: Engine, journal: Journal) -> None:
    shelf = Shelf(jars={"salt": 0, "rice": 5}, wanted={"salt": 3, "rice": 5})
    plan = engine.plan(shelf)
    assert [change.target for change in plan.changes] == ["jar/salt"]
    run = engine.apply(plan, shelf)
    assert (run.state, run.operator, run.plan_digest) == (RunState.SUCCEEDED, "li-wei", plan.digest)
    assert shelf.jars == {"salt": 3, "rice": 5}
    assert [(step.phase, step.state) for step in journal.steps(run.id)] == [
        (Phase.APPLY, StepState.DONE),
        (Phase.VERIFY, StepState.DONE),
    ]
    assert engine.plan(shelf).changes == ()
    assert all(standing.in_line for standing in journal.standings("shelf").values())


def test_planning_changes_nothing(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    engine.plan(shelf)
    assert shelf.deeds == [("observe", "salt")]


def test_a_plan_survives_its_file(engine: Engine) -> None:
    plan = engine.plan(Shelf(jars={"salt": 0}, wanted={"salt": 3}))
    again = Plan.model_validate_json(plan.to_json())
    assert (again, again.digest) == (plan, plan.digest)


def test_a_target_that_moved_since_the_plan_is_refused_by_name_and_nothing_is_done(engine: Engine, journal: Journal) -> None:
    shelf = Shelf(jars={"salt": 0, "rice": 0}, wanted={"salt": 3, "rice": 3})
    plan = engine.plan(shelf)
    shelf.jars["rice"] = 1
    with pytest.raises(Refused) as refusal:
        engine.apply(plan, shelf)
    assert [finding.target for finding in refusal.value.findings] == ["jar/rice"]
    assert shelf.did("apply") == []
    assert journal.runs() == ()


def test_a_target_without_a_change_may_move(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0, "rice": 5}, wanted={"salt": 3, "rice": 5})
    plan = engine.plan(shelf)
    shelf.jars["rice"] = 6
    assert engine.apply(plan, shelf).state is RunState.SUCCEEDED


def test_a_plan_is_applied_once(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    engine.apply(plan, shelf)
    shelf.jars["salt"] = 0
    with pytest.raises(Refused, match="applied already"):
        engine.apply(plan, shelf)


def test_a_plan_of_an_older_version_is_refused_for_its_digest_is_another_now(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf).model_copy(update={"version": 1})
    with pytest.raises(Refused, match="older yunwang"):
        engine.apply(plan, shelf)
    assert shelf.did("apply") == []


def test_an_expired_plan_is_refused(engine: Engine, watch: Watch) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    watch.turn(hours=25)
    with pytest.raises(Refused, match="expired"):
        engine.apply(plan, shelf)


def test_a_plan_does_not_live_longer_than_the_workspace_says_whatever_its_file_says(engine: Engine, watch: Watch) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    watch.turn(hours=25)
    with pytest.raises(Refused, match="expired at 2026-11-23 06:00"):
        engine.apply(plan.model_copy(update={"expires": plan.expires + timedelta(days=9)}), shelf)


def test_a_plan_from_the_future_is_refused_for_a_clock_is_wrong(engine: Engine, watch: Watch) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    watch.turn(hours=-1)
    with pytest.raises(Refused, match="one of the clocks is wrong"):
        engine.apply(plan, shelf)
    watch.turn(minutes=58)  # two machines' clocks are never one
    assert engine.apply(plan, shelf).state is RunState.SUCCEEDED


def test_a_plan_from_other_files_is_refused(engine: Engine, make_engine: Callable[..., Engine]) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    with pytest.raises(Refused, match="files have changed"):
        make_engine(digest="sha256:edited").apply(plan, shelf)


def test_a_plan_edited_by_hand_is_refused_with_everything_that_is_wrong(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0, "rice": 0}, wanted={"salt": 3, "rice": 3})
    plan = engine.plan(shelf)
    bent = plan.model_copy(update={"waves": (Wave(name="w1", changes=("salt", "sugar")),)})
    with pytest.raises(Refused) as refusal:
        engine.apply(bent, shelf)
    assert {finding.message for finding in refusal.value.findings} == {
        "wave w1 names sugar, which is no change of the plan",
        "in no wave: rice",
    }


def test_a_failure_takes_its_whole_wave_back_and_begins_no_other(engine: Engine, journal: Journal) -> None:
    shelf = Shelf(
        jars={"salt": 0, "rice": 0, "tea": 0},
        wanted={"salt": 3, "rice": 3, "tea": 3},
        waves=(("salt", "rice"), ("tea",)),
        breaks={("apply", "rice"): fails()},
    )
    run = engine.apply(engine.plan(shelf), shelf)
    assert run.state is RunState.FAILED
    assert "jar/rice: the jar is stuck (oil it)" in run.message
    assert shelf.jars == {"salt": 0, "rice": 0, "tea": 0}
    assert shelf.did("apply") == ["salt", "rice"]
    assert shelf.did("undo") == ["rice", "salt"]
    assert not journal.standings("shelf")["jar/salt"].in_line


def test_by_policy_only_the_failed_change_is_taken_back(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine(undo="change")
    shelf = Shelf(jars={"salt": 0, "rice": 0}, wanted={"salt": 3, "rice": 3}, breaks={("apply", "rice"): fails()})
    run = engine.apply(engine.plan(shelf), shelf)
    assert run.state is RunState.FAILED
    assert shelf.jars == {"salt": 3, "rice": 0}
    assert f"applied before and kept: jar/salt (yunwang rollback {run.id})" in run.message


def test_a_change_that_does_not_verify_is_a_failure(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    shelf.breaks["verify", "salt"] = lambda: shelf.jars.update(salt=2)  # it leaks
    run = engine.apply(plan, shelf)
    assert run.state is RunState.FAILED
    assert "jar/salt: holds 2" in run.message
    assert shelf.jars == {"salt": 0}


def test_what_cannot_be_taken_back_is_said(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3}, breaks={("verify", "salt"): fails(), ("undo", "salt"): fails()})
    run = engine.apply(engine.plan(shelf), shelf)
    assert run.state is RunState.FAILED
    assert "NOT taken back, look at them: jar/salt" in run.message


def test_an_error_of_our_own_is_recorded_and_taken_back_too(engine: Engine) -> None:
    def bug() -> None:
        raise ZeroDivisionError("oops")

    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3}, breaks={("apply", "salt"): bug})
    run = engine.apply(engine.plan(shelf), shelf)
    assert run.state is RunState.FAILED
    assert "unexpected ZeroDivisionError" in run.message


def test_a_target_that_cannot_be_observed_is_named_and_the_plan_refused(engine: Engine) -> None:
    shelf = Shelf(jars={"salt": 0, "rice": 0}, wanted={"salt": 3, "rice": 3}, breaks={("observe", "rice"): fails("no light")})
    plan = engine.plan(shelf)
    assert [(finding.target, finding.message) for finding in plan.findings] == [("jar/rice", "cannot be observed: no light")]
    with pytest.raises(Refused, match="the plan has errors"):
        engine.apply(plan, shelf)
    assert engine.apply(engine.plan(shelf, ["salt"]), shelf).state is RunState.SUCCEEDED


def test_a_pattern_without_a_target_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="no target matches suger"):
        engine.plan(Shelf(jars={"salt": 0}, wanted={"salt": 3}), ["suger"])
