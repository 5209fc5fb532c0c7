"""Lines whose order or whose range has a meaning, as two configurations have them. Never makes an edit; see diff.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import dropwhile, pairwise
from typing import TYPE_CHECKING

from yunwang.network.configuration.rule import PLAIN, Command, Rules

if TYPE_CHECKING:
    from yunwang.network.configuration.config import Tree

_RANGE = re.compile(r"(\D+ )(\d+)(?: (\d+))?")


def sequences(rules: Rules, view: str, lines: Iterable[str]) -> dict[str, dict[str, Command]]:
    """The sequences in the lines of a view: their entries by what identifies them, in their order."""
    found: dict[str, dict[str, Command]] = {}
    for line in lines:
        command = rules.read(view, line)
        if command.rule.sequence:
            found.setdefault(command.rule.sequence.format_map(command.words), {})[command.key] = command
        elif command.rule is PLAIN:
            found.setdefault("", {})[command.key] = command
    return found


def behind(known: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """What must be said (again) so that `wanted` is the order, where a new entry stands last: all behind those that may stay."""
    left = iter(known)
    return list(dropwhile(lambda key: key in left, wanted))


def cut(rules: Rules, run: Tree, want: Tree) -> tuple[Tree, Tree]:
    """Both with ranges of terminal lines cut where either side begins or ends one: `vty 0 15` is `vty 0 4` and `vty 5 15`."""
    starts = rules.ranged
    if not starts or not any(line.startswith(starts) for line in run.keys() ^ want.keys()):
        return run, want
    edges: dict[str, set[int]] = {}
    for line in (*run, *want):
        if line.startswith(starts) and (match := _RANGE.fullmatch(line)):
            edges.setdefault(match[1], set()).update((int(match[2]), int(match[3] or match[2]) + 1))
    return _pieces(run, edges), _pieces(want, edges)


def _pieces(tree: Tree, edges: Mapping[str, set[int]]) -> Tree:
    made: Tree = {}
    for line, inside in tree.items():
        match = _RANGE.fullmatch(line)
        if match is None or match[1] not in edges:
            made[line] = inside
            continue
        low, high = int(match[2]), int(match[3] or match[2]) + 1
        inner = sorted(edge for edge in edges[match[1]] if low < edge < high)
        ends = pairwise([low, *inner, high])
        made |= dict.fromkeys([line] if not inner else [f"{match[1]}{one} {other - 1}" for one, other in ends], inside)
    return made
