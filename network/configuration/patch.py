"""The lines that turn one configuration into another: minimal, in an order the device accepts. Never sends one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from yunwang.inventories.noun import JsonObject
from yunwang.network.configuration.config import Config
from yunwang.network.configuration.diff import Edit, diff
from yunwang.network.configuration.management import ManagementPath
from yunwang.network.configuration.owned import Owned
from yunwang.network.configuration.rule import PLAIN, Command, Question, Rule, Rules

if TYPE_CHECKING:
    from yunwang.network.vendors import Vendor


class PatchLine(NamedTuple):
    """One line to send (a banner has line breaks in it). `view`: the headers of the views it is typed in, outermost first."""

    text: str
    view: tuple[str, ...] = ()
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
        return tuple(part for line in self.lines for part in line.text.split("\n"))

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
    edits = _spared(edits)
    writer = _Writer(rules, edits)
    now, last = management.split(edits) if management else (edits, ())
    lines = [line for part in _vacating(now) for line in writer.view((), part)]
    lines += [line._replace(management=True) for part in _vacating(last) for line in writer.view((), part)]
    return Patch(tuple(lines))


def _vacating(edits: tuple[Edit, ...]) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Part off what must happen first because it frees something (an address) that another place takes over."""
    taken = {command.text for command in _exclusive_put(edits)}
    if not taken:
        return (), edits
    first: list[Edit] = []
    rest: list[Edit] = []
    for edit in edits:
        if edit.new is None:
            (first if taken & edit.lost.keys() else rest).append(edit)
            continue
        vacates = any(child.old and child.old.text in taken and child.old is not child.new for child in edit.children)
        if not vacates or edit.old is not edit.new:
            rest.append(edit)
            continue
        leaving = tuple(child for child in edit.children if child.old and (child.new is None or child.old.text in taken))
        first.append(edit._replace(children=leaving))
        if staying := tuple(child for child in edit.children if child not in leaving):
            rest.append(edit._replace(children=staying))
    return tuple(first), tuple(rest)


def _exclusive_put(edits: Iterable[Edit]) -> Iterator[Command]:
    for edit in edits:
        if edit.new and edit.new.rule.exclusive and edit.new is not edit.old:
            yield edit.new
        if edit.children:
            yield from _exclusive_put(edit.children)


def _spared(edits: tuple[Edit, ...], gone: tuple[str, ...] = ()) -> tuple[Edit, ...]:
    """Without the lines that go by themselves when another one goes, here or in the views beside it."""
    going: list[Command] = []
    wiping = (edit.command for edit in edits if edit.new is None and edit.command.rule.undo_wipes)
    for command in sorted(wiping, key=lambda command: command.rule.order):
        if not command.key.startswith(gone or "\n"):
            going.append(command)
            gone += tuple(start.format_map(command.words) for start in command.rule.undo_wipes)
    kept: list[Edit] = []
    for edit in edits:
        if edit.new is None:
            if not gone or edit.command in going or not edit.command.key.startswith(gone):
                kept.append(edit)
        elif edit.children and edit.old is edit.new and not edit.anew:
            if children := _spared(edit.children, gone):
                kept.append(edit._replace(children=children))
        else:
            kept.append(edit)
    return tuple(kept)


def _head(command: Command) -> tuple[str, ...]:
    """The first words of a line that no row knows: two lines that share them may be one command with two values."""
    return tuple(command.text.split()[:-1][:2])


def _new(edits: Iterable[Edit]) -> Iterator[str]:
    for edit in edits:
        if edit.old is None and edit.command.rule.opens:
            yield edit.command.text
        if edit.old is None and edit.command.rule.undo_disruptive and not edit.command.rule.disruptive:
            yield from (word for name, word in edit.command.words.items() if name in edit.command.form.names)
        yield from _new(edit.children)


class _Phase(IntEnum):
    """What is sent first. At the top, definitions that others refer to go last; inside a view, room is made first."""

    OUT = 0
    IN = 1
    OUT_LAST = 2


_Act: TypeAlias = tuple[int, list[PatchLine]]
"""A place in the order, and what is sent there."""


def _place(phase: _Phase, order: int) -> int:
    """By phase; upwards in the rows' order where something is put in, downwards where it is taken out."""
    return phase * 1000 + (order if phase is _Phase.IN else -order)


