"""A vendor's rule table: what identifies a command, what it holds, how it is taken back, what it needs, wipes and asks.

Never knows a vendor by name, never holds a configuration; the tables stand in vendors/*/rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from yunwang.network.configuration.line import Kept, Line, line_of
from yunwang.network.spelling import Same, Spelling
from yunwang.network.vlans import VlanSyntax

NEGATED = "undo"
"""The value of a line that switches something off and is shown as such (`undo portswitch`, `no ipv6 nd suppress-ra`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the device asks back after a line, and what we answer. `ask` is a regular expression."""

    ask: str
    answer: str


class Block(NamedTuple):
    """A command that runs over several lines (a banner, a key, a filter in its own language)."""

    begin: re.Pattern[str]
    """Its first line."""
    end: str
    """Regular expression of its last line, `{0}` being the first line's group."""
    closed: bool = True
    """Is that line a part of it? Else it is the first after it."""
    written: Callable[[str], str] = str
    """The one way in which it is written."""


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
    """The order of the view's lines that no row knows, and of those with a `sequence`, has a meaning: a new one stands last."""
    sequence: str = ""
    """What such lines are entries of (`{x}`: their words), also at the top."""
    whole: bool = False
    """The view cannot be edited: it goes and comes back when anything in it changes."""
    ranged: bool = False
    """Its two numbers are a range (of terminal lines): cut where the other side begins or ends one."""
    bag: bool = False
    """The order of the words it holds has no meaning."""
    words: str = ""
    """They are a set: how a part of it is said, `{}` being the part. What is missing is added, then what is too much taken out."""
    wipes: tuple[str, ...] = ()
    """Beginnings of neighbours' lines that the device deletes when this one is put in or taken out."""
    may_wipe: tuple[str, ...] = ()
    """Likewise, where releases differ: such lines are taken out by themselves, and those that stay are said again."""
    last_out: bool = False
    """In a view: taken out only after the additions (an address: the way in must not vanish before the new one is there)."""
    first_out: bool = False
    """At the top: taken out before anything comes, because what comes may overlap with it."""
    undo_wipes: tuple[str, ...] = ()
    """Beginnings of lines (`{x}`: its words), here and in the views beside it, that go with it: not taken out by themselves."""
    stub: str = ""
    """The entry of a list that stands in while all of its entries change: a list that is not there would let everything through."""
    bare: bool = False
    """It is taken back by its words without their numbers."""
    stops: tuple[str, ...] = ()
    """Beginnings of neighbours' lines that must be out while it, or anything in it, changes (a probe that runs)."""
    used_by: tuple[str, ...] = ()
    """Beginnings of lines elsewhere that use it, and must be out while it changes itself. `{x}`: its words or its view's;
    `{number}`: what its view's name ends with; `*`: any word."""
    out_first: bool = False
    """When it changes, the old one goes everywhere before the new one comes anywhere (members of one trunk agree)."""
    apart: bool = False
    """The names in the view are its own: nothing goes in it with something of that name outside."""
    exclusive: bool = False
    """Only one place on the device may hold it: taken out there before it is put in here."""
    asks: Question | None = None
    undo_asks: Question | None = None
    disruptive: bool = False
    """Putting it in or taking it out resets a live session or interrupts a service."""
    undo_disruptive: bool = False
    lifeline: Literal["", "address", "link", "route", "name", "filter", "guard", "login"] = ""
    """What it is to the way in to the device, if it lies there (see management.py): an interface's address; what keeps a link up
    and in its VLAN; a route; a definition that others name, or the line that names it; a filter, whose every change may shut out;
    the line at the top that names the filter of a server; who may log in, and how."""
    independent: bool = False
    """It needs none of its neighbours that bear this mark, and does no harm where one of them was refused: they may be sent in one
    write. Only for what is never asked about and never cuts anything off."""
    between: str = ""
    """What is sent between taking out and putting in anew: `commit`, where one transaction cannot hold both."""


def held(view: str, *patterns: str, order: int = 50, independent: bool = False) -> tuple[Rule, ...]:
    """Rows of commands of which there is one each: a new value replaces the old one, the negation takes the words alone."""
    return tuple(Rule(f"{pattern} <value...>", view, order=order, independent=independent) for pattern in patterns)


def address(start: str, order: int) -> Rule:
    """The row of an address with its prefix length: an interface may have several, and each is at one place alone."""
    return Rule(
        f"{start} {{address}}/<length>",
        "interface",
        order=order,
        undo=f"{start} {{address}}/{{length}}",
        change="undo-first",
        last_out=True,
        exclusive=True,
        lifeline="address",
    )


IPV6_ADDRESSES = (
    Rule("ipv6 address <address:ipv6> link-local", "interface", order=19, undo="{line}", last_out=True),
    Rule("ipv6 address auto link-local", "interface", order=19, last_out=True),
    address("ipv6 address", 20),
)
"""What every platform has alike."""
PLAIN = Rule("{line...}")
"""What a line is that no rule knows: identified by its whole text."""
EARLY = replace(PLAIN, order=36)
"""Likewise at the top, where it stands before the interfaces: they may need it."""

_KINDS = {
    "": r"\S+",
    "...": r".+",
    "digits": r"\d+",
    "match": r"match-a(?:ll|ny)",
    "aaa": r"authentication|authorization|accounting",
    "family": r"ip|ipv6",
    "layer": r"mac|expert",
    "vrrp": r"priority|advertisement-interval",
    "number": r"\d+(?:/\d+)*(?:\.\d+)?",
    "name": r"[A-Za-z]\S*",
    "ipv4": r"\d+\.\d+\.\d+\.\d+",
    "ipv6": r"[0-9a-f]*:[0-9a-f:.]*",
    "address": r"[\d.]+|[0-9a-f]*:[0-9a-f:.]*",
    "logical...": r"(?i:vlan|loop|tunnel|eth-trunk|bridge-agg|route-agg|port-channel|aggregateport"
    r"|bdi|bvi|vbdif|vsi-interface|dialer|nve|virtual-template|virtual-ethernet|multilink|ve-group|mp-group)"
    r"[A-Za-z-]* ?\d\S*|(?=.*\.)\S+(?: \S+)?\.\d+",
    "default...": r"0\.0\.0\.0(?: 0\S*|/0)|::(?: |/)0",
    "interface...": r"\S+(?: \d\S*)?",
    "hop...": r"(?:vpn-instance \S+ )?(?:\d*[A-Z]\S*(?: (?:[\d.]+|[0-9a-f:.]*:\S*))?|[\d.]+|[0-9a-f:.]*:\S*)(?: public)?",
}
_NUMBERS = re.compile(r" \d+(?= |$)")
_WORD = re.compile(r"(?P<bracket>[{<])(?P<name>\w+)(?::(?P<kind>\w+))?(?P<rest>\.\.\.)?[}>]")
_TOKEN = re.compile(r"\[[^\]]+\]|\S+")


class Form(NamedTuple):
    """A rule made ready: the whole pattern, and its beginning up to the first held word, as it stands after a negation."""

    rule: Rule
    begin: str
    """The words before the first that may vary: looked at before the regular expressions."""
    within: str
    """The longest words after it that must be there, likewise."""
    full: re.Pattern[str]
    stem: re.Pattern[str] | None
    """None: the beginning alone does not say which command it is, or which VLANs."""
    key: str
    """What identifies it, `%s` for a word of the line."""
    undo: str
    words: tuple[str, ...]
    names: tuple[str, ...]
    """The words that identify it."""
    held: tuple[str, ...]
    social: bool
    """Has it to do with the lines beside it: makes a set of VLANs with them, or is a member of one, or wipes some?"""
    simple: bool
    """Typing it is all: it opens nothing, asks nothing, interrupts nothing, and replaces what is there."""


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
    names: list[str] = []
    for token in _TOKEN.findall(rule.pattern):
        optional = token.startswith("[")
        inner = token.strip("[]")
        space = " " if full else ""
        full_space = "[ \n]" if full and "..." in inner else space  # a block goes on in the next line
        full += f"(?:{full_space}{_regex(inner)})?" if optional else full_space + _regex(inner)
        held += [match["name"] for match in _WORD.finditer(inner) if match["bracket"] == "<"]
        if optional:
            continue
        names += [match["name"] for match in _WORD.finditer(inner) if match["bracket"] == "{"]
        key += (" " if key else "") + _WORD.sub(lambda match: "%s" if match["bracket"] == "{" else "", inner)
        if not held:
            named = _WORD.sub(lambda match: f"{{{match['name']}}}" if match["bracket"] == "{" else "", inner)
            stem, undo = stem + space + _regex(inner), undo + space + named
    whole = re.compile(full, re.DOTALL)
    return Form(
        rule=rule,
        begin=_literal(rule.pattern).rstrip(),
        within=max(re.split(r" ?\[[^\]]+\]|[{<][^}>]+[}>]", rule.pattern)[1:] or [""], key=len).strip(),
        full=whole,
        stem=re.compile(stem) if stem and stem.count("(?P<") == len(names) and not rule.vlans else None,
        key=key.rstrip(),
        undo=rule.undo or (undo if held else "{line}"),
        words=tuple(whole.groupindex),
        names=tuple(names),
        held=tuple(held),
        social=bool(rule.vlans or rule.member_of or rule.wipes),
        simple=rule.change == "overwrite"
        and not (rule.opens or rule.vlans or rule.asks or rule.disruptive or rule.undo_disruptive or rule.words),
    )


def _literal(pattern: str) -> str:
    """A pattern's words before the first that may vary."""
    return re.split(r"[\[{<]", pattern, maxsplit=1)[0]


_PLAIN = form_of(PLAIN)


class Command(NamedTuple):
    """A line as a rule reads it."""

    text: str
    form: Form
    rule: Rule
    """The row that knows it."""
    key: str
    """What identifies it among its neighbours."""
    value: str
    """What it holds; `undo` when it is a negated line."""
    groups: tuple[str | None, ...]
    """The pattern's words as they stand in the line, or in its beginning; None for one that is not there."""

    @property
    def words(self) -> dict[str, str]:
        """The pattern's words that are there."""
        return {name: word for name, word in zip(self.form.words, self.groups, strict=False) if word is not None}

    @property
    def hidden(self) -> bool:
        """Is it the default that a device does not show?"""
        return self.value == self.rule.absent


def unread(command: Command) -> Command:
    """The command as if no row knew it: it is its text, and is taken back by it."""
    return command._replace(form=_PLAIN, rule=PLAIN, key=command.text, value="", groups=(command.text,))


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
    stopping: frozenset[str] = field(init=False, repr=False, compare=False)
    """Views with lines that stop others."""
    sequenced: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the lines at the top that have one."""
    stubs: bool = field(init=False, repr=False, compare=False)
    """Does a row name what stands in for a list?"""
    ranged: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Beginnings of the lines whose numbers are a range."""
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
            "ordered": tuple(_literal(rule.pattern) for rule in self.rules if rule.ordered),
            "stopping": frozenset(rule.view for rule in self.rules if rule.stops),
            "sequenced": tuple(_literal(rule.pattern) for rule in self.rules if rule.sequence and not rule.view),
            "stubs": any(rule.stub for rule in self.rules),
            "ranged": tuple(_literal(rule.pattern) for rule in self.rules if rule.ranged),
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
        begin = _literal(vlans.pattern)
        return (begin, f"{self.negation} {begin}", *(_literal(rule.pattern) for rule in members))

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
                key = form.key
                if form.names:
                    key %= tuple(map(self._same_name, map(match.__getitem__, form.names)))
                value = NEGATED if negated and not form.rule.vlans else self._value(form, match) if form.held else ""
                return Command(line, form, form.rule, key, value, match.groups())
        return Command(line, _PLAIN, PLAIN, self.full_name(body), NEGATED if negated else "", (body,))

    def _value(self, form: Form, match: re.Match[str]) -> str:
        words = filter(None, map(match.__getitem__, form.held))
        value = " ".join(words if match.string.startswith(self.texts) else map(self._same_name, words))
        return " ".join(sorted(value.split())) if form.rule.bag else value

    def _same_name(self, word: str) -> str:
        return self.spelling.full_name(word) if word[:1].isalpha() else word

    def undo(self, command: Command) -> str:
        """The line that takes a command back."""
        if self.is_negated(command.text):
            return command.text[len(self.negation) + 1 :]
        undo = command.form.undo
        if command.rule.bare:
            undo = _NUMBERS.sub("", command.text)
        elif undo == "{line}":
            undo = command.text
        elif "{" in undo:
            undo = undo.format_map({**command.words, "line": command.text})
        return f"{self.negation} {undo}"

    def vlan_command(self, view: str, key: str) -> Command:
        """The set of VLANs of that identity as a command, for edits of it."""
        forms = (form for row in self._forms[view].values() for forms in row.values() for form in forms)
        form = next(form for form in forms if form.rule.vlans and form.key == key)
        return Command(key, form, form.rule, key, "", ())
