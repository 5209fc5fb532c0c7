"""Which systems have moved, as the journal last saw them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from yunwang.journal.records import Standing


def moved(standings: Iterable[Standing]) -> frozenset[str]:
    """Names of the systems that were seen on their new host, from the cutover job's standings."""
    return frozenset(
        standing.target.removeprefix("system/")
        for standing in standings
        if standing.in_line and standing.target.startswith("system/")
    )
