"""Systems that depend on themselves or on each other in a circle. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from yunwang.inventories.faults.facts import Facts, twice
from yunwang.inventories.finding import Finding
from yunwang.inventories.place import shown

MAX_CIRCLES = 20
"""Circles told; a register full of them is one fault, not thousands."""


def check(facts: Facts) -> Iterator[Finding]:
    """Dependencies given twice or on oneself; circles of strong ones, whose systems can only move together."""
    first: dict[tuple[str, str], int] = {}
    needs: dict[str, set[str]] = {}
    for index, dependency in enumerate(facts.workspace.dependencies):
        pair = (dependency.system, dependency.needs)
        place = facts.place("dependencies", index, "needs")
        if first.setdefault(pair, index) != index:
            before = facts.place("dependencies", first[pair], "needs")
            yield twice(place, before, f"that {pair[0]} needs {pair[1]}", "remove one of them")
        elif pair[0] == pair[1]:
            yield place.finding("wrong-value", f"{shown(pair[0])} depends on itself", "remove the row, or name what it needs")
        elif dependency.strength == "strong":
            needs.setdefault(pair[0], set()).add(pair[1])
    for _ in range(MAX_CIRCLES):
        try:
            TopologicalSorter(needs).prepare()
            return
        except CycleError as error:
            # graphlib tells the circle from the needed to the needing.
            circle = list(reversed(error.args[1]))
        needs[circle[0]].discard(circle[1])
        index = min(first[pair] for pair in pairwise(circle))
        message = f"these systems need each other: {' → '.join(circle)}"
        remedy = "they will move in one wave; mark a dependency weak if it can cross between old and new place for a while"
        yield facts.place("dependencies", index, "needs").warning("dependency-circle", message, remedy)
