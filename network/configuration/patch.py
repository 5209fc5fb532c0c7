"""The lines that turn one configuration into another: minimal, in an order the device accepts. Never sends one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import is_
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from yunwang.inventories.noun import JsonObject
from yunwang.network.configuration.command import Command
from yunwang.network.configuration.config import Config
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.edit import Edit
from yunwang.network.configuration.management import ManagementPath
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.table import Rules
from yunwang.network.configuration.unknown import PLAIN
from yunwang.network.vlans import read as read_vlans

if TYPE_CHECKING:
    from yunwang.network.vendors import Vendor


class PatchLine(NamedTuple):
    """One line to send (a banner has line breaks in it). `view`: the headers of the views it is typed in, outermost first."""

    text: str
    view: tuple[str, ...] = ()
    independent: bool = False
    """May go in one write with its neighbours of the same kind (`Rule.independent`)."""
    enters_view: bool = False
    leaves_view: bool = False
    question: str | None = None
    """Regular expression of what the device asks back, if it does."""
    answer: str | None = None
    disruptive: bool = False
    """Resets a live session or interrupts a service."""
    management: bool = False
    """Belongs to a change of the way in to the device: the session may end here, and all else is done."""

    def to_json(self) -> JsonObject:
        """As a JSON object."""
        return self._asdict() | {"view": list(self.view)}


@dataclass(frozen=True, slots=True)
class Patch:
    """Lines in the order of sending, without entering and leaving configuration mode, without commit and save."""

    lines: tuple[PatchLine, ...] = ()

    def __bool__(self) -> bool:
        """Is there anything to send?"""
        return bool(self.lines)

    def text(self) -> str:
        """For people: indented, with the lines that leave a view left out."""
        return "".join(" " * len(line.view) + line.text + "\n" for line in self.lines if not line.leaves_view)

    def commands(self) -> tuple[str, ...]:
        """Flat lines with those that enter and leave views."""
        return tuple("\n".join([line.text for line in self.lines]).split("\n")) if self.lines else ()

    @property
    def disruptive(self) -> tuple[PatchLine, ...]:
        """The lines that reset or interrupt something live."""
        return tuple(line for line in self.lines if line.disruptive)

    @property
    def management(self) -> tuple[PatchLine, ...]:
        """The lines at the end that change the way in to the device."""
        return tuple(line for line in self.lines if line.management)


def patch(
    vendor: Vendor, running: Config, intended: Config, *, owned: Owned | None = None, management: ManagementPath | None = None
) -> Patch:
    """What to type on the device that has `running` so that it has `intended`; swap the two for the way back.

    With `owned`, only what it covers is taken out. With `management`, what might cut that path comes last.
    """
    return from_edits(vendor.rules, diff(running, intended, owned=owned), management=management)


def from_edits(rules: Rules, edits: tuple[Edit, ...], *, management: ManagementPath | None = None) -> Patch:
    """The lines for edits of a whole configuration."""
    edits = _swapped(rules, _spared(edits))
    writer = _Writer(rules, edits)
    now, last = management.split(edits) if management else (edits, ())
    lines = [line for part in _vacating(now) for line in writer.view((), part)]
    lines += [line._replace(management=True) for part in _vacating(last) for line in writer.view((), part)]
    return Patch(tuple(lines))


def _swapped(rules: Rules, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Where entries of a list change: the old ones out, the new ones in, with nothing between; if none stays, a stub meanwhile.

    Two entries may not say the same, and a list that is not there lets everything through.
    """
    lists: dict[str, list[Edit]] = {}
    for edit in edits if rules.stubs else ():
        if edit.command.rule.stub:
            lists.setdefault(edit.command.rule.stub.format_map(edit.command.words), []).append(edit)
    for stub, mine in lists.items():
        going, coming = [edit.old for edit in mine if edit.old], [edit.new for edit in mine if edit.new]
        if not (going and coming):
            continue
        texts = [*map(rules.undo, going), *(command.text for command in coming)]
        if any(edit.alone for edit in mine):
            texts = [stub, *texts, rules.undo(rules.read("", stub))]
        others = (edit for edit in edits if not any(edit is one for one in mine))
        edits = (*others, *(Edit(None, rules.read("", text)) for text in texts))
    return edits


