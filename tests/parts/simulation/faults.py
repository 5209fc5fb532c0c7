"""Which misfortune strikes where, by a seed's dice. Does nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

LOOKS = ("error", "try-again", "lost", "delay", "hang", "bug")
DEEDS = ("error", "half", "late-error", "lost-before", "lost-half", "lost-after", "delay", "hang", "bug")
PLACES: dict[str, tuple[str, ...]] = {
    "pause": ("die", "die", "die", "freeze", "clock-forward", "clock-back", "ctrl-c", "ctrl-c-again"),
    "observe": LOOKS,
    "verify": LOOKS,
    "apply": DEEDS,
    "undo": DEEDS,
    "database": ("gone", "full", "full-at-commit", "commit-unheard"),
}
RATES = {"pause": 0.03, "database": 0.04}
"""How probable a fault is at such a place; at a deed, much more."""
DEED_RATE = 0.25


@dataclass
class Faults:
    """`left`: how many may still strike."""

    random: Random
    left: int
    places: tuple[str, ...]

    @classmethod
    def of(cls, random: Random) -> Faults:
        """Most seeds have few, of few kinds, so that each is seen by itself too."""
        places = tuple(place for place in PLACES if random.random() < 0.6)
        return cls(random, random.choice((0, 1, 1, 2, 3, 5, 8)), places)

    def strike(self, place: str) -> str:
        """The fault that strikes now; '' where none does."""
        if not self.left or place not in self.places or self.random.random() > RATES.get(place, DEED_RATE):
            return ""
        self.left -= 1
        return self.random.choice(PLACES[place])
