"""M4: what is not classified goes onto the cloud; nothing new is deployed in a department's own server room. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yunwang.inventories.migration import Disposition
from yunwang.inventories.workspace import Workspace
from yunwang.policies.rule import Rule, Violation


def _systems(workspace: Workspace) -> Iterator[Violation]:
    retired = {room.name for room in workspace.rooms if room.state == "retired"}
    for system in workspace.systems:
        if system.room is None or system.classified:
            continue
        if system.disposition is Disposition.RETAIN:
            message = f"{system.title} is not classified and is to stay in {system.room}"
            yield Violation(f"system/{system.name}", message, "rehost or replatform it, or have a waiver granted")
        elif system.room in retired:
            message = f"{system.title} is entered in {system.room}, which is retired: it was deployed there anew"
            yield Violation(f"system/{system.name}", message, "deploy it on the cloud")


NO_OFF_CLOUD_DEPLOYMENT = Rule(
    id="off-cloud-deployment",
    title="no non-classified system off the cloud (严控云下部署, 新建直接上云)",
    clauses=("M4",),
    intent=_systems,
)
