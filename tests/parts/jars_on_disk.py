"""Shelf's jars as files, and a process that plans and applies them: for tests with several processes on one journal.

`python -m parts.jars_on_disk FOLDER NAME … [--wait SECONDS] [--resume RUN]` prints how it ended. While `FOLDER/stuck` is there, an
apply that has begun waits for it to go, after it made `FOLDER/begun-<pid>`. Signals are handled as the command line does.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from parts.shelf import Shelf

from yunwang.cli import session
from yunwang.inventories.plan import Change, Outcome, Plan
from yunwang.inventories.verdict import Verdict
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.operations.job import Say
from yunwang.operations.terms import Terms

WANTED = 3


class Files(MutableMapping[str, int]):
    """A number per file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> int:
        return int((self.folder / name).read_text())

    def __setitem__(self, name: str, number: int) -> None:
        (self.folder / name).write_text(str(number))
        with (self.folder / "log").open("a") as log:
            log.write(f"{name}={number}\n")

    def __delitem__(self, name: str) -> None:
        (self.folder / name).unlink()

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self.folder.iterdir())

    def __len__(self) -> int:
        return len(list(self.folder.iterdir()))


class DiskShelf(Shelf):
    """A shelf whose jars outlive the process."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        waves = tuple((name,) for name in names)
        super().__init__(jars=Files(folder), wanted=dict.fromkeys(names, WANTED), waves=waves)  # type: ignore[arg-type]
        self.folder = folder

    def apply(self, change: Change, say: Say) -> Outcome:
        (self.folder / f"begun-{os.getpid()}").touch()
        while (self.folder / "stuck").exists():
            time.sleep(0.01)
        return super().apply(change, say)


def workspace(folder: Path) -> Workspace:
    """The workspace of such a folder."""
    return Workspace(root=folder, digest="sha256:intent", settings=Settings(version=1, name="larder", title="Larder"))


def main() -> None:
    """One process of the test."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--wait", type=float, default=0)
    parser.add_argument("--resume")
    parser.add_argument("--plan", type=Path)
    asked = parser.parse_args()
    here = workspace(asked.folder)
    shelf = DiskShelf(asked.folder, asked.names)
    try:
        with session.engine(here, quiet=True, terms=Terms(wait=asked.wait)) as engine:
            if asked.resume:
                run = engine.resume(asked.resume, shelf)
            else:
                plan = Plan.model_validate_json(asked.plan.read_text()) if asked.plan else engine.plan(shelf)
                run = engine.apply(plan, shelf)
            print(run.state)
    except Verdict as verdict:
        print(f"{type(verdict).__name__}: {verdict.message}")


if __name__ == "__main__":
    main()
