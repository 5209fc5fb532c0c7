"""What differs between two configurations, as edits of a tree. Knows no order of doing and writes no line to send; see patch.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from yunwang.network.configuration.command import Command
from yunwang.network.configuration.config import Config, Tree
from yunwang.network.configuration.edit import Edit
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.sequence import behind, cut, sequences
from yunwang.network.configuration.table import Rules
from yunwang.network.configuration.unknown import EARLY, is_unknown, quantities, unread
from yunwang.network.vlans import read as read_vlans

_NUMBER = re.compile(r"\d*$")


def diff(running: Config, intended: Config, *, owned: Owned | None = None) -> tuple[Edit, ...]:
    """What must change in `running` to become `intended`; nothing when they mean the same. Linear in their lines.

    With `owned`, lines that it does not cover stay although `intended` lacks them.
    """
    run, want = cut(running.rules, running.tree, intended.tree)
    return tuple(_Differ(running.rules, owned).whole(run, want))


@dataclass(frozen=True, slots=True)
class _Differ:
    rules: Rules
    owned: Owned | None

    def whole(self, run: Tree, want: Tree) -> list[Edit]:
        """Edits of a whole configuration; what holds a thing that changes is out before, and is said again."""
        edits = self._top(run, want)
        held = _held(edits)
        if held:
            every = held[""]
            free = {line: _freed(inside, held.get(line, every)) for line, inside in run.items() if not every.match(line)}
            edits = [*(edit._replace(first=True) for edit in replace(self, owned=None)._top(run, free)), *self._top(free, want)]
        return _alone(edits, run) if self.rules.stubs else edits

    def _top(self, run: Tree, want: Tree) -> list[Edit]:
        edits = self.view("", run, want, ())
        if begins := self.rules.sequenced:
            before, after = ({line: tree[line] for line in tree if line.startswith(begins)} for tree in (run, want))
            edits = self._in_sequence("", before, after, edits, ())
        return [*_early(edits, run, want)] if any(is_unknown(edit.command) for edit in edits) else edits

    def view(self, view: str, run: Tree, want: Tree, path: tuple[str, ...]) -> list[Edit]:
        """Edits that make the lines `run` of a view into `want`."""
        if not (run or want):
            return []
        if path and not view:
            view = "*"  # no row knows what opens it: what is inside is no command of the top
        read = self.rules.reader[view]
        gone = [read[line] for line in run if line not in want]
        new = [read[line] for line in want if line not in run]
        edits = self._changed(view, run, want, gone, new, path) if gone or new else []
        if not (any(run.values()) or any(want.values())):
            return edits
        ordered = self.rules.ordered
        for line, inside in want.items():
            before = run.get(line)
            if before is None or before is inside:
                continue
            if before == inside and not (line.startswith(ordered) and list(before) != list(inside)):
                continue
            if edit := self._inside(read[line], before, inside, path):
                edits.append(edit)
        for edit in [edit for edit in edits if edit.anew and edit.old and edit.new and edit.new.rule.undo_wipes]:
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
            if line not in run or (line in changed and (changed[line].anew or changed[line].old is not changed[line].new)):
                continue
            command = read(view, line)
            if line.startswith(begins):
                changed[line] = Edit(None, command)
            elif inside and not command.rule.apart and all(read(command.rule.opens, other).key != anew.key for other in inside):
                before = list(changed[line].children) if line in changed else []
                after = self._with_it(before, anew, run[line], inside, command.rule.opens, (*path, line))
                if after:
                    changed[line] = Edit(command, command, tuple(after))
        return list(changed.values())

    def _inside(self, command: Command, run: Tree, want: Tree, path: tuple[str, ...]) -> Edit | None:
        """The edit of a view that stays; None when its content means the same."""
        rule, inner = command.rule, (*path, command.text)
        children = self.view(rule.opens, run, want, inner)
        if rule.ordered:
            children = self._in_sequence(rule.opens, run, want, children, inner)
        if children and rule.whole:
            return Edit(command, command, self._all(command, want, path), anew=True)
        return Edit(command, command, tuple(children)) if children else None

    def _in_sequence(self, view: str, run: Tree, want: Tree, edits: list[Edit], path: tuple[str, ...]) -> list[Edit]:
        """Where lines have an order and a new one stands last: what shall stand behind it goes and comes again."""
        before, after = (sequences(self.rules, view, lines) for lines in (run, want))
        for name, wanted in after.items():
            known = before.get(name, {})
            tail = behind(known, wanted)
            if known.keys().isdisjoint(tail):
                continue
            moved = [
                Edit(known.get(key), wanted[key], self._all(wanted[key], want[wanted[key].text], path), anew=key in known)
                for key in tail
            ]
            edits = [*(edit for edit in edits if edit.command.key not in tail), *moved]
        return edits

    def _all(self, command: Command, want: Tree, path: tuple[str, ...]) -> tuple[Edit, ...]:
        return tuple(self.view(command.rule.opens, {}, want, (*path, command.text))) if want else ()

    def _changed(
        self, view: str, run: Tree, want: Tree, gone: list[Command], new: list[Command], path: tuple[str, ...]
    ) -> list[Edit]:
        """Edits for the lines that are not the same text on both sides, by what identifies them."""
        edits: list[Edit] = []
        vlans: dict[str, tuple[int | None, int | None]] = {}
        if social := [command for command in (*gone, *new) if command.form.social]:
            if path and (starts := [start for command in social for start in command.rule.stops]):
                free = _freed(run, _beginnings(starts))
                if len(free) < len(run):
                    out = (edit._replace(first=True) for edit in self.view(view, run, free, path))
                    return [*out, *self.view(view, free, want, path)]
            held = (command for command in social if command.rule.vlans or command.rule.member_of)
            sets = {command.rule.member_of or command.key: command for command in held}
            vlans = {key: (self._vlans(view, one, key, run), self._vlans(view, one, key, want)) for key, one in sets.items()}
            gone, new = ([command for command in lines if not command.rule.vlans] for lines in (gone, new))
            if not self.rules.undo_values:
                gone, new = quantities(gone, run, want), quantities(new, run, want)
        olds, news = _by_key(gone), _by_key(new)
        for key, old in olds.items():
            if key in news:
                continue
            inside = run[old.text]
            if old.rule.member_of:
                stays = (vlans[old.rule.member_of][1] or 0) & read_vlans(old.words["id"])
                if stays and (edit := self._inside(old, inside, {}, path)):
                    edits.append(edit)  # without its lines; the VLAN itself comes and goes with the set
            elif old.rule.permanent or (self.owned and not self._may_go(old, path)):
                if edit := self._inside(old, inside, {}, path):
                    edits.append(edit._replace(first=old.rule.first_out))
            elif not old.hidden:
                edits.append(Edit(old, None, lost=inside))
        for key, command in news.items():
            there, inside = olds.get(key), want[command.text]
            if edit := self._put(there, command, run[there.text], inside, path) if there else self._new(command, inside, path):
                edits.append(edit)
        for key, (before, after) in vlans.items():
            if edit := self._vlan_edit(view, sets[key], before, after, path):
                edits.append(edit)
        return self._restored(run, want, view, edits) if social else edits

    def _new(self, command: Command, inside: Tree, path: tuple[str, ...]) -> Edit | None:
        children = self._all(command, inside, path) if inside else ()
        rule = command.rule
        unseen = command.value == rule.absent or rule.member_of
        return None if unseen and not children else Edit(None, command, children)

    def _put(self, old: Command, command: Command, before: Tree, inside: Tree, path: tuple[str, ...]) -> Edit | None:
        rule = command.rule
        if old.value == command.value:
            return self._inside(old, before, inside, path) if before or inside else None
        if rule.change == "undo-first" and rule.undo_wipes:
            return Edit(old, command, anew=True)
        if not (before or inside):
            return Edit(old, command)
        if rule.change == "overwrite":
            return Edit(old, command, tuple(self.view(rule.opens, before, inside, (*path, old.text))))
        children = self._all(command, inside, path)
        if rule.change == "undo-first":
            return Edit(old, command, children, anew=True)
        return Edit(old, command, children, emptied=tuple(self.view(rule.opens, before, {}, (*path, old.text))))

    def _may_go(self, command: Command, path: tuple[str, ...]) -> bool:
        return self.owned is None or self.owned.covers((*path, command.text))

    def _vlans(self, view: str, one: Command, key: str, lines: Tree) -> int | None:
        """The set that the lines of a view make together, `one` being among them; None when none of these names it."""
        begin, syntax = self.rules.vlan_sets[view, one.rule.member_of or one.form.key]
        into = out = 0
        named = False
        for line in lines:
            if line.startswith(begin):
                command = self.rules.read(view, line)
                if command.rule.vlans and command.key == key:
                    named = True
                    if self.rules.is_negated(line):
                        out |= read_vlans(command.words["vlans"])
                    else:
                        into |= read_vlans(command.words["vlans"])
                elif command.rule.member_of == key:
                    named = True
                    into |= read_vlans(command.words["id"])
        return (into | syntax.hidden) & ~out if named else None

    def _vlan_edit(self, view: str, one: Command, before: int | None, after: int | None, path: tuple[str, ...]) -> Edit | None:
        example = self.rules.vlan_command(view, one.rule.member_of) if one.rule.member_of else one._replace(text=one.key, value="")
        syntax = example.rule.vlans
        assert syntax is not None
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
    """Commands by what identifies them; where two have the same (a row too wide for them), the second as if no row knew it."""
    found = {command.key: command for command in commands}
    if len(found) < len(commands):
        found.clear()
        for command in commands:
            found.setdefault(command.key, command)
            if found[command.key] is not command:
                found[command.text] = unread(command)
    return found


def _early(edits: list[Edit], *trees: Tree) -> Iterator[Edit]:
    """Lines that no row knows keep their place before the interfaces."""
    before = {line for tree in trees for line in takewhile(lambda line: not line.startswith("interface "), tree)}
    for edit in edits:
        if is_unknown(edit.command) and edit.command.text in before:
            old, new = (end and end._replace(rule=replace(end.rule, order=EARLY)) for end in (edit.old, edit.new))
            yield edit._replace(old=new if edit.old is edit.new else old, new=new)
        else:
            yield edit


def _alone(edits: list[Edit], run: Tree) -> list[Edit]:
    """Marks the entries that go from lists of which nothing stays."""
    going: dict[str, int] = {}
    for edit in edits:
        if edit.old and edit.old is not edit.new and (start := edit.old.rule.stub):
            start = start.partition("{name}")[0] + edit.old.words["name"] + " "
            going[start] = going.get(start, 0) + 1
    gone = tuple(start for start, entries in going.items() if sum(line.startswith(start) for line in run) == entries)
    return [edit._replace(alone=True) if edit.old and edit.old.text.startswith(gone) else edit for edit in edits] if gone else edits


def _held(edits: list[Edit]) -> dict[str, re.Pattern[str]]:
    """Lines that must be out before some edits, by the view they stand in ("": at the top or in any view); empty for none."""
    found: dict[str, list[str]] = {"": []}
    for edit in edits:
        if edit.old and edit.new:
            rule = edit.new.rule
            if rule.stops or (rule.used_by and (edit.anew or edit.old is not edit.new)):
                found[""] += [start.format_map(edit.new.words) for start in (*rule.stops, *rule.used_by)]
            for child in edit.children if edit.old is edit.new and not edit.anew else ():
                its = child.new or child.old
                if its is None or its.form.simple or child.old is child.new:
                    continue
                if its.rule.used_by:
                    words = {"number": _NUMBER.findall(edit.command.text)[0], **edit.new.words, **its.words}
                    found[""] += [start.format_map(words) for start in its.rule.used_by]
                if its.rule.out_first and child.old and child.new:
                    found.setdefault(edit.command.text, []).append(child.old.text)
    if not any(found.values()):
        return {}
    return {view: _beginnings(found[""] + starts) for view, starts in found.items()}


def _beginnings(starts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"{re.escape(start)}(?= |$)".replace(r"\*", r"\S+") for start in starts) or "(?!)")


def _freed(inside: Tree, held: re.Pattern[str]) -> Tree:
    return {line: children for line, children in inside.items() if not held.match(line)} if inside else inside
