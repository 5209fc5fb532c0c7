"""The restore job: devices back to what the archive has of them, as a plan like any other. Never sends a mask.

Plan, errors and journal hold masks alone: what they stand for is known on the device's own line, for as long as a session lasts
(`masking.py`). Lines that differ are sent, nothing else; the way in to the device is touched last, if at all (`DeviceJob`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from yunwang.inventories.finding import Finding
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Outcome
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.archive.archive import Archive, file_of, masks_in
from yunwang.network.archive.masking import connect_masked
from yunwang.network.configuration.config import Config, parse
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.jobs.probes import Probes
from yunwang.network.transport import Session, Timeouts


class RestoreJob(DeviceJob):
    """Devices, given by name or site (shell patterns), each as `NAME@VERSION` or as `NAME`, which is the newest version.

    Raises Refused where the archive, its key, a version, or a device in it is not there.
    """

    name = "restore"
    title = "Devices back to what the archive has of them"

    def __init__(
        self, workspace: Workspace, asked: Sequence[str], *, wire: Path | None = None, timeouts: Timeouts | None = None
    ) -> None:
        super().__init__(_unsaved_is_told(workspace), wire=wire, timeouts=timeouts)
        self._probes = _AsBefore(workspace)
        repository = Archive.of(workspace).repository
        self._versions = {
            device.name: repository.commit_of(version or "HEAD")
            for name, _, version in (word.partition("@") for word in asked)
            for device in _named(workspace, name)
        }
        if not self._versions:
            raise Refused("no device was named", remedy="name devices or sites: --of NAME, --of NAME@VERSION")
        kept = {name: repository.text(file_of(name), version) for name, version in self._versions.items()}
        self._archived = {name: text for name, text in kept.items() if text is not None}
        if missing := kept.keys() - self._archived.keys():
            raise Refused(
                f"the archive has no {', '.join(sorted(missing))} in the version that was asked for",
                remedy="`yunwang net archive DEVICE` lists a device's versions",
            )

    def devices(self) -> tuple[Device, ...]:
        """Those that were asked for."""
        return tuple(device for device in self._workspace.devices if device.name in self._versions)

    @property
    def options(self) -> JsonObject:
        """The devices with their versions, which stay what they are however the archive goes on."""
        return {"of": [f"{name}@{version}" for name, version in self._versions.items()]}

    def intend(self, device: Device, running: Config) -> Config:
        """What the archive has of it, masked."""
        return parse(self._archived[device.name], running.rules)

    def checks(self, device: Device, running: Config, facts: JsonObject, done: frozenset[str]) -> JsonObject:
        """Nothing beside the configuration, and what was there before."""
        return {}

    def look(self, session: Session, device: Device, checks: JsonObject) -> tuple[Finding, ...]:
        """Nothing."""
        return ()

    def apply(self, change: Change, say: Callable[[str], None]) -> Outcome:
        """As every job on devices. Raises Refused, nothing sent, where a mask of the change is in no copy of the archive."""
        archive = Archive.of(self._workspace)
        archive.secrets(self._device(change.target), masks_in(change.model_dump_json()))
        return super().apply(change, say)

    def connect(self, device: Device) -> AbstractContextManager[Session]:
        """A session in which secrets are masks. What the device runs is kept, so that a change can be taken back."""
        archive = Archive.of(self._workspace)
        keep = partial(archive.keep, device)
        return connect_masked(device, self._workspace, archive, wire=self._wire, timeouts=self._timeouts, read=keep)


def _unsaved_is_told(workspace: Workspace) -> Workspace:
    """What somebody did and did not save is no reason to leave a device alone: it goes, and is not saved with what comes."""
    settings = workspace.settings
    if settings.network.baseline.unsaved != "skip":
        return workspace
    baseline = settings.network.baseline.model_copy(update={"unsaved": "warn"})
    network = settings.network.model_copy(update={"baseline": baseline})
    return workspace.revised(settings=settings.model_copy(update={"network": network}))


class _AsBefore(Probes):
    """Going back promises nothing that was not there: a probe that did not answer before need not afterwards."""

    def due(self, name: str, done: Collection[str], answered: Collection[str]) -> list[str]:
        return [probe for probe in super().due(name, done, answered) if probe in answered]


def _named(workspace: Workspace, name: str) -> tuple[Device, ...]:
    found = tuple(one for one in workspace.devices if fnmatchcase(one.name, name) or fnmatchcase(one.site, name))
    if not found:
        raise Refused(f"no device and no site is named {name}", remedy="give the names that the inventory has")
    return found
