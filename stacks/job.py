"""The engine's job for tenants on clouds, and what it shares with other jobs of stacks. Never changes a cloud itself.

Pulumi says what would be done while a stack is observed, so that a plan holds exactly those steps; whether it worked is asked of
the cloud itself and not of Pulumi's state. pulumi and openstacksdk are loaded with the first look at a stack, not before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import JsonValue, TypeAdapter

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Step, Wave
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.cloud import Cloud
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.kind import Say
from yunwang.stacks.partition import Booking, TenantGroup, groups, intended, shortfalls

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.automation import Preview
    from yunwang.stacks.pulumi.steps import StackStep

P = TypeVar("P", TenantGroup, Booking)
_PARALLEL = 4
"""Stacks at a time: each keeps an engine process busy, which mostly waits for its cloud."""
HELD = "move or delete them first; what stays has to stay in the workspace's files"
_ACTIONS = {
    "create": Action.CREATE,
    "update": Action.UPDATE,
    "delete": Action.DELETE,
    "replace": Action.REPLACE,
    "import": Action.UPDATE,
    "refresh": Action.UPDATE,
}
TAKEN_OVER = ("import", "refresh")
"""Steps that change the state alone."""


class StackJob(ABC, Generic[P]):
    """A job whose targets are stacks: `stack/<cloud>/<name>` and a suffix; a tenant's name, or that of a group of them.

    Facts of a stack, intended or live, are by tenant.
    """

    name: str
    title: str
    project: str
    suffix: str

    def __init__(self, workspace: Workspace, clouds: Clouds | None = None) -> None:
        self.clouds = clouds or Clouds(workspace)
        self._workspace = workspace

    @property
    @abstractmethod
    def options(self) -> JsonObject:
        """What it was asked beyond the workspace."""

    @abstractmethod
    def intent(self, cloud: str, name: str) -> P | None:
        """What the stack is to hold; None: nothing. May ask the cloud what it offers. Raises verdicts."""

    @abstractmethod
    def parse(self, said: JsonObject) -> P:
        """An intent out of a plan."""

    @abstractmethod
    def declare(self, intent: P) -> None:
        """The Pulumi program."""

    @abstractmethod
    def facts(self, intent: P) -> JsonObject:
        """What holds on a cloud that has it, by tenant."""

    @abstractmethod
    def live_of(self, cloud: Cloud, tenant: str) -> JsonObject:
        """What a tenant has on the cloud."""

    @abstractmethod
    def intended_keys(self) -> Iterable[tuple[str, str]]:
        """Cloud and name of each stack that the intent names."""

    def prepare(self, say: Say) -> None:
        """Gets the Pulumi engine ready, which may take minutes the first time. Raises Fatal."""
        self.clouds.say = say
        self.clouds.stacks.prepare(say)

    def targets(self) -> tuple[str, ...]:
        """Every stack that the intent names, then those that are left from an earlier intent."""
        named: list[str] = [f"stack/{cloud}/{name}{self.suffix}" for cloud, name in self.intended_keys()]
        return tuple(dict.fromkeys([*named, *self.left()]))

    def left(self) -> tuple[str, ...]:
        """Stacks that Pulumi knows, whoever asked for them."""
        if not (self._workspace.state / "pulumi").exists() and self._workspace.settings.pulumi.backend is None:
            return ()
        return tuple(f"stack/{stack.replace('.', '/', 1)}{self.suffix}" for stack in self.clouds.stacks.names(self.project))

    def observe(self, target: str) -> Observed:
        """What is live, what Pulumi would do about it, and what it did last. Raises verdicts."""
        cloud, name = self.key(target)
        self._known(cloud, target)
        intent = self.intent(cloud, name)
        said = intent.model_dump(mode="json") if intent is not None else None
        live, state = self.live(cloud, self.tenants(name, said)), self.clouds.stacks.state(self.project, f"{cloud}.{name}")
        preview = self.preview(cloud, name, intent)
        gone = self.gone(name, preview.applied, said) if preview.ids else ()  # a look alone leaves an empty stack
        facts: JsonObject = {
            "intent": said,
            "live": live | self.live(cloud, (tenant for tenant in gone if tenant not in live)),
            "steps": [step.model_dump(mode="json") for step in preview.steps],
            "vanished": list(preview.vanished),
            "applied": preview.applied,
            "held": {tenant: held for tenant in gone if (held := self.held(cloud, tenant, preview.ids))},
        }
        seen = Observed(target=target, summary=_summary(preview), facts=facts)
        self.clouds.seen[self.name, target] = state, seen
        return seen

    def glance(self, target: str) -> Observed:
        """As observe. The engine is not asked again where all its last answer rests on still is: intent, state, what is live.

        What the facts of a cloud leave out the up finds: it looks itself, and is held to the steps of the plan.
        """
        cloud, name = self.key(target)
        state, last = self.clouds.seen.get((self.name, target), (None, None))
        if last is None or state is None or last.facts["intent"] is None:
            return self.observe(target)
        intent = self.intent(cloud, name)
        still = (
            intent is not None
            and last.facts["intent"] == intent.model_dump(mode="json")
            and last.facts["live"] == self.live(cloud, self.tenants(name, last.facts["intent"], last.facts["applied"]))
            and state == self.clouds.stacks.state(self.project, f"{cloud}.{name}")
        )
        return last if still else self.observe(target)

    def live(self, cloud: str, tenants: Iterable[str]) -> JsonObject:
        """What is on the cloud, by tenant; of a tenant that has nothing there, nothing. Raises verdicts."""
        there = self.clouds.cloud(cloud)
        return {tenant: facts for tenant in tenants if (facts := self.live_of(there, tenant))}

    def tenants(self, name: str, *said: JsonValue) -> tuple[str, ...]:
        """The tenants of a stack, by what it is to hold or held; by its name where nobody knows that any more."""
        named = dict.fromkeys(tenant for one in said if isinstance(one, dict) for tenant in self.parse(one).tenants)
        return tuple(named) or (name,)

    def gone(self, name: str, was: JsonValue, to: JsonValue) -> tuple[str, ...]:
        """The tenants that a stack holds and is not to hold any more."""
        if to is None:
            return self.tenants(name, was)
        return tuple(tenant for tenant in self.tenants(name, to, was) if tenant not in self.tenants(name, to))

    def held(self, cloud: str, tenant: str, ours: frozenset[str]) -> JsonObject:
        """What would be lost with a tenant although its stack does not know it, names by kind. `ours`: ids that it knows."""
        return {}

    def leaving(self, cloud: str, tenant: str) -> str:
        """What to do about that."""
        return HELD

    def preview(self, cloud: str, name: str, intent: P | None) -> Preview:
        """What Pulumi would do so that the stack is as intended, with the cloud read afresh. Raises verdicts."""
        stacks, stack = self.clouds.stacks, f"{cloud}.{name}"
        if intent is None:
            return stacks.preview_destroy(self.project, stack, cloud)
        return stacks.preview(self.project, stack, cloud, lambda: self.declare(intent))

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """A change per stack that has steps; one stack first and alone, then the others."""
        changes = tuple(change for target, seen in observed.items() if (change := self._change(target, seen)) is not None)
        changed = {change.target for change in changes}
        held = [
            Finding(
                code="still-holds",
                severity=Severity.ERROR,
                message=f"tenant {tenant} is to be removed and still holds {_in_words(held)}",
                remedy=self.leaving(self.key(target)[0], tenant),
                target=target,
            )
            for target, seen in observed.items()
            if isinstance(each := seen.facts["held"], dict)
            for tenant, held in each.items()
        ]
        findings = held + [
            finding.model_copy(update={"severity": Severity.WARNING, "remedy": "no step of ours mends it: look on the cloud"})
            for target, seen in observed.items()
            if target not in changed
            for finding in self._shortfalls(target, seen.facts["intent"], seen.facts["live"])
        ]
        # the canary makes or changes something where it can: a removal would prove little for the others
        first = min(changes, key=lambda change: change.action is Action.DELETE, default=None)
        rest = tuple(change.id for change in changes if change is not first)
        waves = [Wave(name="canary", canary=True, changes=(first.id,), parallel=1)] if first else []
        if rest:
            waves.append(Wave(name="rest", changes=rest, parallel=_PARALLEL))
        return Draft(changes=changes, waves=tuple(waves), findings=tuple(findings))

    def _change(self, target: str, seen: Observed) -> Change | None:
        cloud, name = self.key(target)
        said = self.steps(seen.facts["steps"])
        if not said or seen.facts["held"]:
            return None
        intent, applied = seen.facts["intent"], seen.facts["applied"]
        steps = tuple(
            Step(action=_ACTIONS[one.op], what=f"{one.what} as it is" if one.op in TAKEN_OVER else one.what) for one in said
        )
        return Change(
            id=target,
            target=target,
            group=cloud,
            action=Action.DELETE if intent is None else Action.UPDATE if applied else Action.CREATE,
            summary=f"{name} on {cloud}: {seen.summary}",
            steps=steps,
            text=_text(said, seen.facts["vanished"]),
            forward={"intent": intent, "steps": seen.facts["steps"]},
            reverse={"intent": applied},
            facts={"cloud": cloud, "stack": name, "live": seen.facts["live"], "intended": self._facts(intent), **_asks(said)},
        )

    def apply(self, change: Change, say: Say) -> Outcome:
        """Pulumi up (or destroy), held to the steps of the plan. Raises verdicts."""
        return self._bring(change, change.reverse["intent"], change.forward["intent"], self.steps(change.forward["steps"]), say)

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """Where the cloud is not as intended, asked of the cloud itself; then, what of it Pulumi's state does not know."""
        cloud, name = self.key(change.target)
        said, was = change.forward["intent"], change.reverse["intent"]
        live, gone = self.live(cloud, self.tenants(name, said, was)), self.gone(name, was, said)
        left = tuple(_finding(change.target, tenant, "gone", "still there") for tenant in gone if self.remains(live.get(tenant)))
        return left + (self._shortfalls(change.target, said, live) or self._unrecorded(change, f"{cloud}.{name}"))

    def _unrecorded(self, change: Change, stack: str) -> tuple[Finding, ...]:
        """What the plan makes and the state does not hold: a cloud finishes what it was asked for by an engine that died."""
        made = [step for step in self.steps(change.forward["steps"]) if step.op == "create"]
        held = self.clouds.stacks.held(self.project, stack) if made else frozenset()
        return tuple(
            Finding(
                code="not-in-state",
                message=f"{step.what} is on the cloud, and Pulumi's state does not know it",
                remedy="yunwang cloud state tells why; the next plan finds it by its marker",
                target=change.target,
            )
            for step in made
            if step.what not in held
        )

    def _shortfalls(self, target: str, said: JsonValue, live: JsonValue) -> tuple[Finding, ...]:
        return tuple(_finding(target, path, want, have) for path, want, have in shortfalls(self._facts(said), live))

    def _facts(self, said: JsonValue) -> JsonObject:
        return self.facts(self.parse(said)) if isinstance(said, dict) else {}

    def remains(self, live: JsonValue) -> bool:
        """Whether something is left on the cloud that this stack answered for."""
        return bool(live)

    def undo(self, change: Change, say: Say) -> Outcome:
        """Up with the intent before, or destroy where there was none; the engine looks at the cloud first."""
        self._settle(change.target, say)
        return self._bring(change, change.forward["intent"], change.reverse["intent"], None, say)

    def _bring(self, change: Change, was: JsonValue, to: JsonValue, steps: tuple[StackStep, ...] | None, say: Say) -> Outcome:
        """A stack from one intent to another."""
        cloud, name = self.key(change.target)
        self._let_go(change.target, self.gone(name, was, to))
        return self._destroy(cloud, name, say) if to is None else self._up(cloud, name, to, steps, say)

    def _settle(self, target: str, say: Say) -> None:
        """What an engine that was killed had made and not told of is put into the state, so that it goes with the rest."""
        from yunwang.stacks.mending import StateJob

        states = StateJob(self._workspace, clouds=self.clouds)
        try:
            change = states.change(target, states.observe(target)) if target in states.targets() else None
        except Refused as refused:  # a backend whose files only the engine reads
            say(f"{target}: {refused.message}")
            return
        if change is not None:
            states.apply(change, say)

    def _let_go(self, target: str, gone: Sequence[str]) -> None:
        """Tenants are about to be taken out of a stack. Raises Refused."""

    def _up(self, cloud: str, name: str, said: JsonValue, steps: tuple[StackStep, ...] | None, say: Say) -> Outcome:
        if not isinstance(said, dict):
            raise Fatal(f"the plan for {name} on {cloud} holds no intent", remedy="make a new plan")
        intent = self.parse(said)
        count = self.clouds.stacks.up(self.project, f"{cloud}.{name}", cloud, lambda: self.declare(intent), steps, say)
        return Outcome(summary=f"{count} resources of {name} on {cloud} changed", evidence={"resources": count})

    def _destroy(self, cloud: str, name: str, say: Say) -> Outcome:
        count = self.clouds.stacks.destroy(self.project, f"{cloud}.{name}", cloud, say)
        return Outcome(summary=f"{count} resources of {name} on {cloud} removed", evidence={"resources": count})

    @staticmethod
    def steps(said: JsonValue) -> tuple[StackStep, ...]:
        """Steps out of facts or a plan."""
        from yunwang.stacks.pulumi.steps import StackStep

        return TypeAdapter(tuple[StackStep, ...]).validate_python(said)

    def key(self, target: str) -> tuple[str, str]:
        """Cloud and name of a target's stack."""
        _, cloud, name = target.split("/")
        return cloud, name.removesuffix(self.suffix)

    def _known(self, cloud: str, target: str) -> None:
        if cloud not in {one.name for one in self._workspace.settings.clouds}:
            raise Fatal(
                f"{target} stands on cloud {cloud}, which yunwang.yaml does not have",
                remedy="put the cloud back into yunwang.yaml until the tenant is removed from it",
                target=target,
            )


