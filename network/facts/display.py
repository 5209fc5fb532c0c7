"""What a display command printed becomes facts, or an error that quotes the line. Never guesses, never skips a line unseen.

A platform's folder says which TextFSM template reads which command (its own, or ntc-templates' where that one is right), and which
noun a row becomes. A template names the noun's fields; the noun reads the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import TypeVar

from pydantic import ValidationError
from textfsm import TextFSM, TextFSMError  # type: ignore[import-untyped]

from yunwang.inventories.verdict import Fatal
from yunwang.network.facts.model import Fact, Figure, Lock, numbered
from yunwang.network.facts.transcript import cleaned, ended, widest

Kind = TypeVar("Kind", bound=Fact)
Values = dict[str, object]


def not_understood(line: str) -> Fatal:
    """The verdict for a line that no rule of a reader knows."""
    return Fatal(
        f"output of the device is not understood: {line.strip()!r}",
        remedy="check platform and command, compare the device's software version with the supported ones",
    )


def cut_off(why: str) -> Fatal:
    """The verdict for output that is not all there."""
    return Fatal(
        f"output of the device was cut off: {why}",
        remedy="look whether the session broke or paging was on, then try again",
    )


_REFUSED = re.compile(
    r"^\s*(?:Error(?:: *[A-Z]|$)|\^$|% ?(?:Invalid|Unknown|Unrecognized|Incomplete|Ambiguous|Wrong|Too many"
    r"|Permission|Command|Bad|Error)"
    r"|Command (?:authorization|rejected)|(?:Unrecognized|Incomplete|Ambiguous|Wrong) command)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"^\s*(?:Info: .*\b(?:zero|no|not|empty)\b.*|% ?(?:BGP|OSPF\w*|IPv6)\b.*\bnot\b.*"
    r"|%? ?There (?:is|are) no\b.*|%? ?No (?:\S+ )+(?:found|exists?|configured|available)\b.*"
    r"|%? ?No (?:BGP|IPv6|IPv4|OSPF\w*|ARP|DHCP\w*|ND|static|entr|binding|neighbo|peer|route|record)[^:]*)$",
    re.IGNORECASE,
)
_WIDTHS = (80, 132)
"""Characters of a line at which terminals wrap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One shape of output. `total`: what every non-empty output says of its length (its group, if any, counts the rows)."""

    noun: type[Fact]
    template: str = ""
    """`<platform>/<file>` of the vendors' folder, or `ntc:` and one of ntc-templates'."""
    total: str = ""
    total_always: bool = True
    """Else some releases leave it out."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The noun's field for a value of ntc-templates; others are left out."""
    row: Callable[[Values], Values | None] | None = None
    """Says of a template's values what the noun wants; None leaves the row out."""
    text: Callable[[str], list[Values]] | None = None
    """Reads the text itself (JSON) in the template's place."""

    spaced: bool = False
    """Blank lines mean something to the template, and output without a row is not understood: it may skip what it does not know."""

    def read(self, text: str, interface: Callable[[str], str]) -> tuple[Fact, ...]:
        """The facts. Raises Fatal."""
        if self.text is not None:
            return tuple(self._facts(self.text(text), text.splitlines(), interface))
        try:
            return self._read(cleaned(text, blank=self.spaced), interface, whole=ended(text))
        except Fatal as verdict:
            if (width := widest(text)) not in _WIDTHS:
                raise
            try:
                return self._read(cleaned(text, blank=self.spaced, width=width), interface, whole=ended(text))
            except Fatal:
                raise verdict from None

    def _read(self, lines: list[str], interface: Callable[[str], str], *, whole: bool) -> tuple[Fact, ...]:
        for line in lines:
            if _REFUSED.match(line):
                raise not_understood(line)
        said = [line for line in lines if line.strip()]
        if all(_NOTHING.match(line) for line in said):
            return ()
        rows = run(self.template, lines)
        if self.spaced and not rows:
            raise not_understood(said[0])
        self._check(len(rows), lines, whole=whole or not self.total_always)
        return tuple(self._facts(rows, lines, interface))

    def _check(self, found: int, lines: list[str], *, whole: bool) -> None:
        if not self.total:
            return
        matches = list(re.finditer(self.total, "\n".join(lines), re.MULTILINE | re.IGNORECASE))
        if not matches and not whole:
            raise cut_off(f"{lines[-1].strip()!r} is its last line, and no total is shown")
        counts = [int(match[1]) for match in matches if match.re.groups and match[1]]
        if counts and sum(counts) != found:
            raise cut_off(f"it says {matches[0][0].strip()!r} and shows {found}")

    def _facts(self, rows: Iterable[Values], lines: list[str], interface: Callable[[str], str]) -> Iterator[Fact]:
        for row in rows:
            values: Values | None = dict(row)
            if self.fields:
                values = {name: row[column] for column, name in self.fields.items() if row.get(column)}
            for name in [name for name in row if name.endswith("_rest")]:
                whole, rest = name.removesuffix("_rest"), row[name]
                values = {key: value for key, value in (values or {}).items() if key != name} | {whole: f"{row[whole]}{rest}"}
            try:
                values = self.row(values or {}) if self.row else values
                if values is not None:
                    shown = {name: value for name, value in values.items() if value not in ("", [])}
                    yield self.noun.model_validate(shown, context={"interface": interface})
            except (ValueError, KeyError) as error:
                raise not_understood(_quoted(error, row, lines)) from None


