"""A session on a device: where the user stands, what a line does there, what comes back. Never parses vendor syntax itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

from yunwang.lab.devices import grammar, timers
from yunwang.lab.devices.device import Device
from yunwang.lab.devices.faults import Knobs
from yunwang.lab.devices.terminal import CTRL_Z, Terminal
from yunwang.lab.devices.tree import Call, Edit, Form, Node, Refusal


class Closed(Exception):
    """The session ends; `device_gone`: the device went down with all its sessions."""

    def __init__(self, *, reboot: bool = False) -> None:
        super().__init__("closed")
        self.reboot = reboot


def answers(device: Device, knobs: Knobs, door: str) -> bool:
    """Whether the device has the address that a door stands for."""
    stands_for = knobs.faults.doors.get(door)
    return stands_for is None or any(stands_for == str(address.ip) for port in device.ports() for address in port.ipv4)


class Shell:
    """`path` are the slots from the configuration's root to the view the user is in; None: outside (`<H>`, `H#`).

    `door` is the loopback address at which they came in.
    """

    def __init__(self, device: Device, terminal: Terminal, knobs: Knobs, user: str, door: str = "") -> None:
        self.device = device
        self.terminal = terminal
        self.knobs = knobs
        self.user = user
        self.door = door
        self.path: list[str] | None = None
        self.candidate: Node | None = None
        self.edits: list[tuple[tuple[str, ...], str]] = []
        self._prompt = ""

    @property
    def root(self) -> Node:
        """The configuration that this session edits: what runs, or its own candidate."""
        return self.candidate or self.device.running

    @property
    def node(self) -> Node:
        """The view that the user is in; a view that another session has removed is left."""
        node = self.root
        for depth, slot in enumerate(self.path or ()):
            following = node.children.get(slot)
            if following is None:
                self.path = (self.path or [])[:depth]
                break
            node = following
        return node

    @property
    def place(self) -> str:
        """What the prompt says of the view, from its rows and values: `Vlanif10`, `ospf-1-area-0.0.0.0`, `config-if`."""
        values: dict[str, object] = {}
        _ = self.node  # a view that is gone is left first
        node = self.root
        for slot in self.path or ():
            node = node.children[slot]
            values |= node.values
        return node.row.prompt.format(**values)

    def views(self) -> tuple[str, ...]:
        """The tables that hold where the user is."""
        platform = self.device.platform
        return platform.user_views if self.path is None else (*self.device.views(self.node), *platform.everywhere)

    async def run(self) -> None:
        """Greet, then answer line by line until the session ends. Raises Closed, terminal.Gone."""
        platform, faults = self.device.platform, self.knobs.look()
        if faults.no_vty:
            await self.terminal.write("All user interfaces are used, please try later!\n")
            self.terminal.flush()
            return
        await self.terminal.write(platform.banner(self))
        if faults.old_password and platform.password_question:
            await self.terminal.line(platform.password_question)
        while True:
            await self.step()

    async def step(self) -> None:
        """One prompt, one line, its answer."""
        self._prompt = self._shown_prompt()
        line = await self.terminal.line(self._prompt, self._hint)
        self.knobs.look()
        self._keep_time()
        await self.execute(line)

    def _shown_prompt(self) -> str:
        self._keep_time()
        prompt, renamed = self.device.platform.prompt(self), self.knobs.faults.renamed
        return prompt.replace(self.device.hostname, renamed) if renamed else prompt

    def _keep_time(self) -> None:
        timers.keep(self.device, self.knobs.faults.ahead)

    async def execute(self, line: str) -> None:
        """Do what one line says and show what comes back. Raises Closed, when all that was said is sent."""
        try:
            await self._execute(line)
        except Closed:
            with suppress(OSError):  # nobody may be there any more
                self.terminal.flush()
            raise

    async def _execute(self, line: str) -> None:
        faults = self.knobs.faults
        if faults.hang:
            await self.terminal.swallow()
        if faults.delay:
            self.terminal.flush()
            await asyncio.sleep(faults.delay)
            self.knobs.look()
        if line == CTRL_Z:
            self.path = None
            return
        if not line.strip() or line.lstrip()[0] in "!#":
            return
        answer = await self.answer(line)
        if not answers(self.device, self.knobs, self.door):
            await self.terminal.swallow()
        if self.knobs.noisy_now():
            lines = answer.splitlines(keepends=True)
            middle = len(lines) // 2
            answer = "".join([*lines[:middle], self.device.platform.log(self.device) + "\n", *lines[middle:]])
        if answer:
            await self.terminal.lines(answer.removesuffix("\n"))

    async def answer(self, line: str) -> str:
        """What one line gives back, all of it, in lines."""
        command, keep = _filter(line)
        found = self._find(command)
        if isinstance(found, grammar.Fault):
            return self._wrong(found, command)
        row = found.row.row
        if row.do:
            try:
                said = row.do(Call(self, self.device, found.values, found.line))
                return keep(said if isinstance(said, str) else await said)
            except Refusal as refusal:
                return f"{refusal}\n"
        return await self._configure(found, command)

    async def ask(self, question: str) -> bool:
        """A yes-or-no question; Enter alone is no."""
        answer = await self.terminal.line(question)
        return answer.strip().lower() in ("y", "yes")

    def up(self) -> None:
        """Leave the view for the one above it; from the system view, outside."""
        self.path = self.path[:-1] if self.path else None

    def apply(self, found: grammar.Match[Form]) -> str:
        """Apply an understood line where the user stands. Refusal when the device says no."""
        node = self.node
        said, opened = self.device.apply(self.root, node, found)
        if self.candidate is not None:
            self.edits.append((tuple(self.path or ()), found.line))
        if opened:
            row = found.row.row
            self.path = [*(self.path or ()), row.slot_of(found.line, found.values)]
        return said

    def _find(self, command: str) -> grammar.Match[Form] | grammar.Fault:
        """The line in this view's tables; where the platform allows it, else in the system view's."""
        found = self.device.find(self.views(), command)
        if isinstance(found, grammar.Fault) and self.path and self.device.platform.falls_back_to_root:
            outer = self.device.find(("system", *self.device.platform.everywhere), command)
            if isinstance(outer, grammar.Match):
                self.path = [] if outer.row.row.opens else self.path
                return outer
            if outer.column > found.column:
                return outer
        return found

    async def _configure(self, found: grammar.Match[Form], command: str) -> str:
        platform = self.device.platform
        if self.knobs.faults.deny:
            return platform.denied + "\n"
        if self.knobs.rejects(found.line):
            return self.knobs.faults.reject_message + "\n"
        if self.knobs.asks_now(found.line) and not await self.ask(platform.question):
            return ""
        form = found.row
        if form.row.question:
            edit = Edit(self.device, self.root, self.node, form.row, found.values, found.line, form.negated)
            question = form.row.question(edit)
            if question and not await self.ask(question):
                return ""
        try:
            said = self._apply_where_it_belongs(found)
        except Refusal as refusal:
            return f"{refusal}\n"
        if self.knobs.drops_now():
            if self.knobs.faults.falls_silent:
                await self.terminal.swallow()
            if self.knobs.faults.half_prompt:
                prompt = self._shown_prompt()
                await self.terminal.write(prompt[: len(prompt) // 2])
            raise Closed(reboot=self.knobs.faults.reboot)
        return f"{said}\n" if said else ""

    def _apply_where_it_belongs(self, found: grammar.Match[Form]) -> str:
        """A line of the system view, given in a deeper one, is applied to the root."""
        table = self.device.platform.grammar
        standing = self.path
        here = standing is not None and any(found.row.row in table.views[view].rows for view in self.views())
        if here:
            return self.apply(found)
        self.path = []
        try:
            return self.apply(found)
        finally:
            if not found.row.row.opens:
                self.path = standing

    def _wrong(self, fault: grammar.Fault, command: str) -> str:
        """The vendor's words, with the caret under what was wrong where it puts one."""
        platform = self.device.platform
        text = platform.errors[fault.kind]
        inside = fault.shared if platform.caret_inside else 0
        caret = " " * (len(self._prompt) + fault.column + inside) + "^\n" if "'^'" in text else ""
        return f"{caret}{text.replace('{line}', command.strip())}\n"

    def _hint(self, typed: str) -> str:
        words = self.device.next_words(self.views(), typed if typed.endswith(" ") else typed.rpartition(" ")[0])
        begun = "" if typed.endswith(" ") else typed.rpartition(" ")[2]
        return "".join(f"  {word}\n" for word in words if word.startswith((begun, "<")))


