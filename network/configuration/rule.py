"""A row of a vendor's rule table: what identifies a command, what it holds, how it is taken back, what it needs, wipes and asks.

Never knows a vendor by name, never holds a configuration; the tables stand in vendors/*/rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from yunwang.network.vlans import VlanSyntax


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the device asks back after a line, and what we answer. `ask` is a regular expression."""

    ask: str
    answer: str


class Block(NamedTuple):
    """A command that runs over several lines (a banner, a key, a filter in its own language)."""

    begin: re.Pattern[str]
    """Its first line."""
    end: str
    """Regular expression of its last line, `{0}` being the first line's group."""
    closed: bool = True
    """Is that line a part of it? Else it is the first after it."""
    written: Callable[[str], str] = str
    """The one way in which it is written."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table; the first row that fits a line counts.

    `pattern`: the words of the command. `{x}` is a word that identifies it, `<x>` a word it holds, `[…]` may be missing. Three dots
    inside the brackets mean: up to the end of the line; `:digits`, `:ipv6` and the like narrow a word (see `_KINDS`).
    """

    pattern: str
    view: str = ""
    """The kind of view it stands in: "" is the top, "*" any."""
    opens: str = ""
    """The kind of view it opens; "" when it opens none that has rules of its own."""
    order: int = 50
    """Place among its neighbours: what others need is low. Put in upwards, taken out downwards."""
    undo: str = ""
    """What follows the negation to take it back, `{line}` being the whole; default: all before the first held word."""
    change: Literal["overwrite", "undo-first", "empty-first"] = "overwrite"
    """How a held value is changed: the new one replaces it; the old one goes first; (a view) its content goes first."""
    absent: str | None = None
    """The value that may as well not be shown: the device's default. `undo` means the negated form."""
    vlans: VlanSyntax | None = None
    """It holds a set of VLANs, perhaps spread over several lines, and is changed by the difference."""
    member_of: str = ""
    """This view exists because its `{id}` is in the set of that identity."""
    permanent: bool = False
    """The view cannot be taken away, only emptied (a physical port)."""
    ordered: bool = False
    """The order of the view's lines that no row knows, and of those with a `sequence`, has a meaning: a new one stands last."""
    sequence: str = ""
    """What such lines are entries of (`{x}`: their words), also at the top."""
    whole: bool = False
    """The view cannot be edited: it goes and comes back when anything in it changes."""
    cut: Literal["", "range", "list"] = ""
    """Its two numbers are a range (of terminal lines), its `{vlans}` a list: cut where the other side has a part of it."""
    bag: bool = False
    """The order of the words it holds has no meaning."""
    words: str = ""
    """They are a set: how a part of it is said, `{}` being the part. What is missing is added, then what is too much taken out."""
    wipes: tuple[str, ...] = ()
    """Beginnings of neighbours' lines that the device deletes when this one is put in or taken out."""
    may_wipe: tuple[str, ...] = ()
    """Likewise, where releases differ: such lines are taken out by themselves, and those that stay are said again."""
    last_out: bool = False
    """In a view: taken out only after the additions (an address: the way in must not vanish before the new one is there)."""
    first_out: bool = False
    """At the top: taken out (or emptied) before anything comes, because what comes may overlap with it, or end it."""
    undo_wipes: tuple[str, ...] = ()
    """Beginnings of lines (`{x}`: its words), here and in the views beside it, that go with it: not taken out by themselves."""
    stub: str = ""
    """The entry of a list that stands in while all of its entries change: a list that is not there would let everything through."""
    bare: bool = False
    """It is taken back by its words without their numbers."""
    stops: tuple[str, ...] = ()
    """Beginnings of neighbours' lines that must be out while it, or anything in it, changes (a probe that runs)."""
    used_by: tuple[str, ...] = ()
    """Beginnings of lines elsewhere that use it, and must be out while it changes itself. `{x}`: its words or its view's;
    `{number}`: what its view's name ends with; `*`: any word."""
    out_first: bool = False
    """When it changes, the old one goes everywhere before the new one comes anywhere (members of one trunk agree)."""
    apart: bool = False
    """The names in the view are its own: nothing goes in it with something of that name outside."""
    exclusive: bool = False
    """Only one place on the device may hold it: taken out there before it is put in here."""
    asks: Question | None = None
    undo_asks: Question | None = None
    disruptive: bool = False
    """Putting it in or taking it out resets a live session or interrupts a service."""
    undo_disruptive: bool = False
    lifeline: Literal["", "address", "link", "route", "name", "filter", "guard", "login"] = ""
    """What it is to the way in to the device, if it lies there (see management.py): an interface's address; what keeps a link up
    and in its VLAN; a route; a definition that others name, or the line that names it; a filter, whose every change may shut out;
    the line at the top that names the filter of a server; who may log in, and how."""
    independent: bool = False
    """It needs none of its neighbours that bear this mark, and does no harm where one of them was refused: they may be sent in one
    write. Only for what is never asked about and never cuts anything off."""
    between: str = ""
    """What is sent between taking out and putting in anew: `commit`, where one transaction cannot hold both."""


def held(view: str, *patterns: str, order: int = 50, independent: bool = False) -> tuple[Rule, ...]:
    """Rows of commands of which there is one each: a new value replaces the old one, the negation takes the words alone."""
    return tuple(Rule(f"{pattern} <value...>", view, order=order, independent=independent) for pattern in patterns)


def address(start: str, order: int) -> Rule:
    """The row of an address with its prefix length: an interface may have several, and each is at one place alone."""
    return Rule(
        f"{start} {{address}}/<length>",
        "interface",
        order=order,
        undo=f"{start} {{address}}/{{length}}",
        change="undo-first",
        last_out=True,
        exclusive=True,
        lifeline="address",
    )


IPV6_ADDRESSES = (
    Rule("ipv6 address <address:ipv6> link-local", "interface", order=19, undo="{line}", last_out=True),
    Rule("ipv6 address auto link-local", "interface", order=19, last_out=True),
    address("ipv6 address", 20),
)
"""What every platform has alike."""
