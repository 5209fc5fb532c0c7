"""A vendor's syntax notation as a grammar: what a line means, or where it stops making sense. Never executes anything.

Notation, as manuals write it: `keyword`, `<name=kind>` or `<kind>` for a parameter, `{ a | b }` one of, `[ a | b ]` at most one.
A kind that ends in `...` takes the rest of the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

Row = TypeVar("Row")
FaultKind = Literal["unrecognized", "incomplete", "wrong", "too-many", "ambiguous"]


_WORD = re.compile(r'"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parameter's value and the device's own spelling of it."""

    value: object
    text: str


class More(Exception):
    """A kind needs the next word too (`GigabitEthernet 0/0/1`, `2001:db8::1 64`)."""


Kind = Callable[[str], Parsed]
"""Reads a parameter. Raises ValueError when it is none of its kind, More when it wants another word."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A fixed word; devices accept any prefix that is unique at its place."""

    word: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place for a value."""

    name: str
    kind: str

    @property
    def rest(self) -> bool:
        """Whether it takes the rest of the line."""
        return self.kind.endswith("...")


Element = Keyword | Parameter


@dataclass(slots=True, eq=False)
class Point:
    """A place between two elements: what may come next, and whether the line may end here."""

    arcs: list[tuple[Element, Point]] = field(default_factory=list)
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Match(Generic[Row]):
    """A line understood: its row, its values by name, and the line as the device spells it."""

    row: Row
    values: Mapping[str, object]
    words: tuple[str, ...]

    @property
    def line(self) -> str:
        """Keywords in full, values in the device's spelling."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line not understood. `column` is the offset of the offending word, `shared` how many of its letters did begin a keyword."""

    kind: FaultKind
    column: int
    shared: int = 0


@dataclass(frozen=True, slots=True)
class _State(Generic[Row]):
    point: Point
    row: Row
    values: tuple[tuple[str, object], ...] = ()
    words: tuple[str, ...] = ()
    partial: str = ""


class Place(Generic[Row]):
    """A place in a line: what may stand there, among several rows. What keywords lead to is the same for all, and kept."""

    def __init__(self, states: Sequence[_State[Row]]) -> None:
        self.states = states
        self.takes_rest = any(
            isinstance(element, Parameter) and element.rest for state in states for element, _ in state.point.arcs
        )
        self._known: dict[str, Place[Row] | Fault] = {}

    @classmethod
    def first(cls, starts: Iterable[tuple[Point, Row]]) -> Place[Row]:
        """Where these rows begin."""
        return cls([_State(point, row) for point, row in starts])

    def after(self, word: str, kinds: Mapping[str, Kind]) -> Place[Row] | Fault:
        """The place after one more word, an exact keyword before a prefix before a parameter; of two prefixes nobody can say."""
        if (known := self._known.get(word)) is not None:
            return known
        keywords = _keywords(self.states, word)
        if not keywords:
            return Place(_parameters(self.states, word, kinds))
        exact = [following for keyword, following in keywords if len(keyword) == len(word)]
        if not exact and len({keyword for keyword, _ in keywords}) > 1:
            self._known[word] = Fault("ambiguous", 0)
        else:
            self._known[word] = Place(exact or [following for _, following in keywords])
        return self._known[word]


def compile_syntax(syntax: str) -> Point:
    """The first point of a syntax. Raises ValueError on unbalanced brackets."""
    tokens = re.findall(r"<[^>]*>|[{}|\[\]]|[^\s{}|\[\]]+", syntax)
    point, rest = _sequence(tokens, 0, Point(accept=True), closing="")
    if rest != len(tokens):
        raise ValueError(f"unbalanced brackets in {syntax!r}")
    return point


def leading_keywords(syntax: str) -> str:
    """The fixed words that a syntax begins with: `ip address <ipv4> <mask>` gives `ip address`."""
    words: list[str] = []
    for token in syntax.split():
        if token[0] in "<{[":
            break
        words.append(token)
    return " ".join(words)


def match(place: Place[Row], line: str, kinds: Mapping[str, Kind]) -> Match[Row] | Fault:
    """What `line` means among the rows that begin at `place`; of two rows that both fit, the first."""
    done: list[_State[Row]] = []
    for word in _WORD.finditer(line):
        if place.takes_rest:
            done += _take_rest(place.states, line[word.start() :].rstrip(), kinds)
        following = place.after(word[0], kinds)
        if isinstance(following, Fault):
            return Fault("ambiguous", word.start())
        if not following.states:
            return _finish(done) or _refusal(place.states, word[0], word.start())
        place = following
    accepted = [state for state in place.states if state.point.accept and not state.partial] + done
    return _finish(accepted) or Fault("incomplete", len(line.rstrip()) + 1)


def expected(place: Place[Row], words: Sequence[str], kinds: Mapping[str, Kind]) -> list[str]:
    """What may come after these words, for the question mark: keywords, `<kind>`, and `<cr>` where the line may end."""
    for word in words:
        following = place.after(word, kinds)
        place = Place(()) if isinstance(following, Fault) else following
    found = {
        element.word if isinstance(element, Keyword) else f"<{element.name}>"
        for state in place.states
        for element, _ in state.point.arcs
    }
    return sorted(found) + (["<cr>"] if any(state.point.accept for state in place.states) else [])