def _filter(line: str) -> tuple[str, Callable[[str], str]]:
    """`show … | include X`: the command and what to do with its output."""
    command, bar, pipe = line.partition("|")
    wish = re.match(r"\s*(inc|exc|beg|sec)[a-z]*\s+(.+?)\s*$", pipe)
    if not bar or not wish or not command.lstrip().lower().startswith(("di", "sh", "do ")):
        return line, lambda text: text
    verb, pattern = wish[1], re.compile(_regex(wish[2].strip('"')))

    def keep(text: str) -> str:
        lines = text.splitlines()
        if verb == "inc":
            kept = [entry for entry in lines if pattern.search(entry)]
        elif verb == "exc":
            kept = [entry for entry in lines if not pattern.search(entry)]
        elif verb == "beg":
            first = next((number for number, entry in enumerate(lines) if pattern.search(entry)), len(lines))
            kept = lines[first:]
        else:
            kept = _sections(lines, pattern)
        return "".join(f"{entry}\n" for entry in kept)

    return command.rstrip(), keep


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        return re.escape(text)
    return text


def _sections(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    kept: list[str] = []
    inside = False
    for entry in lines:
        inside = bool(pattern.search(entry)) or (inside and entry.startswith(" "))
        if inside:
            kept.append(entry)
    return kept
