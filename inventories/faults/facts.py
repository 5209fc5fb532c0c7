"""What the checks across files look at: the workspace, where it is written, and what is missing from it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place, choose, shown
from yunwang.inventories.workspace import Workspace


class Where(Protocol):
    """Finds where a part of the workspace is written."""

    def __call__(self, *path: str | int) -> Place:
        """`place("tenants", 0, "title")`."""


@dataclass(frozen=True, slots=True)
class Known:
    """Names per kind, those of faulty items too, lest one fault look like many; kinds of which even names are missing."""

    names: Mapping[str, Collection[str]] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check is given."""

    workspace: Workspace
    place: Where
    known: Known

    def names(self, kind: str) -> Collection[str]:
        """All names of a kind."""
        return self.known.names.get(kind, ())

    def lacks(self, kind: str, name: str) -> bool:
        """Whether there is certainly nothing of that name."""
        return name not in self.names(kind) and kind not in self.known.incomplete

    def unknown(self, kind: str, what: str, name: str | None, *path: str | int) -> Iterator[Finding]:
        """A finding where `path` names what is not there."""
        if name is not None and self.lacks(kind, name):
            remedy = choose(name, self.names(kind), f"declare it, or correct the name; none of its kind is called {shown(name)}")
            yield self.place(*path).finding("unknown-reference", f"there is no {what} {shown(name)}", remedy)


def twice(place: Place, first: Place, what: str, remedy: str, code: str = "duplicate") -> Finding:
    """Something is there that was there already."""
    if not first.line or first == place:
        return place.finding(code, f"{what} is there twice", remedy)
    where = f"line {first.line}" if first.file == place.file else f"{first.file}:{first.line}"
    return place.finding(code, f"{what} is already in {where}", remedy)
