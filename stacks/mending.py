"""The engine's job that mends stacks' states: locks of the dead, operations without an outcome, checkpoints that cannot be read.

It never changes a cloud, and gives nothing up that a person did not name: a lock of another machine, a state that no key opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Observed, Outcome, Step
from yunwang.inventories.targets import matches
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.kind import Say
from yunwang.stacks.standing import SUFFIXES, StandingJob, stack_of, target_of

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.condition import Condition, Held, Pending
    from yunwang.stacks.pulumi.store import Store

_STANDING = {
    "known": "dropped: a later run found it on the cloud, and the state has it",
    "found": "taken into the state: it is on the cloud",
    "absent": "dropped: it is not on the cloud",
    "looked-at": "dropped: every plan reads it from the cloud",
}
"""What becomes of an operation that nobody knows the outcome of."""


class StateJob(StandingJob):
    """Every stack's state, and what it takes to go on from it."""

    name = "cloud-state"
    title = "The stacks' states"

    def __init__(
        self,
        workspace: Workspace,
        give_up: Sequence[str] = (),
        holders: Mapping[str, str] | None = None,
        clouds: Clouds | None = None,
    ) -> None:
        """`give_up`: patterns of targets, see above. `holders`: by target, in words, the run that holds it."""
        super().__init__(workspace, clouds)
        self._workspace = workspace
        self._give_up = tuple(give_up)
        self._holders = holders or {}

    @property
    def options(self) -> JsonObject:
        """What is given up."""
        return {"give_up": [*self._give_up]}

    def prepare(self, say: Say) -> None:
        """Gets the Pulumi engine ready, also where the key is lost. Raises Fatal."""
        self.clouds.say = say
        self.stacks.backend.prepare(say, without_key=True)

    @cached_property
    def _store(self) -> Store:
        self.prepare(self.clouds.say)
        return self.stacks.backend.store

    def targets(self) -> tuple[str, ...]:
        """Every stack of ours, also those that the engine stumbles over."""
        from yunwang.stacks.pulumi import condition

        return tuple(target_of(project, name) for project, name in condition.stacks(self._store) if project in SUFFIXES)

    def observe(self, target: str) -> Observed:
        """The condition of its state; creates without an outcome are looked for on the cloud. Raises verdicts."""
        found = self._condition(target)
        dead = [held.key for held in found.locks if held.lock is None or held.lock.dead]
        words = [*(["locked"] if found.locks else []), *(["cannot be read"] if found.fault else [])]
        words += ["opens with no key"] if found.sealed is not None else []
        words += [f"{len(found.pending)} operations without an outcome"] if found.pending else []
        summary = ", ".join(words) or f"{found.resources} resources, in order"
        return Observed(target=target, summary=summary, facts=found.model_dump(mode="json"), passing={"dead": [*dead]})

    def change(self, target: str, seen: Observed) -> Change | None:
        """Everything that can be mended of it; nothing while somebody may be at work on it."""
        found, given_up = _condition(seen), self._given_up(target)
        freed = [held for held in found.locks if _is_dead(held, seen) or (given_up and held.lock and not held.lock.here)]
        steps = [Step(action=Action.UPDATE, what=f"lock of {held.lock or 'nobody'}: freed") for held in freed]
        lost = found.fault and not found.backup
        forget = given_up and bool(found.sealed is not None or lost)
        pending: tuple[Pending, ...] = ()
        if forget:
            what = "which cannot be read" if lost else f"of {found.resources} resources, which no key opens"
            steps.append(Step(action=Action.DELETE, what=f"state {what}: forgotten"))
        elif found.sealed is None and not lost:
            if found.fault:
                steps.append(
                    Step(action=Action.UPDATE, what=f"checkpoint, which {found.fault}: the one of {found.backup_time} again")
                )
            if found.fault or any(one.operation == "creating" for one in found.pending):
                pending = found.pending
                steps += [
                    Step(action=Action.UPDATE, what=f"{one.operation} of {one.what} {_STANDING[one.standing]}") for one in pending
                ]
        if not steps or len(freed) < len(found.locks):
            return None
        forward: JsonObject = {
            "locks": [held.key for held in freed],
            "backup": found.backup,
            "pending": [one.model_dump(mode="json") for one in pending],
            "forget": forget,
            "digest": found.digest,
        }
        return self.changed(target, seen, steps, "\n".join(f"{step.action.value} {step.what}" for step in steps), forward)

    def findings(self, target: str, seen: Observed) -> Sequence[Finding]:
        """What is wrong, in words, also where it mends itself."""
        return [
            Finding(code=code, severity=Severity.WARNING, message=message, remedy=remedy, target=target)
            for code, message, remedy in self._told(target, seen)
        ]

    def _told(self, target: str, seen: Observed) -> Iterator[tuple[str, str, str]]:
        found, stack = _condition(seen), stack_of(target)
        again, give_up = f"yunwang cloud import {stack.cloud} {stack.holder}", f"yunwang cloud state apply --give-up {target}"
        if (found.locks or found.pending) and (holder := self._holders.get(target)):
            yield "held", f"is held by {holder}", "yunwang resume goes on with a run that died; it settles all of this by looking"
        for held in found.locks:
            if held.lock is None:
                yield "lock", "is locked by a file that was cut short: nobody holds it", "yunwang cloud state apply"
            elif _is_dead(held, seen):
                yield "lock", f"is locked by {held.lock}, and that process is dead", "the next plan or apply frees it"
            elif held.lock.here:
                yield "lock", f"is locked by {held.lock}, and that process lives", "wait until it is done"
            else:
                remedy = f"ask there; where nobody works on it: {give_up}"
                yield "lock", f"is locked by {held.lock}; whether that lives cannot be seen from here", remedy
        if found.fault:
            with_it = (
                f"; the newest backup that can is of {found.backup_time}, with {found.resources} resources" if found.backup else ""
            )
            remedy = "yunwang cloud state apply takes it; what was made since is found by its marker at the next apply"
            lost = f"bring it back from a backup of your own; else {give_up} forgets it, then {again}"
            yield "unreadable", f"its checkpoint {found.fault}{with_it}", remedy if found.backup else lost
        if found.sealed is not None:
            lost = "; ".join(found.sealed) or "none"
            message = (
                f"no secret of it opens with the key that yunwang.yaml names. Lost with the key: {lost}."
                f" Ids and settings of its {found.resources} resources are in the clear"
            )
            remedy = (
                "name the key that it was last changed with (yunwang secrets rotate --from takes it to another); where that is lost"
                f" for good: {give_up} forgets the state, and {again} takes the tenant over again as it is"
            )
            yield "sealed", message, remedy
        for one in found.pending:
            message = f"{one.operation} of {one.what} has no known outcome; {_STANDING[one.standing].partition(': ')[2]}"
            remedy = "yunwang cloud state apply" if one.operation == "creating" else "the next plan settles it"
            yield "pending", message + (f" ({one.id})" if one.id else ""), remedy

    def apply(self, change: Change, say: Say) -> Outcome:
        """All of the plan's mends. Raises Fatal."""
        from yunwang.stacks.pulumi import condition

        stack, backend, forward = stack_of(change.target), self.stacks.backend, change.forward
        if forward["locks"]:
            self.stacks.free(stack.project, stack.name)
        own = condition.checkpoint(self._store, stack.project, stack.name)
        content = (self._store.read(str(forward["backup"])) if forward["backup"] else own) or b""
        state, fault = condition.read(content)
        pending = _pending(change)
        if forward["forget"] or forward["backup"] or pending:
            backend.keep(stack.project, stack.name, f"mended-{str(forward['digest'])[:16]}", own or b"")
        if forward["forget"]:
            if fault:  # the engine reads what it removes
                backend.put(stack.project, stack.name, {"version": 3, "deployment": _EMPTY})
            self.stacks.forget(stack.project, stack.name)
        elif forward["backup"] or pending:
            backend.put(stack.project, stack.name, {"version": 3, "deployment": condition.settled(state, pending)})
        if taken := [one.urn for one in pending if one.standing == "found"]:
            try:
                self.stacks.read_again(stack.project, stack.name, stack.cloud, taken)
            except Verdict as verdict:  # the next plan reads them too
                say(f"{change.target}: {verdict.message}")
        return Outcome(summary=f"the state of {stack.name} is mended: {len(change.steps)} steps")

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """What of it is still not in order."""
        stack = stack_of(change.target)
        if change.forward["forget"]:
            gone = stack.name not in self.stacks.names(stack.project)
            wrong = [] if gone else ["is still there"]
        else:
            found = self._condition(change.target)
            wrong = [f"is locked by {held.lock}" for held in found.locks if held.key in _strings(change.forward["locks"])]
            wrong += [f"its checkpoint {found.fault}"] if found.fault else []
            wrong += [f"creating of {one.what} has no known outcome" for one in found.pending if one.operation == "creating"]
        return tuple(
            Finding(code="not-mended", message=f"the state {one}", remedy="yunwang cloud state", target=change.target)
            for one in wrong
        )

    def undo(self, change: Change, say: Say) -> Outcome:
        """Locks of the dead stay freed. Raises Fatal for all else: what a state was before was nothing to go on from."""
        stack = stack_of(change.target)
        if change.forward["forget"] or change.forward["backup"] or change.forward["pending"]:
            raise Fatal(
                f"the state of {stack.name} is not broken again",
                remedy=f"a copy of what was there lies in {self.stacks.backend.aside(stack.project)}",
                target=change.target,
            )
        return Outcome(summary=f"{stack.name}: a dead process needs no lock")

    def _condition(self, target: str) -> Condition:
        from yunwang.stacks.pulumi import condition

        stack = stack_of(target)
        return condition.condition(
            self.stacks.backend, self._store, stack.project, stack.name, lambda resource: self._find(stack.cloud, resource)
        )

    def _find(self, cloud: str, resource: Mapping[str, Any]) -> str | None:
        """On the cloud, by its marker or by what it joins."""
        from yunwang.stacks.pulumi.condition import open_inputs
        from yunwang.stacks.pulumi.owner import owner_of
        from yunwang.stacks.pulumi.provider import marker, remembered

        kind = self.clouds.kind(cloud).resources[resource["type"].rpartition(":")[2]]
        inputs = remembered(kind, open_inputs(resource))
        return kind.find(self.clouds.session(cloud), inputs, marker(owner_of(self._workspace), resource["urn"], inputs))

    def _given_up(self, target: str) -> bool:
        return any(matches(target, pattern) for pattern in self._give_up)


_EMPTY = {"manifest": {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""}}


def _condition(seen: Observed) -> Condition:
    from yunwang.stacks.pulumi.condition import Condition

    return Condition.model_validate(seen.facts)


def _pending(change: Change) -> tuple[Pending, ...]:
    from yunwang.stacks.pulumi.condition import Pending

    said = change.forward["pending"]
    return tuple(Pending.model_validate(one) for one in said) if isinstance(said, list) else ()


def _is_dead(held: Held, seen: Observed) -> bool:
    return held.key in _strings(seen.passing["dead"])


def _strings(said: Any) -> list[str]:
    return [str(one) for one in said]
