"""The binding job: the ledger's terminals bound on their access switches, and what is there laid beside. Enforces nothing yet.

A binding drops traffic only once checking is switched on at a port, and then also for terminals whose row is wrong: bind,
verify and reconcile come first (see the vendors' IP source guard).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Binding, Device, Link
from yunwang.inventories.noun import JsonObject
from yunwang.network import binding
from yunwang.network.binding import Reconciliation
from yunwang.network.configuration.config import Config
from yunwang.network.facts.model import BoundAddress, Neighbor
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.jobs.order import PARALLEL
from yunwang.network.jobs.running import read
from yunwang.network.transport import Session
from yunwang.network.vendors import vendor


class BindingJob(DeviceJob):
    """The ledger's bindings on every access switch that has terminals."""

    name = "binding"
    title = "Terminals bound to their address, MAC and port"

    def devices(self) -> tuple[Device, ...]:
        """Those with a terminal in the ledger."""
        named = {terminal.device for terminal in self._workspace.terminals}
        return tuple(device for device in self._workspace.devices if device.name in named)

    def intend(self, device: Device, running: Config) -> Config:
        """The running configuration with the ledger's bindings; others stay, and `reconcile` reports them."""
        return binding.intend(self._workspace, device, running)

    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        """Nothing beside the configuration: what is looked for stands in the ledger."""
        intended = self.intend(device, running)
        return {"bindings": [one.model_dump(mode="json") for one in binding.configured(device, intended)]}

    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        """The device's own binding table beside the plan: configured is not yet effective (an ACL table may be full)."""
        its = vendor(device.platform)
        shown = {
            (row.address, row.mac)
            for command in its.session.show.static_bindings
            for row in its.parse.read(command, session.display(command), BoundAddress)
            if row.static
        }
        planned = [Binding.model_validate(one) for one in _list(checks["bindings"])]
        return tuple(
            _not_shown(device, one) for one in planned if its.session.show.static_bindings and (one.address, one.mac) not in shown
        )

    def remarks(self, device: Device, running: Config, facts: JsonObject) -> tuple[Finding, ...]:
        """Rows that the platform cannot bind."""
        return binding.unsupported(self._workspace, device)

    def reconcile(self) -> Reconciliation:
        """Ledger, configuration and what the switches see now, laid over one another. Reads every switch; raises Verdict."""
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="reconcile") as pool:
            accounts = tuple(pool.map(self._accounts, self.devices()))
        return binding.reconcile(
            [one for device in self.devices() for one in binding.ledger(self._workspace, device)],
            [one for configured, _ in accounts for one in configured],
            [one for _, observed in accounts for one in observed],
        )

    def _accounts(self, device: Device) -> tuple[tuple[Binding, ...], tuple[Binding, ...]]:
        its = vendor(device.platform)
        with self.connect(device) as session:
            running = read(session, its)
            seen_by = [command for command in (its.session.show.arp, its.session.show.neighbors) if command]
            neighbors = [one for command in seen_by for one in its.parse.read(command, session.display(command), Neighbor)]
        seen = binding.observed(device, neighbors)
        return binding.configured(device, running), tuple(
            one for one in seen if binding.port(one.interface) not in self._links(device)
        )

    def _links(self, device: Device) -> frozenset[str | None]:
        """The ports of its links: who is seen there is a router of the network, no terminal."""
        ends = (end for link in self._workspace.links_of(device.name) for end in _ends(link))
        return frozenset(binding.port(interface) for name, interface in ends if name == device.name)


def _ends(link: Link) -> tuple[tuple[str, str], tuple[str, str]]:
    return (link.a_device, link.a_interface), (link.b_device, link.b_interface)


def _not_shown(device: Device, one: Binding) -> Finding:
    return Finding(
        code="binding-not-in-table",
        message=f"{one.address} is configured for {one.mac} but not in the device's binding table",
        remedy="look at the device's log: its ACL resources may be used up",
        target=f"device/{device.name}",
    )


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
