"""Bad weather before a whole cloud: meddlers before all its services, and faults at requests that a seed chooses."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml
from parts.meddler import Fault, Meddler

from yunwang.stacks.openstack.session import OpenStack

AT_ONCE = {"Retry-After": "0"}
READS, WRITES = range(60), range(20)
"""Among the first so many requests of a command: about as many as the apply of a small tenant sends."""
EACH = 4
"""Faults among those that read, and among those that write."""


def kinds(stall: float) -> tuple[Fault, ...]:
    """Every kind of fault."""
    return ((401, {}), (409, {}), (429, AT_ONCE), (500, {}), (503, AT_ONCE), "before", "after", stall, "cut")


@dataclass
class Storm:
    """Which of the requests to a cloud are spoiled, and how. `met`: those that were, in words."""

    seed: int
    stall: float
    met: list[str] = field(default_factory=list)
    _due: dict[tuple[bool, int], Fault] = field(default_factory=dict)
    _seen: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        random, every = Random(self.seed), kinds(self.stall)
        numbers = [(writes, number) for writes, among in ((False, READS), (True, WRITES)) for number in random.sample(among, EACH)]
        # each kind comes in turn over the seeds, so that a few of them have all
        turn = itertools.islice(itertools.cycle(every), self.seed * len(numbers), None)
        chosen = [next(turn) for _ in numbers]
        random.shuffle(chosen)
        self._due = dict(zip(numbers, chosen, strict=True))

    def __call__(self, method: str, path: str) -> Fault | None:
        """What befalls this request."""
        writes = method not in ("GET", "HEAD") and not path.endswith("/auth/tokens")
        with self._lock:
            number = self._seen[writes]
            self._seen[writes] += 1
            fault = self._due.get((writes, number))
            if fault is not None:
                self.met.append(f"{fault[0] if isinstance(fault, tuple) else fault} to {method} {path}")
        return fault


class Front:
    """Meddlers before all services of a cloud in clouds.yaml: keystone's catalog leads through them."""

    def __init__(self, cloud: str, root: Path) -> None:
        session = OpenStack(cloud, root / "clouds.yaml")._signed_in("test").session
        catalog: list[Any] = session.auth.get_access(session).service_catalog.catalog
        self.meddlers = {one["type"]: Meddler(one["endpoints"][0]["url"]) for one in catalog}
        told = {one.upstream.netloc.encode(): f"127.0.0.1:{one.server_address[1]}".encode() for one in self.meddlers.values()}
        for one in self.meddlers.values():
            one.told = told
        self._cloud, self._secure = cloud, root / "secure.yaml"
        self._calm = self._secure.read_text()

    def comes(self, storm: Storm, timeout: float | None = None) -> None:
        """The cloud is reached through them from now on."""
        for one in self.meddlers.values():
            one.weather = storm
        secure = yaml.safe_load(self._calm)
        secure["clouds"][self._cloud]["auth"]["auth_url"] = self.meddlers["identity"].url
        if timeout is not None:
            secure["clouds"][self._cloud]["api_timeout"] = timeout
        self._secure.write_text(yaml.safe_dump(secure))

    def passes(self) -> None:
        """And directly again."""
        self._secure.write_text(self._calm)

    def end(self) -> None:
        """They go."""
        self.passes()
        for one in self.meddlers.values():
            one.end()
