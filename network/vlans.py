"""Sets of VLAN ids as integers (bit n is VLAN n) and how vendors write them. Never a command of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ALL = (1 << 4095) - 2
"""VLANs 1 to 4094."""
_RANGE = re.compile(r"(\d+)(?:\s*(?:-|to)\s*(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class VlanSyntax:
    """How the difference of two sets is said. `{}` stands for the list, `{x}` for a word that identifies the set."""

    add: str
    remove: str
    add_one: str = ""
    """Said instead of `add` of a single VLAN."""
    remove_one: str = ""
    first: str = ""
    """Said instead of `add` where no line was before."""
    clear: str = ""
    """Said instead of `remove` where no line shall stay."""
    huawei: bool = True
    """`10 to 20 30` rather than `10-20,30`."""
    items: int = 10
    """How many ids or ranges one line may hold; 0: one id, no range."""
    hidden: int = 0
    """VLANs that are in the set without being shown."""
    default: int = 0
    """The set where no line speaks of it."""
    members_create: bool = False
    """A member's view makes the member: no line of its own is needed for it."""

    def added(self, listed: str, words: Mapping[str, str]) -> str:
        """The line that adds a list."""
        return (self.add_one if self.add_one and listed.isdigit() else self.add).format(listed, **words)

    def removed(self, listed: str, words: Mapping[str, str]) -> str:
        """The line that takes a list out."""
        return (self.remove_one if self.remove_one and listed.isdigit() else self.remove).format(listed, **words)

    def lists(self, vlans: int) -> Iterator[str]:
        """The set as the lists that lines may hold, no longer than allowed; `none` when it is empty."""
        to, comma = (" to ", " ") if self.huawei else ("-", ",")
        if not self.items:
            return (str(vlan) for low, high in spans(vlans) for vlan in range(low, high + 1))
        ranges = [str(low) if low == high else f"{low}{to}{high}" for low, high in spans(vlans)] or ["none"]
        return (comma.join(ranges[start : start + self.items]) for start in range(0, len(ranges), self.items))


def read(text: str) -> int:
    """`10 20 to 30`, `10,20-30`, `all`, `none` to a set. Words that are no numbers, and numbers of no VLAN, are skipped."""
    if text == "all":
        return ALL
    vlans = 0
    for low, high in _RANGE.findall(text):
        first, last = min(int(low[:9]), 4095), min(int((high or low)[:9]), 4095)
        vlans |= (1 << (last + 1)) - (1 << min(first, last + 1))
    return vlans & ALL


def spans(vlans: int) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring ids, lowest first."""
    while vlans:
        low = (vlans & -vlans).bit_length() - 1
        above = ~(vlans >> low)
        run = (above & -above).bit_length() - 1
        yield low, low + run - 1
        vlans = vlans >> (low + run) << (low + run)
