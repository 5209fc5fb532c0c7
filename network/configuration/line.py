"""What a raw line of a configuration is: how deep it stands and what it says, or that it is no command. Never knows its view."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from yunwang.network.configuration.table import Rules

_KEPT = 32_768
"""How many answers a platform keeps in mind: most of what a configuration says it says at every port, and most devices say it."""
Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Kept(dict[Key, Answer], Generic[Key, Answer]):
    """What a function answered, asked once for each argument; when there are too many, all are forgotten."""

    def __init__(self, function: Callable[[Key], Answer]) -> None:
        self._function = function

    def __missing__(self, key: Key) -> Answer:
        if len(self) >= _KEPT:
            self.clear()
        self[key] = answer = self._function(key)
        return answer


class Other(IntEnum):
    """What a line is that is no command."""

    NOTHING = 0
    TOP = 1
    """A mark between sections: what follows stands at the top."""
    NOISE = 2
    END = 3


Line: TypeAlias = tuple[int, str, bool]
"""Indentation, canonical text, and whether it may begin a block or belong into a view elsewhere; no text: an `Other`."""


def line_of(rules: Rules, raw: str) -> Line:
    """Read one line."""
    body = raw.strip()
    first = body.partition(" ")[0]
    if first not in rules.known:
        if not body:
            return Other.NOTHING, "", False
        if body == rules.separator or body[0] == "!":
            return Other.TOP if raw[0] == body else Other.NOISE if body[1:] else Other.NOTHING, "", False
        if rules.noise.match(raw):
            return Other.NOISE, "", False
        if body in rules.skips:
            return Other.NOTHING, "", False
        if body in rules.ends and raw[0] == body[0]:
            return Other.END, "", False
    if "  " in body and not body.startswith(rules.texts):
        body = " ".join(body.split())
    return raw.index(body[0]), rules.spelling.canonical(body), first in rules.special