@dataclass(frozen=True)
class _Writer:
    rules: Rules
    edits: tuple[Edit, ...]

    @cached_property
    def _born(self) -> frozenset[str]:
        """Views and sessions that are not there yet: nothing live is in them."""
        return frozenset(_new(self.edits))

    def _disturbs(self, path: tuple[str, ...], command: Command) -> bool:
        """Does putting it in reset or interrupt something that is live?"""
        rule = command.rule
        if not (rule.undo_disruptive if self.rules.is_negated(command.text) else rule.disruptive):
            return False
        return self._born.isdisjoint((*path[:1], *command.words.values()))

    def view(self, path: tuple[str, ...], edits: Iterable[Edit]) -> list[PatchLine]:
        """The lines of a view in their order."""
        acts: list[_Act] = []
        coming = {_head(edit.new) for edit in edits if edit.new and edit.new.rule is PLAIN and not edit.old} if not path else ()
        for edit in edits:
            rule = edit.command.rule
            if rule.vlans:
                acts += self._vlans(path, edit, self._made(edits, edit.command.key))
            elif edit.new is None:
                phase = self._leaving(path, rule)
                if rule is PLAIN and coming and _head(edit.command) in coming:
                    phase = _Phase.OUT
                acts.append((_place(phase, rule.order), [self._out(path, edit.command)]))
            else:
                acts.append((1000 + rule.order, self._into(path, edit, edit.new)))
        acts.sort(key=itemgetter(0))
        return [line for _, lines in acts for line in lines]

    def _into(self, path: tuple[str, ...], edit: Edit, new: Command) -> list[PatchLine]:
        """The lines that put a command in, or change what is in a view."""
        rule = new.rule
        if not (edit.children or edit.anew or rule.opens or rule.asks or rule.disruptive or rule.change != "overwrite"):
            return [PatchLine(new.text, path)]
        old, known = edit.old, edit.old is not None and edit.old.text == new.text
        if old is None or (known and not edit.anew):
            return self._put(path, new, edit.children, known=known)
        if edit.emptied:
            return [*self._inside(path, old.text, edit.emptied), *self._put(path, new, edit.children)]
        if new.hidden and rule.change == "undo-first":
            return [self._out(path, old)]
        if edit.anew or (new.rule.change == "undo-first" and not edit.children):
            between = [PatchLine(new.rule.between, path)] if new.rule.between else []
            gone = [] if old.hidden else [self._out(path, old)]
            return [*gone, *between, *self._put(path, new, edit.children)]
        return self._put(path, new, edit.children)

    def _made(self, edits: Iterable[Edit], key: str) -> int:
        """The VLANs whose own views are new."""
        return sum(1 << int(edit.command.words["id"]) for edit in edits if edit.old is None and edit.command.rule.member_of == key)

    def _leaving(self, path: tuple[str, ...], rule: Rule) -> _Phase:
        return _Phase.OUT if rule.first_out or (path and not rule.last_out) else _Phase.OUT_LAST

    def _put(self, path: tuple[str, ...], command: Command, children: tuple[Edit, ...], *, known: bool = False) -> list[PatchLine]:
        """Type a line and, where it opens a view, what changes inside."""
        rule = command.rule
        line = PatchLine(command.text, path) if known else self._line(path, command.text, rule.asks, self._disturbs(path, command))
        if not (rule.opens or children) or self.rules.is_negated(command.text):
            return [line]
        return [line._replace(enters_view=True), *self._inside(path, command.text, children)[1:]]

    def _inside(self, path: tuple[str, ...], header: str, children: tuple[Edit, ...]) -> list[PatchLine]:
        inner = (*path, header)
        return [
            PatchLine(header, path, enters_view=True),
            *self.view(inner, children),
            PatchLine(self.rules.leave, inner, leaves_view=True),
        ]

    def _out(self, path: tuple[str, ...], command: Command) -> PatchLine:
        return self._line(path, self.rules.undo(command), command.rule.undo_asks, command.rule.undo_disruptive)

    def _line(self, path: tuple[str, ...], text: str, asks: Question | None, disruptive: bool) -> PatchLine:  # one of many
        if asks is None:
            return PatchLine(text, path, False, False, None, None, disruptive)
        return PatchLine(text, path, question=asks.ask, answer=asks.answer, disruptive=disruptive)

    def _vlans(self, path: tuple[str, ...], edit: Edit, made: int) -> Iterator[_Act]:
        """The difference of a set of VLANs."""
        rule = edit.command.rule
        syntax = rule.vlans
        assert syntax is not None
        before = syntax.default if edit.before is None else edit.before
        after = syntax.default if edit.after is None else edit.after
        leaving = _Phase.OUT if path else _Phase.OUT_LAST
        if edit.after is None and syntax.clear:
            yield (_place(leaving, rule.order), [self._line(path, syntax.clear, None, False)])
            return
        if edit.before is None and syntax.first:
            first, *more = syntax.lists(after)
            texts = [syntax.first.format(first), *(syntax.add.format(listed) for listed in more)]
            yield (_place(_Phase.IN, rule.order), [PatchLine(text=text, view=path) for text in texts])
            return
        if removed := before & ~after:
            lines = [PatchLine(text=syntax.removed(listed), view=path) for listed in syntax.lists(removed)]
            yield (_place(_Phase.IN if edit.before is None else leaving, rule.order), lines)
        if added := after & ~before & ~(made if syntax.members_create else 0):
            lines = [line for listed in syntax.lists(added) for line in self._created(path, syntax.added(listed))]
            yield (_place(leaving if edit.after is None else _Phase.IN, rule.order), lines)

    def _created(self, path: tuple[str, ...], text: str) -> Iterator[PatchLine]:
        """A line that adds VLANs; with one VLAN it may enter that VLAN's view."""
        enters = bool(self.rules.read("" if not path else "*", text).rule.opens)
        yield PatchLine(text=text, view=path, enters_view=enters)
        if enters:
            yield PatchLine(text=self.rules.leave, view=(*path, text), leaves_view=True)
