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


def match(starts: Iterable[tuple[Point, Row]], line: str, kinds: Mapping[str, Kind]) -> Match[Row] | Fault:
    """What `line` means among the rows that begin at `starts`; of two rows that both fit, the first."""
    states = [_State(point, row) for point, row in starts]
    words = list(re.finditer(r'"[^"]*"|\S+', line))
    done: list[_State[Row]] = []
    for word in words:
        done += _take_rest(states, line[word.start() :].rstrip(), kinds)
        following = _step(states, word.group(), kinds)
        if isinstance(following, Fault):
            return Fault("ambiguous", word.start())
        if not following:
            return _finish(done) or _refusal(states, word.group(), word.start())
        states = following
    accepted = [state for state in states if state.point.accept and not state.partial] + done
    return _finish(accepted) or Fault("incomplete", len(line.rstrip()) + 1)


def expected(starts: Iterable[tuple[Point, Row]], words: Sequence[str], kinds: Mapping[str, Kind]) -> list[str]:
    """What may come after these words, for the question mark: keywords, `<kind>`, and `<cr>` where the line may end."""
    states: list[_State[Row]] = [_State(point, row) for point, row in starts]
    for word in words:
        following = _step(states, word, kinds)
        states = [] if isinstance(following, Fault) else following
    found = {
        element.word if isinstance(element, Keyword) else f"<{element.name}>" for state in states for element, _ in state.point.arcs
    }
    return sorted(found) + (["<cr>"] if any(state.point.accept for state in states) else [])


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


def _step(states: Sequence[_State[Row]], word: str, kinds: Mapping[str, Kind]) -> list[_State[Row]] | Fault:
    """The states after one more word. An exact keyword beats everything, a prefix beats a parameter; two prefixes are ambiguous."""
    lowered = word.lower()
    exact: list[_State[Row]] = []
    prefixed: list[tuple[str, _State[Row]]] = []
    others: list[_State[Row]] = []
    for state in states:
        for element, then in state.point.arcs:
            if isinstance(element, Keyword):
                if state.partial or not element.word.lower().startswith(lowered):
                    continue
                following = _State(then, state.row, state.values, (*state.words, element.word))
                if len(element.word) == len(word):
                    exact.append(following)
                else:
                    prefixed.append((element.word, following))
            elif not element.rest:
                others += _parameter(state, element, then, word, kinds)
    if exact:
        return exact
    if len({keyword for keyword, _ in prefixed}) > 1:
        return Fault("ambiguous", 0)
    return [following for _, following in prefixed] or others


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
