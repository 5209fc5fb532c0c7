"""A sweep: every device's running configuration into the archive, several at once, each forgotten as soon as it is kept.

Reading changes nothing, so it needs no plan; that it was done stands in the audit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import islice

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.verdict import Fatal, Refused, Retryable, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.audit import By
from yunwang.journal.store import Journal
from yunwang.network.archive.archive import KEY_ID, Archive, file_of, told
from yunwang.network.archive.masking import connect_masked
from yunwang.network.jobs.running import read
from yunwang.network.vendors import vendor

WORKERS = 16
TRIES = 2
"""For what may go away by itself: a VTY that is taken, a device that is busy."""


class Swept(Noun):
    """What a sweep did. `changed`: per device how many lines came and went since the last one."""

    commit: str
    devices: int
    changed: dict[str, tuple[int, int]]
    failures: tuple[Finding, ...] = ()


def sweep(
    workspace: Workspace,
    journal: Journal,
    devices: Sequence[Device],
    by: By,
    *,
    workers: int = WORKERS,
    say: Callable[[str], None] = lambda _: None,
) -> Swept:
    """Archive devices, in one commit. One that cannot be read keeps what it had, and is among the failures.

    Where all devices of the workspace are asked for, those that are no longer in it leave. Raises Verdict.
    """
    archive = Archive.of(workspace, new=True)
    with archive.sweeping():
        archive.repository.put(KEY_ID, archive.key_id)
        if set(workspace.devices) <= set(devices):
            kept = {KEY_ID, *(file_of(device.name) for device in devices)}
            archive.repository.leave_out(name for name in _there(archive) if name not in kept)
        held = {lease.target: lease.run for lease in journal.leases.all() if not journal.leases.lapsed(lease)}
        failures: list[Finding] = []
        words: dict[str, str] = {}
        for device, outcome in _read_all(workspace, archive, devices, workers):
            target = f"device/{device.name}"
            if isinstance(outcome, Finding):
                failures.append(outcome)
                say(f"{target}: {outcome.message}")
            elif outcome:
                words[file_of(device.name)] = outcome
            if target in held:
                failures.append(_meanwhile(target, held[target]))
        changed = {name: count for name, count in archive.repository.stage().items() if name != KEY_ID}
        read_well = len(devices) - sum(finding.code == "not-archived" for finding in failures)
        commit = archive.repository.commit(_message(read_well, len(devices), changed, words), by.operator, by.host)
    details: JsonObject = {
        "devices": len(devices),
        "changed": [*sorted(name.removesuffix(".cfg") for name in changed)],
        "failed": [*sorted(finding.target for finding in failures if finding.code == "not-archived")],
    }
    journal.audit.append("archive.swept", **by._asdict(), result=commit, details=details)
    return Swept(
        commit=commit,
        devices=len(devices),
        changed={name.removesuffix(".cfg"): count for name, count in sorted(changed.items())},
        failures=tuple(failures),
    )


def chosen(workspace: Workspace, patterns: Sequence[str]) -> tuple[Device, ...]:
    """The devices that a pattern matches (`device/dh-*`, `dh-acc-1`); all where none is given. Raises Refused for none."""
    for pattern in patterns:
        if not any(_matches(device, pattern) for device in workspace.devices):
            raise Refused(f"no device matches {pattern}", remedy="give the names that the inventory has, as device/NAME")
    return tuple(device for device in workspace.devices if not patterns or any(_matches(device, one) for one in patterns))


def _matches(device: Device, pattern: str) -> bool:
    return fnmatchcase(device.name, pattern.removeprefix("device/"))


def _read_all(
    workspace: Workspace, archive: Archive, devices: Sequence[Device], workers: int
) -> Iterator[tuple[Device, Finding | str]]:
    """Each device as it is done, with its own words on who changed it last. No more are begun than are being read."""
    waiting = iter(devices)
    with ThreadPoolExecutor(workers, thread_name_prefix="sweep") as pool:
        under_way: dict[Future[str], Device] = {}
        while True:
            fresh = islice(waiting, workers - len(under_way))
            under_way |= {pool.submit(_archive, device, workspace, archive): device for device in fresh}
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                device = under_way.pop(future)
                try:
                    yield device, future.result()
                except Verdict as verdict:
                    yield device, _failure(device, verdict)


def _archive(device: Device, workspace: Workspace, archive: Archive) -> str:
    for tries in range(TRIES, 0, -1):
        try:
            return _once(device, workspace, archive)
        except Retryable as verdict:
            if tries == 1:
                raise
            time.sleep(verdict.delay)
    raise AssertionError("unreachable")


def _once(device: Device, workspace: Workspace, archive: Archive) -> str:
    shown: list[str] = []
    with connect_masked(device, workspace, archive, wire=workspace.state / "wire", read=shown.append) as session:
        read(session, vendor(device.platform))
    text = shown[-1]
    try:
        archive.repository.put(file_of(device.name), archive.keep(device, text))
    except OSError as error:
        raise Fatal(f"cannot be archived: {error.strerror}", remedy="look at the archive's disk") from None
    return told(text)


def _there(archive: Archive) -> list[str]:
    return [path.name for path in archive.repository.folder.glob("*.cfg")]


def _message(read_well: int, asked: int, changed: dict[str, tuple[int, int]], words: dict[str, str]) -> str:
    """The commit's: a line for each device that changed."""
    lines = [
        f"{name}: +{added} -{removed}" + (f"; {words[name]}" if name in words else "")
        for name, (added, removed) in sorted(changed.items())
    ]
    title = f"{datetime.now(UTC):%F %T} UTC: {read_well} of {asked} devices read, {len(changed)} changed"
    return "\n".join([title, "", *lines, ""])


def _failure(device: Device, verdict: Verdict) -> Finding:
    return Finding(
        code="not-archived",
        severity=Severity.ERROR,
        message=verdict.message,
        remedy=verdict.remedy,
        target=f"device/{device.name}",
    )


def _meanwhile(target: str, run: str) -> Finding:
    return Finding(
        code="read-in-mid-run",
        severity=Severity.WARNING,
        message=f"was read while run {run} was at work on it",
        remedy="back it up again when that run has ended",
        target=target,
    )
