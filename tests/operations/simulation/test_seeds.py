"""The engine in hundreds of simulated worlds: whatever fails in them, its promises hold (tests/parts/simulation).

YUNWANG_SEEDS=1000-6000 plays those, YUNWANG_SEEDS=42 that one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts.simulation import many
from parts.simulation.people import People
from parts.simulation.stage import Stage, folder
from parts.simulation.world import World

SEEDS = range(500)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with folder() as path:
        yield Stage(path)


def asked() -> range:
    first, _, last = os.environ.get("YUNWANG_SEEDS", "").partition("-")
    return range(int(first), int(last or int(first) + 1)) if first else SEEDS


def test_whatever_strikes_no_promise_is_broken() -> None:
    seeds = asked()
    broken = many.play(seeds)
    assert not broken, f"{len(broken)} of {len(seeds)} seeds, for example:\n{broken[0]}"


def test_a_process_may_die_at_every_single_boundary(stage: Stage) -> None:
    whole = World(5, stage, die_at=0).play()
    assert not whole.wrongs, whole.told()
    assert whole.pauses > 85
    for boundary in range(1, whole.pauses + 1):
        world = World(5, stage, die_at=boundary).play()
        assert not world.wrongs, world.told()


def test_a_seed_plays_the_same_again(stage: Stage, tmp_path: Path) -> None:
    people = People(tmp_path)
    for seed in range(5):
        assert World(seed, stage, people).play().trace == World(seed, stage, people).play().trace
