"""The runbook of one system's cutover: where its service stands, moving it, bringing it back. Runs playbooks; decides nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pydantic import ConfigDict

from yunwang.inventories.migration import System
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.workspace import Workspace
from yunwang.operations.job import Say
from yunwang.playbooks import runner

WORDS = """\
check     both hosts answer, rsync is there, the data has room on {new}
copy      the data while clients write: online backup, rsync from {old} by way of this machine to {new}
freeze    writes off on {old} (503, Retry-After); reads go on
copy      what has changed since
parity    rows, content and schema on {new} equal those on {old}
switch    the service starts on {new}, the gateway leads there, the answer is checked
thaw      writes on, on {new}; at most {minutes} min after the freeze, else nothing is switched
else      at a failure before the thaw: the gateway leads to {old} again, which takes writes
"""
"""What the cutover playbook does, for people who approve it."""


class _Answer(Noun):
    """Part of the survey playbook's answer; it says more than is needed here."""

    model_config = ConfigDict(extra="ignore")


class Content(_Answer):
    """Data of one moment: rows, and digests of all of them and of the schema."""

    rows: int
    digest: str
    schema_digest: str


class Side(_Answer):
    """The service on one host. `origin`: what it was when it was put there by a move; `content`: what it is, where asked for."""

    reachable: bool
    running: bool
    frozen: bool
    origin: Content | None = None
    content: Content | None = None

    @property
    def state(self) -> Literal["unreachable", "stopped", "frozen", "serving"]:
        """In one word; a host without the service is one where it is stopped."""
        if not self.reachable:
            return "unreachable"
        if not self.running:
            return "stopped"
        return "frozen" if self.frozen else "serving"


class Standing(_Answer):
    """Where the gateway leads, and how the service is on both hosts."""

    at: Literal["old", "new", "nowhere", "elsewhere"]
    old: Side
    new: Side


@dataclass(frozen=True, slots=True)
class Runbook:
    """Works on the machines of a workspace; `gateway` is the inventory name of the one that leads clients to services."""

    workspace: Workspace
    gateway: str = "gateway"

    def obstacle(self, system: System) -> str:
        """Why it cannot move this system, from what the files say; empty when it can."""
        missing = [field for field in ("service", "old_host", "new_host") if getattr(system, field) is None]
        if missing:
            return f"the register has no {' and no '.join(missing)} for it"
        machines = {machine.name for machine in self.workspace.machines}
        unknown = [name for name in (system.old_host, system.new_host, self.gateway) if name not in machines]
        return f"the inventory of machines has no {' and no '.join(map(str, unknown))}" if unknown else ""

    def survey(self, system: System, *, with_content: bool = False) -> Standing:
        """Where it stands; with `with_content` its data is digested too, on both hosts. Raises Fatal."""
        result = self._play("survey.yml", system, lambda _: None, with_content=with_content)
        shutil.rmtree(result.artefacts.parent.parent, ignore_errors=True)  # only a survey that failed is worth keeping
        return Standing.model_validate(result.data["survey"])

    def move(self, system: System, say: Say) -> JsonObject:
        """From the old host to the new one; the measures. Raises Fatal: the old host then takes writes, or after `bring_back`."""
        return self._measures(self._play("cutover.yml", system, say, downtime_seconds=system.downtime_minutes * 60))

    def bring_back(self, system: System, say: Say) -> JsonObject:
        """To the old host, with every acknowledged write, from wherever a move got to; the measures of a move back, if it took one.

        Raises Fatal where a write could be lost: the new host is unreachable after the switch, or both take writes.
        """
        return self._measures(self._play("rollback.yml", system, say))

    def _measures(self, result: runner.PlaybookResult) -> JsonObject:
        moved: Any = result.data.get("moved") or {}
        return {**moved, "artefacts": str(result.artefacts)}

    def _play(self, playbook: str, system: System, say: Say, **more: bool | int) -> runner.PlaybookResult:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{Path(playbook).stem}-{system.name}-{uuid4().hex[:6]}"
        folder = self.workspace.state / "ansible" / name
        inventories = (self.workspace.root / "machines.yaml", self.workspace.state / "lab" / "inventory.yaml")
        try:
            return runner.run(
                playbook,
                inventory=[path for path in inventories if path.exists()],
                variables={
                    "service": system.service,
                    "old": system.old_host,
                    "new": system.new_host,
                    "gateway": self.gateway,
                    "staging": str(folder / "transit"),
                    **more,
                },
                folder=folder,
                root=self.workspace.root,
                say=lambda line: say(f"{system.name}: {line}"),
            )
        finally:
            shutil.rmtree(folder / "transit", ignore_errors=True)  # a department's data: also after a run that was cut off