class CloudJob(StackJob[TenantGroup]):
    """Tenants on their clouds: projects, members, quotas, dual-stack networks, security groups (C1, C4, C5)."""

    name = "cloud"
    title = "Tenants on the clouds"
    project = "tenants"
    suffix = ""

    @cached_property
    def _groups(self) -> dict[tuple[str, str], TenantGroup]:
        return groups(self._workspace)

    @cached_property
    def _stacks(self) -> dict[tuple[str, str], str]:
        """The stack of each tenant on each cloud, as the files have it."""
        return {(cloud, tenant): name for (cloud, name), group in self._groups.items() for tenant in group.tenants}

    @property
    def options(self) -> JsonObject:
        """Nothing: all of it is in the workspace."""
        return {}

    def intended_keys(self) -> Iterable[tuple[str, str]]:
        """Each group, and each tenant that is alone, on each of its clouds."""
        return self._groups

    def intent(self, cloud: str, name: str) -> TenantGroup | None:
        """The partitions of the cloud."""
        return self._groups.get((cloud, name))

    def parse(self, said: JsonObject) -> TenantGroup:
        """Partitions out of a plan."""
        return TenantGroup.model_validate(said)

    def declare(self, intent: TenantGroup) -> None:
        """The program of stacks/tenants."""
        from yunwang.stacks.pulumi.program import declare_tenants

        declare_tenants(intent)

    def facts(self, intent: TenantGroup) -> JsonObject:
        """What holds on a cloud that has these partitions."""
        return {one.tenant: intended(one) for one in intent.partitions}

    def live_of(self, cloud: Cloud, tenant: str) -> JsonObject:
        """The tenant's project and what it owns."""
        return cloud.tenant_facts(tenant)

    def held(self, cloud: str, tenant: str, ours: frozenset[str]) -> JsonObject:
        """Servers, volumes, ports … of the tenant's project, whoever made them."""
        return {kind: [*names] for kind, names in self.clouds.cloud(cloud).holdings(tenant, ours).items()}

    def _let_go(self, target: str, gone: Sequence[str]) -> None:
        """Refused while one of them holds anything: the engine would stop at the network that is in use, half of it gone."""
        cloud, name = self.key(target)
        ours = self.clouds.stacks.ids(self.project, f"{cloud}.{name}") if gone else frozenset()
        for tenant in gone:
            if held := self.held(cloud, tenant, ours):
                raise Refused(
                    f"tenant {tenant} on cloud {cloud} still holds {_in_words(held)}",
                    remedy=self.leaving(cloud, tenant),
                    target=target,
                )

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """As every job of stacks; an error for a tenant that stands in one stack and that the files put into another."""
        draft = super().draft(observed)
        moved = tuple(
            Finding(
                code="other-stack",
                severity=Severity.ERROR,
                message=f"tenant {tenant} stands in this stack, and the files put it into stack {other}",
                remedy="give it its former `group` back: it would be removed from the one, and made anew in the other",
                target=target,
            )
            for target, seen in observed.items()
            for cloud, name in (self.key(target),)
            if seen.facts["steps"]
            for tenant in self.gone(name, seen.facts["applied"], seen.facts["intent"])
            if (other := self._stacks.get((cloud, tenant), name)) != name
        )
        return draft.model_copy(update={"findings": (*draft.findings, *moved)})


