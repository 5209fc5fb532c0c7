"""What differs between two configurations, as edits of a tree. Knows no order of doing and writes no line to send; see patch.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action
from yunwang.network.configuration.config import Config, Tree
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.rule import PLAIN, Command, Rules
from yunwang.network.vlans import read as read_vlans


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

    def view(self, view: str, run: Tree, want: Tree, path: tuple[str, ...]) -> list[Edit]:
        """Edits that make the lines `run` of a view into `want`."""
        if not (run or want):
            return []
        read = self.rules.read
        gone = [read(view, line) for line in run if line not in want]
        new = [read(view, line) for line in want if line not in run]
        edits = self._restored(run, want, view, self._changed(view, run, want, gone, new, path)) if gone or new else []
        if not run:
            return edits
        ordered = self.rules.ordered
        for line, inside in want.items():
            before = run.get(line)
            if before is None or (before == inside and not (inside and line.startswith(ordered) and list(before) != list(inside))):
                continue
            if edit := self._inside(read(view, line), before, inside, path):
                edits.append(edit)
        for edit in [edit for edit in edits if edit.old and edit.new and edit.anew and edit.new.rule.undo_wipes]:
            edits = self._with_it(edits, edit.command, run, want, view, path)
        return edits

    def _with_it(self, edits: list[Edit], anew: Command, run: Tree, want: Tree, view: str, path: tuple[str, ...]) -> list[Edit]:
        """Say again, here and in the views inside, what goes with a line that is taken out and put in anew."""
        read = self.rules.read
        begins = tuple(start.format_map(anew.words) for start in anew.rule.undo_wipes)
        changed: dict[str, Edit] = {}
        for edit in edits:
            goes = edit.command.text.startswith(begins) and edit.command is not anew
            if not goes:
                changed[edit.command.text] = edit
            elif edit.new is not None:
                changed[edit.command.text] = edit._replace(old=None)
        for line, inside in want.items():
            if line not in run or (line in changed and changed[line].old is not changed[line].new):
                continue
            command = read(view, line)
            if line.startswith(begins):
                changed[line] = Edit(None, command)
            elif inside and all(read(command.rule.opens, other).key != anew.key for other in inside):
                before = list(changed[line].children) if line in changed else []
                after = self._with_it(before, anew, run[line], inside, command.rule.opens, (*path, line))
                if after:
                    changed[line] = Edit(command, command, tuple(after))
        return list(changed.values())

    def _inside(self, command: Command, run: Tree, want: Tree, path: tuple[str, ...]) -> Edit | None:
        """The edit of a view that stays; None when its content means the same."""
        if command.rule.ordered and self._reordered(command, run, want):
            return Edit(command, command, self._all(command, want, path), anew=True)
        children = self.view(command.rule.opens, run, want, (*path, command.text))
        return Edit(command, command, tuple(children)) if children else None

    def _reordered(self, command: Command, run: Tree, want: Tree) -> bool:
        """Do lines whose only order is the one they stand in change otherwise than at the end? Numbered lines have their number."""
        before, after = (
            [line for line in lines if self.rules.read(command.rule.opens, line).rule is PLAIN] for lines in (run, want)
        )
        return after[: len(before)] != before

    def _all(self, command: Command, want: Tree, path: tuple[str, ...]) -> tuple[Edit, ...]:
        return tuple(self.view(command.rule.opens, {}, want, (*path, command.text))) if want else ()

    def _changed(
        self, view: str, run: Tree, want: Tree, gone: list[Command], new: list[Command], path: tuple[str, ...]
    ) -> list[Edit]:
        """Edits for the lines that are not the same text on both sides, by what identifies them."""
        edits: list[Edit] = []
        held = (command for command in (*gone, *new) if command.rule.vlans or command.rule.member_of)
        sets = dict.fromkeys(command.rule.member_of or command.key for command in held)
        vlans = {key: (self._vlans(view, key, run), self._vlans(view, key, want)) for key in sets}
        news, olds = _by_key(new), _by_key(gone)
        for key, old in olds.items():
            if key in news:
                continue
            inside = run[old.text]
            if old.rule.member_of:
                stays = (vlans[old.rule.member_of][1] or 0) >> int(old.words["id"]) & 1
                if stays and (edit := self._inside(old, inside, {}, path)):
                    edits.append(edit)  # without its lines; the VLAN itself comes and goes with the set
            elif old.rule.permanent or not self._may_go(old, path):
                if edit := self._inside(old, inside, {}, path):
                    edits.append(edit)
            elif not old.hidden:
                edits.append(Edit(old, None, lost=inside))
        for key, command in news.items():
            if edit := self._put(command, olds.get(key), run, want[command.text], path):
                edits.append(edit)
        for key, (before, after) in vlans.items():
            if edit := self._vlan_edit(view, key, before, after, path):
                edits.append(edit)
        return edits

    def _put(self, command: Command, old: Command | None, run: Tree, inside: Tree, path: tuple[str, ...]) -> Edit | None:
        rule = command.rule
        if old is None:
            children = self._all(command, inside, path) if inside else ()
            unseen = command.value == rule.absent or rule.member_of
            return None if unseen and not children else Edit(None, command, children)
        before = run[old.text]
        if old.value == command.value:
            return self._inside(old, before, inside, path) if before or inside else None
        if rule.change == "undo-first" and rule.undo_wipes:
            return Edit(old, command, anew=True)
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

    def _restored(self, run: Tree, want: Tree, view: str, edits: list[Edit]) -> list[Edit]:
        """Say again what an edit of the view wipes; leave out taking away what is wiped anyway."""
        wiping = [edit.command.rule for edit in edits if edit.command.rule.wipes]
        if not wiping:
            return edits
        wiped = tuple(start for rule in wiping for start in rule.wipes)
        unsure = tuple(start for rule in wiping for start in rule.may_wipe)
        kept = [edit for edit in edits if edit.new is not None or not edit.command.text.startswith(wiped)]
        again = [
            Edit(None, command, self._all(command, inside, ()))
            for line, inside in want.items()
            if line in run and line.startswith(wiped + unsure)
            for command in (self.rules.read(view, line),)
        ]
        return [*(edit._replace(old=None) if edit.command.text.startswith(wiped) else edit for edit in kept), *again]


def _by_key(commands: list[Command]) -> dict[str, Command]:
    """Commands by what identifies them; where two have the same (a row too wide for them), the second by its text."""
    found: dict[str, Command] = {}
    for command in commands:
        if not command.rule.vlans:
            found[command.key if command.key not in found else command.text] = command
    return found


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
