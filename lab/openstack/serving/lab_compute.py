"""The hypervisor of a lab cloud: nova's fake driver with the size, architecture and traits of one host. Never runs a guest.

Scheduling, claims, placement and quotas around it are nova's own, so a full host is full.
"""
# mypy: disable-error-code="import-not-found, misc"
# Reason: nova is not installed where mypy runs.

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import nova.conf
from nova.compute import power_state, vm_states
from nova.objects import fields
from nova.virt import fake

STOPPED = (vm_states.STOPPED, vm_states.SHELVED, vm_states.SHELVED_OFFLOADED)


class Hypervisor(fake.FakeDriver):
    """One host of `cloud.json`, found by the name that nova-compute was started with."""

    def init_host(self, host: str) -> None:
        """Become that host."""
        super().init_host(host)
        hosts = json.loads((Path(nova.conf.CONF.state_path).parent / "cloud.json").read_text())["hosts"]
        self.lab_host = next(entry for entry in hosts if entry["name"] == host)
        self.vcpus = self.lab_host["vcpus"]
        self.memory_mb = self.lab_host["ram_gib"] * 1024
        self.local_gb = self.lab_host["disk_gib"]
        self.resources = fake.Resources(vcpus=self.vcpus, memory_mb=self.memory_mb, local_gb=self.local_gb)
        self.host_status_base["supported_instances"] = [(self.lab_host["architecture"], fields.HVType.FAKE, fields.VMMode.HVM)]

    def process_instances_at_startup(self, context: Any, instances: Any) -> Any:
        """The fake driver forgets its guests when it ends: take them from nova's database."""
        for instance in instances:
            if instance.vm_state in (vm_states.DELETED, vm_states.SHELVED_OFFLOADED, vm_states.BUILDING):
                continue
            state = power_state.SHUTDOWN if instance.vm_state in STOPPED else power_state.RUNNING
            self.instances[instance.uuid] = fake.FakeInstance(instance.name, state, instance.uuid)
            self.resources.claim(instance.flavor.vcpus, instance.flavor.memory_mb, instance.flavor.root_gb)
        return super().process_instances_at_startup(context, instances)

    def get_nodenames_by_uuid(self, refresh: bool = False) -> dict[str, str]:
        """The same identity after every restart (the fake driver's own is random)."""
        return {self.node_uuid(name): name for name in self.get_available_nodes()}

    def get_available_resource(self, nodename: str) -> dict[str, Any]:
        """What the host has, with its architecture and identity."""
        resources: dict[str, Any] = super().get_available_resource(nodename)
        cpu = json.loads(resources["cpu_info"])
        cpu.update(arch=self.lab_host["architecture"], model="lab", vendor="lab", features=[])
        resources.update(uuid=self.node_uuid(nodename), cpu_info=json.dumps(cpu))
        return resources

    def update_provider_tree(self, provider_tree: Any, nodename: str, allocations: Any = None) -> None:
        """Tell placement the host's traits besides its inventory."""
        super().update_provider_tree(provider_tree, nodename, allocations)
        provider_tree.add_traits(nodename, f"HW_ARCH_{self.lab_host['architecture'].upper()}", *self.lab_host["traits"])

    @staticmethod
    def node_uuid(name: str) -> str:
        """Derived from the name."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