def _quoted(error: Exception, row: Values, lines: list[str]) -> str:
    """The line that a faulty value came from."""
    errors = error.errors() if isinstance(error, ValidationError) else []
    faulty = [one["input"] for one in errors if isinstance(one["input"], str)]
    shown = sorted((value for value in row.values() if isinstance(value, str)), key=len, reverse=True)
    for value in (*shown[:1], *faulty):
        for line in lines:
            if value and value in line:
                return line
    return " ".join(str(value) for value in row.values() if value)


@lru_cache(maxsize=128)
def _source(template: str) -> str:
    if template.startswith("ntc:"):
        return (files("ntc_templates") / "templates" / f"{template[4:]}.textfsm").read_text(encoding="utf-8")
    return (files("yunwang.network.vendors") / f"{template}.textfsm").read_text(encoding="utf-8")


def run(template: str, lines: list[str]) -> list[Values]:
    """The rows that a template finds, by its values' names in lower case. Raises Fatal with the line that it does not know.

    In a template's states that are called `Begun…` a row goes on in the next line: output may not end there.
    """
    machine = TextFSM(StringIO(_source(template)))
    try:
        found = machine.ParseTextToDicts("\n".join(lines) + "\n\n")
    except TextFSMError as error:
        raise not_understood(str(error).rpartition("Input Line: ")[2]) from None
    if machine._cur_state_name.startswith("Begun"):  # TextFSM says it nowhere else
        raise cut_off(f"{lines[-1].strip()!r} is its last line, and goes on")
    return [{name.lower(): value for name, value in row.items()} for row in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """What a platform's folder can read: a command's words to the shape of its output."""

    tables: Mapping[str, Table]
    interface: Callable[[str], str]
    """An interface's one spelling; raises ValueError for what is none."""
    others: Mapping[str, Table] = field(default_factory=dict)
    """Where `tables` has none."""

    def read(self, command: str, text: str, kind: type[Kind] | None = None) -> tuple[Kind, ...]:
        """The facts in the output of a command, whose words may be abbreviated. An empty table is (). Raises Fatal.

        `kind`: the noun expected; raises TypeError if the command shows another.
        """
        table = self.table(command)
        if table is None:
            raise Fatal(f"no reader for {command!r}", remedy=f"known are: {', '.join(sorted(self.tables))}")
        facts = table.read(text, self.interface)
        if kind is not None and any(not isinstance(fact, kind) for fact in facts):
            raise TypeError(f"{command!r} does not show {kind.__name__}")
        return facts  # type: ignore[return-value]  # checked above

    def table(self, command: str) -> Table | None:
        """The shape of a command's output: the longest command whose words `command` begins with. Raises Fatal if two fit."""
        bare = re.sub(r"\s*\|\s*(?:no-more|no more)\s*$", "", command.strip())
        if "|" in bare:
            raise Fatal(f"{command!r} filters its output: whether it is whole cannot be seen", remedy="run it without the filter")
        words = bare.lower().removeprefix("do ").split()
        for tables in (self.tables, self.others):
            fitting = [known for known in tables if _fits(known.split(), words)]
            close = max((_closeness(known, words) for known in fitting), default=None)
            best = [known for known in fitting if _closeness(known, words) == close]
            if len({id(tables[known]) for known in best}) > 1:
                raise Fatal(f"{command!r} is ambiguous", remedy=f"it may be: {', '.join(best)}")
            if best:
                return tables[best[0]]
        return None


_WHOLE = frozenset({"ip"})
"""Words of their own, which abbreviate none (`ip` is not `ipv6`)."""


def _fits(known: list[str], words: list[str]) -> bool:
    if (known[-1] == "json") != (words[-1:] == ["json"]):
        return False
    known = [word for word in known if word != "json"]
    return len(words) >= len(known) and all(
        whole == word or (whole.startswith(word) and word not in _WHOLE) for whole, word in zip(known, words, strict=False)
    )


def _closeness(known: str, words: list[str]) -> tuple[int, int]:
    """How many words it names, and how many of them in full."""
    whole = known.split()
    return len(whole), sum(one == word for one, word in zip(whole, words, strict=False))


def stated(pattern: str, of: Callable[[re.Match[str]], float] = lambda found: float(found[1])) -> Table:
    """A number that stands in a text; where it stands several times (boards), the highest."""

    def read(text: str) -> list[Values]:
        lines = cleaned(text)
        figures = [of(found) for found in re.finditer(pattern, "\n".join(lines), re.MULTILINE | re.IGNORECASE)]
        if not figures:
            raise not_understood(lines[0] if lines else "")
        return [{"value": max(figures)}]

    return Table(noun=Figure, text=read)


def rows_like(pattern: str) -> Table:
    """How many lines of a text are like this; at least one is."""

    def read(text: str) -> list[Values]:
        lines = cleaned(text)
        count = sum(bool(re.match(pattern, line)) for line in lines)
        if not count:
            raise not_understood(lines[0] if lines else "")
        return [{"value": count}]

    return Table(noun=Figure, text=read)


def locked(holder: str, free: str) -> Table:
    """Who holds a lock, where `free` does not say that nobody does."""

    def read(text: str) -> list[Values]:
        lines = cleaned(text)
        if not lines or any(re.search(free, line) for line in lines):
            return []
        if found := next(filter(None, (re.search(holder, line) for line in lines)), None):
            return [{"holder": found[1]}]
        raise not_understood(lines[0])

    return Table(noun=Lock, text=read)


def names(full: Callable[[str], str], *, slots: bool = False) -> Callable[[str], str]:
    """A platform's one spelling of interface names, which refuses what has no number (or port no slot): a name that was cut off."""
    return lambda name: full(numbered(name, slots=slots))
