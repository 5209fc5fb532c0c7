"""A configuration as a tree of views and lines, and the tables that say how a line gets in and out. Never prints to anyone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yunwang.lab.devices import grammar

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device
    from yunwang.lab.devices.shell import Shell


class Refusal(Exception):
    """The device says no; the text is what it prints, line for line."""


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """A line of configuration and the lines under it, by slot: two lines of one slot replace each other."""

    row: Row
    values: Mapping[str, object]
    line: str
    children: dict[str, Node] = field(default_factory=dict)
    on: bool = True
    """False: the line is stored in its negated form (`undo ipv6 nd ra halt`)."""

    def copy(self) -> Node:
        """A tree of its own."""
        children = {slot: child.copy() for slot, child in self.children.items()}
        return Node(row=self.row, values=self.values, line=self.line, children=children, on=self.on)

    def with_fact(self, fact: str) -> Iterator[Node]:
        """The lines right under this one that state such a fact."""
        return (child for child in self.children.values() if child.row.fact == fact)

    def first(self, fact: str) -> Node | None:
        """The one line that states this fact, if any."""
        return next(self.with_fact(fact), None)

    def under(self, fact: str) -> Iterator[Node]:
        """The lines at any depth under this one that state such a fact."""
        for child in self.children.values():
            if child.row.fact == fact:
                yield child
            yield from child.under(fact)

    def drop(self, *facts: str) -> bool:
        """Remove the lines that state these facts; says whether there were any."""
        gone = [slot for slot, child in self.children.items() if child.row.fact in facts]
        for slot in gone:
            del self.children[slot]
        return bool(gone)


@dataclass(frozen=True, slots=True)
class Edit:
    """One line being applied to one view of one device's configuration."""

    device: Device
    root: Node
    node: Node
    row: Row
    values: Mapping[str, object]
    line: str
    negated: bool

    def int(self, name: str) -> int:
        """The number that a parameter holds."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def str(self, name: str) -> str:
        """The text that a parameter holds."""
        return str(self.values[name])


@dataclass(frozen=True, slots=True)
class Call:
    """A command that shows or does something, as a user gave it."""

    shell: Shell
    device: Device
    values: Mapping[str, object]
    line: str

    def get(self, name: str) -> str:
        """A parameter's text, or an empty one."""
        value = self.values.get(name)
        return "" if value is None else str(value)


