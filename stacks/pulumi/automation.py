"""A workspace's stacks, through Pulumi's Automation API. Decides nothing about tenants; asks a cloud only through the provider."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation.errors import ConcurrentUpdateError, StackNotFoundError
from pydantic import JsonValue

from yunwang.inventories.noun import Noun, digest
from yunwang.inventories.verdict import Fatal, Refused, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.kind import Kind
from yunwang.stacks.pulumi import condition
from yunwang.stacks.pulumi.backend import Backend, Say, said
from yunwang.stacks.pulumi.lock import Lock
from yunwang.stacks.pulumi.owner import owner_of
from yunwang.stacks.pulumi.provider import Connect, Provider
from yunwang.stacks.pulumi.servicer import REMEDY, attach
from yunwang.stacks.pulumi.stack import Stack
from yunwang.stacks.pulumi.steps import StackStep, Telling, ordered, step_of, what_of

Program = Callable[[], None]
KindsOf = Callable[[str], Mapping[str, Kind[Any, Any]]]
"""From a cloud's name to the resources that there are on it."""


class Preview(Noun):
    """What an up would do now, after a look at the cloud."""

    steps: tuple[StackStep, ...]
    vanished: tuple[str, ...] = ()
    """Names of resources that the state knows and the cloud does not."""
    moved: tuple[StackStep, ...] = ()
    """How the cloud differs from the state: `old` is the state's, `new` what is live."""
    ids: frozenset[str] = frozenset()
    """The clouds' ids of all that the state holds."""
    applied: JsonValue = None
    """The intent of the last up; None before the first."""