def _asks(steps: tuple[StackStep, ...]) -> JsonObject:
    """What a change asks for beyond the ordinary: a replacement loses what the resource held."""
    replaced = [f"{one.what} ({', '.join(change.property for change in one.differences)})" for one in steps if one.op == "replace"]
    return {"asks": {"replace": f"replaces, with what they hold: {'; '.join(replaced)}"}} if replaced else {}


def _in_words(held: JsonValue) -> str:
    """`servers web-1, web-2; volumes data`."""
    kinds = held.items() if isinstance(held, dict) else ()
    return "; ".join(f"{kind} {', '.join(map(str, names))}" for kind, names in kinds if isinstance(names, list))


def _summary(preview: Preview) -> str:
    counts: dict[str, int] = {}
    for step in preview.steps:
        counts[step.op] = counts.get(step.op, 0) + 1
    return ", ".join(f"{count} to {op}" for op, count in counts.items()) or "as intended"


def _text(steps: tuple[StackStep, ...], vanished: JsonValue) -> str:
    lines: list[str] = []
    for step in steps:
        gone = "  (vanished from the cloud)" if isinstance(vanished, list) and step.what in vanished else ""
        lines += [f"{_ACTIONS[step.op].value} {step.what}{gone}", *(f"    {line}" for line in step.lines())]
    return "\n".join(lines)


def _finding(target: str, path: str, want: JsonValue, have: JsonValue) -> Finding:
    return Finding(
        code="cloud-differs",
        message=f"{path} is {_word(have)} on the cloud and should be {_word(want)}",
        remedy="make a new plan and apply it; look who changes the cloud beside the toolkit",
        target=target,
    )


def _word(value: JsonValue) -> str:
    return "not there" if value is None else str(value)
