"""The files by which the lab is found: secure.yaml, an Ansible inventory, known_hosts. Never overwrites what others wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.lab.devices import DeviceEndpoint
from yunwang.lab.machines import MachineEndpoint
from yunwang.lab.openstack import CloudEndpoint
from yunwang.lab.sshd import quoted
from yunwang.lab.state import write

HEADER = "# Written by `yunwang lab up`, removed by `yunwang lab down`.\n"


class Overlay:
    """The files of one workspace's lab."""

    def __init__(self, workspace: Workspace) -> None:
        self.secure = workspace.root / "secure.yaml"
        self.folder = workspace.state / "lab"
        self.inventory = self.folder / "inventory.yaml"
        self.known_hosts = self.folder / "known_hosts"
        self.root = workspace.root

    def check(self) -> None:
        """Raises Refused when somebody's own secure.yaml is in the way."""
        if self.secure.exists() and not self.secure.read_text().startswith(HEADER):
            raise Refused(
                f"{self.secure} was not written by the lab, which would overwrite it",
                remedy="move it away: the lab brings credentials of its own for the clouds of lab.yaml",
            )

    def write(
        self,
        users: Mapping[str, str],
        clouds: Mapping[str, CloudEndpoint],
        devices: Mapping[str, DeviceEndpoint],
        machines: Mapping[str, MachineEndpoint],
    ) -> bool:
        """Write all three; `users` are the devices' user names. Whether anything was new. Raises Refused, OSError."""
        self.check()
        secrets = {name: {"auth": _auth(cloud)} for name, cloud in clouds.items()}
        hosts = {name: self._device(device, users[name]) for name, device in devices.items()}
        hosts |= {name: self._machine(machine) for name, machine in machines.items()}
        known = (*(end.known_hosts for end in devices.values()), *(end.known_hosts for end in machines.values()))
        keys = "".join(f"{line}\n" for line in known)
        written = [
            write(self.known_hosts, keys, 0o600),
            write(self.inventory, HEADER + _yaml({"all": {"hosts": hosts}}), 0o600),
            write(self.secure, HEADER + _yaml({"clouds": secrets}), 0o600),
        ]
        return any(written)

    def remove(self) -> bool:
        """Take away what was written. Whether there was anything. Raises OSError."""
        ours = [path for path in (self.secure, self.inventory, self.known_hosts) if path.exists()]
        if self.secure in ours and not self.secure.read_text().startswith(HEADER):
            ours.remove(self.secure)
        for path in ours:
            path.unlink()
        return bool(ours)

    def environment(self) -> dict[str, str]:
        """What leads openstacksdk and Ansible to the lab."""
        inventories = [self.root / "network" / "hosts.yaml", self.root / "machines.yaml", self.inventory]
        return {
            "OS_CLIENT_CONFIG_FILE": str(self.root / "clouds.yaml"),
            "OS_CLIENT_SECURE_FILE": str(self.secure),
            "ANSIBLE_INVENTORY": ",".join(str(path) for path in inventories if path.exists()),
        }

    def _device(self, device: DeviceEndpoint, user: str) -> JsonObject:
        return {
            "ansible_host": device.host,
            "ansible_port": device.port,
            "ansible_user": user,
            "yunwang_password": f"file://{(self.folder / 'device-password').relative_to(self.root)}",
            "yunwang_known_hosts": str(self.known_hosts.relative_to(self.root)),
            "yunwang_transport": "ssh",  # whatever way leads to the real one
            "yunwang_proxy_jump": [],
        }

    def _machine(self, machine: MachineEndpoint) -> JsonObject:
        known = quoted(str(self.known_hosts).replace("%", "%%")) if " " in str(self.known_hosts) else str(self.known_hosts)
        return {
            "ansible_host": machine.host,
            "ansible_port": machine.port,
            "ansible_user": machine.username,
            "ansible_pipelining": True,  # asks for no terminal: a user's own sshd may not be allowed to give one away
            "ansible_python_interpreter": machine.python,
            "ansible_ssh_private_key_file": machine.private_key,
            "ansible_ssh_common_args": f"-o 'UserKnownHostsFile={known}' -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes",
        }


def _auth(cloud: CloudEndpoint) -> JsonObject:
    return {
        "auth_url": cloud.auth_url,
        "username": cloud.username,
        "password": cloud.password,
        "project_name": cloud.project_name,
        "user_domain_id": cloud.user_domain_id,
        "project_domain_id": cloud.project_domain_id,
    }


def _yaml(value: Mapping[str, Any]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)
