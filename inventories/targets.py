"""What a pattern over targets means. Pure; knows no target."""

from __future__ import annotations

from fnmatch import fnmatchcase


def matches(target: str, pattern: str) -> bool:
    """Whether a target is meant (shell wildcards; `yz-agg-a` also means `device/yz-agg-a`)."""
    return fnmatchcase(target, pattern) or fnmatchcase(target.partition("/")[2], pattern)
