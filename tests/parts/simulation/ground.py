"""Simulated targets: valves that can be half open, and that see whether they are turned rightly. Knows nothing of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parts.simulation.scheduler import Process, Scheduler

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Wave
from yunwang.inventories.verdict import Fatal, Retryable, Unknown
from yunwang.operations.job import Say

HALF = -1
HANG_SECONDS = 500.0


@dataclass
class Ground:
    """All valves, and in whose hands each is just now. `wrongs`: promises that were broken, in words."""

    valves: dict[str, int]
    hands: dict[str, Process] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)


@dataclass
class Valves:
    """The job, in one process's hands. `strike` says which fault a deed meets ('' : none); `watch` is told before each deed."""

    ground: Ground
    wanted: dict[str, int]
    waves: tuple[tuple[str, ...], ...]
    parallel: int
    process: Process
    scheduler: Scheduler
    strike: Callable[[str], str]
    watch: Callable[[str, Change], None]
    name: str = "valves"
    title: str = "Valves"

    @property
    def options(self) -> JsonObject:
        return {}

    def targets(self) -> tuple[str, ...]:
        return tuple(f"valve/{name}" for name in self.wanted)

    def observe(self, target: str) -> Observed:
        self._look("observe", target)
        holds = self.ground.valves[target]
        return Observed(target=target, summary=f"at {holds}", facts={"holds": holds})

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        changes = tuple(
            Change(
                id=name,
                target=f"valve/{name}",
                group=name[-1],
                action=Action.UPDATE,
                summary=f"to {number}",
                forward={"to": number},
                reverse={"to": observed[f"valve/{name}"].facts["holds"]},
            )
            for name, number in self.wanted.items()
            if f"valve/{name}" in observed and observed[f"valve/{name}"].facts["holds"] != number
        )
        known = {change.id for change in changes}
        waves = [tuple(name for name in wave if name in known) for wave in self.waves]
        return Draft(
            changes=changes,
            waves=tuple(Wave(name=f"w{n}", changes=wave, parallel=self.parallel) for n, wave in enumerate(waves, 1) if wave),
        )

    def verify(self, change: Change) -> tuple[Finding, ...]:
        self._look("verify", change.target)
        holds = self.ground.valves[change.target]
        if holds == change.forward["to"]:
            return ()
        return (Finding(code="wrong", message=f"at {holds}", remedy="look", target=change.target),)

    def apply(self, change: Change, say: Say) -> Outcome:
        self.watch("apply", change)
        return self._turn("apply", change, (change.reverse["to"],), change.forward["to"])

    def undo(self, change: Change, say: Say) -> Outcome:
        self.watch("undo", change)
        return self._turn("undo", change, (change.reverse["to"], HALF, change.forward["to"]), change.reverse["to"])

    def _look(self, deed: str, target: str) -> None:
        self.scheduler.pause(f"{deed} {target}")
        fault = self.strike(deed)
        if fault:
            self._note(f"{deed} {target}: {fault}")
        self._wait(fault)
        self._raise(fault)

    def _turn(self, deed: str, change: Change, expected: tuple[object, ...], to: object) -> Outcome:
        target, ground = change.target, self.ground
        assert isinstance(to, int)
        if (other := ground.hands.get(target)) is not None:
            ground.wrongs.append(f"{self.process.name} and {other.name} are at {target} at the same time")
        ground.hands[target] = self.process
        try:
            self.scheduler.pause(f"{deed} {target}")
            fault = self.strike(deed)
            self._note(f"{deed} {target} from {ground.valves[target]} to {to}" + (f": {fault}" if fault else ""))
            self._wait(fault)
            if fault in ("error", "try-again", "lost-before"):
                self._raise(fault)
            if (holds := ground.valves[target]) not in expected:
                ground.wrongs.append(
                    f"{self.process.name} turns {target} to {to}, which is at {holds}: it was to be at {expected[0]}"
                )
            if ground.valves[target] != to:
                ground.valves[target] = HALF
                self.scheduler.pause(f"{deed} {target}, half")
                if fault in ("half", "lost-half"):
                    self._raise(fault)
                ground.valves[target] = to
            self.scheduler.pause(f"{deed} {target}, done")
            self._raise(fault)
        finally:
            if ground.hands.get(target) is self.process:
                del ground.hands[target]
        return Outcome(summary=f"at {to}")

    def _wait(self, fault: str) -> None:
        if fault in ("delay", "hang"):
            self.scheduler.block(None, 3.0 if fault == "delay" else HANG_SECONDS)

    def _raise(self, fault: str) -> None:
        if fault in ("error", "half", "late-error"):
            raise Fatal(f"the valve is stuck ({fault})", remedy="oil it")
        if fault == "try-again":
            raise Retryable("the valve is busy", delay=2.0)
        if fault == "bug":
            raise ZeroDivisionError("a bug of the job")
        if fault.startswith("lost"):
            raise Unknown(f"the worker died ({fault})")

    def _note(self, what: str) -> None:
        self.ground.trace.append(f"{self.scheduler.now:8.2f} {self.process.name}: {what}")
