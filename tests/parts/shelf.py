"""A job whose targets are jars on a shelf: real state, in memory, that can be broken at every deed. For tests of the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Wave
from yunwang.inventories.verdict import Fatal, Unknown
from yunwang.operations.job import Say


@dataclass
class Shelf:
    """Jars: each holds a number and is to hold another. `breaks[(deed, jar)]` is raised (or done) instead of the deed."""

    jars: dict[str, int]
    wanted: dict[str, int]
    waves: tuple[tuple[str, ...], ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    requires: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parallel: int = 1
    breaks: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)
    deeds: list[tuple[str, str]] = field(default_factory=list)
    name: str = "shelf"
    title: str = "Jars on the shelf"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def options(self) -> JsonObject:
        return {}

    def targets(self) -> tuple[str, ...]:
        return tuple(f"jar/{name}" for name in self.wanted)

    def observe(self, target: str) -> Observed:
        jar = self._begin("observe", target)
        return Observed(target=target, summary=f"holds {self.jars[jar]}", facts={"holds": self.jars[jar]})

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        changes = tuple(
            Change(
                id=name,
                target=f"jar/{name}",
                group=self.groups.get(name, ""),
                action=Action.UPDATE,
                summary=f"{observed[f'jar/{name}'].facts['holds']} → {number}",
                forward={"to": number},
                reverse={"to": observed[f"jar/{name}"].facts["holds"]},
                requires=self.requires.get(name, ()),
            )
            for name, number in self.wanted.items()
            if f"jar/{name}" in observed and observed[f"jar/{name}"].facts["holds"] != number
        )
        known = {change.id for change in changes}
        groups = self.waves or (tuple(self.wanted),)
        waves = [tuple(name for name in group if name in known) for group in groups]
        return Draft(
            changes=changes,
            waves=tuple(Wave(name=f"w{n}", changes=group, parallel=self.parallel) for n, group in enumerate(waves, 1) if group),
        )

    def apply(self, change: Change, say: Say) -> Outcome:
        return self._fill("apply", change, change.forward)

    def undo(self, change: Change, say: Say) -> Outcome:
        return self._fill("undo", change, change.reverse)

    def verify(self, change: Change) -> tuple[Finding, ...]:
        jar = self._begin("verify", change.target)
        if self.jars[jar] == change.forward["to"]:
            return ()
        return (Finding(code="wrong", message=f"holds {self.jars[jar]}", remedy="look", target=change.target),)

    def _fill(self, deed: str, change: Change, what: JsonObject) -> Outcome:
        jar = self._begin(deed, change.target)
        number = what["to"]
        assert isinstance(number, int)
        self.jars[jar] = number
        return Outcome(summary=f"now {number}")

    def _begin(self, deed: str, target: str) -> str:
        jar = target.removeprefix("jar/")
        with self._lock:
            self.deeds.append((deed, jar))
        if (deed, jar) in self.breaks:
            self.breaks[deed, jar]()
        return jar

    def did(self, deed: str) -> list[str]:
        return [jar for done, jar in self.deeds if done == deed]


def fails(message: str = "the jar is stuck") -> Callable[[], None]:
    def fail() -> None:
        raise Fatal(message, remedy="oil it")

    return fail


def meets(count: int) -> Callable[[], None]:
    """Waits until so many are there at the same time; a failure where they never are."""
    rendezvous = threading.Barrier(count, timeout=10)

    def meet() -> None:
        rendezvous.wait()

    return meet


def vanishes() -> None:
    """Who did the deed is lost over it."""
    raise Unknown("the worker is gone")
