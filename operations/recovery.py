"""After a crash or a change of mind: settle what is unknown by looking at it, take back what was done. Never guesses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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
    """Bring every change to 'finished' or 'as it was when planned', by looking at its target. Raises Verdict otherwise."""
    deeds = walk.deeds
    last = _last(deeds)
    untouched = [change for change in deeds.plan.changes if change.id not in last]
    deeds.finished |= {change: step.ended or step.started for change, step in last.items() if _finished(step)}
    for wave in deeds.plan.waves:
        steps = [last[one] for one in wave.changes if one in last]
        unclear = [deeds.plan.change(step.change) for step in steps if not _finished(step) and not _undone(step)]
        for change in unclear:
            deeds.observer.say(f"{change.target}: {_unclear(last[change.id])}")
        _, failures = walk.at_once(unclear, partial(deeds.look, wave=wave.name), wave.parallel, lambda _: False)
        for verdict in failures.values():
            raise verdict
    _unmoved(walk, untouched)


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


def _unmoved(walk: Walk, untouched: Sequence[Change]) -> None:
    """What the run has not touched must still be as it was planned: nobody else's change is written over."""
    deeds = walk.deeds
    still = deeds.observer.each(deeds.as_planned, untouched)
    if moved := [change.target for change, same in zip(untouched, still, strict=True) if not same]:
        message = f"moved since the plan was made, while the run stood still: {', '.join(moved)}"
        walk.end(RunState.FAILED, message)
        raise Refused(message, remedy=f"look there; {PLAN_AGAIN}, or yunwang rollback {deeds.run.id}", target=moved[0])


def take_back(walk: Walk) -> Run:
    """Undo every change of the run that was begun and not undone, the last wave first. Raises Refused where one has moved since."""
    deeds = walk.deeds
    last = _last(deeds)
    order = [change_id for wave in deeds.plan.waves for change_id in wave.changes]
    begun = [deeds.plan.change(one) for one in order if one in last and not _undone(last[one])]
    if not begun and deeds.run.state.ended:
        raise Refused(f"run {deeds.run.id} left nothing to take back", remedy="`yunwang history show` tells what it did")
    finished = [change for change in begun if _finished(last[change.id])]
    moved = tuple(finding for found in deeds.observer.each(partial(_moved, deeds), finished) for finding in found)
    if moved:
        raise Refused("what the run left has been changed since", remedy="take the later change back first", findings=moved)
    ahead, left = len(begun), list[str]()
    for wave in reversed(deeds.plan.waves):
        tried, failed = walk.take_back(wave, [one for one in begun if one.id in wave.changes], "rollback", walk.stop.is_set)
        ahead -= len(tried)
        left += failed
    if ahead:
        message = f"stopped over taking it back; {ahead} changes left: yunwang rollback {deeds.run.id}"
        return walk.end(RunState.INTERRUPTED, message)
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
