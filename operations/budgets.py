"""How far a run may go: canary, groups, failures, deletions, soak, freeze windows. Pure: values in, values out; reads no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from yunwang.inventories.freeze import Freeze
from yunwang.inventories.plan import Action, Change, Draft, Plan, Wave
from yunwang.inventories.workspace import FailureBudget


def with_canary(draft: Draft, size: int) -> tuple[Wave, ...]:
    """The draft's waves, the first with at most `size` changes (0: as the job has them), what is left of it next.

    What the first wave holds requires nothing, so any part of it may go first. The canary makes or changes something where it
    can: a removal would prove little for the others.
    """
    if not size or not draft.waves:
        return draft.waves
    first, *others = draft.waves
    removals = {change.id for change in draft.changes if change.action is Action.DELETE}
    chosen = sorted(first.changes, key=lambda change: change in removals)[:size]
    left = tuple(change for change in first.changes if change not in chosen)
    if not left:
        return (first.model_copy(update={"canary": True}), *others)
    name = first.name if first.canary else f"canary of {first.name}"
    canary = first.model_copy(update={"name": name, "changes": tuple(chosen), "canary": True})
    rest = f"rest of {first.name}" if first.canary else first.name
    return (canary, first.model_copy(update={"name": rest, "changes": left, "canary": False}), *others)


def next_of(ahead: Sequence[Change], flying: Collection[Change], parallel: int, per_group: int | None) -> Change | None:
    """Which change may begin now, beside those in flight; None: none before one of them has ended."""
    if len(flying) >= parallel:
        return None
    groups = [change.group for change in flying if change.group]
    return next((change for change in ahead if per_group is None or groups.count(change.group) < per_group), None)


def spent(wave: Wave, failed: Collection[str], budget: FailureBudget) -> bool:
    """Whether so many changes (of the whole run, by id) have failed that no other may be begun. A canary may not fail at all."""
    here = len(set(wave.changes) & set(failed))
    return here > (0 if wave.canary else budget.wave) or (budget.run is not None and len(failed) > budget.run)


def barred(plan: Plan, failed: Collection[str]) -> set[str]:
    """What failed, and every change (by id) that requires it, directly or not."""
    out = set(failed)
    for wave in plan.waves:  # what a change requires stands in an earlier wave
        out |= {one for one in wave.changes if out.intersection(plan.change(one).requires)}
    return out


def deletions(plan: Plan) -> int:
    """How many steps of a plan delete or replace something."""
    counts = plan.count()
    return counts.get(Action.DELETE, 0) + counts.get(Action.REPLACE, 0)


def soak_left(verified: datetime, now: datetime, soak: timedelta) -> timedelta:
    """How long a wave has still to soak that verified at that time: never longer than `soak`, wherever the clock was turned."""
    return min(soak, max(timedelta(0), verified + soak - now))


def frozen(freezes: Iterable[Freeze], zone: str, now: datetime) -> tuple[Freeze, datetime] | None:
    """The freeze window that `now` lies in, with its end; of several that which ends last."""
    windows = [(freeze, end) for freeze in freezes if (end := freeze.over(now, zone)) is not None]
    return max(windows, key=lambda window: window[1], default=None)
