"""On which terms an operator asks for a plan to be applied, beyond the plan itself. No code of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is allowed, and asked for, this once."""

    allow_deletes: int | None = None
    """Steps that delete or replace which the plan may have; None: as many as the workspace allows."""
    allow: frozenset[str] = frozenset()
    """What else changes may ask for (`asks` in their facts): `management-change`."""
    wait: float = 0.0
    """Seconds to wait for targets that another run holds."""
    go_on: Callable[[str], bool] | None = None
    """Asked, with a sentence, before each wave but the first; False interrupts the run. None: nobody is asked."""
