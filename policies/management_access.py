"""S1: nobody on the way reads a device's password, or what is typed on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yunwang.inventories.finding import Severity
from yunwang.inventories.workspace import Workspace
from yunwang.policies.rule import Rule, Violation


def _in_clear(workspace: Workspace) -> Iterator[Violation]:
    for device in workspace.devices:
        if device.transport != "ssh":
            message = (
                f"{device.name} is reached by {device.transport}: who listens on the way reads its password and can type along"
            )
            yield Violation(
                f"device/{device.name}", message, "enable SSH on it and take yunwang_transport out, or have a waiver granted"
            )


NO_MANAGEMENT_IN_CLEAR = Rule(
    id="management-in-clear",
    title="no device is managed over a line in clear (等保 GB/T 22239: 远程管理防窃听)",
    clauses=("S1",),
    severity=Severity.WARNING,
    intent=_in_clear,
)
