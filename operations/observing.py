"""Reads targets as they are: several at once, again where that may help. Changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from yunwang.inventories.finding import Finding
from yunwang.inventories.plan import Change, Observed
from yunwang.inventories.verdict import Fatal, Retryable, Unknown, Verdict
from yunwang.operations.clock import Clock
from yunwang.operations.executor import Steps
from yunwang.operations.job import Glances, Interdependent, Job, Say

AT_ONCE = 8
TRIES = 3
"""How often a target is looked at while the job says Retryable (a neighbour that is still coming up)."""
S = TypeVar("S")
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """The eyes of one job."""

    job: Job
    steps: Steps
    clock: Clock
    pool: Callable[[int], Executor]
    say: Say

    def all(self, targets: Sequence[str], *, again: bool = False) -> tuple[dict[str, Observed], tuple[Finding, ...]]:
        """Read all targets; one that cannot be read becomes a finding. `again`: a glance will do where the job has one."""
        if not targets:
            return {}, ()
        self.say(f"observing {len(targets)} target{'s' if len(targets) > 1 else ''}")
        look = self.job.glance if again and isinstance(self.job, Glances) else self.job.observe
        results = self.each(partial(self._read, look), targets)
        observed = {result.target: result for result in results if isinstance(result, Observed)}
        return observed, tuple(result for result in results if isinstance(result, Finding))

    def each(self, look: Callable[[S], T], several: Iterable[S]) -> list[T]:
        """Look at several at once; what was seen of each. Raises what the first in order to fail does; begins no more then."""
        with self.pool(AT_ONCE) as pool:
            looks = [pool.submit(look, one) for one in several]
            try:
                return [one.result() for one in looks]
            except BaseException:
                for one in looks:
                    one.cancel()
                raise

    def one(self, target: str) -> Observed:
        """Read one target. Raises Verdict."""
        return self._looked(partial(self.job.observe, target), target)

    def verify(self, change: Change, *, whole: bool = False) -> tuple[Finding, ...]:
        """What of an applied change does not hold; `whole`: all its wave is applied. Raises Verdict where that cannot be seen."""
        look = self.job.look_again if whole and isinstance(self.job, Interdependent) else self.job.verify
        return self._looked(partial(look, change), change.target)

    def _looked(self, look: Callable[[], T], target: str) -> T:
        """Looking is free of consequences: it is tried again where the job says so, or nobody knows how it came out."""
        for attempt in range(1, TRIES + 1):
            try:
                return self.steps.run(look, target=target)
            except (Retryable, Unknown) as verdict:
                if attempt == TRIES:
                    raise
                self.clock.sleep(verdict.delay if isinstance(verdict, Retryable) else 0)
            except Verdict:
                raise
            except Exception as error:
                log.exception("unexpected error in looking at %s", target)
                raise Fatal(
                    f"unexpected {type(error).__name__} in looking at it: {error}",
                    remedy="run again with -vv and report it",
                    target=target,
                ) from error
        raise AssertionError("unreachable")

    def _read(self, look: Callable[[str], Observed], target: str) -> Observed | Finding:
        try:
            return self._looked(partial(look, target), target)
        except Verdict as verdict:
            self.say(f"{target}: {verdict.message}")
            return Finding(
                code="unobserved",
                message=f"cannot be observed: {verdict.message}",
                remedy=verdict.remedy or "mend the cause, or leave it out with --target",
                target=target,
            )
