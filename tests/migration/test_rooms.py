"""A room is retirable when its last system has left, and not a moment earlier."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yunwang.inventories.migration import ServerRoom, System
from yunwang.migration.rooms import retirements


@pytest.mark.parametrize(
    ("gone", "state"),
    [
        ([], "in-use"),
        (["roster"], "in-use"),
        (["roster", "results"], "retirable"),
        (["roster", "results", "elsewhere"], "retirable"),
    ],
)
def test_a_room_is_retirable_once_its_last_system_has_left(make_system: Callable[..., System], gone: list[str], state: str) -> None:
    room = ServerRoom(name="education-room", title="教育局机房", department="教育局", site="yunzhou", racks=3)
    systems = [make_system("roster", servers=2), make_system("results"), make_system("elsewhere", room="health-room")]
    [found] = retirements([room], systems, frozenset(gone))
    assert (found.state, found.racks, found.servers) == (state, 3, 3)
    assert sorted([*found.left, *found.standing]) == ["results", "roster"]


def test_a_room_without_systems_is_retirable_and_a_retired_one_stays_retired() -> None:
    room = ServerRoom(name="old-room", title="旧机房", department="财政局", site="yunzhou", racks=1)
    retired = room.model_copy(update={"state": "retired"})
    assert [each.state for each in retirements([room, retired], [], frozenset())] == ["retirable", "retired"]
