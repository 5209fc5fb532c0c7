"""Holds a Pulumi engine that is not ours (plain `pulumi up`, `pulumi destroy`) to an approved plan, resource by resource.

Never stands in the way of the toolkit's own apply, which has passed the engine's gate, nor of a preview or a refresh. Does not
decide whether a plan is approved: `Admit` is handed in.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from yunwang.inventories.finding import Severity
from yunwang.inventories.plan import Plan
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.pulumi.owner import Owner, owner_of
from yunwang.stacks.pulumi.steps import LATER, StackStep

PLAN = "YUNWANG_APPROVED_PLAN"
"""Names the file with the approved plan, as `yunwang cloud plan -o` wrote it."""
HOW = (
    "yunwang cloud plan -o FILE; have it approved: yunwang approve FILE; then yunwang cloud apply --plan FILE,"
    f" or {PLAN}=FILE pulumi up (docs/approval.md)"
)
BLINDED = "[secret]"
"""What an engine shows of a secret."""
_DOES = {"create": ("create", "replace"), "update": ("update",), "delete": ("delete", "replace")}
"""What is asked of a provider, and the steps of a plan that it is part of."""

Admit = Callable[[Workspace, Plan], None]
"""Returns if the plan may be applied now. Raises Refused."""
Record = Callable[[Workspace, Plan, str, str], None]
"""Writes down what is about to be done: the target, and the resource in words."""


class Guarding(Protocol):
    """What a provider asks before it changes a cloud."""

    def __call__(self, config: Path | None, deed: str, urn: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        """Return if this may be done. Raises Refused.

        `config`: the clouds.yaml in use, where one is named; `new`: inputs; `old`: inputs and outputs as they were.
        """


@dataclass
class Guard:
    """Asks the workspace whose clouds.yaml is in use."""

    admit: Admit
    record: Record
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: dict[Path, tuple[Workspace, Plan | None]] = field(default_factory=dict)

    def __call__(self, config: Path | None, deed: str, urn: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        """See Guarding."""
        with self._lock:
            workspace, plan = self._hold(config)
            if plan is not None:
                target, step = _step(plan, deed, urn)
                _same(step, new, old)
                self.record(workspace, plan, target, f"{deed} {step.what}")

    def owner(self, config: Path | None) -> Owner:
        """The workspace, as markers have it. Raises Refused."""
        with self._lock:
            return owner_of(self._hold(config)[0])

    def _hold(self, config: Path | None) -> tuple[Workspace, Plan | None]:
        root = _root(config)
        if root not in self._held:
            self._held[root] = self._look(root)
        return self._held[root]

    def _look(self, root: Path) -> tuple[Workspace, Plan | None]:
        """The workspace and the plan that it is held to; None: it permits plain Pulumi."""
        workspace, faults = read(root)
        errors = [fault for fault in faults if fault.severity is Severity.ERROR]
        if workspace is None:
            raise Refused(f"the workspace {root} is faulty: {errors[0].place}: {errors[0].message}", remedy="yunwang validate")
        if workspace.roles is None or workspace.roles.pulumi_up == "permit":
            return workspace, None
        plan = _plan(root)
        try:
            self.admit(workspace, plan)
        except Verdict as verdict:
            said = "; ".join([verdict.message, *(finding.message for finding in verdict.findings)])
            raise Refused(said, remedy=verdict.findings[0].remedy if verdict.findings else verdict.remedy) from None
        return workspace, plan


def _root(config: Path | None) -> Path:
    """The workspace's folder: where the clouds.yaml is that the provider signs in with. Raises Refused."""
    named = config or (Path(os.environ["OS_CLIENT_CONFIG_FILE"]) if "OS_CLIENT_CONFIG_FILE" in os.environ else Path("clouds.yaml"))
    folders = [named.resolve().parent, *(Path(os.environ[name]) for name in ("YUNWANG_WORKSPACE",) if name in os.environ)]
    for folder in folders:
        if (folder / "yunwang.yaml").is_file():
            return folder.resolve()
    raise Refused(
        f"no workspace has the clouds.yaml in use ({named}), so nobody can say whether this is approved",
        remedy="OS_CLIENT_CONFIG_FILE=WORKSPACE/clouds.yaml, or YUNWANG_WORKSPACE=FOLDER",
    )


def _plan(root: Path) -> Plan:
    """The one cloud plan of the file that the environment names. Raises Refused."""
    name = os.environ.get(PLAN)
    if not name:
        raise Refused(f"the workspace {root.name} asks for an approved plan before a stack is changed", remedy=HOW)
    try:
        lines = [line for line in Path(name).read_text().splitlines() if line.strip()]
        plans = [plan for line in lines if (plan := Plan.model_validate(json.loads(line))).job == "cloud"]
    except (OSError, ValidationError, ValueError, RecursionError) as error:
        raise Refused(f"{name} is no plan ({type(error).__name__})", remedy=HOW) from None
    if len(plans) != 1:
        raise Refused(f"{name} holds {len(plans)} plans of the clouds", remedy=HOW)
    return plans[0]


def _step(plan: Plan, deed: str, urn: str) -> tuple[str, StackStep]:
    """The target and the step of the plan that this is part of. `urn:pulumi:STACK::PROJECT::TYPE$TYPE::NAME`. Raises Refused."""
    stack, project, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    kind = types.rpartition("$")[2]
    target = f"stack/{stack.replace('.', '/', 1)}"
    for change in plan.changes if project == "tenants" else ():
        if change.target == target:
            steps = TypeAdapter(tuple[StackStep, ...]).validate_python(change.forward["steps"])
            for step in steps:
                if (step.type, step.name) == (kind, name) and step.op in _DOES[deed]:
                    return target, step
    raise Refused(
        f"the approved plan {plan.digest[7:19]} does not {deed} {kind.replace(':index:', ':')} {name} of stack {stack}",
        remedy=f"make a new plan and have it approved: {HOW}",
    )


def _same(step: StackStep, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """The values are those that were approved, as far as the plan knew them. Raises Refused."""
    said = {one.property: one.new for one in step.differences}
    if step.op == "create":
        said = {**dict.fromkeys(new), **said}  # what the plan does not have is not to be there
    elif step.op == "update":
        said = {**{name: old.get(name) for name in new}, **said}
    other = [name for name, value in said.items() if new and not _agrees(value, new.get(name))]
    if other:
        raise Refused(
            f"{step.what} would get another {', '.join(sorted(other))} than the approved plan says",
            remedy=f"make a new plan and have it approved: {HOW}",
        )


def _agrees(approved: Any, real: Any) -> bool:
    """Whether a value is the approved one; what was not known yet, and what is secret, cannot be compared."""
    if approved in (LATER, BLINDED):
        return True
    if isinstance(approved, Mapping) and isinstance(real, Mapping):
        return approved.keys() == real.keys() and all(_agrees(value, real[name]) for name, value in approved.items())
    if isinstance(approved, list) and isinstance(real, list):
        return len(approved) == len(real) and all(map(_agrees, approved, real))
    return bool(approved == real) or (approved in (None, "", [], {}) and real in (None, "", [], {}))
