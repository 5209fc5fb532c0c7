"""What a platform is: its grammar, names, prompts, errors, the look of its configuration. Never holds a device's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yunwang.lab.devices.grammar import FaultKind
from yunwang.lab.devices.kinds import InterfaceType, Ipv6Spelling, short_name, spell_mac, type_of
from yunwang.lab.devices.tree import Grammar, Node

if TYPE_CHECKING:
    from yunwang.lab.devices.device import Device
    from yunwang.lab.devices.shell import Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a configuration is laid out: what separates blocks, the indent of plain lines, what ends a block and the whole."""

    separator: str
    end: str
    indent: str = ""
    block_end: str = ""
    header: Callable[[Device], list[str]]
    separate_first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """The prompt that stops long output, and what wipes it again."""

    prompt: str
    wipe: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Platform:
    """One operating system. `types` are its interfaces in display order; `mac` the digits of a group and the sign between."""

    name: str
    grammar: Grammar
    types: Sequence[InterfaceType]
    spelling: Ipv6Spelling
    mac: tuple[int, str]
    look: Look
    pager: Pager
    errors: Mapping[FaultKind, str]
    caret_inside: bool = False
    """The caret stands under the first letter that is wrong (IOS), not under the word."""
    view_of: Callable[[Device, Node], str]
    prompt: Callable[[Shell], str]
    banner: Callable[[Shell], str]
    log: Callable[[Device], str]
    """A log line that the device may throw into a session."""
    denied: str
    full: str
    question: str
    """What it may ask out of the blue."""
    password_question: str = ""
    """What it may ask at login about an old password."""
    user_views: tuple[str, ...] = ("user",)
    everywhere: tuple[str, ...] = ()
    """Views whose commands hold inside every configuration view."""
    falls_back_to_root: bool = False
    """Whether a command of the system view, given in a deeper one, leads back to it."""
    two_stage: bool = False
    advertises: bool = False
    """Whether an interface sends router advertisements unless told not to (IOS)."""
    runs_single_command: bool = False
    """Whether `ssh HOST COMMAND` works."""
    chassis: Callable[[str], str]
    """The model that a startup configuration was written for, from its text."""
    oui: str

    def kind_of(self, interface: str) -> str:
        """`port`, `loopback`, `vlan` or `null`."""
        return type_of(self.types, interface).kind

    def short(self, interface: str) -> str:
        """The interface's short name."""
        return short_name(self.types, interface)

    def spell_mac(self, digits: str) -> str:
        """12 hex digits as the platform writes them."""
        return spell_mac(digits, *self.mac)
