"""Plain operations of the Pulumi engine, on stacks of a test's own and on the project of tenants."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation.events import EngineEvent, OpType

from yunwang.stacks.pulumi import engine
from yunwang.stacks.pulumi.automation import Stacks

Program = Callable[[], None]
TENANTS = Path(engine.__file__).parents[2] / "tenants"
"""The folder of the project that plain `pulumi up` runs."""


def environment(root: Path) -> dict[str, str]:
    """What a person has set who works with plain Pulumi on the workspace in `root`."""
    mine = root / ".yunwang" / "pulumi"
    return {
        **os.environ,
        **engine.environment(engine.ensure(print)),
        "PULUMI_BACKEND_URL": f"file://{mine}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(root / ".yunwang" / "secrets" / "pulumi-passphrase"),
        "PULUMI_HOME": str(mine / "home"),
        "OS_CLIENT_CONFIG_FILE": str(root / "clouds.yaml"),
    }


class Trial:
    """One stack on zhengwu, with a state of its own."""

    def __init__(self, stacks: Stacks, name: str) -> None:
        self.stacks, self.name = stacks, name

    def stack(self, program: Program = lambda: None) -> automation.Stack:
        """It, as the SDK has it."""
        return automation.Stack.create_or_select(self.name, self.stacks._local("trial", "zhengwu", program))

    def preview(self, program: Program) -> dict[str, set[str]]:
        """Kinds by what an up would do with them, the cloud read afresh."""
        done: dict[str, set[str]] = {}
        self.stack(program).preview(refresh=True, on_event=lambda event: _sort(event, done))
        return done

    def up(self, program: Program) -> None:
        """Do it. Raises CommandError."""
        self.stack(program).up(suppress_outputs=True)

    def destroy(self) -> dict[str, set[str]]:
        """Without a look whether anything is still there."""
        done: dict[str, set[str]] = {}
        self.stack().destroy(suppress_outputs=True, on_event=lambda event: _sort(event, done))
        return done

    def resources(self) -> list[dict[str, Any]]:
        """Those of ours in the state, secrets in the open."""
        deployment = self.stack().export_stack().deployment or {}
        return [one for one in deployment.get("resources", ()) if one["type"].startswith("yunwang:")]


def _sort(event: EngineEvent, done: dict[str, set[str]]) -> None:
    step = event.resource_pre_event
    if step is not None and step.metadata.type.startswith("yunwang:") and step.metadata.op is not OpType.REFRESH:
        done.setdefault(step.metadata.op.value, set()).add(step.metadata.type.rpartition(":")[2])
