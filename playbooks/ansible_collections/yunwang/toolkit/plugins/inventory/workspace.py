"""A workspace as Ansible's inventory: devices and machines, grouped by site, level, plane, role, platform. Resolves no secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.plugins.loader import inventory_loader
from ansible.template import trust_as_template

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.way import variables
from yunwang.inventories import rendering
from yunwang.inventories.finding import Severity
from yunwang.inventories.network import Device, Site
from yunwang.inventories.reading import read
from yunwang.inventories.secret import SecretRef
from yunwang.inventories.workspace import Workspace

DOCUMENTATION = """
name: workspace
short_description: a yunwang workspace as an inventory
description:
  - Reads the folder of a C(yunwang.yaml) as C(yunwang validate) does, the lab's addresses included. An inventory beside
    C(network/hosts.yaml) and C(machines.yaml), which are inventories themselves.
  - Devices are in C(devices) and in C(site_NAME) (a site is a child of the one above), C(level_NAME), C(plane_a), C(role_NAME),
    C(platform_NAME); Linux hosts in C(machines) and in the groups of C(machines.yaml).
  - Devices are reached by C(ansible.netcommon.network_cli). Passwords are looked up when a connection is made.
options:
  plugin:
    description: the name of this plugin; left out, as the source is yunwang.yaml itself
    choices: [yunwang.toolkit.workspace]
"""
EXAMPLES = """
# ansible.cfg in the workspace, as `yunwang init` writes it; then: ansible-inventory --graph
# [defaults]
# inventory = machines.yaml,network/hosts.yaml,yunwang.yaml
# [inventory]
# enable_plugins = yunwang.toolkit.workspace
# any_unparsed_is_failed = true
"""


WORKSPACE = "yunwang.yaml"


class InventoryModule(BaseInventoryPlugin):  # type: ignore[misc]
    """The plugin; its source is a workspace's yunwang.yaml."""

    NAME = "yunwang.toolkit.workspace"

    def verify_file(self, path: str) -> bool:
        """Whether the source is a workspace, or an inventory in YAML beside it.

        Ansible's own reader of YAML must not come after us: it would take a workspace with faults for an empty inventory.
        """
        return bool(super().verify_file(path)) and Path(path).suffix in (".yaml", ".yml")

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read it. Raises AnsibleParserError with every fault."""
        super().parse(inventory, loader, path, cache)
        if Path(path).name != WORKSPACE:
            inventory_loader.get("ansible.builtin.yaml").parse(inventory, loader, path, cache)
            return
        root = Path(path).resolve().parent
        workspace, found = read(root)
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        if workspace is None or errors:
            raise AnsibleParserError(f"the workspace has faults\n{rendering.text(errors)}")
        sites = {site.name: site for site in workspace.sites}
        for site in workspace.sites:
            self.inventory.add_group(_group("site", site.name))
        for site in workspace.sites:
            if site.parent:
                self.inventory.add_child(_group("site", site.parent), _group("site", site.name))
        for device in workspace.devices:
            self._host(device.name, _groups(device, sites), dict(_variables(device, workspace)))
        for machine in workspace.machines:
            self._host(machine.name, ["machines"], {})
        if (laid_over := root / ".yunwang" / "lab" / "inventory.yaml").is_file():
            for name, variables in loader.load_from_file(str(laid_over))["all"]["hosts"].items():
                if name in self.inventory.hosts:
                    self._host(name, (), variables)

    def _host(self, name: str, groups: Iterable[str], variables: Mapping[str, Any]) -> None:
        self.inventory.add_host(name)
        for group in groups:
            self.inventory.add_child(self.inventory.add_group(group), name)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)


def _groups(device: Device, sites: Mapping[str, Site]) -> Iterator[str]:
    yield "devices"
    yield _group("site", device.site)
    yield _group("level", sites[device.site].level)
    yield _group("plane", device.plane)
    yield _group("role", device.role)
    yield _group("platform", device.platform)


def _group(kind: str, name: str) -> str:
    """A group's name, in the characters that Ansible takes."""
    return f"{kind}_{name}".replace("-", "_").replace(".", "_").lower()


def _variables(device: Device, workspace: Workspace) -> Iterator[tuple[str, Any]]:
    yield from variables(device, workspace)
    if device.password:
        yield "ansible_password", _looked_up(device.password, workspace.root)
    if device.enable_password:
        yield "ansible_become_password", _looked_up(device.enable_password, workspace.root)


def _looked_up(reference: SecretRef, root: Path) -> str:
    """A template that resolves a reference at the last moment."""
    return cast(
        "str",
        trust_as_template(f"{{{{ lookup('yunwang.toolkit.secret', {json.dumps(reference)}, root={json.dumps(str(root))}) }}}}"),
    )
