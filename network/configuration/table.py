"""A platform's rule table made ready, and how its configurations are written. Never holds a configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from yunwang.network.configuration.command import NEGATED, Command, Form, form_of, literal
from yunwang.network.configuration.line import Kept, Line, line_of
from yunwang.network.configuration.rule import Block, Rule
from yunwang.network.configuration.unknown import PLAIN, form_of_unknown
from yunwang.network.spelling import Same, Spelling
from yunwang.network.vlans import VlanSyntax

_NUMBERS = re.compile(r" \d+(?= |$)")
_Table: TypeAlias = dict[str, dict[str, tuple[Form, ...]]]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A platform's table and the way its configurations are written. Made ready once per platform."""

    rules: tuple[Rule, ...]
    negation: str
    """`undo` or `no`."""
    separator: str
    """The mark that stands alone on a line between sections, or begins a comment: `#` or `!`."""
    leave: str
    """The line that leaves a view."""
    ends: frozenset[str]
    """Lines that close the configuration."""
    skips: frozenset[str] = frozenset()
    """Lines that only close a view."""
    noise: re.Pattern[str]
    """Lines that are no configuration: headers, log messages, paging remnants."""
    blocks: tuple[Block, ...] = ()
    """Commands that run over several lines."""
    texts: tuple[str, ...] = ("description ",)
    """Beginnings of lines that hold free text, where nothing is an address."""
    undo_values: bool = True
    """May the negation name what the line holds (`no maximum 10`), or is that too many parameters (`undo web timeout`)?"""
    mac: str
    """What stands between the three groups of a MAC."""
    interfaces: tuple[tuple[str, str], ...] = ()
    """Short and full names of interface types (`GE`, `GigabitEthernet`)."""
    same: tuple[Same, ...] = ()
    """Other spellings of a line (regular expressions that begin with the line's first word) and the one we keep."""
    gathered: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Lines at the top that are entries of a view (second, from the first group); the entry is the second group."""
    spelling: Spelling = field(init=False, repr=False, compare=False)
    vlan_sets: dict[tuple[str, str], tuple[tuple[str, ...], VlanSyntax]] = field(init=False, repr=False, compare=False)
    """View and identity of a set of VLANs to the beginnings of the lines that make it, and how its difference is said."""
    ordered: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the views whose lines have an order."""
    sequenced: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the lines at the top that have one."""
    stubs: bool = field(init=False, repr=False, compare=False)
    """Does a row name what stands in for a list?"""
    cut: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the lines at the top that are cut."""
    special: frozenset[str] = field(init=False, repr=False, compare=False)
    """First words of the blocks, and of the lines that are entries of a view elsewhere."""
    line: Kept[str, Line] = field(init=False, repr=False, compare=False)
    """What a raw line is."""
    known: frozenset[str] = field(init=False, repr=False, compare=False)
    """First words of the rows: a line that begins so is a command, not a header or a log message."""
    reader: Kept[str, Kept[str, Command]] = field(init=False, repr=False, compare=False)
    """A kind of view to what a canonical line in it is."""
    _forms: dict[str, _Table] = field(init=False, repr=False, compare=False)
    _negated: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the look-up tables."""
        tables = self._tables()
        firsts = {rule.pattern.partition(" ")[0] for rule in self.rules}
        made: dict[str, object] = {
            "spelling": Spelling(mac=self.mac, texts=self.texts, interfaces=self.interfaces, same=self.same),
            "vlan_sets": {(rule.view, form_of(rule).key): (self._begins(rule), rule.vlans) for rule in self.rules if rule.vlans},
            "ordered": tuple(literal(rule.pattern) for rule in self.rules if rule.ordered),
            "sequenced": tuple(literal(rule.pattern) for rule in self.rules if rule.sequence and not rule.view),
            "stubs": any(rule.stub for rule in self.rules),
            "cut": tuple(literal(rule.pattern) for rule in self.rules if rule.cut),
            "special": frozenset(
                re.split(r"[^\w-]", pattern.pattern, maxsplit=1)[0]
                for pattern in (*(block.begin for block in self.blocks), *(entry for entry, _ in self.gathered))
            ),
            "line": Kept(partial(line_of, self)),
            "known": frozenset(first for first in firsts if first[0] not in "{<") | {self.negation},
            "reader": Kept(lambda view: Kept(partial(self._read, tables.get(view) or tables["*"]))),
            "_forms": tables,
            "_negated": f"{self.negation} ",
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _begins(self, vlans: Rule) -> tuple[str, ...]:
        members = [rule for rule in self.rules if rule.member_of == form_of(vlans).key and rule.view == vlans.view]
        begin = literal(vlans.pattern)
        return (begin, f"{self.negation} {begin}", *(literal(rule.pattern) for rule in members))

    def _tables(self) -> dict[str, _Table]:
        """View → first word → second word → rows in their order, with the rows for any view and any word among them."""
        forms = [(form_of(rule), (rule.pattern + " {").split(" ")) for rule in self.rules]
        views = {"", "*"} | {rule.view for rule in self.rules} | {rule.opens for rule in self.rules}
        tables: dict[str, _Table] = {}
        for view in views:
            here = [(form, words[0], words[1]) for form, words in forms if form.rule.view in (view, "*")]
            table = tables[view] = {}
            for first in {first for _, first, _ in here if first[0] not in "{<"} | {""}:
                fit = [(form, second) for form, one, second in here if one == first or one[0] in "{<"]
                seconds = {second for _, second in fit if second[0] not in "{<["} | {""}
                table[first] = {second: tuple(form for form, one in fit if one == second or one[0] in "{<[") for second in seconds}
        return tables

    def canonical(self, line: str) -> str:
        """A line in the one spelling of its values: IPv6 (RFC 5952), MACs, masks, areas. Free text stays as it is."""
        return self.spelling.canonical(line)

    def full_name(self, text: str) -> str:
        """Interface names in full, without a space before the number, for comparing (`GE1/0/1` is `GigabitEthernet1/0/1`)."""
        return self.spelling.full_name(text)

    def is_negated(self, line: str) -> bool:
        """Does the line begin with the platform's negation?"""
        return line.startswith(self._negated)

    def read(self, view: str, line: str) -> Command:
        """What a canonical line in a kind of view is: by the first row that fits, else by its whole text."""
        return self.reader[view][line]

    def _read(self, table: _Table, line: str) -> Command:
        negated = line.startswith(self._negated)
        body = line[len(self._negated) :] if negated else line
        first, _, rest = body.partition(" ")
        row = table.get(first) or table[""]
        for form in row.get(rest.partition(" ")[0]) or row[""]:
            if not (body.startswith(form.begin) and (negated or form.within in body)):
                continue
            match = form.full.fullmatch(body) or (form.stem.fullmatch(body) if negated and form.stem else None)
            if match is not None:
                key = form.key % tuple([self._same_name(match[name]) for name in form.names]) if form.names else form.key
                value = NEGATED if negated and not form.rule.vlans else self._value(form, match) if form.held else ""
                return Command(line, form, form.rule, key, value, match.groups())
        form = form_of_unknown("" if negated or self.undo_values else line)
        return Command(line, form, PLAIN, self.full_name(body), NEGATED if negated else "", (body,))

    def _value(self, form: Form, match: re.Match[str]) -> str:
        words = [word for name in form.held if (word := match[name])]
        value = " ".join(words if match.string.startswith(self.texts) else map(self._same_name, words))
        return " ".join(sorted(value.split())) if form.rule.bag else value

    def _same_name(self, word: str) -> str:
        return self.spelling.full_name(word) if word[:1].isalpha() or "GE" in word else word  # `25GE1/0/1`

    def undo(self, command: Command) -> str:
        """The line that takes a command back."""
        text = command.text
        if text.startswith(self._negated):
            return text[len(self._negated) :]
        undo = command.form.undo
        if command.rule.bare:
            undo = _NUMBERS.sub("", text)
        elif undo == "{line}":
            undo = text
        elif "{" in undo:
            undo = undo.format_map({**command.words, "line": text})
        return self._negated + undo

    def vlan_command(self, view: str, key: str) -> Command:
        """The set of VLANs of that identity as a command, for edits of it."""
        forms = (form for row in self._forms[view].values() for forms in row.values() for form in forms)
        form = next(form for form in forms if form.rule.vlans and form.key == key)
        return Command(key, form, form.rule, key, "", ())
