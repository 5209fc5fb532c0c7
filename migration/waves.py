"""In which order systems move: what needs each other together, what is needed first, room by room so that one empties early. Pure.

Never parts systems that need each other, and never moves one before what it strongly needs. Equal input, equal waves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import networkx as nx

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.migration import Dependency, System
from yunwang.inventories.noun import Name, Noun

MOST_SYSTEMS = 4
"""How many systems move in one wave, unless more need each other."""


class MigrationWave(Noun):
    """Systems that move together, what is needed first; `empties` are rooms that have no system left afterwards."""

    name: Name
    systems: tuple[Name, ...]
    empties: tuple[Name, ...] = ()
    reason: str


class WavePlan(Noun):
    """All waves in order, and a finding for each system that cannot be in one."""

    waves: tuple[MigrationWave, ...] = ()
    left: tuple[Finding, ...] = ()


def plan_waves(
    systems: Sequence[System],
    dependencies: Iterable[Dependency],
    *,
    ready: frozenset[str],
    gone: frozenset[str] = frozenset(),
    most: int = MOST_SYSTEMS,
) -> WavePlan:
    """Waves of the systems that still stand in a room. `ready` may move, `gone` have moved already.

    The room that takes the fewest moves is emptied first, with whatever its systems need from other rooms;
    a room that cannot be emptied comes last. A cycle of strong dependencies moves as one, even when it is larger than `most`.
    """
    rooms = {system.name: system.room for system in systems if system.room and system.name not in gone}
    needs: nx.DiGraph[str] = nx.DiGraph()
    needs.add_nodes_from(sorted(rooms))
    needs.add_edges_from(
        sorted(
            (each.system, each.needs)
            for each in dependencies
            if each.strength == "strong" and {each.system, each.needs} <= rooms.keys()
        )
    )
    still = set(rooms) - ready
    stuck = still.union(*(nx.ancestors(needs, name) for name in still))
    waves: list[MigrationWave] = []
    moved: set[str] = set()
    for room, groups in _by_room(needs.subgraph(set(rooms) - stuck).copy(), rooms, held={rooms[name] for name in stuck}):
        for batch in _packed(groups, most):
            moved |= set(batch)
            waves.append(_wave(len(waves) + 1, batch, room, rooms, moved, needs))
    return WavePlan(waves=tuple(waves), left=tuple(_left(name, needs, ready) for name in sorted(stuck)))


def levels(names: Sequence[str], dependencies: Iterable[Dependency]) -> dict[str, int]:
    """How many cutovers have to come before each, in the order given; systems that need each other share a level."""
    needs: nx.DiGraph[str] = nx.DiGraph()
    needs.add_nodes_from(names)
    needs.add_edges_from(
        (each.system, each.needs) for each in dependencies if each.strength == "strong" and {each.system, each.needs} <= {*names}
    )
    groups = nx.condensation(needs)
    depth: dict[int, int] = {}
    for node in reversed(list(nx.topological_sort(groups))):
        depth[node] = max((depth[needed] + 1 for needed in groups.successors(node)), default=0)
    return {name: depth[groups.graph["mapping"][name]] for name in names}


def _by_room(needs: nx.DiGraph[str], rooms: dict[str, str], held: set[str]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Each room to be worked on, with the groups that move for it: systems that need each other, what is needed first."""
    graph = nx.condensation(needs)
    members: dict[int, tuple[str, ...]] = {node: tuple(sorted(graph.nodes[node]["members"])) for node in graph}
    order = list(nx.lexicographical_topological_sort(graph.reverse(), key=members.__getitem__))
    ahead: dict[str, set[int]] = {}
    for node, names in members.items():
        for room in {rooms[name] for name in names}:
            ahead.setdefault(room, set()).update({node}, nx.descendants(graph, node))

    def effort(room: str) -> tuple[bool, int, str]:
        return room in held, sum(len(members[node]) for node in ahead[room]), room

    while ahead:
        room = min(ahead, key=effort)
        moving = ahead.pop(room)
        yield room, [members[node] for node in order if node in moving]
        for others in ahead.values():
            others -= moving


def _packed(groups: Iterable[tuple[str, ...]], most: int) -> Iterator[list[str]]:
    """As many groups in a batch as fit, in their order; a group that is larger than a batch is one of its own."""
    batch: list[str] = []
    for group in groups:
        if batch and len(batch) + len(group) > most:
            yield batch
            batch = []
        batch = [*batch, *group]
    if batch:
        yield batch


def _wave(
    number: int, batch: list[str], room: str, rooms: dict[str, str], moved: set[str], needs: nx.DiGraph[str]
) -> MigrationWave:
    empties = tuple(sorted({rooms[name] for name in batch} - {place for name, place in rooms.items() if name not in moved}))
    reasons = [f"empties {', '.join(empties)}" if empties else f"works towards emptying {room}"]
    for name in batch:
        if rooms[name] != room:
            users = sorted(user for user in nx.ancestors(needs, name) if rooms[user] == room)
            reasons.append(f"{name} of {rooms[name]} comes along for {', '.join(users)}")
    for members in nx.strongly_connected_components(needs.subgraph(batch)):
        if len(members) > 1:
            reasons.append(f"{', '.join(sorted(members))} need each other")
    return MigrationWave(name=f"wave-{number}", systems=tuple(batch), empties=empties, reason="; ".join(reasons))


def _left(name: str, needs: nx.DiGraph[str], ready: frozenset[str]) -> Finding:
    if name not in ready:
        message, remedy = "is in no wave: it is not ready to move", "see its assessment: yunwang migrate assess"
    else:
        causes = ", ".join(sorted(nx.descendants(needs, name) - ready))
        message, remedy = (
            f"is in no wave: it needs {causes}, which does not move",
            "make that ready first, or make the dependency weak",
        )
    return Finding(code="not-in-a-wave", severity=Severity.WARNING, message=message, remedy=remedy, target=f"system/{name}")
