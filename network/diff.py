"""What differs between two configurations, as edits of a tree. Knows no order of doing and writes no line to send; see patch.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from yunwang.inventories.plan import Action
from yunwang.network.config import Config, Tree
from yunwang.network.owned import Owned
from yunwang.network.rule import PLAIN, Command, Rules
from yunwang.network.vlans import read as read_vlans


@dataclass(frozen=True, slots=True)
class Edit:
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
    lost: Tree = field(default_factory=dict)
    """What stood inside a view that goes."""

    @property
    def command(self) -> Command:
        """The command it is about."""
        command = self.new or self.old
        assert command is not None
        return command

    @property
    def action(self) -> Action:
        """As people read it."""
        if self.old is None:
            return Action.CREATE
        return Action.DELETE if self.new is None else Action.UPDATE


def diff(running: Config, intended: Config, *, owned: Owned | None = None) -> tuple[Edit, ...]:
    """What must change in `running` to become `intended`; nothing when they mean the same. Linear in their lines.

    With `owned`, lines that it does not cover stay although `intended` lacks them.
    """
    return tuple(_Differ(running.rules, owned).view("", running.tree, intended.tree, ()))


@dataclass(frozen=True, slots=True)
class _Differ:
    rules: Rules
    owned: Owned | None

    def view(self, view: str, run: Tree, want: Tree, path: tuple[str, ...]) -> Iterator[Edit]:
        """Edits that make the lines `run` of a view into `want`."""
        gone = [self.rules.read(view, line) for line in run if line not in want]
        new = [self.rules.read(view, line) for line in want if line not in run]
        if gone or new:
            yield from self._restore(run, want, view, list(self._changed(view, run, want, gone, new, path)))
        ordered = self.rules.ordered
        for line, inside in want.items():
            before = run.get(line)
            if before is None or (before == inside and not (inside and line.startswith(ordered) and list(before) != list(inside))):
                continue
            if edit := self._inside(self.rules.read(view, line), before, inside, path):
                yield edit

    def _inside(self, command: Command, run: Tree, want: Tree, path: tuple[str, ...]) -> Edit | None:
        """The edit of a view that stays; None when its content means the same."""
        if command.rule.ordered and self._reordered(command, run, want):
            return Edit(command, command, self._all(command, want, path), anew=True)
        children = tuple(self.view(command.rule.opens, run, want, (*path, command.text)))
        return Edit(command, command, children) if children else None

    def _reordered(self, command: Command, run: Tree, want: Tree) -> bool:
        """Do lines whose only order is the one they stand in change otherwise than at the end? Numbered lines have their number."""
        before, after = (
            [line for line in lines if self.rules.read(command.rule.opens, line).rule is PLAIN] for lines in (run, want)
        )
        return after[: len(before)] != before

    def _all(self, command: Command, want: Tree, path: tuple[str, ...]) -> tuple[Edit, ...]:
        return tuple(self.view(command.rule.opens, {}, want, (*path, command.text)))

    def _changed(
        self, view: str, run: Tree, want: Tree, gone: list[Command], new: list[Command], path: tuple[str, ...]
    ) -> Iterator[Edit]:
        """Edits for the lines that are not the same text on both sides, by what identifies them."""
        keys = {command.rule.member_of or command.key for command in (*gone, *new) if command.rule.vlans or command.rule.member_of}
        vlans = {key: (self._vlans(view, key, run), self._vlans(view, key, want)) for key in keys}
        news = {command.key: command for command in new if not command.rule.vlans}
        for old in gone:
            if old.key in news or old.rule.vlans:
                continue
            inside = run[old.text]
            if old.rule.member_of:
                stays = (vlans[old.rule.member_of][1] or 0) >> int(old.words["id"]) & 1
                if stays and (edit := self._inside(old, inside, {}, path)):
                    yield edit  # without its lines; the VLAN itself comes and goes with the set
            elif old.rule.permanent or not self._may_go(old, path):
                if edit := self._inside(old, inside, {}, path):
                    yield edit
            elif not old.hidden:
                yield Edit(old, None, lost=inside)
        olds = {command.key: command for command in gone if not command.rule.vlans}
        for command in news.values():
            if edit := self._put(command, olds.get(command.key), run, want[command.text], path):
                yield edit
        for key, (before, after) in vlans.items():
            edit = self._vlan_edit(view, key, before, after, path)
            if edit:
                yield edit

    def _put(self, command: Command, old: Command | None, run: Tree, inside: Tree, path: tuple[str, ...]) -> Edit | None:
        rule = command.rule
        if old is None:
            children = self._all(command, inside, path)
            unseen = command.hidden or rule.member_of
            return None if unseen and not children else Edit(None, command, children)
        before = run[old.text]
        if old.value == command.value:
            return self._inside(old, before, inside, path)
        if rule.change == "overwrite" or not (before or inside):
            return Edit(old, command, tuple(self.view(rule.opens, before, inside, (*path, old.text))))
        children = self._all(command, inside, path)
        if rule.change == "undo-first":
            return Edit(old, command, children, anew=True)
        return Edit(old, command, children, emptied=tuple(self.view(rule.opens, before, {}, (*path, old.text))))

    def _may_go(self, command: Command, path: tuple[str, ...]) -> bool:
        return self.owned is None or self.owned.covers((*path, command.text))

    def _vlans(self, view: str, key: str, lines: Tree) -> int | None:
        """The set that the lines of a view make together; None when none of them names it."""
        begin, syntax = self.rules.vlan_sets[view, key]
        into = out = 0
        named = False
        for line in lines:
            if line.startswith(begin):
                command = self.rules.read(view, line)
                if command.key == key:
                    named = True
                    if self.rules.is_negated(line):
                        out |= read_vlans(command.words["vlans"])
                    else:
                        into |= read_vlans(command.words["vlans"])
                elif command.rule.member_of == key:
                    named = True
                    into |= 1 << int(command.words["id"])
        return (into | syntax.hidden) & ~out if named else None

    def _vlan_edit(self, view: str, key: str, before: int | None, after: int | None, path: tuple[str, ...]) -> Edit | None:
        _, syntax = self.rules.vlan_sets[view, key]
        example = self.rules.vlan_command(view, key)
        if (syntax.default if before is None else before) == (syntax.default if after is None else after):
            return None
        if not self._may_go(example, path) and before is not None:
            after = before | (after or 0)
        return Edit(None if before is None else example, None if after is None else example, before=before, after=after)

    def _restore(self, run: Tree, want: Tree, view: str, edits: list[Edit]) -> Iterator[Edit]:
        """Say again what an edit of the view wipes; leave out taking away what is wiped anyway."""
        wiped = tuple(start for edit in edits for start in edit.command.rule.wipes)
        if not wiped:
            yield from edits
            return
        for edit in edits:
            if not edit.command.text.startswith(wiped):
                yield edit
            elif edit.new is not None:
                yield replace(edit, old=None)
        for line, inside in want.items():
            if line in run and line.startswith(wiped):
                command = self.rules.read(view, line)
                yield Edit(None, command, self._all(command, inside, ()))
