"""Walk a plan: wave by wave, within its budgets; where they are spent stop, and take back. Knows no domain; decides in budgets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol

from yunwang.inventories.plan import Change, Wave
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.inventories.workspace import ApplySettings
from yunwang.journal.records import Run, RunState
from yunwang.operations import budgets
from yunwang.operations.clock import Clock
from yunwang.operations.deeds import Deeds
from yunwang.operations.job import Interdependent, Say
from yunwang.operations.leases import Halted

SLICE_SECONDS = 1.0
"""How long a soaking run does not look whether it is to stop."""


class Deed(Protocol):
    """Something done to a change of a wave."""

    def __call__(self, change: Change, /, wave: str) -> None:
        """Raises Verdict; Halted."""


@dataclass(slots=True, kw_only=True)
class Walk:
    """One run of one plan. `stop` ends it between steps; `obstacle` says why no further wave may begin now ('' where one may)."""

    deeds: Deeds
    settings: ApplySettings
    say: Say
    stop: threading.Event
    clock: Clock
    pool: Callable[[int], Executor]
    obstacle: Callable[[str], str]
    failed: dict[str, str] = field(default_factory=dict)
    """Why each change (by id) that failed in this walk did."""

    def to_the_end(self, work: Callable[[], Run], again: str = "resume") -> Run:
        """Do the work; where the run's leases or journal are lost over it, say everything that is known. Raises Fatal then."""
        try:
            return work()
        except Halted as halt:
            return self._halted(str(halt), f"yunwang {again} {self.deeds.run.id}")
        except Verdict as verdict:  # a target moved meanwhile, or cannot be looked at: the run stands still
            self._stands_still(verdict.message)
            raise

    def go(self) -> Run:
        """Apply what is not finished yet; returns the run as it ended. Raises Halted."""
        former: Wave | None = None
        walked = False
        for number, wave in enumerate(self.deeds.plan.waves, 1):
            if not (ahead := self._ahead(wave)):
                former = wave
                continue
            if former is not None and len(ahead) == len(wave.changes) and (ended := self._soak(former)):
                return ended
            what = f"wave {number} of {len(self.deeds.plan.waves)}, {wave.name}"
            if why := "stopped" if self.stop.is_set() else self.obstacle(what) if walked else "":
                return self._interrupted(wave, why)
            self.say(f"{what}: {len(ahead)} to do, {wave.parallel} at a time")
            begun, failures = self._together(wave, ahead, self.deeds.do)
            failures |= self._as_a_whole(wave, begun, failures)
            if ended := self._judge(wave, begun, failures):
                return ended
            if len(begun) < len(ahead):
                return self._interrupted(wave, "stopped")
            former, walked = wave, True
        return self._walked()

    def _ahead(self, wave: Wave) -> list[Change]:
        """What of a wave is to be done: not what is finished, and not what requires a change that failed."""
        out = budgets.barred(self.deeds.plan, self.failed) | self.deeds.finished.keys()
        return [self.deeds.plan.change(one) for one in wave.changes if one not in out]

    def _together(self, wave: Wave, ahead: Sequence[Change], deed: Deed) -> tuple[list[Change], dict[str, str]]:
        """Do a wave: what was begun, and what failed and why. Where the budget is spent, or at a stop, nothing more is begun."""

        def off(failures: Mapping[str, Verdict]) -> bool:
            return self.stop.is_set() or budgets.spent(wave, {**self.failed, **failures}, self.settings.failures)

        begun, failures = self.at_once(ahead, partial(deed, wave=wave.name), wave.parallel, off)
        return begun, {one: _words(self.deeds.plan.change(one), verdict) for one, verdict in failures.items()}

    def at_once(
        self, ahead: Sequence[Change], deed: Callable[[Change], None], parallel: int, off: Callable[[Mapping[str, Verdict]], bool]
    ) -> tuple[list[Change], dict[str, Verdict]]:
        """Do something to changes, so many at a time, so many of a group: what was begun, and what failed.

        `off` says, of what failed by then, whether nothing more is to be begun. Raises Halted.
        """
        left, begun, failures = list(ahead), list[Change](), dict[str, Verdict]()
        flying: dict[Future[Verdict | None], Change] = {}
        with self.pool(parallel) as pool:
            while True:
                for future in [one for one in flying if one.done()]:
                    change = flying.pop(future)
                    if verdict := future.result():
                        failures[change.id] = verdict
                fit = None if off(failures) else budgets.next_of(left, flying.values(), parallel, self.settings.per_group)
                if fit:
                    left.remove(fit)
                    begun.append(fit)
                    flying[pool.submit(_fault, deed, fit)] = fit
                elif flying:
                    wait(flying, return_when=FIRST_COMPLETED)
                else:
                    return begun, failures

    def take_back(
        self, wave: Wave, changes: Sequence[Change], name: str, off: Callable[[], bool] = lambda: False
    ) -> tuple[list[Change], list[str]]:
        """Take changes of one wave back, last first, as many at a time as it applies: what was begun, and the targets that it left.

        A failure stops nothing, each is tried; once `off` says so, nothing more is begun. Raises Halted.
        """
        back = partial(self.deeds.undo, wave=name)
        begun, failures = self.at_once([*reversed(changes)], back, wave.parallel, lambda _: off())
        return begun, [change.target for change in changes if change.id in failures]

    def _as_a_whole(self, wave: Wave, begun: Sequence[Change], failures: dict[str, str]) -> dict[str, str]:
        """Verify again what a wave did, where its targets hang together: what failed now, and why."""
        well = [change for change in begun if change.id in self.deeds.finished]
        over = budgets.spent(wave, {**self.failed, **failures}, self.settings.failures)
        if over or len(well) < 2 or not isinstance(self.deeds.observer.job, Interdependent):
            return {}
        self.deeds.whole |= {change.id for change in well}
        return self._together(wave, well, self.deeds.check)[1]

    def _soak(self, wave: Wave) -> Run | None:
        """Let a wave that verified prove itself for a while, then verify it again. The run, where that ended it."""
        deeds, soak = self.deeds, timedelta(seconds=self.settings.soak_seconds)
        done = [deeds.plan.change(one) for one in wave.changes if one in deeds.finished]
        if not soak or not done:
            return None
        left = budgets.soak_left(max(deeds.finished[change.id] for change in done), self.clock.now(), soak).total_seconds()
        if left > 0:
            self.say(f"wave {wave.name} soaks for {left:.0f} s")
        while left > 0:
            if self.stop.is_set():
                return None  # the next wave will not begin
            deeds.heartbeat.guard()
            self.clock.sleep(min(left, SLICE_SECONDS))
            left -= SLICE_SECONDS
        _, failures = self._together(wave, done, deeds.check)
        return self._judge(wave, done, failures)

    def _judge(self, wave: Wave, begun: Sequence[Change], failures: dict[str, str]) -> Run | None:
        """Take back what failed, or the whole wave where that was more than the budget allows; the run, where that ended it."""
        if not failures:
            return None
        self.failed |= failures
        over = budgets.spent(wave, self.failed, self.settings.failures)
        whole = over and self.settings.undo == "wave"
        ours = [change for change in begun if change.id not in self.deeds.untouched]
        back = [change for change in ours if whole or change.id not in self.deeds.finished]
        if back:
            self.say(f"taking back {', '.join(change.target for change in back)}")
        _, left = self.take_back(wave, back, wave.name)
        if not over and not left:
            return None
        parts = [*self.failed.values(), f"taken back: {_named(change for change in back if change.target not in left)}"]
        if left:
            parts.append(f"NOT taken back, look at them: {', '.join(left)}")
        if kept := [change for change in self.deeds.plan.changes if change.id in self.deeds.finished]:
            parts.append(f"applied before and kept: {_named(kept)} (yunwang rollback {self.deeds.run.id})")
        return self.end(RunState.FAILED, "; ".join(parts))

    def _walked(self) -> Run:
        plan, done = self.deeds.plan, self.deeds.finished
        if not self.failed:
            return self.end(RunState.SUCCEEDED, f"{len(plan.changes)} changes applied and verified")
        skipped = [change for change in plan.changes if change.id not in done and change.id not in self.failed]
        alone = len(self.deeds.untouched)
        budget = f"{len(self.failed) - alone} taken back" + (f", {alone} left alone" if alone else "")
        parts = [*self.failed.values(), f"{budget}, within the failure budget; {len(done)} applied and verified"]
        if skipped:
            parts.append(f"not begun, for they require what failed: {_named(skipped)}")
        return self.end(RunState.FAILED, "; ".join(parts))

    def _interrupted(self, wave: Wave, why: str) -> Run:
        ahead = len(self.deeds.plan.changes) - len(self.deeds.finished)
        where = f"{why} before the rest of wave {wave.name}"
        return self.end(RunState.INTERRUPTED, f"{where}; {ahead} changes left: yunwang resume {self.deeds.run.id}")

    def end(self, state: RunState, message: str) -> Run:
        """Record how the run ended. Raises Halted."""
        try:
            return self.deeds.journal.end(self.deeds.run.id, state, message)
        except Verdict as verdict:
            raise Halted(f"{verdict.message} (the run would be recorded as {state}: {message})") from verdict

    def _halted(self, why: str, again: str) -> Run:
        """At a step boundary: nothing is in flight, and the outcome of every deed is known here, if not in the journal."""
        run, plan = self.deeds.run, self.deeds.plan
        lost = self.deeds.write_again()
        finished = [change for change in plan.changes if change.id in self.deeds.finished]
        known = f"run {run.id} stopped between steps: {why}; applied and verified: {_named(finished)}"
        if not lost and (still := self._stands_still(f"{known}; {again}")):
            return still
        raise Fatal(known, remedy=f"yunwang history show {run.id}; once the cause is mended: {again}", findings=lost)

    def _stands_still(self, why: str) -> Run | None:
        """Record that the run can be resumed; None where it had ended, is another's by now, or nothing can be recorded."""
        try:
            self.deeds.heartbeat.beat()
            self.deeds.heartbeat.guard()
            run = self.deeds.journal.run(self.deeds.run.id)
            return None if run.state.ended else self.deeds.journal.end(run.id, RunState.INTERRUPTED, why)
        except (Verdict, Halted):
            return None


def _fault(deed: Callable[[Change], None], change: Change) -> Verdict | None:
    """Do it; what was wrong, or nothing."""
    try:
        deed(change)
    except Verdict as verdict:
        return verdict
    return None


def _words(change: Change, verdict: Verdict) -> str:
    return f"{change.target}: {verdict.message}" + (f" ({verdict.remedy})" if verdict.remedy else "")


def _named(changes: Iterable[Change]) -> str:
    return ", ".join(change.target for change in changes) or "nothing"
