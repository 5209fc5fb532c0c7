"""Which server rooms can be retired, now that these systems have left (M3). Pure; retires none."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from yunwang.inventories.migration import ServerRoom, System
from yunwang.inventories.noun import Name, Noun


class RoomState(StrEnum):
    """Where a room is on its way out."""

    IN_USE = "in-use"
    RETIRABLE = "retirable"
    RETIRED = "retired"


class Retirement(Noun):
    """One room: who has left, who still stands there, and the assets that retiring it frees."""

    room: Name
    state: RoomState
    left: tuple[Name, ...] = ()
    standing: tuple[Name, ...] = ()
    racks: int
    servers: int


def retirements(rooms: Iterable[ServerRoom], systems: Iterable[System], gone: frozenset[str]) -> tuple[Retirement, ...]:
    """Every room in the register's order. `gone` are the systems whose move is done and verified, as the journal has it."""
    inside: dict[str, list[System]] = {}
    for system in systems:
        if system.room:
            inside.setdefault(system.room, []).append(system)
    return tuple(_retirement(room, inside.get(room.name, []), gone) for room in rooms)


def _retirement(room: ServerRoom, inside: list[System], gone: frozenset[str]) -> Retirement:
    standing = tuple(system.name for system in inside if system.name not in gone)
    now = RoomState.IN_USE if standing else RoomState.RETIRABLE
    return Retirement(
        room=room.name,
        state=RoomState.RETIRED if room.state == "retired" else now,
        left=tuple(system.name for system in inside if system.name in gone),
        standing=standing,
        racks=room.racks,
        servers=sum(system.servers for system in inside),
    )
