"""Walk a plan: wave by wave, each change applied, verified and recorded; on a failure stop, and take back. Knows no domain."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from yunwang.inventories.finding import Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Plan, Wave
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Phase, Run, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.operations.job import Job, Say

VERIFIED_AT_MOST = 3
"""How often a verification is tried while the job says Retryable (a neighbour that is still coming up)."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Walk:
    """One run of one plan. `finished` holds the changes that are applied and verified; `stop` ends the walk between steps."""

    run: Run
    plan: Plan
    job: Job
    workspace: Workspace
    journal: Journal
    say: Say
    stop: threading.Event
    finished: set[str] = field(default_factory=set)
    _failing: threading.Event = field(default_factory=threading.Event)

    def go(self) -> Run:
        """Apply what is not finished yet; returns the run as it ended. Raises Fatal only where the journal is lost."""
        for number, wave in enumerate(self.plan.waves, 1):
            ahead = [self.plan.change(change) for change in wave.changes if change not in self.finished]
            if not ahead:
                continue
            if self.stop.is_set():
                return self._interrupted(wave)
            self.say(f"wave {number} of {len(self.plan.waves)}: {wave.name} ({len(ahead)} to do, {wave.parallel} at a time)")
            failures, begun = self._together(wave, ahead)
            if failures:
                return self._failed(wave, failures, begun)
            if len(begun) < len(ahead):
                return self._interrupted(wave)
        return self.journal.end(self.run.id, RunState.SUCCEEDED, f"{len(self.plan.changes)} changes applied and verified")

    def _together(self, wave: Wave, ahead: Sequence[Change]) -> tuple[list[str], list[Change]]:
        """Do a wave; returns what failed (in words) and what was begun; after a failure or a stop nothing more is begun."""
        begun: list[Change] = []
        failures: list[str] = []

        def one(change: Change) -> None:
            if self.stop.is_set() or self._failing.is_set():
                return
            begun.append(change)
            try:
                self.do(change, wave.name)
            except Verdict as verdict:
                self._failing.set()
                failures.append(f"{change.target}: {verdict.message}" + (f" ({verdict.remedy})" if verdict.remedy else ""))

        with ThreadPoolExecutor(wave.parallel, thread_name_prefix="apply") as pool:
            for future in [pool.submit(one, change) for change in ahead]:
                future.result()
        return failures, begun

    def do(self, change: Change, wave: str) -> None:
        """Apply and verify one change. Raises Verdict, recorded, when it did not work."""
        self.step(change, wave, Phase.APPLY)
        self.check(change, wave)

    def check(self, change: Change, wave: str) -> None:
        """Verify one applied change. Raises Verdict, recorded, when it does not hold."""
        self.step(change, wave, Phase.VERIFY)
        self.finished.add(change.id)
        self.journal.stand(self.job.name, {change.target: True})

    def step(self, change: Change, wave: str, phase: Phase) -> None:
        """One recorded deed: its intent before it, its outcome after it. Raises Verdict."""
        number = self.journal.intend(self.run.id, change, wave, phase)
        try:
            outcome, evidence = self._deed(change, phase)
        except Verdict as verdict:
            self.journal.settle(number, StepState.FAILED, verdict.message)
            self.say(f"{change.target}: {phase} failed: {verdict.message}")
            raise
        except Exception as error:
            log.exception("unexpected error in %s of %s", phase, change.target)
            self.journal.settle(number, StepState.FAILED, f"unexpected {type(error).__name__}")
            raise Fatal(
                f"unexpected {type(error).__name__} in {phase}: {error}",
                remedy="run again with -vv and report it",
                target=change.target,
            ) from error
        self.journal.settle(number, StepState.DONE, outcome, evidence)
        self.say(f"{change.target}: {outcome}")

    def _deed(self, change: Change, phase: Phase) -> tuple[str, JsonObject]:
        match phase:
            case Phase.APPLY:
                outcome = self.job.apply(change, self.say)
            case Phase.UNDO:
                outcome = self.job.undo(change, self.say)
            case Phase.VERIFY:
                return self._verified(change), {}
        return outcome.summary, outcome.evidence

    def _verified(self, change: Change) -> str:
        for attempt in range(1, VERIFIED_AT_MOST + 1):
            try:
                findings = self.job.verify(change)
            except Retryable as verdict:
                if attempt == VERIFIED_AT_MOST:
                    raise
                time.sleep(verdict.delay)
                continue
            wrong = [finding for finding in findings if finding.severity is Severity.ERROR]
            if wrong:
                raise Fatal("; ".join(finding.message for finding in wrong), findings=tuple(wrong), target=change.target)
            return "; ".join(["verified", *(finding.message for finding in findings)])
        raise AssertionError("unreachable")

    def undo(self, changes: Sequence[Change], wave: str) -> list[str]:
        """Take changes back, last first; returns the targets where that failed. Does not stop at a failure: each is tried."""
        left: list[str] = []
        for change in reversed(changes):
            try:
                self.step(change, wave, Phase.UNDO)
            except Verdict:
                left.append(change.target)
            self.finished.discard(change.id)
            self.journal.stand(self.job.name, {change.target: False})
        return left

    def _failed(self, wave: Wave, failures: list[str], begun: list[Change]) -> Run:
        whole = self.workspace.settings.apply.undo == "wave"
        back = [change for change in begun if whole or change.id not in self.finished]
        self.say(f"taking back {', '.join(change.target for change in back)}")
        left = self.undo(back, wave.name)
        parts = [*failures, f"taken back: {', '.join(change.target for change in back if change.target not in left) or 'nothing'}"]
        if left:
            parts.append(f"NOT taken back, look at them: {', '.join(left)}")
        if kept := [self.plan.change(change).target for change in sorted(self.finished)]:
            parts.append(f"applied before and kept: {', '.join(kept)} (yunwang rollback {self.run.id})")
        return self.journal.end(self.run.id, RunState.FAILED, "; ".join(parts))

    def _interrupted(self, wave: Wave) -> Run:
        ahead = len(self.plan.changes) - len(self.finished)
        return self.journal.end(
            self.run.id,
            RunState.INTERRUPTED,
            f"stopped before the rest of wave {wave.name}; {ahead} changes left: yunwang resume {self.run.id}",
        )
