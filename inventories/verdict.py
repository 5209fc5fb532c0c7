"""Errors are verdicts: they say whether to try again, what went wrong, and what to do. They carry data, never secrets."""

from __future__ import annotations

from yunwang.inventories.finding import Finding


class Verdict(Exception):
    """A job could not do what it was asked. `remedy` is a sentence for the operator; `findings` are faults found."""

    def __init__(self, message: str, *, remedy: str = "", target: str = "", findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.target = target
        self.findings = findings


class Fatal(Verdict):
    """Trying again will not help."""


class Retryable(Verdict):
    """May go away by itself; `delay` is the seconds to wait before the next try."""

    def __init__(self, message: str, *, remedy: str = "", target: str = "", delay: float = 1.0) -> None:
        super().__init__(message, remedy=remedy, target=target)
        self.delay = delay


class Unknown(Verdict):
    """The deed may or may not have been done (a worker or a connection was lost over it): the target has to be looked at."""


class Refused(Fatal):
    """A rule of ours says no (faulty workspace, policy, stale plan): nothing was changed."""
