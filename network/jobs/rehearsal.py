"""What a device would say to a change, asked in a candidate that is thrown away. Never sends a configuration line anywhere else."""

from __future__ import annotations

from itertools import takewhile

from yunwang.inventories.plan import Change, Outcome
from yunwang.network.jobs.push import Ways, lines
from yunwang.network.vendors import Vendor


def rehearse(ways: Ways, its: Vendor, change: Change) -> Outcome:
    """The device's own difference, where its prompt proves that it has a candidate; else it is left alone.

    Raises Verdict, as the push would: a line that the device rejects is named.
    """
    planned, commit = lines(change), its.session.commit
    if commit is None:
        return _offline(change, f"{its.platform} has no candidate")
    asked = tuple(takewhile(lambda line: line.text != commit, planned))
    with ways[0]() as session:
        session.enter()
        if not session.two_stage:
            session.leave()
            return _offline(change, "its prompt shows no candidate")
        session.push(asked)
        shown = session.tell(its.session.preview)[0].strip("\n")
        session.discard()
    left = len(planned) - len(asked)
    return Outcome(
        summary=f"takes {len(asked)} lines in its candidate, which was thrown away"
        + (f"; the {left} after the first commit cannot be tried" if left else ""),
        evidence={"candidate": True, "difference": shown},
    )


def _offline(change: Change, why: str) -> Outcome:
    return Outcome(summary=f"not asked: {why}; {len(lines(change))} lines would be sent", evidence={"candidate": False})