Answer = str | Awaitable[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One command of a vendor's table.

    `slot` names the place that the line takes in its view: None its leading keywords (one value), "line" itself (a set), else a
    format over its values. `undo` are the syntaxes of its negation: None the leading keywords (a set: the whole line). `flag_on`
    holds when it is on by default, so that only the negated form is stored. `default` is a line that is never stored.
    `store` is the stored spelling when it differs from what was typed. `opens` is the view it leads into. `fact` is what it states
    in words that all vendors share. `check` refuses; `apply` replaces what storing and removing would do. `do` makes it a command
    that configures nothing. `question` is what a user is asked first (nothing when empty).
    """

    syntax: str
    slot: str | None = None
    undo: tuple[str, ...] | None = None
    flag_on: bool = False
    default: str | None = None
    store: str | None = None
    opens: str = ""
    prompt: str = ""
    fact: str = ""
    group: str = ""
    missing: str = ""
    order: Callable[[Node], tuple[int | str, ...]] | None = None
    check: Callable[[Edit], None] | None = None
    then: Callable[[Edit], str] | None = None
    apply: Callable[[Edit], str] | None = None
    do: Callable[[Call], Answer] | None = None
    question: Callable[[Edit], str] | None = None
    hidden: bool = False

    @property
    def keywords(self) -> str:
        """The words it begins with."""
        return grammar.leading_keywords(self.syntax)

    def undo_syntaxes(self, *, rest: bool) -> tuple[str, ...]:
        """What may stand after `undo` or `no`; with `rest`, anything after the leading keywords (as Cisco takes it)."""
        if self.undo is not None:
            return self.undo
        if self.slot is not None:
            return (self.syntax,)
        if self.syntax == self.keywords:
            return (self.syntax,)
        return (f"{self.keywords} [ <rest...> ]",) if rest else (self.keywords,)

    def slot_of(self, line: str, values: Mapping[str, object]) -> str:
        """The place that this line takes in its view."""
        if self.slot is None:
            return self.keywords
        return line if self.slot == "line" else self.slot.format(**values)


@dataclass(frozen=True, slots=True)
class Form:
    """A row to be matched, plain or negated."""

    row: Row
    negated: bool


class View:
    """The commands that a place of a configuration takes, in the order in which they are displayed."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows
        self._ranks = {row.syntax: rank for rank, row in enumerate(rows)}

    def rank(self, row: Row) -> int:
        """The row's place in the display order; rows of another view come last."""
        return self._ranks.get(row.syntax, len(self.rows))


Starts = list[tuple[grammar.Point, Form]]


class Grammar:
    """A platform's views, compiled once: `negation` is `undo` or `no`."""

    def __init__(self, views: Mapping[str, View], negation: str, kinds: Mapping[str, grammar.Kind], *, rest: bool) -> None:
        self.views = views
        self.negation = negation
        self.kinds = kinds
        self._rest = rest
        self._starts = {name: self._compile(view) for name, view in views.items()}
        self._first: dict[tuple[str, ...], grammar.Place[Form]] = {}

    def first(self, *views: str) -> grammar.Place[Form]:
        """Where a line begins in these views."""
        if views not in self._first:
            self._first[views] = grammar.Place.first(start for view in views for start in self._starts[view])
        return self._first[views]

    def _compile(self, view: View) -> Starts:
        starts: Starts = []
        for row in view.rows:
            starts.append((grammar.compile_syntax(row.syntax), Form(row, False)))
            if row.do is None:
                for syntax in row.undo_syntaxes(rest=self._rest):
                    starts.append((grammar.compile_syntax(f"{self.negation} {syntax}"), Form(row, True)))
        return starts


def put(edit: Edit) -> str:
    """Store the edit's line in its view (a flag that is on by default is stored negated and removed plain)."""
    row, negated = edit.row, edit.negated
    if row.check:
        row.check(edit)
    if row.apply:
        return row.apply(edit)
    said = row.then(edit) if row.then else ""
    if row.flag_on:
        _put_flag(edit, stored=negated)
    elif negated:
        take(edit)
    else:
        line = edit.row.store.format(**edit.values) if edit.row.store else edit.line
        slot = row.slot_of(line, edit.values)
        known = edit.node.children.get(slot)
        if line == row.default:
            edit.node.children.pop(slot, None)
        elif known is None or known.line != line:
            children = known.children if known else {}
            edit.node.children[slot] = Node(row=row, values=edit.values, line=line, children=children)
    return said


def forget_user(edit: Edit) -> str:
    """With a user goes all that is said of him."""
    if edit.negated:
        known = edit.node.children.items()
        edit.node.children = {slot: node for slot, node in known if node.values.get("user") != edit.values["user"]}
    return ""


def take(edit: Edit) -> list[Node]:
    """Remove the lines of the edit's row with the values given; Refusal with the row's `missing` text when there are none."""
    row = edit.row
    given = {name: value for name, value in edit.values.items() if name != "rest"}
    whole = edit.line.partition(" ")[2] if row.undo is None and row.slot == "line" else None
    gone = {
        slot: child
        for slot, child in edit.node.children.items()
        if child.row.syntax == row.syntax
        and (child.line == whole if whole else all(child.values.get(name) == value for name, value in given.items()))
    }
    if not gone and row.missing:
        raise Refusal(row.missing)
    for slot in gone:
        del edit.node.children[slot]
    return list(gone.values())


def _put_flag(edit: Edit, *, stored: bool) -> None:
    slot = edit.row.slot_of(edit.row.syntax, edit.values)
    if stored:
        edit.node.children[slot] = Node(row=edit.row, values=edit.values, line=edit.line, on=False)
    else:
        edit.node.children.pop(slot, None)