def _sequence(tokens: Sequence[str], at: int, then: Point, closing: str) -> tuple[Point, int]:
    """Compile one alternative from `at` up to `|`, `closing` or the end; gives its first point and where it ended."""
    parts: list[tuple[str, list[tuple[int, int]] | str]] = []
    while at < len(tokens) and tokens[at] not in ("|", closing):
        if tokens[at] in "{[":
            opening, end = tokens[at], "}" if tokens[at] == "{" else "]"
            bounds: list[tuple[int, int]] = []
            start, at = at + 1, _skip(tokens, at + 1)
            bounds.append((start, at))
            while at < len(tokens) and tokens[at] == "|":
                start, at = at + 1, _skip(tokens, at + 1)
                bounds.append((start, at))
            if at >= len(tokens) or tokens[at] != end:
                raise ValueError(f"unbalanced brackets in {' '.join(tokens)!r}")
            parts.append((opening, bounds))
        else:
            parts.append(("", tokens[at]))
        at += 1
    point = then
    for opening, part in reversed(parts):
        if isinstance(part, str):
            point = Point([(_element(part), point)])
        else:
            choices = [_sequence(tokens[:last], first, point, closing="")[0] for first, last in part]
            optional = [point] if opening == "[" else []
            entry = [*choices, *optional]
            point = Point([arc for choice in entry for arc in choice.arcs], any(choice.accept for choice in entry))
    return point, at


def _skip(tokens: Sequence[str], at: int) -> int:
    """The end of the alternative that begins at `at`: its `|` or closing bracket on the same level."""
    depth = 0
    while at < len(tokens):
        if depth == 0 and tokens[at] in "|}]":
            return at
        depth += (tokens[at] in "{[") - (tokens[at] in "}]")
        at += 1
    return at


def _element(token: str) -> Element:
    if not token.startswith("<"):
        return Keyword(token)
    name, _, kind = token[1:-1].partition("=")
    return Parameter(name.removesuffix("..."), kind or name)


def _take_rest(states: Iterable[_State[Row]], rest: str, kinds: Mapping[str, Kind]) -> list[_State[Row]]:
    """States that end the line at once: a `...` parameter swallows all that is left."""
    done: list[_State[Row]] = []
    for state in states:
        for element, then in state.point.arcs:
            if isinstance(element, Parameter) and element.rest:
                try:
                    parsed = kinds[element.kind](rest)
                except (ValueError, More):
                    continue
                done.append(_moved(state, element, then, parsed))
    return done


def _keywords(states: Sequence[_State[Row]], word: str) -> list[tuple[str, _State[Row]]]:
    """The keywords that a word is or abbreviates, and the states after them."""
    lowered = word.lower()
    return [
        (element.word, _State(then, state.row, state.values, (*state.words, element.word)))
        for state in states
        if not state.partial
        for element, then in state.point.arcs
        if isinstance(element, Keyword) and element.word.lower().startswith(lowered)
    ]


def _parameters(states: Sequence[_State[Row]], word: str, kinds: Mapping[str, Kind]) -> list[_State[Row]]:
    """The states after the parameters that a word may be the value of."""
    return [
        following
        for state in states
        for element, then in state.point.arcs
        if isinstance(element, Parameter) and not element.rest
        for following in _parameter(state, element, then, word, kinds)
    ]


def _parameter(state: _State[Row], element: Parameter, then: Point, word: str, kinds: Mapping[str, Kind]) -> list[_State[Row]]:
    text = f"{state.partial} {word}" if state.partial else word
    reader = kinds.get(element.kind)
    try:
        parsed = reader(text) if reader else _number(element.kind, text)
    except More:
        waiting = Point([(element, then)])
        return [] if state.partial else [_State(waiting, state.row, state.values, state.words, text)]
    except ValueError:
        return []
    return [_moved(state, element, then, parsed)]


def _moved(state: _State[Row], element: Parameter, then: Point, parsed: Parsed) -> _State[Row]:
    return _State(then, state.row, (*state.values, (element.name, parsed.value)), (*state.words, parsed.text))


def _number(kind: str, word: str) -> Parsed:
    """`1-4094`: a decimal number between these."""
    low, _, high = kind.partition("-")
    if not word.isascii() or not word.isdigit() or not int(low) <= int(word) <= int(high):
        raise ValueError(f"{word} is not between {low} and {high}")
    return Parsed(int(word), str(int(word)))


def _finish(states: Sequence[_State[Row]]) -> Match[Row] | None:
    if not states:
        return None
    best = states[0]
    return Match(best.row, dict(best.values), best.words)


def _refusal(states: Sequence[_State[Row]], word: str, column: int) -> Fault:
    """Why no row could go on with `word`."""
    elements = [element for state in states for element, _ in state.point.arcs]
    if not elements:
        return Fault("too-many", column)
    keywords = [element.word.lower() for element in elements if isinstance(element, Keyword)]
    if len(keywords) < len(elements) and (not keywords or word[0].isdigit()):
        return Fault("wrong", column)
    return Fault("unrecognized", column, max((_shared(word.lower(), keyword) for keyword in keywords), default=0))


def _shared(word: str, keyword: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(word, keyword, strict=False)) if a != b), min(len(word), len(keyword)))
