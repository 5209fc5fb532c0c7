"""The way to a device for network_cli, as yunwang goes it: key, jump hosts, enable. Never names a secret, opens nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yunwang.inventories.network import Device
from yunwang.inventories.reach import Jump
from yunwang.inventories.workspace import Workspace

HOME = "YUNWANG_HOME"
"""The user's home folder, where HOME is another that holds nothing but host keys (playbooks/runner.py)."""


def variables(device: Device, workspace: Workspace) -> Iterator[tuple[str, Any]]:
    """All but its passwords."""
    yield "ansible_host", device.host
    yield "ansible_port", device.port
    yield "ansible_user", device.username
    yield "ansible_connection", "ansible.netcommon.network_cli"
    yield "ansible_network_os", f"yunwang.toolkit.{device.platform}"
    yield "ansible_network_cli_ssh_type", "paramiko"  # whose channel yunwang.toolkit.push talks on
    if device.ssh_key:
        yield "ansible_private_key_file", str(_key(device.ssh_key, workspace))
    if device.proxy_jump:
        yield "ansible_paramiko_proxy_command", _through(device, workspace)
    if device.enable_password:
        yield "ansible_become", True
        yield "ansible_become_method", "ansible.netcommon.enable"


def _key(name: str, workspace: Workspace) -> Path:
    home = os.environ.get(HOME, "")
    return workspace.root / (Path(home) / name[2:] if home and name.startswith("~/") else Path(name).expanduser())


def _through(device: Device, workspace: Workspace) -> str:
    """OpenSSH's command that reaches the device's port through the jump hosts, each one's host key checked."""
    command = ""
    for hop, following in zip(device.proxy_jump, (*device.proxy_jump[1:], device), strict=True):
        known = " ".join(f'"{path}"' for path in workspace.known_hosts(device))
        options = ["BatchMode=yes", "StrictHostKeyChecking=yes", f"UserKnownHostsFile={known}", *_identity(hop, workspace)]
        if command:
            options.append(f"ProxyCommand={command.replace('%', '%%')}")
        host = f"[{following.host}]" if ":" in following.host else following.host
        words = [word for option in options for word in ("-o", option)]
        reached = ["-p", str(hop.port), "-l", hop.username, "-W", f"{host}:{following.port}", hop.host]
        command = shlex.join(["ssh", "-F", os.devnull, *words, *reached])
    return command


def _identity(hop: Jump, workspace: Workspace) -> Iterator[str]:
    if hop.ssh_key:
        yield f'IdentityFile="{_key(hop.ssh_key, workspace)}"'
    if not hop.ssh_agent:
        yield "IdentityAgent=none"
