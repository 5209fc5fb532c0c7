"""Devices and machines from Ansible inventories, the lab's overlay laid over them. Never evaluates a template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Path, Place, choose, shown
from yunwang.inventories.reading.ansible import Host, Inventory
from yunwang.inventories.reading.parse import from_json
from yunwang.inventories.secret import holds_secret

N = TypeVar("N", bound=BaseModel)


class Written:
    """Where a host's fields are written. Is a Locator for its noun."""

    def __init__(self, host: Host, variables: Mapping[str, str]) -> None:
        self.host = host
        self.variables = variables

    def __call__(self, path: Path, *, key: bool = False) -> Place:
        """The place of a field's variable or of a part of it; the host's where it has none."""
        variable = self.host.variables.get(self.variables.get(str(path[0]), "")) if path else None
        if variable is None:
            return self.host.place
        return variable.key if key and len(path) == 1 else variable.place(path[1:])


def overlay(inventory: Inventory, top: Inventory) -> None:
    """Lay the variables that `top` has for a host over the host's own. Hosts that only `top` knows stay out."""
    for name, host in inventory.hosts.items():
        if name in top.hosts:
            host.variables |= top.hosts[name].variables


def to_nouns(model: type[N], inventory: Inventory, variables: Mapping[str, str]) -> tuple[list[tuple[N, Written]], list[Finding]]:
    """Every host as a noun (`variables`: field to variable), with its places, and everything that is wrong with the others.

    Without ansible_host a host is reached by its name, as in Ansible.
    """
    nouns: list[tuple[N, Written]] = []
    findings: list[Finding] = []
    for host in inventory.hosts.values():
        where = Written(host, variables)
        value: dict[str, object] = {"name": host.name, "host": host.name}
        if "groups" in model.model_fields:
            value["groups"] = sorted(host.groups)
        own = _foreign(host, variables)
        for field, variable in variables.items():
            if variable not in host.variables:
                continue
            written = host.variables[variable]
            value[field] = written.vaulted or written.node.plain()
            if written.vaulted and not holds_secret(model.model_fields[field]):
                message = f"{variable} is encrypted, and only passwords may be"
                own.append(where((field,)).finding("inventory", message, "write the value itself"))
            if "{{" in str(value[field]):
                message = f"{variable} is a template, which is not evaluated here"
                own.append(where((field,)).finding("inventory", message, "write the value itself, in a group or at the host"))
        if any(finding.code == "inventory" for finding in own):
            findings += own
            continue
        noun, faults = from_json(model, value, where, strict=False, spelling=variables)
        findings += own + faults
        if noun is not None:
            nouns.append((noun, where))
    return nouns, findings


def _foreign(host: Host, variables: Mapping[str, str]) -> list[Finding]:
    """Variables that claim to be ours and are not. Machines have none of ours but those the lab adds."""
    ours = [name for name in variables.values() if name.startswith("yunwang_")]
    return [
        variable.key.finding("unknown-field", f"there is no variable {shown(name)}", choose(name, ours, "remove it"))
        for name, variable in host.variables.items()
        if ours and name.startswith("yunwang_") and name not in ours
    ]
