"""A device's configuration as a tree of commands. Never decides what to change; see diff.py and patch.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from yunwang.network.configuration.command import Command
from yunwang.network.configuration.line import Other
from yunwang.network.configuration.table import Rules

Tree: TypeAlias = dict[str, "Tree"]
"""Lines of a view in their order, each with the lines of the view it opens. Plain dictionaries: they are compared in C.
Nobody changes one after it was made."""

_OVERWRITTEN = re.compile(r"(?m)^[^\n]*(?:\x08|\x1b\[\d+D|\r+(?=[^\r\n]))")
"""What a terminal does not show any more: `---- More ----` and blanks, then the next line."""
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")
_PAGER = re.compile(r"(?m)^ *-+ ?More ?-+(?!-)(?: {42})?(?=.*\S)")
"""Where somebody copied it from a screen, the next line stands behind it (VRP wipes it with 42 blanks)."""
_DEEPEST = 30
"""Views within views; no device has that many."""


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration whose values are canonical (see Rules.canonical); its order is the device's own."""

    rules: Rules = field(repr=False, compare=False)
    tree: Tree
    header: tuple[str, ...] = field(default=(), compare=False)
    """What stood before it and is no command: versions, dates."""
    complete: bool = field(default=True, compare=False)
    """Did it end with the platform's closing line?"""

    def __str__(self) -> str:
        """As `render`."""
        return self.render()

    def render(self) -> str:
        """The text as the platform would show it, one space per level; parse gives the same tree again."""
        mark = self.rules.separator
        sections: list[str] = []
        flat = False
        for line, children in self.tree.items():
            if children or not flat:
                sections.append(mark)
            flat = not children
            sections.append(line)
            sections.extend(_indented(children, 1))
        end = next(iter(sorted(self.rules.ends)), "")
        return "\n".join([*sections, mark, *([end] if end else []), ""])

    def view(self, *path: str) -> Tree:
        """The lines inside a view; empty when it is not there. `path` as the configuration writes it."""
        tree = self.tree
        for line in path:
            tree = tree.get(line, {})
        return tree

    def lines(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every line with the views around it, top down."""
        return _walk((), self.tree)

    def commands(self) -> Iterator[tuple[Command, Tree]]:
        """The lines at the top as the rules read them, with what stands inside."""
        return ((self.rules.read("", line), children) for line, children in self.tree.items())

    def overlay(self, fragment: Config) -> Config:
        """This configuration after `fragment` was typed into it: lines are added, held values replaced, VLAN sets united."""
        return replace(self, tree=_overlay(self.rules, "", self.tree, fragment.tree))

    def without(self, removed: Iterable[tuple[str, ...]]) -> Config:
        """This configuration without some lines, each given with the views around it."""
        gone: Tree = {}
        for path in removed:
            here = gone
            for line in path:
                here = here.setdefault(line, {})
        return replace(self, tree=_without(self.tree, gone))


def parse(text: str, rules: Rules) -> Config:
    """Read a configuration as a device shows it or a person writes it; indentation makes the tree, nothing raises.

    Headers, device log lines, paging remnants, separators and lines that only close a view are left out.
    """
    if "\r" in text or "\x08" in text or "\x1b" in text:
        text = text if "\n" in text else text.replace("\r", "\n")
        text = _TERMINAL.sub("", _OVERWRITTEN.sub("", text))
    if "More" in text:
        text = _PAGER.sub("", text)
    root: Tree = {}
    header: list[str] = []
    complete = False
    view, here, last = root, _ANY, ""
    above: list[tuple[int, Tree]] = []  # the views around `view`, and how deep the lines in them stand
    read = rules.line
    lines = text.split("\n")
    block_ends = 0
    for at, raw in enumerate(lines):
        if at < block_ends:
            continue
        indent, line, special = read[raw]
        if not line:
            if indent == Other.TOP:
                view, here, above = root, _ANY, []
            elif indent == Other.NOISE and not root:
                header.append(raw.strip())
            elif indent == Other.END:
                complete = True
            continue
        if indent > here and len(above) < _DEEPEST:
            above.append((here, view))
            view = _opened(view, last)
        elif indent < here:
            while above and above[-1][0] >= indent:
                view = above.pop()[1]
        here = indent
        if special:
            if block := _block(lines, at, line, rules):
                line, block_ends = block
                here = _ANY
            elif view is root and _gathered(root, line, rules):
                here = _ANY
                continue
        last = line
        if line not in view:
            view[line] = _EMPTY
    return Config(rules=rules, tree=root, header=tuple(header), complete=complete)


_ANY = 1 << 30
"""Deeper than any line: the next one stands beside the last, however deep."""
_EMPTY: Tree = {}
"""What is inside a line that opens nothing: one for all."""


def _opened(view: Tree, line: str) -> Tree:
    """The lines inside a line, to be added to."""
    if view[line] is _EMPTY:
        view[line] = {}
    return view[line]


def _block(lines: list[str], at: int, first: str, rules: Rules) -> tuple[str, int] | None:
    """A command that runs over several lines, and where the next one begins; None when `first` begins none that ends."""
    for block in rules.blocks:
        if match := block.begin.match(first):
            until = re.compile(block.end.format(*(re.escape(group or "") for group in match.groups())))
            after = at + 1
            if not until.search(first, match.end()):
                last = next((n for n in range(after, len(lines)) if until.search(lines[n])), len(lines))
                if last == len(lines) and block.closed:
                    continue  # its end is not there: rather a line that looks like it than all the rest
                after = min(last + block.closed, len(lines))
            whole = [first, *(line.rstrip() for line in lines[at + 1 : after])]
            return rules.spelling.respelled(block.written("\n".join(whole))), after
    return None


def _gathered(root: Tree, line: str, rules: Rules) -> bool:
    """Puts an entry that stands at the top into its view; False when it is none."""
    for pattern, header in rules.gathered:
        if match := pattern.fullmatch(line):
            inner = match.expand(header)
            root.setdefault(inner, _EMPTY)
            _opened(root, inner).setdefault(match[2], _EMPTY)
            return True
    return False


def _indented(tree: Tree, depth: int) -> Iterator[str]:
    for line, children in tree.items():
        yield " " * depth + line
        if children:
            yield from _indented(children, depth + 1)


def _walk(path: tuple[str, ...], tree: Tree) -> Iterator[tuple[tuple[str, ...], str]]:
    for line, children in tree.items():
        yield path, line
        if children:
            yield from _walk((*path, line), children)


def _overlay(rules: Rules, view: str, below: Tree, above: Tree) -> Tree:
    fresh = [line for line in above if line not in below]
    merged = {
        line: _overlay(rules, rules.read(view, line).rule.opens, tree, above[line]) if above.get(line) else tree
        for line, tree in below.items()
    }
    if not fresh:
        return merged
    held = {command.key: command for command in (rules.read(view, line) for line in below)}
    renamed: dict[str, str] = {}
    added: Tree = {}
    for line in fresh:
        command = rules.read(view, line)
        old = held.get(command.key)
        if old is None or command.rule.vlans:
            added[line] = above[line]
        elif old.value == command.value and not command.rule.opens:
            continue
        else:
            renamed[old.text] = old.text if old.value == command.value else line
            merged[old.text] = _overlay(rules, command.rule.opens, below[old.text], above[line])
    return {renamed.get(line, line): tree for line, tree in merged.items()} | added


def _without(tree: Tree, gone: Tree) -> Tree:
    """A removed line takes what is inside with it; one that only leads to removed lines stays."""
    return {
        line: _without(children, gone[line]) if gone.get(line) else children
        for line, children in tree.items()
        if gone.get(line) != {}
    }
