"""Many seeds, shared out among processes. Decides nothing."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from parts.simulation.people import People
from parts.simulation.stage import Stage, folder
from parts.simulation.world import World

AT_ONCE = 25
"""Seeds of one share of the work."""


def play(seeds: range) -> list[str]:
    """What the seeds broke, told for who has to find the bug."""
    shares = [seeds[start : start + AT_ONCE] for start in range(0, len(seeds), AT_ONCE)]
    with ProcessPoolExecutor(min(len(shares), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        return [told for share in pool.map(_share, shares) for told in share]


def _share(seeds: range) -> list[str]:
    logging.disable(logging.CRITICAL)  # jobs that fail unexpectedly are meant to
    with folder() as path:
        stage, people = Stage(path), People(path / "keys")
        worlds = (World(seed, stage, people).play() for seed in seeds)
        return [world.told() for world in worlds if world.wrongs]
