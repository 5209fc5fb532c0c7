"""The simulation finds bugs: each promise, broken in the engine on purpose, makes a seed fail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from parts.simulation.people import People
from parts.simulation.stage import Stage, folder
from parts.simulation.world import World

from yunwang.inventories.plan import Change, Plan
from yunwang.journal.leases import Leases
from yunwang.journal.records import Phase, Run, StepState
from yunwang.journal.store import Journal
from yunwang.operations import approval, budgets, gate, recovery
from yunwang.operations.deeds import Deeds
from yunwang.operations.leases import Heartbeat
from yunwang.operations.observing import Observer
from yunwang.operations.waves import Walk

SEEDS = 400
"""One of so many has to fail."""


@pytest.fixture(scope="module")
def played() -> Iterator[Callable[[int], World]]:
    with folder() as path:
        stage, people = Stage(path), People(path / "keys")
        logging.disable(logging.CRITICAL)  # jobs that fail unexpectedly are meant to
        yield lambda seed: World(seed, stage, people).play()
        logging.disable(logging.NOTSET)


def deed_before_intent(self: Deeds, change: Change, wave: str, phase: Phase) -> None:
    outcome, evidence = self._deed(change, phase)
    self._settle(self._intend(change, wave, phase), change, StepState.DONE, outcome, evidence)


def trust(self: Deeds, change: Change, wave: str) -> None:
    self.finished[change.id] = self.observer.clock.now()


def every_deed_went_well(settle: Any = Deeds._settle) -> Callable[..., None]:
    def mutant(self: Deeds, number: int, change: Change, state: StepState, outcome: str, evidence: Any = None) -> None:
        settle(self, number, change, StepState.DONE, outcome, evidence)

    return mutant


def unmoved_unread(plan: Plan, observer: Observer) -> tuple[Any, ...]:
    return tuple(seen.seen() for seen in observer.all([change.target for change in plan.changes])[0].values())


def first_wave_first(take_back: Any = recovery.take_back) -> Callable[..., Any]:
    def mutant(walk: Walk) -> Run:
        deeds = walk.deeds
        deeds.plan = deeds.plan.model_copy(update={"waves": deeds.plan.waves[::-1]})
        done: Run = take_back(walk)
        return done

    return mutant


@dataclass(frozen=True)
class Mutant:
    """What is put into the engine, and a seed that saw it when this was written: tried first, for that is faster."""

    seed: int
    parts: tuple[tuple[object, str, object], ...]


MUTANTS = {
    "the intent is written after the deed": Mutant(0, ((Deeds, "step", deed_before_intent),)),
    "what is unknown is trusted and not looked at": Mutant(3, ((Deeds, "look", trust),)),
    "a resumed run goes on without looking": Mutant(3, ((recovery, "settle", lambda walk: None),)),
    "every deed is recorded as done": Mutant(211, ((Deeds, "_settle", every_deed_went_well()),)),
    "what failed is not taken back": Mutant(2, ((Deeds, "back", lambda self, change, wave: None),)),
    "no lease is taken": Mutant(0, ((Leases, "acquire", lambda self, run, targets, **_: ()),)),
    "a living run is taken over": Mutant(10, ((Leases, "_silent", lambda self, db, run: None),)),
    "a run that lost its leases goes on": Mutant(
        38,
        (
            (Heartbeat, "guard", lambda self: None),
            (Journal, "_still_ours", lambda self, deed, run, target, phase: None),
        ),
    ),
    "nobody has to approve": Mutant(9, ((approval, "standing", lambda *_: ()),)),
    "a rollback takes the first wave back first": Mutant(15, ((recovery, "take_back", first_wave_first()),)),
    "groups are done together": Mutant(24, ((budgets, "next_of", lambda ahead, flying, *limits: next(iter(ahead), None)),)),
    "whether a target has moved is not checked": Mutant(15, ((gate, "unmoved", unmoved_unread),)),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_seed_fails_where(mutant: str, played: Callable[[int], World], monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, instead in MUTANTS[mutant].parts:
        monkeypatch.setattr(where, name, instead)
    seeds = (MUTANTS[mutant].seed, *range(SEEDS))
    found = next((world for world in map(played, seeds) if world.wrongs), None)
    assert found is not None, f"none of {SEEDS} seeds sees that {mutant}"
    print(f"seed {found.seed}: {found.wrongs[0]}")
