"""A job whose targets are folders: deeds are done by whichever process does them, and told in files. For Dask's tests."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Wave
from yunwang.inventories.verdict import Fatal
from yunwang.operations.job import Say


@dataclass
class Shed:
    """Each target is a folder with a file `holds`; `deeds` in it gets a line for each deed, with the process that does it."""

    root: Path
    names: tuple[str, ...]
    stuck: str = ""
    """The target over which `apply` hangs, half done, when it is tried for the first time."""
    refuses: str = ""
    """The target whose `apply` fails."""
    name: str = "shed"
    title: str = "Folders"

    @property
    def options(self) -> JsonObject:
        return {}

    def targets(self) -> tuple[str, ...]:
        return tuple(f"stack/{name}" for name in self.names)

    def observe(self, target: str) -> Observed:
        return Observed(target=target, facts={"holds": self._holds(target).read_text()})

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        changes = tuple(
            Change(id=target, target=target, action=Action.UPDATE, summary="new")
            for target, seen in observed.items()
            if seen.facts["holds"] != "new"
        )
        return Draft(changes=changes, waves=(Wave(name="all", changes=tuple(change.id for change in changes), parallel=4),))

    def apply(self, change: Change, say: Say) -> Outcome:
        self._note("apply", change.target)
        say(f"{change.target}: first word")
        say(f"{change.target}: second word")
        if change.target == self.refuses:
            raise Fatal("it will not", remedy="ask again", target=change.target)
        first = self.did(change.target).count("apply") == 1
        self._holds(change.target).write_text("half")
        if change.target == self.stuck and first:
            time.sleep(600)  # until the process is killed
        self._holds(change.target).write_text("new")
        return Outcome(summary="new", evidence={"pid": os.getpid()})

    def verify(self, change: Change) -> tuple[Finding, ...]:
        holds = self._holds(change.target).read_text()
        return () if holds == "new" else (Finding(code="shed", message=f"holds {holds}", remedy="look", target=change.target),)

    def undo(self, change: Change, say: Say) -> Outcome:
        self._note("undo", change.target)
        self._holds(change.target).write_text("old")
        return Outcome(summary="old")

    def fill(self) -> None:
        for target in self.targets():
            self._holds(target).parent.mkdir(parents=True)
            self._holds(target).write_text("old")

    def did(self, target: str) -> list[str]:
        """The deeds at a target, in their order."""
        return [line.split()[0] for line in self._lines(target)]

    def by(self, target: str) -> list[int]:
        """The processes that did them."""
        return [int(line.split()[1]) for line in self._lines(target)]

    def _holds(self, target: str) -> Path:
        return self.root / target / "holds"

    def _note(self, deed: str, target: str) -> None:
        with (self.root / target / "deeds").open("a") as file:
            file.write(f"{deed} {os.getpid()}\n")

    def _lines(self, target: str) -> list[str]:
        file = self.root / target / "deeds"
        return file.read_text().splitlines() if file.exists() else []


def talks(change: Change, say: Say) -> Outcome:
    for number in range(20):
        say(str(number))
    return Outcome(summary="said")
