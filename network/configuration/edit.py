"""A difference of two configurations as a value: edits of a tree, their size, as people and programs read them. Never finds one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action
from yunwang.network.configuration.command import Command
from yunwang.network.configuration.config import Tree


class Edit(NamedTuple):
    """One command that is put in, taken out or changed, or a view in which something changes (`old` is `new` then)."""

    old: Command | None
    new: Command | None
    children: tuple[Edit, ...] = ()
    """What changes inside the view."""
    emptied: tuple[Edit, ...] = ()
    """What is taken out of the old view before the new one is opened."""
    anew: bool = False
    """The old view goes as a whole and comes back with `children`."""
    before: int | None = None
    """Of a set of VLANs: which were in it; None when no line said so."""
    after: int | None = None
    lost: Tree = {}  # noqa: RUF012  # nobody changes a tree
    """What stood inside a view that goes."""
    first: bool = False
    """Done before all else at the top, or in its view, because what it takes out holds something that changes."""
    alone: bool = False
    """Nothing of the list that it is an entry of stays."""

    @property
    def command(self) -> Command:
        """The command it is about."""
        return self.new or self.old  # type: ignore[return-value]  # there is one

    @property
    def action(self) -> Action:
        """As people read it."""
        if self.old is None:
            return Action.CREATE
        return Action.DELETE if self.new is None else Action.UPDATE


def removed(edits: Iterable[Edit]) -> int:
    """How many lines are taken out, with those inside views that go; a value that another replaces is not."""
    return sum(
        (1 + _size(edit.lost) if edit.new is None and not edit.command.rule.vlans else 0)
        + removed(edit.children)
        + (removed(edit.emptied))
        for edit in edits
    )


def _size(tree: Tree) -> int:
    return len(tree) + sum(_size(children) for children in tree.values() if children)


def text(edits: Iterable[Edit], depth: int = 0) -> str:
    """For people: `+` comes, `-` goes, a space before a view in which something changes; sets of VLANs by their difference."""
    return "".join(_shown(edit, depth) for edit in edits)


def _shown(edit: Edit, depth: int) -> str:
    space = " " * depth
    syntax = edit.command.rule.vlans
    if syntax:
        before, after = (syntax.default if vlans is None else vlans for vlans in (edit.before, edit.after))
        changes = (
            (sign, listed)
            for sign, vlans in (("-", before & ~after), ("+", after & ~before))
            if vlans
            for listed in syntax.lists(vlans)
        )
        return "".join(f"{sign} {space}{edit.command.key} {listed}\n" for sign, listed in changes)
    inside = text(edit.children, depth + 1)
    if edit.old is not None and edit.old is edit.new and not edit.anew:
        return f"  {space}{edit.command.text}\n{inside}"
    gone = f"- {space}{edit.old.text}\n{_shown_lost(edit.lost, depth + 1)}" if edit.old else ""
    return gone + (f"+ {space}{edit.new.text}\n{inside}" if edit.new else "")


def _shown_lost(tree: Tree, depth: int) -> str:
    return "".join(f"- {' ' * depth}{line}\n{_shown_lost(children, depth + 1)}" for line, children in tree.items())


def to_json(edits: Iterable[Edit], path: tuple[str, ...] = ()) -> list[JsonObject]:
    """As JSON, flat: the action, the views around it, what is there now and what shall be (a set: the lists of VLANs)."""
    found: list[JsonObject] = []
    for edit in edits:
        old, new = (end.text if end else None for end in (edit.old, edit.new))
        if syntax := edit.command.rule.vlans:
            old, new = (None if vlans is None else ", ".join(syntax.lists(vlans)) for vlans in (edit.before, edit.after))
        if edit.old is not edit.new or edit.anew or syntax:
            found.append({"action": edit.action.value, "view": list(path), "command": edit.command.key, "old": old, "new": new})
        found += to_json(edit.children, (*path, edit.command.text))
    return found
