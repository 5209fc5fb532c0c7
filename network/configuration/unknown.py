"""Lines that no row of a table knows, as far as their words tell what they are. Never a row of a vendor's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from yunwang.network.configuration.command import Command, Form, form_of
from yunwang.network.configuration.rule import Rule

if TYPE_CHECKING:
    from yunwang.network.configuration.config import Tree

PLAIN = Rule("{line...}")
"""What it is: identified by its whole text."""
QUANTITY = Rule("{what...} <number:digits>")
"""Where it ends in how much, how long, how many: there is one, and a new number replaces the old one."""
EARLY = 36
"""Their place at the top where they stand before the interfaces: those may need them."""

_PLAIN = form_of(PLAIN)
_PERHAPS = _PLAIN._replace(social=True)
"""It may be a quantity: the lines beside it tell."""
_QUANTITY = form_of(QUANTITY)
_WHICH = (
    "vlan|vid|vni|group|instance|area|process|index|acl|node|slot|member|label|session|track|channel|class|queue|key|rule|entry"
    "|sequence|seq|peer|user|pool|policy|list|profile|template|domain|id|line|unit|filter|interface|as|tag|community|eq|neq|gt|lt|ge|le|range|to"
)
_MEASURED = re.compile(rf"((?:\S+ )*(?!(?:(?!max)\S*-)?(?:{_WHICH})(?:-id|-number)? )[a-z][a-z-]*) (\d+)")
"""A number after such a word says which one, or is a part of a condition; after any other word it is a quantity."""


def form_of_unknown(text: str) -> Form:
    """How to read it."""
    return _PERHAPS if _MEASURED.fullmatch(text) else _PLAIN


def is_unknown(command: Command) -> bool:
    """Is there no row that knows it?"""
    return command.rule is PLAIN or command.rule is QUANTITY


def unread(command: Command) -> Command:
    """The command as if no row knew it: it is its text, and is taken back by it."""
    return command._replace(form=_PLAIN, rule=PLAIN, key=command.text, value="", groups=(command.text,))


def quantities(commands: Iterable[Command], *trees: Tree) -> list[Command]:
    """Those that may be quantities read as such where they open nothing, and no tree has two of one kind."""
    kinds = [Counter(line.rpartition(" ")[0] for line in tree) for tree in trees]
    return [_quantity(command, trees, kinds) if command.form is _PERHAPS else command for command in commands]


def _quantity(command: Command, trees: Iterable[Tree], kinds: Iterable[Counter[str]]) -> Command:
    what, _, number = command.text.rpartition(" ")
    if any(tree.get(command.text) for tree in trees) or any(kind[what] > 1 for kind in kinds):
        return command
    return command._replace(form=_QUANTITY, rule=QUANTITY, key=what, value=number, groups=(what, number))
