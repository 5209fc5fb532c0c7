"""The cutover job: servers booked, then each system's service moved with its data. Satisfies operations.job.Job.

Never copies a service that has moved already, never ends one that holds writes which the other host has not.
Undoing a cutover after the new host has taken writes is the same move the other way round: the writes are carried back. Where
that could lose any (the new host does not answer, or both hosts take writes) it is refused, and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.migration import System
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Step, Wave
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.migration.assess import Readiness, assess
from yunwang.migration.runbook import WORDS, Runbook
from yunwang.migration.waves import levels
from yunwang.operations.job import Say

AT_ONCE = 2
"""Moves side by side. Each is a process that drives Ansible, and what slows it lengthens a downtime."""


class ServerBooking(Protocol):
    """Books the servers of systems: a job of stacks/, for targets `stack/<cloud>/<tenant>-servers`."""

    def targets(self) -> tuple[str, ...]:
        """The stacks that hold servers."""

    def observe(self, target: str) -> Observed:
        """As operations.job.Job."""

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """As operations.job.Job."""

    def apply(self, change: Change, say: Say) -> Outcome:
        """As operations.job.Job."""

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """As operations.job.Job."""

    def undo(self, change: Change, say: Say) -> Outcome:
        """As operations.job.Job."""


class CutoverJob:
    """Moves `systems` (names). Without `booking` their servers are there already."""

    name = "cutover"

    def __init__(
        self,
        workspace: Workspace,
        systems: Sequence[str],
        *,
        today: date,
        booking: ServerBooking | None = None,
        gateway: str = "gateway",
    ) -> None:
        """`gateway` is the inventory name of the machine that leads clients to services. Raises Refused for an unknown system."""
        known = {system.name: system for system in workspace.systems}
        if unknown := [name for name in systems if name not in known]:
            raise Refused(f"no system {', '.join(unknown)} in the register", remedy="see systems.csv")
        self.workspace = workspace
        self.systems = {name: known[name] for name in systems}
        self.booking = booking
        self.runbook = Runbook(workspace, gateway)
        self.assessments = {each.system: each for each in assess(workspace, today)}

    @property
    def title(self) -> str:
        """What moves."""
        return f"Cutover of {', '.join(self.systems) or 'nothing: no system is left that the runbook can move'}"

    @property
    def options(self) -> JsonObject:
        """Which systems."""
        return {"systems": list(self.systems)}

    def targets(self) -> tuple[str, ...]:
        """Stacks with servers, then systems."""
        booked = self.booking.targets() if self.booking else ()
        return (*booked, *(f"system/{name}" for name in self.systems))

    def observe(self, target: str) -> Observed:
        """Where a system's service is and which host takes writes: nothing that clients' writes change. Raises Verdict."""
        system = self._system(target)
        if system is None:
            return self._booking(target).observe(target)
        if obstacle := self.runbook.obstacle(system):
            return Observed(target=target, summary="out of the runbook's reach", facts={"at": "unknown", "obstacle": obstacle})
        seen = self.runbook.survey(system)
        where = {"old": system.old_host, "new": system.new_host}.get(seen.at, seen.at)
        facts: JsonObject = {"at": seen.at, "old": seen.old.state, "new": seen.new.state}
        return Observed(
            target=target, summary=f"on {where}; {seen.old.state} on the old host, {seen.new.state} on the new one", facts=facts
        )

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """Book first; then cut over, what is strongly needed before what needs it.

        A system that must not move has its change and an error finding: the plan is refused, and it does not pass for moved.
        """
        stacks = {target: seen for target, seen in observed.items() if not target.startswith("system/")}
        booked = self.booking.draft(stacks) if self.booking and stacks else Draft()
        ahead = [name for name in self.systems if _stays_to_do(observed.get(f"system/{name}"))]
        wrong = [finding for name in ahead for finding in self._against(name, observed[f"system/{name}"].facts)]
        order = levels(ahead, self.workspace.dependencies)
        waves = [
            wave.model_copy(update={"name": "book" if len(booked.waves) == 1 else f"book-{wave.name}"}) for wave in booked.waves
        ]
        last = max(order.values(), default=0)
        for level in range(last + 1) if order else ():
            members = tuple(_id(name) for name in order if order[name] == level)
            waves.append(Wave(name=f"cutover-{level + 1}" if last else "cutover", changes=members, parallel=AT_ONCE))
        return Draft(
            changes=(*booked.changes, *(self._change(self.systems[name], order, booked) for name in order)),
            waves=tuple(waves),
            findings=(*booked.findings, *wrong),
        )

    def apply(self, change: Change, say: Say) -> Outcome:
        """Run the cutover playbook. Raises Fatal with the task that failed."""
        system = self._system(change.target)
        if system is None:
            return self._booking(change.target).apply(change, say)
        measures: dict[str, Any] = self.runbook.move(system, say)
        return Outcome(
            summary=f"{system.service} moved to {system.new_host}: {measures['content']['rows']} rows at parity, "
            f"writes off for {measures['downtime_seconds']:.1f} s of {system.downtime_minutes} min",
            evidence={**measures, "downtime_minutes": system.downtime_minutes},
        )

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """The gateway leads to the new host, which took over exactly what the old one still has, and alone takes writes."""
        system = self._system(change.target)
        if system is None:
            return self._booking(change.target).verify(change)
        seen = self.runbook.survey(system, with_content=True)
        old, new = seen.old, seen.new
        claims = {
            f"the gateway leads to {seen.at} host, not to {system.new_host}": seen.at == "new",
            f"{system.new_host} is {new.state}": new.state == "serving",
            f"{system.old_host} takes writes that nobody will see": old.state != "serving",
            f"{system.new_host} did not begin with what {system.old_host} has": bool(new.origin) and new.origin == old.content,
            f"{system.new_host} has fewer rows than it began with": bool(
                new.content and new.origin and new.content.rows >= new.origin.rows
            ),
        }
        remedy = "take the cutover back: yunwang rollback"
        return tuple(_finding(change.target, message, remedy) for message, holds in claims.items() if not holds)

    def undo(self, change: Change, say: Say) -> Outcome:
        """Bring the service back with every write it has acknowledged. Raises Fatal where one could be lost."""
        system = self._system(change.target)
        if system is None:
            return self._booking(change.target).undo(change, say)
        measures: dict[str, Any] = self.runbook.bring_back(system, say)
        carried = (
            f" with all {measures['content']['rows']} rows, those included that {system.new_host} had taken"
            if "content" in measures
            else ""
        )
        return Outcome(summary=f"{system.service} is on {system.old_host} again{carried}", evidence=measures)

    def _booking(self, target: str) -> ServerBooking:
        if not self.booking:
            raise Refused(f"nothing here books {target}", remedy="apply the plan with the command that made it")
        return self.booking

    def _system(self, target: str) -> System | None:
        """The system that a target names; None when it is a stack's. Raises Refused."""
        kind, _, name = target.partition("/")
        if kind == "system" and name not in self.systems:
            raise Refused(f"{target} is none of {', '.join(self.systems)}", remedy="apply the plan with the command that made it")
        return self.systems[name] if kind == "system" else None

    def _against(self, name: str, facts: JsonObject) -> list[Finding]:
        """What forbids to move it now: its assessment's errors, and what was observed."""
        system, assessment, target = self.systems[name], self.assessments[name], f"system/{name}"
        errors = [finding for finding in assessment.findings if finding.severity is Severity.ERROR]
        if assessment.readiness in (Readiness.RETAIN, Readiness.RETIRE):
            errors.append(
                _finding(target, f"is not to be moved: {assessment.readiness}", "see its assessment: yunwang migrate assess")
            )
        if facts["at"] == "unknown":
            errors.append(
                _finding(target, f"cannot be moved by the runbook: {facts['obstacle']}", "enter it, or move the system by hand")
            )
        elif facts["at"] not in ("old", "new"):
            errors.append(
                _finding(
                    target, f"the gateway leads {system.service} {facts['at']}", f"correct its route on {self.runbook.gateway}"
                )
            )
        if facts.get("old") in ("stopped", "unreachable"):
            errors.append(_finding(target, f"{system.old_host} is {facts['old']}", "start it there, or correct old_host"))
        if facts.get("new") == "unreachable":
            errors.append(_finding(target, f"{system.new_host} does not answer over SSH", "start it, or correct machines.yaml"))
        return errors

    def _change(self, system: System, order: Mapping[str, int], booked: Draft) -> Change:
        cloud = self.assessments[system.name].cloud
        servers = [change.id for change in booked.changes if change.target == f"stack/{cloud}/{system.tenant}-servers"]
        needed = [
            _id(each.needs)
            for each in self.workspace.dependencies
            if each.strength == "strong" and each.system == system.name and order.get(each.needs, len(order)) < order[system.name]
        ]
        what = f"service {system.service} with its data from {system.old_host} to {system.new_host}"
        return Change(
            id=_id(system.name),
            target=f"system/{system.name}",
            action=Action.RUN,
            summary=f"move {what}; writes off for at most {system.downtime_minutes} min",
            steps=(Step(action=Action.RUN, what=what),),
            text=WORDS.format(old=system.old_host, new=system.new_host, minutes=system.downtime_minutes),
            forward={"playbook": "cutover.yml"},
            reverse={"playbook": "rollback.yml"},
            requires=(*servers, *needed),
            facts={**system.model_dump(mode="json"), "cloud": cloud, "score": self.assessments[system.name].score},
        )


def _id(name: str) -> str:
    return f"cutover/{name}"


def _finding(target: str, message: str, remedy: str) -> Finding:
    return Finding(code="cutover", message=message, remedy=remedy, target=target, clause="M5")


def _stays_to_do(seen: Observed | None) -> bool:
    """Whether a system still has to be moved; one that was not observed is left alone."""
    return seen is not None and not (seen.facts["at"] == "new" and seen.facts["new"] == "serving")
