"""The marker that a create leaves on what it makes, where the cloud allows two of the same name. Sends nothing.

It stands at the end of the description, because that is written in the same request as the rest and the API filters by it.
`[yunwang:WORKSPACE:DIGEST]` says whose it is, too.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*\[yunwang:((?:[a-z0-9-]+:)?[0-9a-f]+)\]$")


def marked(description: str, marker: str) -> str:
    """The description as the cloud keeps it."""
    return f"{description} [yunwang:{marker}]".lstrip()


def unmarked(description: str | None) -> str:
    """The description as a person wrote it."""
    return _MARK.sub("", description or "")


def mark_of(description: str | None) -> str:
    """The marker; empty where there is none."""
    found = _MARK.search(description or "")
    return found.group(1) if found else ""


def remarked(description: str, before: str | None) -> str:
    """A new description with the marker that the one before it bore."""
    mark = mark_of(before)
    return marked(description, mark) if mark else description
