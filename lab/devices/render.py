"""A configuration tree as the device displays it. Never changes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from yunwang.lab.devices.tree import Node

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device


def configuration(device: Device, root: Node) -> list[str]:
    """The whole configuration with its header and end, line by line."""
    look = device.platform.look
    lines = look.header(device)
    for number, block in enumerate(blocks(device, root)):
        lines += [look.separator, *block] if number or look.separate_first else block
    return [*lines, look.separator, look.end]


def alike(device: Device, one: Node, other: Node) -> bool:
    """Are two configurations displayed alike? Looks no further than the first difference."""
    return all(a == b for a, b in zip_longest(_displayed(device, one), _displayed(device, other)))


def _displayed(device: Device, root: Node) -> Iterator[list[str]]:
    for node in ordered(device, root):
        if node.row.opens:
            yield section(device, node)
        elif not node.row.hidden:
            yield [node.line]


def blocks(device: Device, root: Node) -> list[list[str]]:
    """The configuration's blocks: a section with its lines, or plain lines that belong together."""
    look = device.platform.look
    found: list[list[str]] = []
    group = ""
    for node in ordered(device, root):
        if node.row.opens:
            found.append([*section(device, node), *([look.block_end] if look.block_end else [])])
            group = ""
        elif node.row.hidden:
            continue
        else:
            line = look.indent + node.line
            own = node.row.group or node.row.keywords
            if own == group:
                found[-1].append(line)
            else:
                found.append([line])
            group = own
    return found


def section(device: Device, node: Node, depth: int = 0) -> list[str]:
    """A section: its own line and what is under it, one space deeper a level."""
    lines = [" " * depth + node.line]
    for child in ordered(device, node):
        if child.row.opens:
            lines += section(device, child, depth + 1)
        elif not child.row.hidden:
            lines.append(" " * (depth + 1) + child.line)
    return lines


def ordered(device: Device, node: Node) -> list[Node]:
    """A view's lines in display order: the table's, then the row's own, then as they were entered."""
    view = device.view(node)
    return sorted(node.children.values(), key=lambda child: (view.rank(child.row), *_own_order(child)))


def _own_order(node: Node) -> tuple[int | str, ...]:
    return node.row.order(node) if node.row.order else ()
