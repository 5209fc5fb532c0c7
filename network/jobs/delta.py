"""What a change adds to a configuration and takes out of it, to look for it and to take it back. Never a blind reverse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_interface, ip_network
from typing import TypeAlias

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change
from yunwang.network.configuration.config import Config, Tree

Path: TypeAlias = tuple[str, ...]
"""A line with the views around it, outermost first."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Lines of both sides that the other lacks. Applied to what the device runs by then, not to what it ran when this was made."""

    added: tuple[Path, ...]
    removed: tuple[Path, ...]

    def forward(self, actual: Config) -> Config:
        """What runs now, with the change in it. Equal to what runs now where the change is there already."""
        return _swap(actual, self.removed, self.added)

    def backward(self, actual: Config) -> Config:
        """What runs now, without the change; lines that someone put in since stay, and so do the views that they stand in."""
        return _swap(actual, self.added, self.removed)

    def renumbers(self, network: str) -> bool:
        """Does it take out an address in that network?"""
        there = ip_network(network)
        return any(address in there for path in self.removed for address in _addresses(path[-1]))

    def to_json(self) -> JsonObject:
        """As a plan keeps it."""
        return {"added": [list(path) for path in self.added], "removed": [list(path) for path in self.removed]}

    @classmethod
    def from_json(cls, value: JsonObject) -> Delta:
        """What a plan kept."""
        added, removed = (tuple(tuple(path) for path in _paths(value[name])) for name in ("added", "removed"))
        return cls(added, removed)


def delta(before: Config, after: Config) -> Delta:
    """The difference of two configurations, in the order of their lines."""
    old, new = ({(*path, line): None for path, line in config.lines()} for config in (before, after))
    return Delta(tuple(path for path in new if path not in old), tuple(path for path in old if path not in new))


def made(change: Change) -> Delta:
    """What a plan's change makes of its device."""
    kept = change.reverse["delta"]
    assert isinstance(kept, dict)
    return Delta.from_json(kept)


def _addresses(line: str) -> Iterator[IPv4Address | IPv6Address]:
    for word in line.split():
        with suppress(ValueError):
            yield ip_interface(word).ip


def _swap(actual: Config, out: tuple[Path, ...], into: tuple[Path, ...]) -> Config:
    ours = set(out)
    gone = {path for path in out if _all_ours(actual.view(*path), path, ours)}
    whole = [path for path in out if path in gone and not any(path[:depth] in gone for depth in range(1, len(path)))]
    return actual.without(whole).overlay(replace(actual, tree=_tree(into)))


def _all_ours(inside: Tree, path: Path, ours: set[Path]) -> bool:
    return all((*path, line) in ours and _all_ours(tree, (*path, line), ours) for line, tree in inside.items())


def _tree(paths: tuple[Path, ...]) -> Tree:
    root: Tree = {}
    for path in paths:
        view = root
        for line in path:
            view = view.setdefault(line, {})
    return root


def _paths(value: object) -> list[list[str]]:
    assert isinstance(value, list)
    return value
