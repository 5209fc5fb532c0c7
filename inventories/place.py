"""Where something was written, and how a fault is said about it. Never reads a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

from yunwang.inventories.finding import Finding, Severity

Path: TypeAlias = tuple[str | int, ...]
"""The way from a value to a part of it: field names and list positions (`("allotments", 0, "cloud")`)."""


class Place(NamedTuple):
    """A file relative to the workspace; line and column count from 1, 0 means the whole file."""

    file: str = ""
    line: int = 0
    column: int = 0

    def finding(self, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Finding:
        """A fault at this place."""
        return Finding(
            code=code, severity=severity, message=message, remedy=remedy, file=self.file, line=self.line, column=self.column
        )

    def warning(self, code: str, message: str, remedy: str) -> Finding:
        """Something to look at, at this place; stops nothing."""
        return self.finding(code, message, remedy, Severity.WARNING)


class Locator(Protocol):
    """Finds the place of a part of a value; of what is not written, the place of what should hold it."""

    def __call__(self, path: Path, *, key: bool = False) -> Place:
        """`key` asks for the field's name instead of its value."""


def shown(value: object) -> str:
    """A value as a message quotes it: in double quotes, control characters spelled out, at most 60 characters."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= 60 else text[:59] + "…"
    return '"' + "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text) + '"'


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What the writer of `word` probably meant, if anything known is near. Past 2,000 names it does not look (quadratic)."""
    names = sorted(known)
    if len(names) > 2000 or len(word) > 200:
        return None
    matches = difflib.get_close_matches(word, names, n=1)
    return matches[0] if matches else None


def choose(word: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the near name if there is one, else the few that are known, else the sentence given."""
    names = sorted(known)
    if match := nearest(word, names):
        return f"did you mean {shown(match)}?"
    return f"{otherwise} (known: {', '.join(names)})" if 0 < len(names) <= 20 else otherwise