def _vacating(edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Part off what must happen first because it frees something (an address) that another place takes over."""
    coming = (child.new for edit in edits for child in edit.children if child.new is not child.old)
    taken = {command.text for command in coming if command and command.rule.exclusive}
    first = [edit for edit in edits if edit.first]
    if not taken:
        return tuple(first), tuple(edit for edit in edits if not edit.first) if first else edits
    rest: list[Edit] = []
    views = [edit for edit in edits if edit.old is edit.new]
    vacated = {child.old.text for edit in views for child in edit.children if child.old and child.old is not child.new} & taken
    for edit in edits:
        if edit.first:
            continue
        if edit.new is None:
            (first if taken & edit.lost.keys() else rest).append(edit)
            continue
        if edit.old is not edit.new or not any(child.old and child.old.text in vacated for child in edit.children):
            rest.append(edit)
            continue
        leaving: list[Edit] = []
        staying: list[Edit] = []
        for child in edit.children:
            goes = child.old is not None and (child.new is None or child.old.text in taken)
            if goes and child.new and child.new.text in vacated:  # they change places: both are out before one is in
                leaving.append(child._replace(new=None))
                staying.append(child._replace(old=None))
            else:
                (leaving if goes else staying).append(child)
        first.append(edit._replace(children=tuple(leaving)))
        if staying:
            rest.append(edit._replace(children=tuple(staying)))
    return tuple(first), tuple(rest)


def _spared(edits: tuple[Edit, ...], gone: tuple[str, ...] = ()) -> tuple[Edit, ...]:
    """Without the lines that go by themselves when another one goes, here or in the views beside it."""
    going: list[Command] = []
    wiping = [edit.old for edit in edits if edit.new is None and edit.old and edit.old.rule.undo_wipes]
    for command in sorted(wiping, key=lambda command: command.rule.order):
        if not command.key.startswith(gone or "\n"):
            going.append(command)
            gone += tuple(start.format_map(command.words) for start in command.rule.undo_wipes)
    if not gone and not any(edit.children for edit in edits):
        return edits
    kept: list[Edit] = []
    for edit in edits:
        if not (gone or edit.children):
            kept.append(edit)
        elif edit.new is None:
            if not gone or edit.command in going or not f"{edit.command.key} ".startswith(gone):
                kept.append(edit)
        elif edit.children and not edit.anew:
            children = _spared(edit.children, () if edit.command.rule.apart else gone)
            if children or edit.old is not edit.new:
                kept.append(edit if children is edit.children else edit._replace(children=children))
        else:
            kept.append(edit)
    return edits if len(kept) == len(edits) and all(map(is_, kept, edits)) else tuple(kept)


def _head(command: Command) -> tuple[str, ...]:
    """The first words of a line that no row knows: two lines that share them may be one command with two values."""
    return tuple(command.text.split()[:-1][:2])


def _new(edits: Iterable[Edit], path: tuple[str, ...] = ()) -> Iterator[str | tuple[str, ...]]:
    for edit in edits:
        inner = (*path, edit.command.text)
        if edit.old is None and edit.command.rule.opens:
            yield inner
        if edit.old is None and edit.command.rule.undo_disruptive and not edit.command.rule.disruptive:
            yield from (word for name, word in edit.command.words.items() if name in edit.command.form.names)
        yield from _new(edit.children, inner)


_OUT, _IN, _OUT_LAST = 0, 1000, 2000
"""What is sent first: a rule's order counts upwards from there where something is put in, downwards where it is taken out. At the
top, definitions that others refer to go last; inside a view, room is made first."""
_Act: TypeAlias = tuple[int, list[PatchLine]]
"""A place in that order, and what is sent there."""


@dataclass(frozen=True)
class _Writer:
    rules: Rules
    edits: tuple[Edit, ...]

    @cached_property
    def _born(self) -> frozenset[str | tuple[str, ...]]:
        """Views (by their path) and sessions that are not there yet: nothing live is in them."""
        return frozenset(_new(self.edits))

    def _live(self, path: tuple[str, ...], command: Command) -> bool:
        """Is there something yet that putting it in may reset or interrupt? What it names may live on outside of its view."""
        views = (path[:1],) if command.form.names else (path[:depth] for depth in range(1, len(path) + 1))
        return self._born.isdisjoint((*views, *command.words.values()))

    def view(self, path: tuple[str, ...], edits: Iterable[Edit]) -> list[PatchLine]:
        """The lines of a view in their order."""
        places: defaultdict[int, list[PatchLine]] = defaultdict(list)
        fresh = [edit.new for edit in edits if edit.new and not edit.old] if not path else []
        coming = {_head(command) for command in fresh if command.form.rule is PLAIN}
        for edit in edits:
            new, command = edit.new, edit.command
            rule = command.rule
            if new and new.form.simple and not (edit.children or edit.anew):
                places[_IN + rule.order].append(PatchLine(new.text, path, rule.independent))
            elif rule.vlans:
                for place, lines in self._vlans(path, edit, self._made(edits, command.key)):
                    places[place] += lines
            elif new is None:
                early = edit.first or rule.first_out or (bool(path) and not rule.last_out)
                early = early or (command.form.rule is PLAIN and _head(command) in coming)
                places[(_OUT if early else _OUT_LAST) - rule.order].append(self._out(path, command))
            else:
                places[_IN + rule.order] += self._into(path, edit, new)
        return [line for place in sorted(places) for line in places[place]]

    def _into(self, path: tuple[str, ...], edit: Edit, new: Command) -> list[PatchLine]:
        """The lines that put a command in, or change what is in a view."""
        old, known = edit.old, edit.old is not None and edit.old.text == new.text
        if old is None or (known and not edit.anew):
            return self._put(path, new, edit.children, known=known)
        if edit.emptied:
            return [*self._inside(path, old.text, edit.emptied), *self._put(path, new, edit.children)]
        if new.rule.words and not edit.anew:
            return self._changed_words(path, old.value.split(), new)
        if new.hidden and new.rule.change == "undo-first":
            return [self._out(path, old)]
        if edit.anew or (new.rule.change == "undo-first" and not edit.children):
            between = [PatchLine(new.rule.between, path)] if new.rule.between else []
            gone = [] if old.hidden else [self._out(path, old)]
            return [*gone, *between, *self._put(path, new, edit.children)]
        first, *rest = self._put(path, new, edit.children)
        return [first._replace(disruptive=True) if new.rule.undo_disruptive else first, *rest]

    def _changed_words(self, path: tuple[str, ...], before: list[str], new: Command) -> list[PatchLine]:
        """The difference of a set of words."""
        after, its = new.value.split(), new.words
        added = " ".join(word for word in after if word not in before)
        texts = [new.rule.words.format(added, **its)] if added else []
        texts += [f"{self.rules.negation} {new.rule.words.format(word, **its)}" for word in before if word not in after]
        return [PatchLine(text, path) for text in texts]

    def _made(self, edits: Iterable[Edit], key: str) -> int:
        """The VLANs whose own views are new."""
        members = (edit.new for edit in edits if edit.new and edit.old is None and edit.new.rule.member_of == key)
        return read_vlans(",".join(member.words["id"] for member in members))

    def _put(self, path: tuple[str, ...], command: Command, children: tuple[Edit, ...], *, known: bool = False) -> list[PatchLine]:
        """Type a line and, where it opens a view, what changes inside."""
        rule = command.rule
        opens = (rule.opens or children) and not self.rules.is_negated(command.text)
        if known and opens:
            return self._inside(path, command.text, children)
        line = PatchLine(command.text, path) if known else self._line(path, command.text, command)
        if opens:
            return [line._replace(enters_view=True), *self._inside(path, command.text, children)[1:]]
        return [line._replace(independent=True)] if rule.independent else [line]

    def _inside(self, path: tuple[str, ...], header: str, children: tuple[Edit, ...]) -> list[PatchLine]:
        inner = (*path, header)
        return [
            PatchLine(header, path, enters_view=True, independent=True),
            *self.view(inner, children),
            PatchLine(self.rules.leave, inner, leaves_view=True),
        ]

    def _out(self, path: tuple[str, ...], command: Command) -> PatchLine:
        return self._line(path, self.rules.undo(command), command)

    def _line(self, path: tuple[str, ...], text: str, command: Command) -> PatchLine:
        """A line that puts the command in (it is its text) or takes it out."""
        if command.form.calm:
            return PatchLine(text, path)
        rule = command.rule
        negated = self.rules.is_negated(text)
        asks, disruptive = (rule.undo_asks, rule.undo_disruptive) if negated else (rule.asks, rule.disruptive)
        disruptive = disruptive and (text != command.text or self._live(path, command))
        if asks:
            return PatchLine(text, path, question=asks.ask, answer=asks.answer, disruptive=disruptive)
        return PatchLine(text, path, disruptive=True) if disruptive else PatchLine(text, path)

    def _vlans(self, path: tuple[str, ...], edit: Edit, made: int) -> Iterator[_Act]:
        """The difference of a set of VLANs."""
        rule = edit.command.rule
        syntax = rule.vlans
        assert syntax is not None
        words = edit.command.words
        before = syntax.default if edit.before is None else edit.before
        after = syntax.default if edit.after is None else edit.after
        putting, leaving = _IN + rule.order, (_OUT if path else _OUT_LAST) - rule.order
        if edit.after is None and syntax.clear:
            yield (leaving, [PatchLine(syntax.clear.format(**words), path)])
            return
        if edit.before is None and syntax.first:
            first, *more = syntax.lists(after)
            texts = [syntax.first.format(first), *(syntax.added(listed, words) for listed in more)]
            yield (putting, [PatchLine(text=text, view=path) for text in texts])
            return
        if removed := before & ~after:
            lines = [PatchLine(text=syntax.removed(listed, words), view=path) for listed in syntax.lists(removed)]
            yield (putting if edit.before is None else leaving, lines)
        if added := after & ~before & ~(made if syntax.members_create else 0):
            lines = [line for listed in syntax.lists(added) for line in self._created(path, syntax.added(listed, words))]
            yield (leaving if edit.after is None else putting, lines)

    def _created(self, path: tuple[str, ...], text: str) -> Iterator[PatchLine]:
        """A line that adds VLANs; with one VLAN it may enter that VLAN's view."""
        enters = bool(self.rules.read("" if not path else "*", text).rule.opens)
        yield PatchLine(text=text, view=path, enters_view=enters)
        if enters:
            yield PatchLine(text=self.rules.leave, view=(*path, text), leaves_view=True)
