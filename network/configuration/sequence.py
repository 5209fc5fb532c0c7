"""Lines whose order or whose range has a meaning, as two configurations have them. Never makes an edit; see diff.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import dropwhile, pairwise
from typing import TYPE_CHECKING

from yunwang.network.configuration.command import Command
from yunwang.network.configuration.table import Rules
from yunwang.network.configuration.unknown import PLAIN
from yunwang.network.vlans import VlanSyntax
from yunwang.network.vlans import read as read_vlans

if TYPE_CHECKING:
    from yunwang.network.configuration.config import Tree

_RANGE = re.compile(r"(\D+ )(\d+)(?: (\d+))?")
_LIST = VlanSyntax(add="", remove="", huawei=False, items=0xFFF)


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
    """Both with what either side has in parts cut alike: `vty 0 15` is `vty 0 4` and `vty 5 15`, `vlan 10,20` two VLANs."""
    starts = rules.cut
    if not starts or not any(line.startswith(starts) for line in run.keys() ^ want.keys()):
        return run, want
    edges: dict[str, set[int]] = {}
    lists: dict[str, set[int]] = {}
    for line in (*run, *want):
        if line.startswith(starts):
            command = rules.read("", line)
            if command.rule.cut == "list":
                lists.setdefault(command.form.key, set()).add(read_vlans(command.words["vlans"]))
            elif match := _RANGE.fullmatch(line):
                edges.setdefault(match[1], set()).update((int(match[2]), int(match[3] or match[2]) + 1))
    made: tuple[Tree, Tree] = ({}, {})
    for tree, its in zip((run, want), made, strict=True):
        for line, inside in tree.items():
            pieces = _pieces(rules.read("", line), edges, lists) if line.startswith(starts) else [line]
            its.update(dict.fromkeys(pieces, inside))
    return made


def _pieces(command: Command, edges: Mapping[str, set[int]], lists: Mapping[str, set[int]]) -> list[str]:
    line = command.text
    if command.rule.cut == "list":
        listed = command.words["vlans"]
        parts = [read_vlans(listed)]
        for other in lists[command.form.key]:
            parts = [part for one in parts for part in (one & other, one & ~other) if part]
        return [line] if len(parts) == 1 else [line.replace(f" {listed} ", f" {next(_LIST.lists(part))} ", 1) for part in parts]
    match = _RANGE.fullmatch(line)
    if match is None:
        return [line]
    low, high = int(match[2]), int(match[3] or match[2]) + 1
    inner = sorted(edge for edge in edges[match[1]] if low < edge < high)
    return [f"{match[1]}{one} {other - 1}" for one, other in pairwise([low, *inner, high])] if inner else [line]