class Stacks:
    """All stacks of a workspace: its backend, one provider per cloud for all of them."""

    def __init__(self, workspace: Workspace, kinds: KindsOf, connect: Connect) -> None:
        self.backend = Backend(workspace)
        self._kinds = kinds
        self._connect = connect
        self._ports: dict[str, int] = {}
        self._lock = threading.Lock()

    def prepare(self, say: Say) -> None:
        """Gets the engine and the key ready. Raises Fatal. Cheap the second time."""
        self.backend.prepare(say)

    def names(self, project: str) -> tuple[str, ...]:
        """The stacks of a project that the backend knows. Raises Fatal."""
        self.prepare(lambda line: None)
        with said(f"the backend {self.backend.reach.url}"):
            return tuple(sorted(stack.name for stack in self._local(project, "", _nothing).list_stacks()))

    def preview(self, project: str, name: str, cloud: str, program: Program) -> Preview:
        """What an up would do, with the cloud read afresh; keeps the engine's own plan for the up. Raises verdicts."""
        told = Telling()
        plan = self._plan(project, name, "new")
        self._run(
            project, name, cloud, program, told, lambda stack: stack.preview(refresh=True, plan=str(plan), on_event=told.heed)
        )
        steps = ordered(told.steps)
        plan.replace(self._plan(project, name, _digest(steps)))
        vanished = tuple(sorted(told.steps[urn].what for urn in told.vanished & told.steps.keys()))
        return Preview(steps=steps, vanished=vanished, moved=ordered(told.moved), ids=frozenset(told.ids), applied=told.intent)

    def preview_destroy(self, project: str, name: str, cloud: str) -> Preview:
        """What a destroy would take away."""
        told = Telling()
        self._run(project, name, cloud, _nothing, told, lambda stack: stack.preview_destroy(refresh=True, on_event=told.heed))
        return Preview(steps=ordered(told.steps), moved=ordered(told.moved), ids=frozenset(told.ids), applied=told.intent)

    def state(self, project: str, name: str) -> str | None:
        """A digest of what a stack's state holds, the same for none and an empty one; None where only the engine can read it."""
        readable, content = self._as_it_lies(project, name)
        if not readable:
            return None
        state, _ = condition.read(content or b"")
        return digest([state.get("resources") or [], state.get("pending_operations") or []])

    def ids(self, project: str, name: str) -> frozenset[str]:
        """The clouds' ids of all that a stack's state holds; none where there is no stack."""
        return frozenset(one["id"] for one in self._resources(project, name)) if name in self.names(project) else frozenset()

    def held(self, project: str, name: str) -> frozenset[str]:
        """What a stack's state holds, as steps name it (`StackStep.what`). Raises Fatal where there is no stack."""
        return frozenset(what_of(one["urn"]) for one in self._resources(project, name))

    def preview_refresh(self, project: str, name: str, cloud: str) -> tuple[StackStep, ...]:
        """What the state would take over from the cloud: `refresh` what is otherwise there, `forget` what is not there any more."""
        told = Telling(refreshing=True)
        self._run(project, name, cloud, _nothing, told, lambda stack: stack.preview_refresh(on_event=told.heed))
        return ordered(told.taken)

    def refresh(self, project: str, name: str, cloud: str, steps: tuple[StackStep, ...]) -> None:
        """Has the state take over exactly this. Raises Refused, with the state as it was, where the cloud has moved since."""
        told, former = Telling(refreshing=True), self.backend.export(project, name)
        self.backend.keep(project, name, _digest(steps), json.dumps(former).encode())
        self._refresh(project, name, cloud, told)
        if (now := ordered(told.taken)) != steps:
            self.backend.put(project, name, former)
            raise Refused(
                f"stack {name} would now take over {len(now)} things that are not those of the plan",
                remedy="make a new plan, look at it, apply that",
                target=f"{project}/{name}",
            )
        self.backend.keep(project, name, f"{_digest(steps)}-after", json.dumps(self.backend.export(project, name)).encode())

    def unrefresh(self, project: str, name: str, steps: tuple[StackStep, ...]) -> None:
        """Brings back the state that a refresh began with. Raises Refused where somebody has changed it since."""
        former, after = (self.backend.kept(project, name, which) for which in (_digest(steps), f"{_digest(steps)}-after"))
        now = self.backend.export(project, name)
        if former is None or (after and json.loads(after)["deployment"]["resources"] != now["deployment"]["resources"]):
            raise Refused(
                f"the state of stack {name} "
                + ("before the refresh was not kept here" if former is None else "has been changed since the refresh"),
                remedy="yunwang cloud plan shows what the clouds need to be as the files say",
                target=f"{project}/{name}",
            )
        self.backend.put(project, name, json.loads(former))

    def read_again(self, project: str, name: str, cloud: str, urns: list[str]) -> None:
        """Has the state take over these resources as they are on the cloud. Raises verdicts."""
        self._refresh(project, name, cloud, Telling(), urns)

    def free(self, project: str, name: str) -> None:
        """Takes every lock from a stack. Raises Fatal."""
        with said(f"stack {name}"):
            self.backend.call(project, "cancel", "--yes", "--stack", name)

    def up(self, project: str, name: str, cloud: str, program: Program, steps: tuple[StackStep, ...] | None, say: Say) -> int:
        """Does these steps and no others (None: whatever it takes); answers with how many. Raises verdicts.

        The engine is held to the plan that it saved when the same steps were previewed, so it stops where the cloud has moved.
        """
        told = Telling()
        plan = self._plan(project, name, _digest(steps)) if steps is not None else None
        if (
            steps is not None
            and plan is not None
            and not plan.exists()
            and (now := self.preview(project, name, cloud, program).steps) != steps
        ):
            raise Refused(
                f"stack {name} would now do {len(now)} steps that are not those of the plan",
                remedy="make a new plan, look at it, apply that",
                target=f"{project}/{name}",
            )
        heed = _heeding(told, say)
        self._run(
            project,
            name,
            cloud,
            program,
            told,
            lambda stack: stack.up(
                refresh=True, plan=str(plan) if plan else None, on_event=heed, suppress_outputs=True, show_secrets=False
            ),
        )
        if plan is not None:
            plan.unlink(missing_ok=True)
        return len(told.steps)

    def destroy(self, project: str, name: str, cloud: str, say: Say) -> int:
        """Takes all away, and the stack with it; answers with how many resources. A stack that is not there is fine."""
        told = Telling()
        heed = _heeding(told, say)

        def work(stack: auto.Stack) -> None:
            stack.destroy(refresh=True, on_event=heed, suppress_outputs=True, show_secrets=False, remove=True)

        self._run(project, name, cloud, _nothing, told, work)
        return len(told.steps)

    def forget(self, project: str, name: str) -> None:
        """Takes a stack out of the state, and leaves the cloud as it is. A stack that is not there is fine."""
        if name in self.names(project):
            self._local(project, "", _nothing).remove_stack(name, force=True)

    def _resources(self, project: str, name: str) -> tuple[dict[str, Any], ...]:
        """What a stack's state holds that has an id. Raises Fatal."""
        state, _ = condition.read(self._as_it_lies(project, name)[1] or b"")
        deployment = state or self.backend.export(project, name)["deployment"] or {}
        return tuple(one for one in deployment.get("resources") or () if one.get("id"))

    def _as_it_lies(self, project: str, name: str) -> tuple[bool, bytes | None]:
        """Whether we can read the backend's files, too, and a stack's state in them; None: there is none."""
        try:
            return True, condition.checkpoint(self.backend.store, project, name)
        except Verdict:
            return False, None

    def _refresh(self, project: str, name: str, cloud: str, told: Telling, urns: list[str] | None = None) -> None:
        """Has the state take over these resources, or all, as they are on the cloud. Raises verdicts."""

        def work(stack: auto.Stack) -> None:
            stack.refresh(target=urns, on_event=told.heed, suppress_outputs=True, show_secrets=False)

        self._run(project, name, cloud, _nothing, told, work)

    def _run(self, project: str, name: str, cloud: str, program: Program, told: Telling, work: Callable[[auto.Stack], Any]) -> None:
        """One engine operation; its failures as verdicts."""
        target = f"{project}/{name}"
        local = self._local(project, cloud, program)
        stack = Stack(name, local)
        for attempt in (1, 2):
            try:
                stack.do(work, new=self._as_it_lies(project, name) == (True, None))
                return
            except ConcurrentUpdateError as error:
                holders = [Lock.told(line) for line in str(error).splitlines() if Lock.TOLD.search(line)]
                if attempt == 1 and holders and all(one.dead for one in holders):
                    stack.cancel()  # whoever locked it is dead
                    continue
                raise Retryable(
                    f"stack {name} is being changed by somebody else" + "".join(f" ({one})" for one in holders),
                    remedy="wait until they are done, then run again; where nobody works on it: yunwang cloud state",
                    target=target,
                    delay=10,
                ) from error
            except (auto.CommandError, auto.InlineSourceRuntimeError) as error:
                raise _verdict(name, target, told, error) from None

    def _local(self, project: str, cloud: str, program: Program) -> auto.LocalWorkspace:
        self.prepare(lambda line: None)
        with self._lock:
            if cloud and cloud not in self._ports:
                owner = owner_of(self.backend.workspace)
                provider = Provider(self._kinds(cloud), self._connect, version("yunwang"), lambda config: owner)
                self._ports[cloud] = attach(provider, version("yunwang"))
        attached = {"PULUMI_DEBUG_PROVIDERS": f"yunwang:{self._ports[cloud]}"} if cloud else {}
        return auto.LocalWorkspace(
            work_dir=str(self.backend.project(project)),
            program=program,
            env_vars={**self.backend.environment(), **attached},
            secrets_provider=self.backend.key.provider,
            pulumi_command=self.backend.command,
        )

    def _plan(self, project: str, name: str, which: str) -> Path:
        return self.backend.plans(project) / f"{name}-{which}.json"


