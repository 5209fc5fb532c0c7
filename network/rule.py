"""A vendor's rule table: what identifies a command, what it holds, how it is taken back, what it needs, wipes and asks.

Never knows a vendor by name, never holds a configuration; the tables stand in vendors/*/rules.py.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Literal, NamedTuple

from yunwang.network.vlans import VlanSyntax

NEGATED = "undo"
"""The value of a line that switches something off and is shown as such (`undo portswitch`, `no ipv6 nd suppress-ra`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the device asks back after a line, and what we answer. `ask` is a regular expression."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table; the first row that fits a line counts.

    `pattern`: the words of the command. `{x}` is a word that identifies it, `<x>` a word it holds, `[…]` may be missing. Three dots
    inside the brackets mean: up to the end of the line; `:digits`, `:ipv6` and the like narrow a word (see `_KINDS`).
    """

    pattern: str
    view: str = ""
    """The kind of view it stands in: "" is the top, "*" any."""
    opens: str = ""
    """The kind of view it opens; "" when it opens none that has rules of its own."""
    order: int = 50
    """Place among its neighbours: what others need is low. Put in upwards, taken out downwards."""
    undo: str = ""
    """What follows the negation to take it back, `{line}` being the whole; default: all before the first held word."""
    change: Literal["overwrite", "undo-first", "empty-first"] = "overwrite"
    """How a held value is changed: the new one replaces it; the old one goes first; (a view) its content goes first."""
    absent: str | None = None
    """The value that may as well not be shown: the device's default. `undo` means the negated form."""
    vlans: VlanSyntax | None = None
    """It holds a set of VLANs, perhaps spread over several lines, and is changed by the difference."""
    member_of: str = ""
    """This view exists because its `{id}` is in the set of that identity."""
    permanent: bool = False
    """The view cannot be taken away, only emptied (a physical port)."""
    ordered: bool = False
    """The order of the lines in the view has a meaning: it is written anew when it changes."""
    bag: bool = False
    """The order of the words it holds has no meaning."""
    wipes: tuple[str, ...] = ()
    """Beginnings of neighbours' lines that the device deletes when this one is put in or taken out."""
    last_out: bool = False
    """In a view: taken out only after the additions (an address: the way in must not vanish before the new one is there)."""
    exclusive: bool = False
    """Only one place on the device may hold it: taken out there before it is put in here."""
    asks: Question | None = None
    undo_asks: Question | None = None
    disruptive: bool = False
    """Putting it in or taking it out resets a live session or interrupts a service."""
    undo_disruptive: bool = False


PLAIN = Rule("{line...}")
"""What a line is that no rule knows: identified by its whole text."""

_KINDS = {
    "": r"\S+",
    "...": r".+",
    "digits": r"\d+",
    "name": r"[A-Za-z]\S*",
    "ipv4": r"\d+\.\d+\.\d+\.\d+",
    "ipv6": r"[0-9a-f]*:[0-9a-f:.]*",
    "address": r"[\d.]+|[0-9a-f]*:[0-9a-f:.]*",
    "logical...": r"(?i:vlan|loop|tunnel|null|eth-trunk|bridge-agg|route-agg|port-channel|aggregateport)[A-Za-z-]* ?\d\S*|\S+\.\d+",
    "interface...": r"\S+(?: \d\S*)?",
}
_WORD = re.compile(r"(?P<bracket>[{<])(?P<name>\w+)(?::(?P<kind>\w+))?(?P<rest>\.\.\.)?[}>]")
_TOKEN = re.compile(r"\[[^\]]+\]|\S+")
_IPV6 = re.compile(r"(?<![\w:.-])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d+){3})?(?![\w:])")
_MAC = re.compile(
    r"(?<![\w.:-])(?:[0-9A-Fa-f]{4}([-.])[0-9A-Fa-f]{4}\1[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\2[0-9A-Fa-f]{2}){4})(?![\w.:-])"
    r"|(?<=mac-address )[0-9A-Fa-f]{1,4}-[0-9A-Fa-f]{1,4}-[0-9A-Fa-f]{1,4}(?![\w-])"  # VRP takes `fe-e0-89`
)


class Form(NamedTuple):
    """A rule made ready: the whole pattern, and its beginning up to the first held word, as it stands after a negation."""

    rule: Rule
    full: re.Pattern[str]
    stem: re.Pattern[str]
    key: str
    undo: str
    held: tuple[str, ...]


def _regex(text: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        kind = _KINDS[(match["kind"] or "") + (match["rest"] or "")]
        parts += [re.escape(text[at : match.start()]), f"(?P<{match['name']}>{kind})"]
        at = match.end()
    return "".join([*parts, re.escape(text[at:])])


def form_of(rule: Rule) -> Form:
    """Compile a row. Raises KeyError for an unknown kind of word: a fault in a table."""
    full, stem, key, undo = "", "", "", ""
    held: list[str] = []
    for token in _TOKEN.findall(rule.pattern):
        optional = token.startswith("[")
        inner = token.strip("[]")
        space = " " if full else ""
        full += f"(?:{space}{_regex(inner)})?" if optional else space + _regex(inner)
        held += [match["name"] for match in _WORD.finditer(inner) if match["bracket"] == "<"]
        if optional:
            continue
        named = _WORD.sub(lambda match: f"{{{match['name']}}}" if match["bracket"] == "{" else "", inner)
        key += " " + named if key and named else named
        if not held:
            stem, undo = stem + space + _regex(inner), undo + space + named
    return Form(
        rule, re.compile(full, re.DOTALL), re.compile(stem or "(?!)"), key, rule.undo or (undo if held else "{line}"), tuple(held)
    )


def _literal(pattern: str) -> str:
    """A pattern's words before the first that may vary."""
    return re.split(r"[\[{<]", pattern, maxsplit=1)[0]


_PLAIN = form_of(PLAIN)


class Command(NamedTuple):
    """A line as a rule reads it."""

    text: str
    form: Form
    key: str
    """What identifies it among its neighbours."""
    value: str
    """What it holds; `undo` when it is a negated line."""
    words: dict[str, str]
    """The pattern's words as they stand in the line."""

    @property
    def rule(self) -> Rule:
        """The row that knows it."""
        return self.form.rule

    @property
    def hidden(self) -> bool:
        """Is it the default that a device does not show?"""
        return self.value == self.form.rule.absent


def _ipv6(match: re.Match[str]) -> str:
    try:
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, match[0]))
    except OSError:
        return match[0]


