"""After a crash or a change of mind: settle what is unknown by looking at it, take back what was done. Never guesses."""

from __future__ import annotations

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Fatal, Refused, Verdict
from yunwang.journal.records import Phase, Run, RunState, StepRecord, StepState
from yunwang.journal.store import Journal
from yunwang.operations.gate import PLAN_AGAIN
from yunwang.operations.planning import observe_one
from yunwang.operations.waves import Walk


def resumable(journal: Journal, run_id: str) -> Run:
    """The run, marked as running again. Raises Refused where it has ended."""
    run = journal.run(run_id)
    if run.state not in (RunState.RUNNING, RunState.INTERRUPTED):
        raise Refused(f"run {run.id} has ended: {run.state}", remedy=PLAN_AGAIN)
    return journal.end(run.id, RunState.RUNNING)


def settle(walk: Walk) -> None:
    """Bring every change to 'finished' or 'as it was when planned', by looking at its target. Raises Refused otherwise."""
    last = {step.change: step for step in walk.journal.steps(walk.run.id)}
    for wave in walk.plan.waves:
        for change in (walk.plan.change(change_id) for change_id in wave.changes):
            step = last.get(change.id)
            if _finished(step):
                walk.finished.add(change.id)
            elif step is not None:
                walk.say(f"{change.target}: {_unclear(step)}, looking at it")
                _look(walk, change, wave.name)
    for change in walk.plan.changes:
        if change.id not in walk.finished:
            _as_planned(walk, change)


def _finished(step: StepRecord | None) -> bool:
    return step is not None and step.phase is Phase.VERIFY and step.state is StepState.DONE


def _unclear(step: StepRecord) -> str:
    return f"{step.phase} was begun at {step.started:%H:%M:%S} UTC and " + (
        "has no outcome" if step.state is StepState.STARTED else f"ended {step.state}"
    )


def _look(walk: Walk, change: Change, wave: str) -> None:
    try:
        walk.check(change, wave)  # it is there after all
    except Verdict:
        if observe_one(walk.job, change.target).seen() not in walk.plan.observations:
            walk.step(change, wave, Phase.UNDO)  # neither old nor new: back to old, then the walk does it again


def _as_planned(walk: Walk, change: Change) -> None:
    then = {observation.target: observation.digest for observation in walk.plan.observations}
    now = observe_one(walk.job, change.target).seen()
    if now.digest != then[change.target]:
        message = f"{change.target} is neither as it was planned nor as it was to become ({now.summary})"
        walk.journal.end(walk.run.id, RunState.FAILED, message)
        raise Refused(message, remedy=f"look at it; {PLAN_AGAIN}, or yunwang rollback {walk.run.id}", target=change.target)


def take_back(walk: Walk) -> Run:
    """Undo every change of the run that was begun and not undone, last first. Raises Refused where one has moved since."""
    last = {step.change: step for step in walk.journal.steps(walk.run.id)}
    order = [change_id for wave in walk.plan.waves for change_id in wave.changes]
    begun = [
        walk.plan.change(change_id)
        for change_id in order
        if change_id in last and (last[change_id].phase, last[change_id].state) != (Phase.UNDO, StepState.DONE)
    ]
    if not begun:
        raise Refused(f"run {walk.run.id} left nothing to take back", remedy="`yunwang history show` tells what it did")
    moved = [finding for change in begun if _finished(last[change.id]) for finding in _moved(walk, change)]
    if moved:
        raise Refused("what the run left has been changed since", remedy="take the later change back first", findings=tuple(moved))
    left = walk.undo(begun, "rollback")
    if left:
        raise Fatal(f"not taken back: {', '.join(left)}", remedy=f"mend the cause, then: yunwang rollback {walk.run.id}")
    return walk.journal.end(walk.run.id, RunState.ROLLED_BACK, f"taken back: {', '.join(change.target for change in begun)}")


def _moved(walk: Walk, change: Change) -> tuple[Finding, ...]:
    return tuple(
        finding.model_copy(update={"target": finding.target or change.target})
        for finding in walk.job.verify(change)
        if finding.severity is Severity.ERROR
    )
