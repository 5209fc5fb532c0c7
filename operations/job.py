"""What every job hands the engine: the same six words for tenants, devices, terminals and systems. No code of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change, Draft, Observed, Outcome, Plan

Say = Callable[[str], None]
"""Tells the operator, in one line, what is being done; never a secret."""


class Job(Protocol):
    """One kind of work. `observe`, `apply`, `verify` and `undo` do I/O and raise verdicts; `draft` is pure.

    The engine calls `observe`, `apply`, `verify` and `undo` from several threads at once, for different targets.
    """

    @property
    def name(self) -> str:
        """`cloud`, `dual-stack`, `binding`, `cutover` …: recorded in plans and in the journal."""

    @property
    def title(self) -> str:
        """What it is about, for people."""

    @property
    def options(self) -> JsonObject:
        """What it was asked beyond the workspace, so that a plan can be applied by an equal job later."""

    def targets(self) -> tuple[str, ...]:
        """Everything it answers for, in the order people want to read it."""

    def observe(self, target: str) -> Observed:
        """Read one target as it is now. Raises Verdict."""

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        """From what was observed to changes in waves. Pure; a target that needs nothing has no change."""

    def apply(self, change: Change, say: Say) -> Outcome:
        """Do exactly this change. Raises Verdict when it did not work, whatever was done by then."""

    def verify(self, change: Change) -> tuple[Finding, ...]:
        """Look at the target: what of the change does not hold. Nothing found means it is there."""

    def undo(self, change: Change, say: Say) -> Outcome:
        """Bring the target back to what it was before; looks at the target first, works after half a change too."""


@runtime_checkable
class Interdependent(Protocol):
    """A job whose targets hang together, as the devices of a network do: a wave may break what none of its changes breaks.

    Its plans are proved before the start, and each of its waves is verified once more as a whole.
    """

    def prove(self, plan: Plan) -> tuple[Finding, ...]:
        """What of a plan's waves must not be. Pure; goes by what the workspace says now, whoever made the plan."""

    def look_again(self, change: Change) -> tuple[Finding, ...]:
        """As `verify`, once all changes of its wave are applied. Raises Verdict."""


@runtime_checkable
class Glances(Protocol):
    """A job that may tell with less than a whole look that nothing has moved since it looked last, because its apply would find
    what it leaves out.
    """

    def glance(self, target: str) -> Observed:
        """As `observe`, just before the target is changed. Raises Verdict."""


@runtime_checkable
class Rehearses(Protocol):
    """A job that can ask some targets, changing nothing, what they would say to a change."""

    def rehearse(self, change: Change) -> Outcome:
        """What the target said, or that it was not asked. Raises Verdict where the change would fail."""