def dotted(match: re.Match[str]) -> str:
    """For `Rules.same`: a mask given as a length (second group), written dotted."""
    return match[1] + str(IPv4Network((0, int(match[2]))).netmask) + (match[3] or "")


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
    blocks: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Regular expressions of the first and last line of a command that runs over several lines (`{0}`: the first's group)."""
    texts: tuple[str, ...] = ("description ",)
    """Beginnings of lines that hold free text, where nothing is an address."""
    mac: str
    """What stands between the three groups of a MAC."""
    interfaces: tuple[tuple[str, str], ...] = ()
    """Short and full names of interface types (`GE`, `GigabitEthernet`)."""
    same: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = ()
    """Other spellings of a line (regular expressions that begin with the line's first word) and the one we keep."""
    _forms: dict[str, dict[str, tuple[Form, ...]]] = field(init=False, repr=False, compare=False)
    _same: dict[str, list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = field(
        init=False, repr=False, compare=False
    )
    _full: dict[str, str] = field(init=False, repr=False, compare=False)
    _short: re.Pattern[str] = field(init=False, repr=False, compare=False)
    vlan_sets: dict[tuple[str, str], tuple[tuple[str, ...], VlanSyntax]] = field(init=False, repr=False, compare=False)
    """View and identity of a set of VLANs to the beginnings of the lines that make it, and how its difference is said."""
    ordered: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the views whose lines have an order."""

    def __post_init__(self) -> None:
        """Make the look-up tables."""
        same: dict[str, list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]]] = {}
        for pattern, kept in self.same:
            same.setdefault(pattern.lstrip("(").split(" ", 1)[0], []).append((re.compile(pattern), kept))
        short = "|".join(sorted((re.escape(name) for name, _ in self.interfaces), key=len, reverse=True))
        made: dict[str, object] = {
            "_forms": self._tables(),
            "_same": same,
            "_full": {name.lower(): full for name, full in self.interfaces},
            "_short": re.compile(rf"(?<![\w/-])({short}) ?(?=\d)" if short else "(?!)", re.IGNORECASE),
        }
        made["vlan_sets"] = {(rule.view, form_of(rule).key): (self._begins(rule), rule.vlans) for rule in self.rules if rule.vlans}
        made["ordered"] = tuple(_literal(rule.pattern) for rule in self.rules if rule.ordered)
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def _begins(self, vlans: Rule) -> tuple[str, ...]:
        members = [rule for rule in self.rules if rule.member_of == form_of(vlans).key and rule.view == vlans.view]
        begin = _literal(vlans.pattern)
        return (begin, f"{self.negation} {begin}", *(_literal(rule.pattern) for rule in members))

    def _tables(self) -> dict[str, dict[str, tuple[Form, ...]]]:
        """View → first word → rows in their order, with the rows for any view and any first word among them."""
        forms = [(form_of(rule), rule.pattern.partition(" ")[0]) for rule in self.rules]
        views = {"", "*"} | {rule.view for rule in self.rules} | {rule.opens for rule in self.rules}
        tables: dict[str, dict[str, tuple[Form, ...]]] = {}
        for view in views:
            here = [(form, first) for form, first in forms if form.rule.view in (view, "*")]
            generic = {first for _, first in here if first[0] in "{<"}
            words = {first for _, first in here} - generic | {""}
            tables[view] = {word: tuple(form for form, first in here if first == word or first in generic) for word in words}
        return tables

    def canonical(self, line: str) -> str:
        """A line in the one spelling of its values: IPv6 (RFC 5952), MACs, masks, areas. Free text stays as it is."""
        line = self.respelled(line)
        colons = line.count(":")
        if not (colons > 1 or "-" in line or "." in line) or line.startswith(self.texts):
            return line
        if colons > 1:
            line = _IPV6.sub(_ipv6, line)
        return _MAC.sub(self._mac, line)

    def respelled(self, line: str) -> str:
        """A line after the table's `same`."""
        for pattern, kept in self._same.get(line.partition(" ")[0], ()):
            line = pattern.sub(kept, line)
        return line

    def _mac(self, match: re.Match[str]) -> str:
        groups = re.split(r"[-.:]", match[0])
        digits = "".join(group.zfill(12 // len(groups)) for group in groups).lower()
        return self.mac.join((digits[:4], digits[4:8], digits[8:]))

    def full_name(self, text: str) -> str:
        """Interface names in full, without a space before the number, for comparing (`GE1/0/1` is `GigabitEthernet1/0/1`)."""
        return self._short.sub(lambda match: self._full[match[1].lower()], text)

    def is_negated(self, line: str) -> bool:
        """Does the line begin with the platform's negation?"""
        return line.startswith(self.negation) and line[len(self.negation) : len(self.negation) + 1] == " "

    def read(self, view: str, line: str) -> Command:
        """What a canonical line is, by the first row that fits; by its whole text where none does."""
        negated = self.is_negated(line)
        body = line[len(self.negation) + 1 :] if negated else line
        table = self._forms.get(view) or self._forms["*"]
        for form in table.get(body.partition(" ")[0]) or table[""]:
            match = form.full.fullmatch(body) or (form.stem.fullmatch(body) if negated else None)
            if match is None:
                continue
            words = {name: word for name, word in match.groupdict().items() if word is not None}
            value = " ".join([words[name] for name in form.held if name in words])
            if negated and not form.rule.vlans:
                value = NEGATED
            elif form.rule.bag:
                value = " ".join(sorted(value.split()))
            return Command(line, form, self.full_name(form.key.format_map(words)), value, words)
        return Command(line, _PLAIN, self.full_name(body), NEGATED if negated else "", {"line": body})

    def undo(self, command: Command) -> str:
        """The line that takes a command back."""
        if self.is_negated(command.text):
            return command.text[len(self.negation) + 1 :]
        return f"{self.negation} {command.form.undo.format_map({**command.words, 'line': command.text})}"

    def vlan_command(self, view: str, key: str) -> Command:
        """The set of VLANs of that identity as a command, for edits of it."""
        forms = (form for forms in self._forms[view].values() for form in forms)
        return Command(key, next(form for form in forms if form.rule.vlans and form.key == key), key, "", {})
