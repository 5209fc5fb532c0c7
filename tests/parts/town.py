"""Three machines of a lab with two services, and what one does on them. For tests of the lab's machines."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from yunwang.inventories.lab import Lab, LabMachine, LabService
from yunwang.lab import found, machines
from yunwang.lab.machines import MachineEndpoint, Machines

LAB = Lab(
    version=1,
    machines=(
        LabMachine(name="old-education", kind="old"),
        LabMachine(name="new-education", kind="new"),
        LabMachine(name="gateway", kind="gateway"),
    ),
    services=(
        LabService(name="school-roster", machine="old-education", rows=40),
        LabService(name="exam-results", machine="old-education", rows=20),
    ),
)


class Town:
    """The lab under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known_hosts = folder / "sshd" / "known_hosts"
        self.said: list[str] = []
        self.ends: dict[str, MachineEndpoint] = {}

    def up(self, lab: Lab = LAB) -> Machines:
        self.said.clear()
        made = machines.up(lab, self.folder, self.said.append)
        self.ends = made.endpoints
        return made

    def down(self) -> bool:
        return machines.down(self.folder, self.said.append)

    def pids(self) -> dict[str, tuple[int, ...]]:
        return {part.name: part.pids for part in machines.status(LAB, self.folder)}

    def dead(self) -> list[str]:
        return [part.name for part in machines.status(LAB, self.folder) if not part.alive]

    def processes(self) -> list[int]:
        running = found.processes(entry for entry in self.folder.glob("sshd/*") if entry.is_dir())
        return [one.pid for each in running.values() for one in each]

    def home(self, machine: str) -> Path:
        return self.folder / "machines" / machine

    def ssh(self, machine: str, command: str, known_hosts: Path | None = None) -> subprocess.CompletedProcess[str]:
        words = machines.ssh_options(self.ends[machine], known_hosts or self.known_hosts)
        return subprocess.run(["ssh", *words, command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    def service(self, machine: str, service: str, word: str) -> dict[str, Any]:
        done = self.ssh(machine, f"python3 services/{service}/records.py {word}")
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def through_the_gateway(self, service: str) -> dict[str, Any]:
        routes = json.loads((self.home("gateway") / "gateway" / "routes.json").read_text())
        url = f"http://{self.ends['gateway'].host}:{routes[service]['listen']}/health"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as answer:
            return dict(json.load(answer))
