"""What a run does to its targets, each deed recorded: intent before, outcome after. An unknown outcome is settled by looking."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Plan
from yunwang.inventories.verdict import Fatal, Refused, Unknown, Verdict
from yunwang.journal.records import Phase, Run, StepState
from yunwang.journal.store import Journal
from yunwang.operations.leases import Halted, Heartbeat
from yunwang.operations.observing import Observer

TRIED_AT_MOST = 3
"""How often a deed is done again whose outcome was unknown, and which turned out not to be done."""

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Deeds:
    """The hands of one run. `finished`: when each applied change was last verified. `in_flight`: what is being done to whom.

    The `heartbeat` is asked before each deed whether the run may go on.
    """

    run: Run
    plan: Plan
    journal: Journal
    observer: Observer
    heartbeat: Heartbeat
    in_flight: dict[str, Phase]
    finished: dict[str, datetime] = field(default_factory=dict)
    untouched: set[str] = field(default_factory=set)
    """Changes (by id) that a rule of ours refused before anything was done: there is nothing to take back."""
    whole: set[str] = field(default_factory=set)
    """Changes (by id) all of whose wave is applied."""
    unwritten: dict[int, tuple[str, StepState, str, JsonObject]] = field(default_factory=dict)
    """Outcomes that the journal did not take, by step: target, state, outcome, evidence."""

    def do(self, change: Change, wave: str) -> None:
        """Apply and verify one change. Raises Verdict, recorded, when it did not work."""
        for last in (*(False,) * (TRIED_AT_MOST - 1), True):
            try:
                self.step(change, wave, Phase.APPLY)
                self.check(change, wave)
            except Unknown:
                if last:
                    raise
                self.look(change, wave)
            if change.id in self.finished:
                return

    def look(self, change: Change, wave: str) -> None:
        """Settle a change whose outcome is unknown: then it is finished, or as it was before. Raises Verdict where neither."""
        self.observer.say(f"{change.target}: it is not known how that came out, looking at it")
        try:
            self.check(change, wave)  # it is there after all
        except Verdict:
            if not self.as_planned(change):
                self.back(change, wave)  # neither old nor new

    def as_planned(self, change: Change) -> bool:
        """Whether the target looks as it did when the plan was made. Raises Verdict where it cannot be read."""
        now = self.observer.one(change.target).seen().digest
        return any((seen.target, seen.digest) == (change.target, now) for seen in self.plan.observations)

    def check(self, change: Change, wave: str) -> None:
        """Verify one applied change. Raises Verdict, recorded, when it does not hold."""
        self.finished.pop(change.id, None)
        self.step(change, wave, Phase.VERIFY)
        self.finished[change.id] = self.observer.clock.now()
        self._stand(change, in_line=True)

    def undo(self, change: Change, wave: str) -> None:
        """Take one change back for good. Raises Verdict, recorded; either way its target is not as intended."""
        try:
            self.back(change, wave)
        except Verdict:
            self._stand(change, in_line=False)
            raise
        self._stand(change, in_line=False)

    def back(self, change: Change, wave: str) -> None:
        """Take one change back; again where the outcome is unknown, for an undo looks first. Raises Verdict, recorded."""
        self.finished.pop(change.id, None)
        for last in (*(False,) * (TRIED_AT_MOST - 1), True):
            try:
                return self.step(change, wave, Phase.UNDO)
            except Unknown:
                if last:
                    raise
        return None

    def step(self, change: Change, wave: str, phase: Phase) -> None:
        """One recorded deed. Raises Verdict as it came out, and Halted where nothing was done because the run may not go on."""
        self.heartbeat.guard()
        number = self._intend(change, wave, phase)
        self.in_flight[change.target] = phase
        try:
            outcome, evidence = self._deed(change, phase)
        except Verdict as verdict:
            state = StepState.UNKNOWN if isinstance(verdict, Unknown) else StepState.FAILED
            self._settle(number, change, state, verdict.message)
            if phase is Phase.APPLY and isinstance(verdict, Refused):
                self.untouched.add(change.id)
            self.observer.say(f"{change.target}: {phase} {state}: {verdict.message}")
            raise
        except Exception as error:
            log.exception("unexpected error in %s of %s", phase, change.target)
            self._settle(number, change, StepState.FAILED, f"unexpected {type(error).__name__}")
            raise Fatal(
                f"unexpected {type(error).__name__} in {phase}: {error}",
                remedy="run again with -vv and report it",
                target=change.target,
            ) from error
        finally:
            self.in_flight.pop(change.target, None)
        self._settle(number, change, StepState.DONE, outcome, evidence)
        self.observer.say(f"{change.target}: {outcome}")

    def write_again(self) -> tuple[Finding, ...]:
        """Try once more to record what the journal did not take; returns what it still does not."""
        for number, (_, state, outcome, evidence) in list(self.unwritten.items()):
            try:
                self.journal.settle(number, state, outcome, evidence)
            except Verdict:
                continue
            del self.unwritten[number]
        return tuple(
            Finding(code="not-recorded", message=f"{state}: {outcome}", remedy="resume looks at it again", target=target)
            for target, state, outcome, _ in self.unwritten.values()
        )

    def _deed(self, change: Change, phase: Phase) -> tuple[str, JsonObject]:
        if phase is Phase.VERIFY:
            return self._verified(change), {}
        job, say = self.observer.job, self.observer.say
        deed = job.apply if phase is Phase.APPLY else job.undo
        outcome = self.observer.steps.run(partial(deed, change, say), target=change.target)
        return outcome.summary, outcome.evidence

    def _verified(self, change: Change) -> str:
        findings = self.observer.verify(change, whole=change.id in self.whole)
        wrong = [finding for finding in findings if finding.severity is Severity.ERROR]
        if wrong:
            raise Fatal("; ".join(finding.message for finding in wrong), findings=tuple(wrong), target=change.target)
        return "; ".join(["verified", *(finding.message for finding in findings)])

    def _intend(self, change: Change, wave: str, phase: Phase) -> int:
        try:
            return self.journal.intend(self.run.id, change, wave, phase)
        except Verdict as verdict:
            raise Halted(verdict.message) from verdict

    def _settle(self, number: int, change: Change, state: StepState, outcome: str, evidence: JsonObject | None = None) -> None:
        try:
            self.journal.settle(number, state, outcome, evidence)
        except Verdict as verdict:
            self.unwritten[number] = change.target, state, outcome, evidence or {}
            self.observer.say(f"{change.target}: {state}: {outcome} (NOT recorded: {verdict.message})")
            raise Halted(verdict.message) from verdict

    def _stand(self, change: Change, *, in_line: bool) -> None:
        try:
            self.journal.stand(self.plan.job, {change.target: in_line})
        except Verdict as verdict:
            raise Halted(verdict.message) from verdict
