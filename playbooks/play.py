"""A playbook of the catalogue on hosts of a workspace: inventory, host keys and secrets at hand. Never changes what only looks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from yunwang.credentials import broker
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.audit import By
from yunwang.journal.store import Journal
from yunwang.playbooks import catalogue, runner
from yunwang.playbooks.catalogue import PUSH, Playbook


def play(
    playbook: Playbook, workspace: Workspace, hosts: Sequence[str], variables: JsonObject, say: Callable[[str], None]
) -> runner.PlaybookResult:
    """Run it on these hosts and no others; what it said stays in .yunwang/ansible. Raises Verdict."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{playbook.name}-{uuid4().hex[:6]}"
    devices = [workspace.device(one) for one in hosts] if playbook.on == "devices" and not playbook.local else []
    sockets = Path(tempfile.mkdtemp(prefix="yw-", dir=runner.short()))
    try:
        with broker.serving(workspace, sockets) as asking:
            return runner.run(
                playbook.file,
                inventory=catalogue.inventories(workspace),
                variables={"workspace": str(workspace.root), "hosts_chosen": list(hosts), **variables}
                if playbook.local
                else variables,
                folder=workspace.state / "ansible" / name,
                root=workspace.root,
                say=say,
                limit=hosts,
                known_hosts=tuple(dict.fromkeys(path for device in devices for path in workspace.known_hosts(device))),
                environment=asking,
            )
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def push(workspace: Workspace, device: str, asked: JsonObject, say: Callable[[str], None]) -> tuple[JsonObject, Path]:
    """Have yunwang.toolkit.push deliver what is asked to a device; what it told, and the artefacts' folder. Raises Verdict."""
    result = play(PUSH, workspace, (device,), {"asked": asked}, lambda line: say(f"device/{device}: {line}"))
    told = result.data["told"]
    assert isinstance(told, dict)
    return told, result.artefacts


def record(journal: Journal, playbook: Playbook, hosts: Sequence[str], by: By, outcome: runner.PlaybookResult | Verdict) -> None:
    """Tell the audit that a playbook was run which itself changes nothing; what changes anything is a run of the engine."""
    details: JsonObject = {"playbook": playbook.name, "hosts": list(hosts)}
    if isinstance(outcome, Verdict):
        result = outcome.message
    else:
        result, details = "ok", {**details, "stats": outcome.stats, "artefacts": str(outcome.artefacts)}
    journal.audit.append("playbook.ran", operator=by.operator, host=by.host, command=by.command, result=result, details=details)
