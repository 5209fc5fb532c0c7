"""The dual-stack design and plan of a whole extranet: CPU time and memory on two processes. Never a device."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import extranet
from bench.race import Say
from bench.table import Row
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import register as address_register
from yunwang.network.addresses.book import Book
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import patch
from yunwang.network.design import dual_stack
from yunwang.network.jobs.order import waves
from yunwang.network.vendors import vendor

PROCESSES = 2
_workspace: Workspace


class Result(NamedTuple):
    """Of one extranet: CPU seconds a process, seconds by the clock, GB of all processes together, lines before and after."""

    seconds: float
    clock: float
    memory: float
    before: int
    after: int


def run(say: Say, *, devices: int) -> Iterator[Row]:
    """A tenth of the devices, then all: the time of each should not depend on how many there are."""
    small, large = measure(devices // 10, say), measure(devices, say)
    lines = f"{large.before // devices:,} → {large.after // devices:,} lines"
    limit = 300 * devices / 10_000
    yield Row(
        what=f"design and plan {devices:,} devices, {lines}",
        unit="s",
        ours=large.seconds,
        limit=limit,
        note=f"{large.clock:.0f} s by the clock",
    )
    yield Row(what="its memory, all processes", unit="GB", ours=large.memory, limit=3.0)
    yield Row(
        what=f"time a device, {devices // 10:,} → {devices:,} devices",
        unit="×",
        ours=large.seconds / small.seconds / 10,
        limit=1.2,
    )


def measure(devices: int, say: Say) -> Result:
    """Addresses for all, then each device's configuration read, designed and compared, then the waves."""
    global _workspace
    say(f"design: making {devices:,} devices")
    bare = extranet.workspace(devices)
    began, spent = time.perf_counter(), _cpu()
    rows, faults = address_register.allot(bare)
    assert not faults, faults[0].message
    prefixes = {row.name: row.ipv6 for row in rows if row.kind == "site"}
    _workspace = bare.revised(sites=tuple(site.model_copy(update={"ipv6": prefixes[site.name]}) for site in bare.sites))
    book = Book.of(_workspace)
    ports = sum(len(device.interfaces) for device in _workspace.devices)
    assert len(book.addresses) == ports - extranet.CORES, "all but the last devices' lines onwards"
    _ = book.networks, book.hosts  # before the processes part
    before = after = 0
    memory = 0.0
    gc.collect()
    gc.freeze()  # what is there stays: no process needs to look at it again, or to copy it for that
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        sizes = pool.imap_unordered(_one, (device.name for device in _workspace.devices), chunksize=50)
        for number, (had, has) in enumerate(sizes, 1):
            before, after = before + had, after + has
            if number % max(devices // 4, 1) == 0:
                memory = max(memory, _memory([os.getpid(), *(child.pid or 0 for child in multiprocessing.active_children())]))
                say(f"design: {number:,} of {devices:,} after {time.perf_counter() - began:.0f} s")
        pool.close()
        pool.join()  # only then their CPU time counts
    gc.unfreeze()
    assert sum(len(wave.changes) for wave in waves(_workspace, (device.name for device in _workspace.devices))) == devices
    return Result((_cpu() - spent) / PROCESSES, time.perf_counter() - began, memory, before, after)


def _cpu() -> float:
    """Seconds that this process and its ended children computed."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _one(name: str) -> tuple[int, int]:
    """A device's lines before and after; the way there is checked to be complete."""
    device = _workspace.device(name)
    its = vendor(device.platform)
    text = extranet.running(device)
    running = parse(text, its.rules)
    intended = dual_stack.intend(_workspace, device, running)
    assert patch(its, running, intended).commands()
    return text.count("\n"), intended.render().count("\n")


def _memory(processes: list[int]) -> float:
    """GB that these processes take together, what they share counted once (proportional set size)."""
    total = 0
    for pid in processes:
        try:
            with Path(f"/proc/{pid}/smaps_rollup").open(encoding="ascii") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1024**2
