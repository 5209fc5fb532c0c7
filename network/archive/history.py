"""Who changed a device, what and when: from the archive, from the device's own words, and from our runs. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.network.archive.archive import Archive, file_of
from yunwang.network.archive.repository import Version

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Change(Version):
    """One version that differs from the one before. `runs`: ours since then."""

    runs: tuple[str, ...] = ()
    patch: str = ""

    @property
    def sentence(self) -> str:
        """For people."""
        words = [f"{self.commit[:12]}  {self.at:%F %T} UTC  +{self.added} -{self.removed}"]
        if self.told:
            words.append(f"the device: {self.told}")
        words += self.runs
        return "; ".join([*words, f"read by {self.by}"])


def history(workspace: Workspace, journal: Journal, device: str, *, patches: bool = False) -> Iterator[Change]:
    """A device's versions, newest first. Raises Refused where the archive, or the device in it, is not there."""
    repository = Archive.of(workspace).repository
    name = file_of(device)
    versions = [*repository.versions(name)]
    if not versions:
        raise _unknown(device)
    did = [(step, journal.run(step.run)) for step in journal.deeds(f"device/{device}", BEGINNING)]
    for version, since in zip(versions, (*(one.at for one in versions[1:]), BEGINNING), strict=True):
        between = dict.fromkeys(
            f"run {run.id} by {run.operator}"
            for step, run in did
            if step.ended is not None and since <= step.ended.replace(microsecond=0) <= version.at  # git knows seconds
        )
        patch = repository.difference(version.commit, name) if patches else ""
        yield Change(**version.model_dump(), runs=tuple(between), patch=patch)


def text(workspace: Workspace, device: str, version: str) -> str:
    """What a device ran in a version, masked. Raises Refused."""
    repository = Archive.of(workspace).repository
    found = repository.text(file_of(device), repository.commit_of(version))
    if found is None:
        raise _unknown(device)
    return found


def _unknown(device: str) -> Refused:
    return Refused(f"the archive has no {device}", remedy="`yunwang net backup` archives the devices of the workspace")
