"""A playbook that changes hosts, as a job of the engine: looked at, planned as a difference, applied, looked at again, taken back.

Such a playbook hands over `states`: host to `now` and `wanted`, two texts. It never changes a host unless its variable
`<role>_phase` says apply or restore, and it has to leave a host reachable that it could not change.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Step, Wave
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.playbooks import catalogue
from yunwang.playbooks.play import play

Say = Callable[[str], None]


class PlaybookJob:
    """The catalogue's playbook of that name; its targets are `host/<name>`, those that match a pattern if any is given."""

    name = "playbook"

    def __init__(self, workspace: Workspace, playbook: str, patterns: Sequence[str] = ()) -> None:
        self._workspace, self._playbook, self._patterns = workspace, catalogue.named(playbook), tuple(patterns)
        if not self._playbook.changes:
            raise Refused(f"{playbook} changes nothing, so there is nothing to plan", remedy=f"yunwang playbook run {playbook}")
        self.title = self._playbook.title

    @property
    def options(self) -> JsonObject:
        """Which playbook, and on which of its hosts."""
        return {"playbook": self._playbook.name, "hosts": list(self._patterns)}

    def targets(self) -> tuple[str, ...]:
        """`host/<name>` of each. Raises Refused where there is none."""
        return tuple(f"host/{name}" for name in catalogue.hosts(self._playbook, self._workspace, self._patterns))

    def observe(self, target: str) -> Observed:
        """What is on the host, and what the workspace wants there. Raises Verdict."""
        state = self._look(target)
        return Observed(target=target, summary=f"{len(state['now'].splitlines())} lines", facts={**state})

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A change for each host that is not as wanted, one host after the other. Pure."""
        changes = tuple(
            _change(target, str(seen.facts["now"]), str(seen.facts["wanted"]))
            for target, seen in observed.items()
            if seen.facts["now"] != seen.facts["wanted"]
        )
        wave = Wave(name=self._playbook.name, changes=tuple(change.id for change in changes), parallel=1)
        return Draft(changes=changes, waves=(wave,) if changes else ())

    def apply(self, change: Change, say: Say) -> Outcome:
        """Run it on the host. Raises Verdict."""
        return self._run(change.target, say, "apply")

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """Look again: is it what the plan wanted?"""
        if self._look(change.target)["now"] == change.forward["wanted"]:
            return ()
        remedy = "somebody may have changed the host meanwhile; plan again"
        return (Finding(code="not-in-force", message="the host is not as planned", remedy=remedy, target=change.target),)

    def undo(self, change: Change, say: Say) -> Outcome:
        """Bring back what was there before. Raises Verdict."""
        before = str(change.reverse["before"])
        if self._look(change.target)["now"] == before:
            return Outcome(summary="is as it was before")
        outcome = self._run(change.target, say, "restore", before=before)
        if self._look(change.target)["now"].strip() != before.strip():
            raise Fatal("it is not as it was before", remedy="look at the host", target=change.target)
        return outcome

    def _look(self, target: str) -> Mapping[str, str]:
        name = target.removeprefix("host/")
        found: Any = (
            play(self._playbook, self._workspace, (name,), self._variables("look"), lambda _: None).data.get("states") or {}
        )
        if name not in found:
            raise Fatal(
                f"{self._playbook.name} told nothing of it", remedy=f"is it in the group {self._playbook.group}?", target=target
            )
        return {word: str(found[name][word]) for word in ("now", "wanted")}

    def _run(self, target: str, say: Say, phase: str, **more: str) -> Outcome:
        name = target.removeprefix("host/")
        result = play(
            self._playbook, self._workspace, (name,), self._variables(phase, **more), lambda line: say(f"{target}: {line}")
        )
        return Outcome(summary=f"{self._playbook.name} ran", evidence={"stats": result.stats, "artefacts": str(result.artefacts)})

    def _variables(self, phase: str, **more: str) -> JsonObject:
        return {f"{self._playbook.role}_{word}": value for word, value in {"phase": phase, **more}.items()}


def _change(target: str, now: str, wanted: str) -> Change:
    lines = list(difflib.unified_diff(now.splitlines(), wanted.splitlines(), "now", "wanted", lineterm=""))
    marked = {"+": Action.CREATE, "-": Action.DELETE}
    steps = tuple(
        Step(action=marked[line[0]], what=line[1:].strip()) for line in lines[2:] if line[0] in marked and line[1:].strip()
    )
    return Change(
        id=target.replace("/", "-"),
        target=target,
        group=target,
        action=Action.UPDATE if now else Action.CREATE,
        summary=f"{sum(step.action is Action.CREATE for step in steps)} lines in, "
        f"{sum(step.action is Action.DELETE for step in steps)} out",
        steps=steps,
        text="\n".join(lines),
        forward={"wanted": wanted},
        reverse={"before": now},
    )