def _nothing() -> None:
    """The program of a stack that is to be empty."""


def _digest(steps: tuple[StackStep, ...]) -> str:
    return digest([step.model_dump(mode="json") for step in steps]).removeprefix("sha256:")[:16]


def _heeding(told: Telling, say: Say) -> Callable[[auto.EngineEvent], None]:
    """Takes events in, and tells each resource that is done."""

    def heed(event: auto.EngineEvent) -> None:
        ended = told.heed(event)
        if ended is not None and (step := step_of(ended)) is not None:
            say(f"{step.op} {step.what}")

    return heed


def _verdict(name: str, target: str, told: Telling, error: Exception) -> Verdict:
    """The engine's failure in the provider's own sentences, which stand at the end of its chain of prefixes."""
    if isinstance(error, StackNotFoundError):
        return Fatal(f"there is no stack {name}", remedy="apply it first", target=target)
    sentences: dict[str, str] = {}
    for resource, message in told.faults:
        sentence, _, remedy = message.partition(REMEDY)
        sentence = sentence.splitlines()[-1].strip().removeprefix("* ") if sentence.strip() else ""
        if sentence and not sentence.startswith(("update failed", "preview failed", "resource registration failed")):
            sentences.setdefault(f"{resource}: {sentence}" if resource else sentence, remedy.splitlines()[0] if remedy else "")
    own = {said: remedy for said, remedy in sentences.items() if "expected resource operations" not in said}
    sentences = own or sentences  # what was not reached after a failure is not one of its own
    if not sentences:
        last = [line for line in str(error).splitlines() if "error:" in line]
        sentences = {last[-1].partition("error:")[2].strip() if last else "the engine failed and told no reason": ""}
    remedies = [remedy for remedy in dict.fromkeys(sentences.values()) if remedy]
    return Fatal(
        f"stack {name}: " + "; ".join(sentences),
        remedy="; ".join(remedies) or "correct what it names, then run again: what was made is kept",
        target=target,
    )
