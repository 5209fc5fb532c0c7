"""Machines with a service to move, and how a test looks at them, or meddles with them, behind everybody's back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from yunwang.lab import machines, process
from yunwang.migration.cutover import CutoverJob


@dataclass(frozen=True)
class City:
    """Three machines and the job that moves school-roster from old-education to new-education."""

    folder: Path
    root: Path
    home: dict[str, Path]
    host: dict[str, str]
    job: CutoverJob

    @property
    def url(self) -> str:
        """Where clients reach the service."""
        return f"http://{self.host['gateway']}:{self.routes['school-roster']['listen']}"

    @property
    def routes(self) -> dict[str, dict[str, object]]:
        return dict(json.loads((self.home["gateway"] / "gateway" / "routes.json").read_text()))

    def service(self, machine: str) -> Path:
        """The service's folder on a machine."""
        return self.home[machine] / "services" / "school-roster"

    def unplug(self, machine: str) -> None:
        """End everything on a machine, its sshd included, as when its power fails."""
        process.stop(machines._Place(self.folder).processes([machine])[machine])
