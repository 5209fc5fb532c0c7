"""A deed whose outcome is unknown is settled by looking at its target, and never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from parts.shelf import Shelf, vanishes

from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine

APPLY, VERIFY, UNDO = Phase.APPLY, Phase.VERIFY, Phase.UNDO
DONE, FAILED, UNKNOWN = StepState.DONE, StepState.FAILED, StepState.UNKNOWN


def salt(engine: Engine, deed: str, breaks: Callable[[Shelf, int], None]) -> tuple[Shelf, RunState, list[tuple[Phase, StepState]]]:
    """Apply 0 → 3 to a jar; `breaks` is called before the deed, with how often it was begun."""
    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    shelf.breaks[deed, "salt"] = lambda: breaks(shelf, shelf.did(deed).count("salt"))
    run = engine.apply(plan, shelf)
    return shelf, run.state, [(step.phase, step.state) for step in engine.journal.steps(run.id)]


def left_at(number: int) -> Callable[[Shelf, int], None]:
    """The first time, the worker is lost when the jar holds that number."""

    def lose(shelf: Shelf, times: int) -> None:
        if times == 1:
            shelf.jars["salt"] = number
            vanishes()

    return lose


def test_what_was_done_after_all_is_not_done_again(engine: Engine) -> None:
    shelf, state, steps = salt(engine, "apply", left_at(3))
    assert (state, shelf.did("apply")) == (RunState.SUCCEEDED, ["salt"])
    assert steps == [(APPLY, UNKNOWN), (VERIFY, DONE)]


def test_what_was_not_done_is_done_again(engine: Engine) -> None:
    shelf, state, steps = salt(engine, "apply", left_at(0))
    assert (state, shelf.did("undo"), shelf.jars["salt"]) == (RunState.SUCCEEDED, [], 3)
    assert steps == [(APPLY, UNKNOWN), (VERIFY, FAILED), (APPLY, DONE), (VERIFY, DONE)]


def test_what_was_half_done_is_taken_back_first(engine: Engine) -> None:
    shelf, state, steps = salt(engine, "apply", left_at(2))
    assert (state, shelf.jars["salt"]) == (RunState.SUCCEEDED, 3)
    assert steps == [(APPLY, UNKNOWN), (VERIFY, FAILED), (UNDO, DONE), (APPLY, DONE), (VERIFY, DONE)]


def test_a_deed_that_loses_its_worker_each_time_is_a_failure_and_taken_back(engine: Engine) -> None:
    shelf, state, steps = salt(engine, "apply", lambda shelf, times: vanishes())
    assert (state, shelf.jars["salt"], len(shelf.did("apply"))) == (RunState.FAILED, 0, 3)
    assert steps[-1] == (UNDO, DONE)


def test_a_verification_that_was_lost_is_made_again(engine: Engine) -> None:
    shelf, state, steps = salt(engine, "verify", lambda shelf, times: vanishes() if times == 1 else None)
    assert (state, len(shelf.did("verify"))) == (RunState.SUCCEEDED, 2)
    assert steps == [(APPLY, DONE), (VERIFY, DONE)]


@pytest.mark.parametrize("times_lost", [1, 2])
def test_an_undo_that_was_lost_is_done_again(engine: Engine, times_lost: int) -> None:
    shelf = Shelf(jars={"salt": 0, "tea": 0}, wanted={"salt": 3, "tea": 3})
    plan = engine.plan(shelf)

    def stuck() -> None:
        raise RuntimeError

    def lost() -> None:
        if len(shelf.did("undo")) <= times_lost:
            vanishes()

    shelf.breaks |= {("apply", "tea"): stuck, ("undo", "tea"): lost}
    run = engine.apply(plan, shelf)
    assert (run.state, shelf.jars) == (RunState.FAILED, {"salt": 0, "tea": 0})
    assert "NOT taken back" not in run.message


def test_an_unknown_outcome_is_in_the_journal_until_it_is_settled(engine: Engine, journal: Journal) -> None:
    seen: list[StepState] = []

    def look(shelf: Shelf, times: int) -> None:
        [run] = journal.runs()
        seen.extend(step.state for step in journal.steps(run.id))

    shelf = Shelf(jars={"salt": 0}, wanted={"salt": 3})
    plan = engine.plan(shelf)
    shelf.breaks["apply", "salt"] = lambda: left_at(3)(shelf, 1)
    shelf.breaks["verify", "salt"] = lambda: look(shelf, 1)
    engine.apply(plan, shelf)
    assert seen == [StepState.UNKNOWN, StepState.STARTED]
