"""The engine's job that has Pulumi's state say what is on the clouds now. It changes states, and never a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Observed, Outcome, Step
from yunwang.stacks.kind import Say
from yunwang.stacks.standing import StandingJob, stack_of

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.steps import StackStep

_WORDS = {"refresh": (Action.UPDATE, "as it is on the cloud"), "forget": (Action.DELETE, "which is not on the cloud any more")}


class RefreshJob(StandingJob):
    """Differences between state and cloud, taken over into the state. What the files say stays to be applied."""

    name = "cloud-refresh"
    title = "What Pulumi's state takes over from the clouds"

    def observe(self, target: str) -> Observed:
        """What a refresh of the stack would take over. Raises verdicts."""
        stack = stack_of(target)
        steps = self.stacks.preview_refresh(stack.project, stack.name, stack.cloud)
        summary = f"{len(steps)} differ from the cloud" if steps else "as on the cloud"
        return Observed(target=target, summary=summary, facts={"steps": [step.model_dump(mode="json") for step in steps]})

    def change(self, target: str, seen: Observed) -> Change | None:
        """Its differences; what is gone from the cloud counts as a deletion, for a wrong clouds.yaml looks the same."""
        if not (said := _steps(seen.facts)):
            return None
        lines: list[str] = []
        for step in said:
            action, words = _WORDS[step.op]
            lines += [f"{action.value} {step.what}, {words}", *(f"    {line}" for line in step.lines())]
        steps = [Step(action=_WORDS[step.op][0], what=f"{step.what}, {_WORDS[step.op][1]}") for step in said]
        return self.changed(target, seen, steps, "\n".join(lines), seen.facts)

    def apply(self, change: Change, say: Say) -> Outcome:
        """A refresh that takes over exactly that. Raises verdicts."""
        stack, steps = stack_of(change.target), _steps(change.forward)
        self.stacks.refresh(stack.project, stack.name, stack.cloud, steps)
        return Outcome(summary=f"the state of {stack.name} took {len(steps)} things over", evidence={"resources": len(steps)})

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """What of it still differs."""
        stack, ours = stack_of(change.target), {step.what for step in _steps(change.forward)}
        left = [step for step in self.stacks.preview_refresh(stack.project, stack.name, stack.cloud) if step.what in ours]
        return tuple(
            Finding(
                code="state-differs",
                message=f"{step.what} is not in the state as it is on the cloud",
                remedy="make a new plan; look who changes the cloud meanwhile",
                target=change.target,
            )
            for step in left
        )

    def undo(self, change: Change, say: Say) -> Outcome:
        """The state as it was before, which was kept. Raises Refused where somebody has changed it since."""
        stack = stack_of(change.target)
        self.stacks.unrefresh(stack.project, stack.name, _steps(change.forward))
        return Outcome(summary=f"the state of {stack.name} is the former one again")


def _steps(said: JsonObject) -> tuple[StackStep, ...]:
    from yunwang.stacks.pulumi.steps import StackStep

    return TypeAdapter(tuple[StackStep, ...]).validate_python(said["steps"])
