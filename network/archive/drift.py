"""Drift: how what devices run differs from what they boot from, from the archive, and from intent; who it was. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Phase
from yunwang.journal.store import Journal
from yunwang.network.archive.archive import Archive, file_of, told
from yunwang.network.archive.masking import connect_masked
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.patch import patch
from yunwang.network.jobs.binding import BindingJob
from yunwang.network.jobs.delta import Delta, delta, made
from yunwang.network.jobs.device_job import DeviceJob
from yunwang.network.jobs.dual_stack import DualStackJob
from yunwang.network.jobs.running import read
from yunwang.network.transport import Session
from yunwang.network.vendors import Vendor, vendor

WORKERS = 16


class Kind(StrEnum):
    """What differs."""

    UNSAVED = "unsaved"
    """It runs what it would not boot with."""
    BEHIND_THE_TOOL = "behind-the-tool"
    """It differs from the archive, and no run of ours explains it."""
    BY_RUN = "by-run"
    """It differs from the archive as far as our runs changed it since: the next backup has it."""
    INTENT = "intent-not-applied"
    NEVER_ARCHIVED = "never-archived"
    UNREADABLE = "unreadable"


class Drift(Noun):
    """One way in which one device drifted. `lines`: `+` what runs and should not, or is new; `-` what is missing. Masked."""

    device: str
    kind: Kind
    what: str
    lines: tuple[str, ...] = ()


def drift(
    workspace: Workspace, journal: Journal, devices: Sequence[Device], *, say: Callable[[str], None] = lambda _: None
) -> tuple[Drift, ...]:
    """What of these devices drifted, by device. Reads each; raises Refused without an archive or its key."""
    archive = Archive.of(workspace)
    jobs = {job: frozenset(one.name for one in job.devices()) for job in (DualStackJob(workspace), BindingJob(workspace))}

    def of(device: Device) -> tuple[Drift, ...]:
        try:
            asking = [job for job, names in jobs.items() if device.name in names]
            return tuple(_of(device, workspace, archive, journal, asking))
        except Verdict as verdict:
            say(f"device/{device.name}: {verdict.message}")
            return (Drift(device=device.name, kind=Kind.UNREADABLE, what=verdict.message),)

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="drift") as pool:
        return tuple(found for each in pool.map(of, devices) for found in each)


def as_finding(found: Drift) -> Finding:
    """For who shows findings."""
    remedies = {
        Kind.UNSAVED: "save it on the device, or have it go at the next boot",
        Kind.BEHIND_THE_TOOL: "take it back (`yunwang net restore`), or keep it (`yunwang net backup`)",
        Kind.BY_RUN: "yunwang net backup",
        Kind.INTENT: "plan and apply",
        Kind.NEVER_ARCHIVED: "yunwang net backup",
        Kind.UNREADABLE: "see that it can be reached",
    }
    severity = {Kind.UNREADABLE: Severity.ERROR, Kind.BY_RUN: Severity.INFO}.get(found.kind, Severity.WARNING)
    message = "\n".join((found.what, *(f"  {line}" for line in found.lines)))
    return Finding(
        code=found.kind.value, severity=severity, message=message, remedy=remedies[found.kind], target=f"device/{found.device}"
    )


def _of(device: Device, workspace: Workspace, archive: Archive, journal: Journal, jobs: Sequence[DeviceJob]) -> Iterator[Drift]:
    its, shown = vendor(device.platform), list[str]()
    with connect_masked(device, workspace, archive, wire=workspace.state / "wire", read=shown.append) as session:
        running = read(session, its)
        saved = _saved(session, its)
    words = told(shown[-1])
    last = f"; last changed at {words}" if words else ""
    if saved.tree and (unsaved := delta(saved, running)) != NOTHING:
        yield Drift(device=device.name, kind=Kind.UNSAVED, what=f"what it runs was not saved{last}", lines=_lines(unsaved))
    yield from _from_archive(device, running, archive, journal, last)
    for job in jobs:
        if lines := patch(its, running, job.intend(device, running)).text().splitlines():
            what = f"{job.title}: intent asks for {len(lines)} lines more"
            yield Drift(device=device.name, kind=Kind.INTENT, what=what, lines=tuple(lines))


def _saved(session: Session, its: Vendor) -> Config:
    """What the device boots from; nothing where it does not show that."""
    try:
        return parse(session.display(its.session.show.saved) if its.session.show.saved else "", its.rules)
    except Fatal:
        return parse("", its.rules)


def _from_archive(device: Device, running: Config, archive: Archive, journal: Journal, last: str) -> Iterator[Drift]:
    name = file_of(device.name)
    text, since = archive.repository.text(name), archive.repository.changed_at(name)
    if text is None or since is None:
        yield Drift(device=device.name, kind=Kind.NEVER_ARCHIVED, what="nothing of it is in the archive")
        return
    archived = parse(text, running.rules)
    expected, runs = archived, dict[str, None]()
    for step in journal.deeds(f"device/{device.name}", since):
        change = journal.plan_of(step.run).change(step.change)
        if "delta" in change.reverse:
            ours = made(change)
            expected = ours.forward(expected) if step.phase is Phase.APPLY else ours.backward(expected)
            runs[step.run] = None
    if (ours := delta(archived, expected)) != NOTHING and runs:
        what = f"changed since the archive by run {', '.join(runs)}"
        yield Drift(device=device.name, kind=Kind.BY_RUN, what=what, lines=_lines(ours))
    if (others := delta(expected, running)) != NOTHING:
        what = f"changed behind the tool since {since:%F %T} UTC{last}"
        yield Drift(device=device.name, kind=Kind.BEHIND_THE_TOOL, what=what, lines=_lines(others))


NOTHING = Delta((), ())


def _lines(found: Delta) -> tuple[str, ...]:
    return tuple(f"{sign} {' › '.join(path)}" for sign, paths in (("-", found.removed), ("+", found.added)) for path in paths)
