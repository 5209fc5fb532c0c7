"""After a crash, Ctrl-C or a change of mind: every target is old or new, and the journal says which."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from parts.shelf import Shelf, fails, meets

from yunwang.inventories.plan import Change, Observed, Outcome
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import Phase, RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.operations.job import Say


class PowerCut(BaseException):
    """The process dies here: nothing after it is done."""


def power_cut() -> None:
    raise PowerCut


@pytest.fixture
def doomed(make_engine: Callable[..., Engine], dead_journal: Journal) -> Engine:
    """The engine of a process that will not survive the test."""
    return make_engine(of=dead_journal)


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
def test_a_crash_at_any_deed_is_resumed_and_nothing_is_done_twice(engine: Engine, doomed: Engine, deed: str, jar: str) -> None:
    shelf = shelf_of_three()
    run = crash(doomed, shelf, deed, jar)
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.jars == {"salt": 3, "rice": 3, "tea": 3}
    done = [name for name in shelf.did("apply") if (deed, name) != ("apply", jar)]
    assert sorted(done) == sorted(set(done))


def test_a_step_that_was_done_but_not_recorded_is_found_by_looking(engine: Engine, doomed: Engine) -> None:
    shelf = shelf_of_three()
    run = crash(doomed, shelf, "apply", "rice")
    shelf.jars["rice"] = 3  # the deed was done, the crash came before its outcome was written
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.did("apply").count("rice") == 1


def test_a_half_done_step_is_taken_back_and_done_again(engine: Engine, doomed: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = crash(doomed, shelf, "apply", "rice")
    shelf.jars["rice"] = 2
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert shelf.jars["rice"] == 3
    assert Phase.UNDO in {step.phase for step in journal.steps(run) if step.change == "rice"}


def test_what_moved_while_we_were_down_is_refused_and_said(engine: Engine, doomed: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = crash(doomed, shelf, "apply", "rice")
    shelf.jars["tea"] = 9
    with pytest.raises(Refused, match="moved since the plan was made, while the run stood still: jar/tea"):
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


class Forgetful(Shelf):
    """A job that leaves behind what no undo of it finds, and what the next apply takes as made (an orphaned server)."""

    orphans: int = 0

    def observe(self, target: str) -> Observed:
        seen = super().observe(target)
        return seen.model_copy(update={"facts": {**seen.facts, "orphans": self.orphans}})

    def apply(self, change: Change, say: Say) -> Outcome:
        outcome = super().apply(change, say)
        self.orphans = 0
        return outcome


def test_what_an_undo_leaves_behind_is_taken_over_by_doing_it_again(engine: Engine, doomed: Engine) -> None:
    shelf = Forgetful(jars={"salt": 0}, wanted={"salt": 3})
    run = crash(doomed, shelf, "apply", "salt")
    shelf.orphans = 1
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
    assert (shelf.jars["salt"], shelf.orphans, shelf.did("undo")) == (3, 0, ["salt"])


def test_a_rollback_that_is_interrupted_goes_on_where_it_stopped(engine: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    run = engine.apply(engine.plan(shelf), shelf)
    shelf.breaks["undo", "tea"] = engine.stop.set
    stopped = engine.rollback(run.id, shelf)
    assert stopped.state is RunState.INTERRUPTED
    assert f"2 changes left: yunwang rollback {run.id}" in stopped.message
    assert [lease.run for lease in journal.leases.all()] == [run.id] * 3
    engine.stop.clear()
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    assert shelf.did("undo") == ["tea", "rice", "salt"]


def waves_of_two() -> Shelf:
    names = ("salt", "rice", "tea", "oil")
    return Shelf(jars=dict.fromkeys(names, 0), wanted=dict.fromkeys(names, 3), waves=(names[:2], names[2:]), parallel=2)


def test_a_rollback_takes_a_wave_back_at_the_same_time_and_the_waves_one_after_the_other(engine: Engine) -> None:
    shelf = waves_of_two()
    run = engine.apply(engine.plan(shelf), shelf)
    shelf.breaks = dict.fromkeys([("undo", name) for name in shelf.jars], meets(2))
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    undone = shelf.did("undo")
    assert (set(undone[:2]), set(undone[2:])) == ({"tea", "oil"}, {"salt", "rice"})


def test_a_rollback_that_is_stopped_says_how_many_changes_are_left(engine: Engine) -> None:
    shelf = waves_of_two()
    run = engine.apply(engine.plan(shelf), shelf)
    shelf.breaks["undo", "oil"] = engine.stop.set
    stopped = engine.rollback(run.id, shelf)
    left = 4 - len(shelf.did("undo"))  # both of the last wave may have been begun
    assert (stopped.state, left in (2, 3)) == (RunState.INTERRUPTED, True)
    assert f"{left} changes left: yunwang rollback {run.id}" in stopped.message
    engine.stop.clear()
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    assert sorted(shelf.did("undo")) == sorted(shelf.jars)


def test_a_resume_looks_at_everything_unclear_at_the_same_time_and_at_the_untouched_too(engine: Engine, doomed: Engine) -> None:
    shelf, together = waves_of_two(), meets(2)

    def both_begun() -> None:
        together()
        power_cut()

    plan = doomed.plan(shelf)
    shelf.breaks = dict.fromkeys([("apply", "salt"), ("apply", "rice")], both_begun)
    with pytest.raises(PowerCut):
        doomed.apply(plan, shelf)
    [run] = engine.journal.runs()
    shelf.breaks = dict.fromkeys([("verify", "salt"), ("verify", "rice"), ("observe", "tea"), ("observe", "oil")], together)
    assert engine.resume(run.id, shelf).state is RunState.SUCCEEDED


def test_what_a_rollback_cannot_take_back_is_said_and_can_be_tried_again(engine: Engine) -> None:
    shelf = shelf_of_three()
    run = engine.apply(engine.plan(shelf), shelf)
    shelf.breaks["undo", "rice"] = fails()
    failed = engine.rollback(run.id, shelf)
    assert (failed.state, shelf.jars) == (RunState.FAILED, {"salt": 0, "rice": 3, "tea": 0})
    assert failed.message.startswith("NOT taken back: jar/rice; taken back: jar/salt, jar/tea")
    del shelf.breaks["undo", "rice"]
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    assert shelf.jars["rice"] == 0


def test_a_run_that_began_nothing_can_be_rolled_back_and_holds_nothing_then(engine: Engine, journal: Journal) -> None:
    shelf = shelf_of_three()
    plan = engine.plan(shelf)
    engine.stop.set()
    run = engine.apply(plan, shelf)
    assert (run.state, len(journal.leases.all())) == (RunState.INTERRUPTED, 3)
    engine.stop.clear()
    assert engine.rollback(run.id, shelf).state is RunState.ROLLED_BACK
    assert journal.leases.all() == ()


def test_a_resume_that_cannot_look_at_a_target_does_nothing_and_can_be_tried_again(
    engine: Engine, doomed: Engine, journal: Journal
) -> None:
    shelf = shelf_of_three()
    run = crash(doomed, shelf, "apply", "rice")
    shelf.breaks["observe", "tea"] = fails("no light")
    with pytest.raises(Fatal, match="no light"):
        engine.resume(run, shelf)
    assert journal.run(run).state is RunState.INTERRUPTED
    del shelf.breaks["observe", "tea"]
    assert engine.resume(run, shelf).state is RunState.SUCCEEDED
