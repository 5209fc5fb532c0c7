"""The playbooks that `yunwang playbook` knows: what each is about, on which hosts, and whether it changes them. Runs none."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One of them. One with a `role` changes hosts: it hands over `states`, host to `now` and `wanted`, and knows the
    phases look, apply and restore.
    """

    name: str
    file: str
    title: str
    on: Literal["machines", "devices"]
    local: bool = False
    """It runs a command of yunwang here, which reaches the hosts itself."""
    applies: bool = False
    """That command applies a stored plan, by the engine."""
    group: str = ""
    """Of machines.yaml, whose hosts alone it works on; "": all."""
    role: str = ""
    """Whose variables say what it is to do, where it changes hosts."""

    @property
    def changes(self) -> bool:
        """Whether it changes hosts: it is planned and applied then."""
        return bool(self.role)


CATALOGUE = (
    Playbook(name="host-check", file="host_check.yml", title="Linux hosts fit to leave, or to take, a service", on="machines"),
    Playbook(
        name="device-check", file="device_check.yml", title="Devices answer, and their IPv6 neighbours are there", on="devices"
    ),
    Playbook(name="backup", file="backup.yml", title="Running configurations into the archive", on="devices", local=True),
    Playbook(
        name="dual-stack",
        file="dual_stack.yml",
        title="A stored plan of dual stack applied (--var plan=…)",
        on="devices",
        local=True,
        applies=True,
    ),
    Playbook(
        name="bindings",
        file="bindings.yml",
        title="A stored plan of bindings applied (--var plan=…)",
        on="devices",
        local=True,
        applies=True,
    ),
    Playbook(
        name="gateways",
        file="gateways.yml",
        title="Packet filters of Linux gateways",
        on="machines",
        group="gateways",
        role="gateway",
    ),
)
PUSH = Playbook(name="push", file="push.yml", title="A plan's lines to one device", on="devices")
"""What the engine pushes with where it is asked to use Ansible; nobody runs it by hand."""


def named(name: str) -> Playbook:
    """The playbook of that name. Raises Refused."""
    for one in CATALOGUE:
        if one.name == name:
            return one
    raise Refused(f"no playbook is named {name}", remedy=f"playbooks are: {', '.join(one.name for one in CATALOGUE)}")


def hosts(playbook: Playbook, workspace: Workspace, patterns: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The hosts of the workspace that it may work on, of those that match a pattern if any is given. Raises Refused for none."""
    if playbook.on == "devices":
        known = [device.name for device in workspace.devices]
    else:
        known = [machine.name for machine in workspace.machines if playbook.group in ("", *machine.groups)]
    found = tuple(name for name in known if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns))
    if not found:
        raise Refused(
            f"no host of {playbook.name} matches {', '.join(patterns) or 'anything'}",
            remedy=f"hosts are, for example: {', '.join(known[:5])}" if known else f"machines.yaml has no group {playbook.group}",
        )
    return found


def inventories(workspace: Workspace) -> tuple[Path, ...]:
    """What Ansible is to read, in this order: the inventories themselves, then the workspace as one, with the lab's addresses."""
    files = ("machines.yaml", "network/hosts.yaml", "yunwang.yaml")
    return tuple(path for path in (workspace.root / file for file in files) if path.exists())
