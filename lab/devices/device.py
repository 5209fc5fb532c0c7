"""One simulated device: what it runs, what it would boot from, who it is. Never speaks SSH."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from yunwang.lab.devices import grammar
from yunwang.lab.devices.facts import Port, ports
from yunwang.lab.devices.platform import Platform
from yunwang.lab.devices.render import configuration
from yunwang.lab.devices.timers import Timer
from yunwang.lab.devices.tree import Edit, Form, Node, Refusal, Row, View, put

if TYPE_CHECKING:
    from yunwang.lab.devices.city import City

ROOT = Row(syntax="system", opens="system")


@dataclass(frozen=True, slots=True)
class BootFault:
    """A line of the startup file that the device did not take."""

    line: int
    text: str
    message: str


@dataclass(slots=True, kw_only=True, eq=False)
class Commit:
    """A configuration that was committed (VRP8), kept so that one can go back to it."""

    id: int
    at: float
    user: str
    before: Node


@dataclass(slots=True, kw_only=True, eq=False)
class Device:
    """`startup` is the file it boots from and saves to; `hardware` its fixed interfaces; `commits` are a two-stage platform's."""

    name: str
    platform: Platform
    startup: Path
    city: City
    running: Node = field(init=False)
    hardware: set[str] = field(default_factory=set)
    banner_line: str = ""
    chassis: str = ""
    booted: float = field(default_factory=time.time)
    boot_faults: list[BootFault] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    timer: Timer | None = None
    ahead: float = 0.0
    """Seconds by which the lab has set its clock forward."""
    sessions: dict[object, Callable[[], None]] = field(default_factory=dict)
    """Its sessions, and how each is ended."""
    booting: bool = False
    _ports: tuple[int, list[Port]] = (-1, [])
    """Computed at which of the city's changes."""
    _kinds: Mapping[str, grammar.Kind] = field(init=False)

    def __post_init__(self) -> None:
        self._kinds = {**self.platform.grammar.kinds, "interface": self._interface, "existing": self._existing}

    @property
    def hostname(self) -> str:
        """What its prompt shows."""
        node = self.running.first("hostname")
        return str(node.values["name"]) if node else self.platform.name

    @property
    def now(self) -> float:
        """Its clock, in seconds."""
        return time.monotonic() + self.ahead

    def reboot(self) -> None:
        """Go down with all sessions, and start again."""
        for end in self.sessions.values():
            end()
        self.boot()

    def boot(self) -> None:
        """Start from the saved configuration, as after power-on: what was not saved is gone."""
        text = self.startup.read_text(encoding="utf-8")
        self.running = Node(row=ROOT, values={}, line="")
        self.hardware, self.boot_faults, self.commits, self.timer = set(), [], [], None
        self.booting = True
        self.booted = time.time()
        self.chassis = self.platform.chassis(text)
        first = text.partition("\n")[0]
        self.banner_line = first if first[:1] in "![" and len(first) > 1 else ""
        stack: list[tuple[int, Node]] = [(-1, self.running)]
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            if not line or line[0] in "!#[" or line in ("return", "end", "exit", "exit-address-family"):
                if raw[:1] in "!#":
                    stack = stack[:1]
                continue
            indent = len(raw) - len(raw.lstrip())
            while len(stack) > 1 and stack[-1][0] >= indent:
                stack.pop()
            try:
                opened = self.configure(self.running, stack[-1][1], line)[1]
            except Refusal as refusal:
                self.boot_faults.append(BootFault(number, raw, str(refusal)))
                continue
            if opened:
                stack.append((indent, opened))
        self.booting = False
        self.hardware = {name for name in self._interfaces() if self.platform.kind_of(name) == "port"}
        self.touched()

    def save(self) -> None:
        """Write what runs to the startup file."""
        part = self.startup.with_suffix(".part")
        part.write_text("\n".join(configuration(self, self.running)) + "\n", encoding="utf-8")
        part.replace(self.startup)

    def touched(self) -> None:
        """What runs has changed: what was computed from it is stale, here and at the neighbours."""
        self.city.touched()

    def configure(self, root: Node, node: Node, line: str) -> tuple[str, Node | None]:
        """Apply one line in a view of `root`; gives what the device says and the view it led into. Refusal when it says no."""
        found = self.find(self.views(node), line)
        if isinstance(found, grammar.Fault) and node is not root and not self.booting:
            found = self.find(("system",), line)
            node = root
        if isinstance(found, grammar.Fault):
            raise Refusal(f"{self.platform.errors[found.kind]} ({line!r})")
        return self.apply(root, node, found)

    def apply(self, root: Node, node: Node, found: grammar.Match[Form]) -> tuple[str, Node | None]:
        """Apply a line that was understood."""
        form = found.row
        edit = Edit(self, root, node, form.row, found.values, found.line, form.negated)
        said = put(edit)
        if root is self.running and not self.booting:
            self.touched()
        opened = None
        if form.row.opens and not form.negated:
            opened = node.children.get(form.row.slot_of(found.line, found.values))
        return said, opened

    def find(self, views: tuple[str, ...], line: str) -> grammar.Match[Form] | grammar.Fault:
        """What a line means in these views."""
        return grammar.match(self.platform.grammar.first(*views), line, self._kinds)

    def next_words(self, views: tuple[str, ...], line: str) -> list[str]:
        """What may follow in a line, for the question mark."""
        return grammar.expected(self.platform.grammar.first(*views), line.split(), self._kinds)

    def views(self, node: Node) -> tuple[str, ...]:
        """The tables that hold in a configuration view."""
        return ("system",) if node.row is ROOT else (self.platform.view_of(self, node),)

    def view(self, node: Node) -> View:
        """The table whose order a view's lines are displayed in."""
        return self.platform.grammar.views[self.views(node)[0]]

    def ports(self) -> list[Port]:
        """Its interfaces as they stand, from what runs."""
        if self._ports[0] != self.city.changes:
            self._ports = self.city.changes, ports(self)
        return self._ports[1]

    def port(self, name: str) -> Port | None:
        """One interface as it stands."""
        return next((port for port in self.ports() if port.name == name), None)

    def mac(self, interface: str = "") -> str:
        """A MAC of its own, 12 hex digits: the chassis's or an interface's (a port that routes has its own)."""
        number = hashlib.sha256(f"{self.name} {interface}".encode()).hexdigest()[:6]
        return self.platform.oui + number

    def _interface(self, word: str) -> grammar.Parsed:
        """An interface that can be configured: a fixed one that is there, or one that configuring makes."""
        found = self.platform.grammar.kinds["interface"](word)
        if not self.booting and self.platform.kind_of(found.text) == "port" and found.text not in self.hardware:
            raise ValueError(f"{found.text} is not in this chassis")
        return found

    def _existing(self, word: str) -> grammar.Parsed:
        """An interface that is there."""
        found = self.platform.grammar.kinds["interface"](word)
        if not self.booting and found.text not in set(self._interfaces()):
            raise ValueError(f"{found.text} does not exist")
        return found

    def _interfaces(self) -> Iterator[str]:
        return (str(node.values["interface"]) for node in self.running.with_fact("interface"))
