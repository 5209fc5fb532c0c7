"""The lines that turn one configuration into another: minimal, in an order the device accepts. Never sends one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from yunwang.network.config import Config
from yunwang.network.diff import Edit, diff
from yunwang.network.owned import Owned
from yunwang.network.rule import Command, Question, Rules

if TYPE_CHECKING:
    from yunwang.network.vendors import Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchLine:
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


def patch(vendor: Vendor, running: Config, intended: Config, *, owned: Owned | None = None) -> Patch:
    """What to type on the device that has `running` so that it has `intended`; swap the two for the way back.

    With `owned`, only what it covers is taken out.
    """
    return from_edits(vendor.rules, diff(running, intended, owned=owned))


def from_edits(rules: Rules, edits: tuple[Edit, ...]) -> Patch:
    """The lines for edits of a whole configuration."""
    writer = _Writer(rules)
    vacating, rest = _vacating(edits)
    return Patch((*writer.view((), vacating), *writer.view((), rest)))


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
        first.append(replace(edit, children=leaving))
        if staying := tuple(child for child in edit.children if child not in leaving):
            rest.append(replace(edit, children=staying))
    return tuple(first), tuple(rest)


def _exclusive_put(edits: Iterable[Edit]) -> Iterator[Command]:
    for edit in edits:
        if edit.new and edit.new.rule.exclusive and edit.new is not edit.old:
            yield edit.new
        yield from _exclusive_put(edit.children)


class _Phase(IntEnum):
    """What is sent first. At the top, definitions that others refer to go last; inside a view, room is made first."""

    OUT = 0
    IN = 1
    OUT_LAST = 2


class _Act(NamedTuple):
    phase: _Phase
    order: int
    lines: list[PatchLine]


@dataclass(frozen=True, slots=True)
class _Writer:
    rules: Rules

    def view(self, path: tuple[str, ...], edits: Iterable[Edit]) -> Iterator[PatchLine]:
        """The lines of a view in their order."""
        edits = tuple(edits)
        made: dict[str, int] = {}
        for edit in edits:
            if edit.old is None and (of := edit.command.rule.member_of):
                made[of] = made.get(of, 0) | 1 << int(edit.command.words["id"])
        acts = [act for edit in edits for act in self._acts(path, edit, made)]
        acts.sort(key=lambda act: (act.phase, act.order if act.phase is _Phase.IN else -act.order))
        return (line for act in acts for line in act.lines)

    def _acts(self, path: tuple[str, ...], edit: Edit, made: dict[str, int]) -> Iterator[_Act]:
        command, old, new = edit.command, edit.old, edit.new
        order = command.rule.order
        if command.rule.vlans:
            yield from self._vlans(path, edit, made.get(command.key, 0))
        elif new is None:
            yield _Act(self._leaving(path, command), order, [self._out(path, command)])
        elif edit.emptied and old is not None:
            lines = [*self._inside(path, old.text, edit.emptied), *self._put(path, new, edit.children)]
            yield _Act(_Phase.IN, order, lines)
        elif old is None or (old.text == new.text and not edit.anew):
            yield _Act(_Phase.IN, order, self._put(path, new, edit.children, known=old is not None))
        elif edit.anew or (command.rule.change == "undo-first" and not edit.children):
            yield _Act(_Phase.IN, order, [self._out(path, old), *self._put(path, new, edit.children)])
        else:
            yield _Act(_Phase.IN, order, self._put(path, new, edit.children))

    def _leaving(self, path: tuple[str, ...], command: Command) -> _Phase:
        return _Phase.OUT if path and not command.rule.last_out else _Phase.OUT_LAST

    def _put(self, path: tuple[str, ...], command: Command, children: tuple[Edit, ...], *, known: bool = False) -> list[PatchLine]:
        """Type a line and, where it opens a view, what changes inside."""
        asks = None if known else command.rule.asks
        line = self._line(path, command.text, asks, disruptive=command.rule.disruptive and not known)
        if not (command.rule.opens or children) or self.rules.is_negated(command.text):
            return [line]
        return [replace(line, enters_view=True), *self._inside(path, command.text, children)[1:]]

    def _inside(self, path: tuple[str, ...], header: str, children: tuple[Edit, ...]) -> list[PatchLine]:
        inner = (*path, header)
        return [
            PatchLine(text=header, view=path, enters_view=True),
            *self.view(inner, children),
            PatchLine(text=self.rules.leave, view=inner, leaves_view=True),
        ]

    def _out(self, path: tuple[str, ...], command: Command) -> PatchLine:
        return self._line(path, self.rules.undo(command), command.rule.undo_asks, disruptive=command.rule.undo_disruptive)

    def _line(self, path: tuple[str, ...], text: str, asks: Question | None, *, disruptive: bool) -> PatchLine:
        return PatchLine(
            text=text,
            view=path,
            question=asks.ask if asks else None,
            answer=asks.answer if asks else None,
            disruptive=disruptive,
        )

    def _vlans(self, path: tuple[str, ...], edit: Edit, made: int) -> Iterator[_Act]:
        """The difference of a set of VLANs."""
        rule = edit.command.rule
        syntax = rule.vlans
        assert syntax is not None
        before = syntax.default if edit.before is None else edit.before
        after = syntax.default if edit.after is None else edit.after
        leaving = _Phase.OUT if path else _Phase.OUT_LAST
        if edit.after is None and syntax.clear:
            yield _Act(leaving, rule.order, [self._line(path, syntax.clear, None, disruptive=False)])
            return
        if edit.before is None and syntax.first:
            first, *more = syntax.lists(after)
            texts = [syntax.first.format(first), *(syntax.add.format(listed) for listed in more)]
            yield _Act(_Phase.IN, rule.order, [PatchLine(text=text, view=path) for text in texts])
            return
        if removed := before & ~after:
            lines = [PatchLine(text=syntax.remove.format(listed), view=path) for listed in syntax.lists(removed)]
            yield _Act(_Phase.IN if edit.before is None else leaving, rule.order, lines)
        if added := after & ~before & ~(made if syntax.members_create else 0):
            phase = leaving if edit.after is None else _Phase.IN
            lines = [line for listed in syntax.lists(added) for line in self._created(path, syntax.add.format(listed))]
            yield _Act(phase, rule.order, lines)

    def _created(self, path: tuple[str, ...], text: str) -> Iterator[PatchLine]:
        """A line that adds VLANs; with one VLAN it may enter that VLAN's view."""
        enters = bool(self.rules.read("" if not path else "*", text).rule.opens)
        yield PatchLine(text=text, view=path, enters_view=enters)
        if enters:
            yield PatchLine(text=self.rules.leave, view=(*path, text), leaves_view=True)
