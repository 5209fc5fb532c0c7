"""Masked configurations in a git repository: a commit a sweep. Never holds a secret, and never touches another repository."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from yunwang.credentials.children import environment
from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Fatal, Refused

_SETTINGS = ("core.autocrlf=false", "core.hooksPath=/dev/null", "commit.gpgsign=false", "safe.directory=*", "gc.auto=0")
"""Whatever the operator's own git is told to do: what is archived is what was read, and nobody is asked anything."""
FIELDS, RECORD = "%x1f", "\x1e"


class Version(Noun):
    """A commit that changed a device's configuration, and how many lines came and went. `told`: the device's own words on it."""

    commit: str
    at: datetime
    by: str
    """Who swept."""
    added: int
    removed: int
    told: str = ""


class Repository:
    """One file a device. Raises Fatal where git does not do its work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def begun(self) -> bool:
        """Is there a commit?"""
        return (self.folder / ".git").exists() and self._ask("rev-parse", "--verify", "-q", "HEAD") is not None

    def begin(self) -> None:
        """Make it where there is none."""
        if not (self.folder / ".git").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._git("init", "-q", "-b", "main")

    def put(self, name: str, text: str) -> None:
        """Write a file's new content; `stage` and `commit` keep it. Raises OSError."""
        path = self.folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            new = path.with_suffix(".new")
            new.write_text(text, encoding="utf-8")
            new.replace(path)

    def leave_out(self, names: Iterator[str]) -> None:
        """These are no longer in the next commit; those before it keep them."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def stage(self) -> dict[str, tuple[int, int]]:
        """The files that differ from the last commit, and are to be in the next: how many lines came and went."""
        self._git("add", "-A", "--", ".")
        lines = self._git("diff", "--cached", "--numstat", "--no-renames").splitlines()
        return {name: (int(added), int(removed)) for added, removed, name in (line.split("\t") for line in lines)}

    def commit(self, message: str, by: str, host: str) -> str:
        """Keep what is staged, even where that is nothing: a sweep is a commit. Its hash."""
        person = {"NAME": by, "EMAIL": f"{by}@{host}"}
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in person.items()}
        self._git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", said=message, variables=who)
        return self.commit_of("HEAD")

    def commit_of(self, revision: str) -> str:
        """The hash of a revision as git spells it, or as it was at a time (`2026-11-22 20:00`). Raises Refused."""
        found = None
        if not revision.startswith("-"):
            found = self._ask("rev-parse", "--verify", "-q", f"{revision}^{{commit}}")
            if found is None and re.match(r"\d{4}-\d\d-\d\d", revision):
                found = self._ask("rev-list", "-1", f"--before={revision}", "HEAD")
        if not found:
            raise Refused(f"the archive has no version {revision}", remedy="`yunwang net archive DEVICE` lists them")
        return found.strip()

    def text(self, name: str, revision: str = "HEAD") -> str | None:
        """A file as a commit has it; None: it was not there."""
        return self._ask("cat-file", "blob", f"{revision}:{name}")

    def names(self, revision: str = "HEAD") -> frozenset[str]:
        """The files of a commit."""
        return frozenset(self._git("ls-tree", "--name-only", revision).splitlines())

    def changed_at(self, name: str) -> datetime | None:
        """When the commit was made that last changed a file."""
        found = self._git("log", "-1", "--format=%cI", "--", name).strip()
        return _utc(found) if found else None

    def versions(self, name: str) -> Iterator[Version]:
        """The commits that changed a file, newest first."""
        form = f"--format={RECORD}" + FIELDS.join(("%H", "%cI", "%an", "%b"))
        for record in self._git("log", form, "--numstat", "--no-renames", "--", name).split(RECORD)[1:]:
            commit, at, by, rest = record.split("\x1f", 3)
            body, _, count = rest.rstrip("\n").rpartition("\n")
            added, removed, _ = count.split("\t")
            told = next((line for line in body.splitlines() if line.startswith(f"{name}: ")), "").partition("; ")[2]
            yield Version(commit=commit, at=_utc(at), by=by, added=int(added), removed=int(removed), told=told)

    def difference(self, commit: str, name: str) -> str:
        """What a commit changed in a file, as a unified diff."""
        return self._git("show", "--format=", "--no-color", commit, "--", name)

    def _ask(self, *words: str) -> str | None:
        done = self._run(words)
        return done.stdout if done.returncode == 0 else None

    def _git(self, *words: str, said: str | None = None, variables: Mapping[str, str] | None = None) -> str:
        done = self._run(words, said, variables)
        if done.returncode:
            reason = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise Fatal(f"git {words[0]} failed in the archive: {reason[-1]}", remedy=f"look at {self.folder}")
        return done.stdout

    def _run(
        self, words: tuple[str, ...], said: str | None = None, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = (word for setting in _SETTINGS for word in ("-c", setting))
        own = environment() | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "LC_ALL": "C.UTF-8"}
        try:
            return subprocess.run(
                ["git", "-C", str(self.folder), *settings, *words],
                input=said,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env={**own, **(variables or {})},
                check=False,
            )
        except OSError as error:
            raise Fatal(f"git cannot be run: {error.strerror}", remedy="install it (package git)") from None


def _utc(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)
