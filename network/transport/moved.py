"""A device at another address than the workspace's: the same account, the same host key. Never trusts a new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import paramiko

from yunwang.inventories.network import Device
from yunwang.inventories.workspace import Workspace
from yunwang.network.transport.known_hosts import named


def at(device: Device, address: str, workspace: Workspace, folder: Path) -> Device:
    """The device as it is reached there. What is known of keys is written into `folder`, its own under the new name too."""
    files = [file for file in (workspace.root / device.known_hosts, workspace.learned_keys) if file.is_file()]
    known = paramiko.HostKeys()
    for file in files:
        known.load(str(file))
    own: Mapping[str, paramiko.PKey] = known.lookup(named(device.host, device.port)) or {}
    lines = [f"{named(address, device.port)} {kind} {key.get_base64()}" for kind, key in own.items()]
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / f"{device.name}.known_hosts"
    told.write_text("\n".join([*(file.read_text() for file in files), *lines, ""]))
    return device.model_copy(update={"host": address, "known_hosts": str(told)})
