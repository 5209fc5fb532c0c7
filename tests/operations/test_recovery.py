"""After a crash, Ctrl-C or a change of mind: every target is old or new, and the journal says which."""

from __future__ import annotations

import pytest
from parts.shelf import Shelf, fails

from yunwang.inventories.verdict import Refused
from yunwang.journal.records import Phase, RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine


class PowerCut(BaseException):
    """The process dies here: nothing after it is done."""


def power_cut() -> None:
    raise PowerCut


def crash(engine: Engine, shelf: Shelf, deed: str, jar: str) -> str:
    """Apply a plan, and die at that deed; returns the run's id."""
    plan = engine.plan(shelf)
    shelf.breaks[deed, jar] = power_cut
    with pytest.raises(PowerCut):
        engine.apply(plan, shelf)
    del shelf.breaks[deed, jar]
    [run] = engine.journal.runs()
    assert run.state is RunState.RUNNING
    return run.id


def shelf_of_three() -> Shelf:
    return Shelf(
        jars={"salt": 0, "rice": 0, "tea": 0}, wanted={"salt": 3, "rice": 3, "tea": 3}, waves=(("salt",), ("rice",), ("tea",))
    )


@pytest.mark.parametrize("deed", ["apply", "verify"])
@pytest.mark.parametrize("jar", ["salt", "rice", "tea"])
def test_a_crash_at_any_deed_is_resumed_and_nothing_is_done_twice(engine: Engine, deed: str, jar: str) -> None:
    shelf = shelf_of_three()
    run = crash(engine, shelf, deed, jar)
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.jars == {"salt": 3, "rice": 3, "tea": 3}
    done = [name for name in shelf.did("apply") if (deed, name) != ("apply", jar)]
    assert sorted(done) == sorted(set(done))


def test_a_step_that_was_done_but_not_recorded_is_found_by_looking(engine: Engine) -> None:
    shelf = shelf_of_three()
    run = crash(engine, shelf, "apply", "rice")
    shelf.jars["rice"] = 3  # the deed was done, the crash came before its outcome was written
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.did("apply").count("rice") == 1


def test_a_half_done_step_is_taken_back_and_done_again(engine: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = crash(engine, shelf, "apply", "rice")
    shelf.jars["rice"] = 2
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.jars["rice"] == 3
    assert Phase.UNDO in {step.phase for step in journal.steps(run) if step.change == "rice"}


def test_what_moved_while_we_were_down_is_refused_and_said(engine: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = crash(engine, shelf, "apply", "rice")
    shelf.jars["tea"] = 9
    with pytest.raises(Refused, match="jar/tea is neither as it was planned"):
        engine.resume(run, shelf)
    assert journal.run(run).state is RunState.FAILED


def test_ctrl_c_ends_after_the_step_in_flight_and_resume_goes_on(engine: Engine) -> None:
    shelf = shelf_of_three()
    plan = engine.plan(shelf)
    shelf.breaks["apply", "rice"] = engine.stop.set
    run = engine.apply(plan, shelf)
    assert run.state is RunState.INTERRUPTED
    assert f"yunwang resume {run.id}" in run.message
    assert shelf.jars == {"salt": 3, "rice": 3, "tea": 0}
    engine.stop.clear()
    assert engine.resume(run.id, shelf).state is RunState.SUCCEEDED
    assert shelf.jars["tea"] == 3
    assert shelf.did("apply") == ["salt", "rice", "tea"]


def test_a_run_that_ended_is_not_resumed(engine: Engine) -> None:
    shelf = shelf_of_three()
    run = engine.apply(engine.plan(shelf), shelf)
    with pytest.raises(Refused, match="has ended"):
        engine.resume(run.id, shelf)


def test_rollback_takes_everything_back_last_first(engine: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = engine.apply(engine.plan(shelf), shelf)
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    assert shelf.jars == {"salt": 0, "rice": 0, "tea": 0}
    assert shelf.did("undo") == ["tea", "rice", "salt"]
    with pytest.raises(Refused, match="nothing to take back"):
        engine.rollback(run.id, shelf)


def test_rollback_refuses_what_was_changed_since_and_names_it(engine: Engine) -> None:
    shelf = shelf_of_three()
    run = engine.apply(engine.plan(shelf), shelf)
    shelf.jars["rice"] = 7
    with pytest.raises(Refused) as refusal:
        engine.rollback(run.id, shelf)
    assert [finding.target for finding in refusal.value.findings] == ["jar/rice"]
    assert shelf.jars["salt"] == 3


def test_rollback_of_a_failed_run_takes_back_the_waves_that_were_kept(engine: Engine) -> None:
    shelf = shelf_of_three()
    shelf.breaks["apply", "tea"] = fails()
    run = engine.apply(engine.plan(shelf), shelf)
    assert run.state is RunState.FAILED
    assert shelf.jars == {"salt": 3, "rice": 3, "tea": 0}
    engine.rollback(run.id, shelf)
    assert shelf.jars == {"salt": 0, "rice": 0, "tea": 0}
