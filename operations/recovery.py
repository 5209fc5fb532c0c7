"""After a crash or a change of mind: settle what is unknown by looking at it, take back what was done. Never guesses."""

from __future__ import annotations

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Refused
from yunwang.journal.records import Phase, Run, RunState, StepRecord, StepState
from yunwang.journal.store import Journal
from yunwang.operations.deeds import Deeds
from yunwang.operations.gate import PLAN_AGAIN
from yunwang.operations.waves import Walk


def unfinished(journal: Journal, run_id: str) -> Run:
    """The run. Raises Refused where it has ended."""
    run = journal.run(run_id)
    if run.state.ended:
        raise Refused(f"run {run.id} has ended: {run.state}", remedy=PLAN_AGAIN)
    return run


def settle(walk: Walk) -> None:
    """Bring every change to 'finished' or 'as it was when planned', by looking at its target. Raises Refused otherwise."""
    deeds = walk.deeds
    last = _last(deeds)
    for wave in deeds.plan.waves:
        for change in (deeds.plan.change(change_id) for change_id in wave.changes):
            step = last.get(change.id)
            if step is None:
                _untouched(walk, change)
            elif _finished(step):
                deeds.finished[change.id] = step.ended or step.started
            elif not _undone(step):
                deeds.observer.say(f"{change.target}: {_unclear(step)}")
                deeds.look(change, wave.name)


def _last(deeds: Deeds) -> dict[str, StepRecord]:
    return {step.change: step for step in deeds.journal.steps(deeds.run.id)}


def _finished(step: StepRecord) -> bool:
    return (step.phase, step.state) == (Phase.VERIFY, StepState.DONE)


def _undone(step: StepRecord) -> bool:
    return (step.phase, step.state) == (Phase.UNDO, StepState.DONE)


def _unclear(step: StepRecord) -> str:
    return f"{step.phase} was begun at {step.started:%H:%M:%S} UTC and " + (
        f"ended {step.state}" if step.state.known else "has no known outcome"
    )


def _untouched(walk: Walk, change: Change) -> None:
    """What the run has not touched must still be as it was planned: nobody else's change is written over."""
    if not walk.deeds.as_planned(change):
        message = f"{change.target} has moved since the plan was made, while the run stood still"
        walk.end(RunState.FAILED, message)
        raise Refused(message, remedy=f"look at it; {PLAN_AGAIN}, or yunwang rollback {walk.deeds.run.id}", target=change.target)


def take_back(walk: Walk) -> Run:
    """Undo every change of the run that was begun and not undone, last first. Raises Refused where one has moved since."""
    deeds = walk.deeds
    last = _last(deeds)
    order = [change_id for wave in deeds.plan.waves for change_id in wave.changes]
    begun = [deeds.plan.change(one) for one in order if one in last and not _undone(last[one])]
    if not begun and deeds.run.state.ended:
        raise Refused(f"run {deeds.run.id} left nothing to take back", remedy="`yunwang history show` tells what it did")
    moved = [finding for change in begun if _finished(last[change.id]) for finding in _moved(deeds, change)]
    if moved:
        raise Refused("what the run left has been changed since", remedy="take the later change back first", findings=tuple(moved))
    left: list[str] = []
    for number, change in enumerate(reversed(begun)):
        if walk.stop.is_set():
            message = f"stopped over taking it back; {len(begun) - number} changes left: yunwang rollback {deeds.run.id}"
            return walk.end(RunState.INTERRUPTED, message)
        left += deeds.undo([change], "rollback")
    back = f"taken back: {', '.join(change.target for change in begun if change.target not in left) or 'nothing'}"
    if left:
        again = f"mend the cause, then: yunwang rollback {deeds.run.id}"
        return walk.end(RunState.FAILED, f"NOT taken back: {', '.join(left)}; {back}; {again}")
    return walk.end(RunState.ROLLED_BACK, back)


def _moved(deeds: Deeds, change: Change) -> tuple[Finding, ...]:
    return tuple(
        finding.model_copy(update={"target": finding.target or change.target})
        for finding in deeds.observer.verify(change)
        if finding.severity is Severity.ERROR
    )
