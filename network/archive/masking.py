"""A session in which secrets are masks: what is read comes masked, and what is sent is unmasked on the device's line alone.

So whoever works on such a session (a job, its plan, its errors, the journal) has never had a secret. Keeps none for longer than the
session lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yunwang.inventories.network import Device
from yunwang.inventories.workspace import Workspace
from yunwang.network.archive.archive import Archive, masks_in
from yunwang.network.archive.secrecy import unmask
from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session as Platform
from yunwang.network.transport import Session, Timeouts, connect
from yunwang.network.transport.conversation import Conversation, Reply
from yunwang.network.transport.driver import Line


class Masking(Conversation):
    """The conversation below such a session. `read` is called with the running configuration as the device shows it."""

    def __init__(
        self, line: Line, platform: Platform, timeout: float, *, archive: Archive, device: Device, read: Callable[[str], object]
    ) -> None:
        super().__init__(line, platform, timeout)
        self._archive, self._device, self._read = archive, device, read
        self._running = platform.show.running
        self._masker = archive.masker(device)
        self._known: dict[str, str] = {}

    def say(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True) -> Reply:
        """As its parent. Raises Refused, with nothing sent, where nobody knows what a mask stands for."""
        self._learn([line])
        reply = super().say(self._clear(line), questions, asks=asks)
        if line == self._running:
            self._read(reply.text)
        return self._masked(reply)

    def say_all(self, lines: Sequence[str]) -> Iterator[Reply]:
        """As its parent."""
        self._learn(lines)
        for reply in super().say_all([self._clear(line) for line in lines]):
            yield self._masked(reply)

    def _learn(self, lines: Sequence[str]) -> None:
        """What masks stand for is asked before anything of them is sent."""
        if unknown := masks_in("\n".join(lines)) - self._known.keys():
            self._known |= self._archive.secrets(self._device, unknown)

    def _clear(self, line: str) -> str:
        return unmask(line, self._known.__getitem__)

    def _masked(self, reply: Reply) -> Reply:
        masked = self._masker.mask(reply.text)
        self._known |= masked.secrets
        return Reply(masked.text, reply.prompt)


@contextmanager
def connect_masked(
    device: Device,
    workspace: Workspace,
    archive: Archive,
    *,
    wire: Path,
    timeouts: Timeouts | None = None,
    read: Callable[[str], object] = lambda _: None,
) -> Iterator[Session]:
    """As `connect`, with masks. `read`: gets the running configuration as the device shows it, for the encrypted copy."""

    def talk(line: Line, platform: Platform, timeout: float) -> Conversation:
        return Masking(line, platform, timeout, archive=archive, device=device, read=read)

    with connect(device, workspace, wire=wire, timeouts=timeouts, talk=talk) as session:
        yield session
