"""Contenders, each in an environment of its own, taking turns. Never installs anything into the toolkit's environment."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

from platformdirs import user_cache_path

from bench.table import Row

ROOT = Path(__file__).parent.parent
RIVALS = Path(__file__).parent / "rivals"
"""A file of pinned packages each; those that the toolkit has too have the version of its lock."""

Say = Callable[[str], None]


class Unable(Exception):
    """A contender could not be installed, or failed; the text says why."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A module of bench/contenders and, for a rival, the package that it is about; None: ours, in this environment."""

    module: str
    package: str | None = None

    @property
    def name(self) -> str:
        """Package and version, or `ours`."""
        return f"{self.package} {self._version()}" if self.package else "ours"

    def python(self, say: Say) -> Path:
        """The interpreter to run it with; a rival's environment is made now where it is not there. Raises Unable."""
        if self.package is None:
            return Path(sys.executable)
        home = user_cache_path("yunwang") / f"bench-{self.package}-{self._version()}"
        python, pins = home / "bin/python", RIVALS / f"{self.package}.txt"
        made = home / "made"
        if not made.exists() or made.read_text() != pins.read_text():
            say(f"installing {self.name}")
            uv = Path(sys.executable).with_name("uv")
            _call([uv, "venv", "-q", "--clear", "--python", sys.executable, home])
            # compiled as ours is: where Python may write no bytecode, each of their processes would compile everything again
            _call([uv, "pip", "install", "-q", "--compile-bytecode", "--python", python, "-r", pins])
            made.write_text(pins.read_text())
        return python

    def _version(self) -> str:
        pins = (RIVALS / f"{self.package}.txt").read_text().splitlines()
        return next(pin.partition("==")[2] for pin in pins if pin.startswith(f"{self.package}=="))


@dataclass(frozen=True, slots=True)
class Lap:
    """One run: seconds, and what came out."""

    wall: float
    cpu: float
    result: Any


def race(
    what: str,
    ours: Contender,
    rivals: Mapping[Contender, float],
    *,
    clock: Literal["wall", "cpu"],
    rounds: int,
    task: Callable[[Contender, int], Mapping[str, Any]],
    wrong: Callable[[Contender, int, Lap], str],
    say: Say,
) -> Iterator[Row]:
    """In every round each does its task once; a row for each rival, medians beside each other. `rivals` have their goals.

    After each turn `wrong` looks at what was done and says what is wrong with it: then the contender is out.
    """
    say(what)
    laps: dict[Contender, list[Lap]] = {contender: [] for contender in (ours, *rivals)}
    failed: dict[Contender, str] = {}
    for number in range(1, rounds + 1):
        for contender in [one for one in laps if one not in failed]:
            try:
                lap = turn(contender, task(contender, number), say)
            except Unable as why:
                failed[contender] = str(why)
                continue
            say(f"round {number}: {contender.name}: {lap.wall:.3f} s, {lap.cpu:.3f} s CPU")
            laps[contender].append(lap)
            if fault := wrong(contender, number, lap):
                failed[contender] = fault
    seconds = {who: None if who in failed else median(getattr(lap, clock) for lap in run) for who, run in laps.items()}
    for rival, goal in rivals.items():
        yield Row(
            what=what,
            unit="s CPU" if clock == "cpu" else "s",
            ours=seconds[ours],
            rival=rival.name,
            theirs=seconds[rival],
            times=goal,
            note="; ".join(f"{who.name}: {failed[who]}" for who in (ours, rival) if who in failed),
        )


def turn(contender: Contender, task: Mapping[str, Any], say: Say) -> Lap:
    """One run in a fresh process. Raises Unable."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        given = Path(folder, "task.json")
        given.write_text(json.dumps(task), encoding="utf-8")
        said = _call([contender.python(say), "-m", f"bench.contenders.{contender.module}", given])
    return Lap(**json.loads(said.strip().splitlines()[-1]))


def _call(argv: Sequence[str | Path]) -> str:
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unable((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    return done.stdout
