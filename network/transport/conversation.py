"""Say a line, wait for its echo and for the prompt. Knows nothing of configuration; raises the line's own events, not verdicts."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from yunwang.network.configuration.rule import Question
from yunwang.network.session import Session as Platform
from yunwang.network.transport.driver import Line, Quiet
from yunwang.network.transport.prompt import TAIL, Prompt, Prompts, echo, question, without_logs

_LOGIN = (
    Question(ask=r"(?i)change now\?.*\[y/n\]", answer="N"),  # VRP: the initial password is unsafe, change it?
    Question(ask=r"(?i)do you want to change the password", answer="n"),  # RGOS
    Question(ask=r"(?i)press y or enter to continue", answer=""),  # Comware's legal banner
)
_HARD_LIMIT = 20
"""A device that keeps talking is given up after so many times the read timeout."""


_CTRL_C = "\x03"
PROBE_SECONDS = 4.0
"""How long an endless probe may go on without showing what is wanted."""
_REFUSAL = re.compile(r"[%^]|Error|Command|Permission")
"""How a refusal begins on every platform; Comware's ARP table has `I-Invalid` in its legend."""


class Asked(Exception):
    """The device asks what nobody planned to answer; the text is the question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a device said to a line, without echo, log lines and prompt; and the prompt."""

    text: str
    prompt: Prompt

    def refusal(self, platform: Platform, *, shown: bool = False) -> str | None:
        """The device's own words when it refused, on one line. `shown`: the text is a display's, which may hold any word itself."""
        found = (match[0] for pattern in platform.errors for match in re.finditer(pattern, self.text, re.MULTILINE))
        words = (" ".join(line.split()) for line in found)
        return max((line for line in words if not shown or _REFUSAL.match(line)), key=len, default=None)  # a caret tells least


class Conversation:
    """One line to one device. `timeout` in seconds of silence."""

    def __init__(self, line: Line, platform: Platform, timeout: float) -> None:
        self._line, self._platform, self._timeout = line, platform, timeout
        self.prompts = Prompts(platform)

    def log_in(self, enable_password: str) -> Prompt:
        """Wait for the prompt, learn the host's name from it, become privileged where that takes a word of its own."""
        seen = self._wait("", _LOGIN)[1]
        while True:  # a banner may look like a prompt: the real one comes twice
            self._line.send("\n")
            _, again = self._wait("")
            if again == seen:
                break
            seen = again
        self.prompts = self.prompts.named(seen)
        if not seen.privileged:
            seen = self.say("enable", (Question(ask=r"[Pp]assword: ?\Z", answer=enable_password),)).prompt
        return seen

    def say(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True) -> Reply:
        """Send a line; its reply. `asks` False: output that ends like a question is output. Raises Asked, Closed, Quiet."""
        self._line.send(line + "\n")
        text, prompt = self._wait(line, (*questions, *self._platform.questions), asks=asks)
        return Reply(text, prompt)

    def probe(self, line: str, wanted: str) -> bool:
        """Does a line's output come to hold `wanted`? One that never ends (vtysh's ping) is broken off. Raises as `say`."""
        self._line.send(line + "\n")
        said, echoed, limit = "", echo(line), time.monotonic() + PROBE_SECONDS
        try:
            while not re.search(wanted, said):
                said += self._line.receive(limit)
                text = without_logs(said)
                if (found := echoed.search(text)) and self.prompts.find(text[found.end() :]):
                    return re.search(wanted, said) is not None
        except Quiet:
            pass
        self._line.send(_CTRL_C)
        self._wait("", asks=False)
        return re.search(wanted, said) is not None

    def _wait(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True) -> tuple[str, Prompt]:
        """Read until the line is echoed and a prompt follows; answer the questions that were foreseen."""
        said, answer = "", ""
        echoed = echo(line) if line else None
        limit = time.monotonic() + self._timeout * _HARD_LIMIT
        while True:
            said += self._line.receive(min(time.monotonic() + self._timeout, limit))
            text = without_logs(said)
            if echoed:
                if not (found := echoed.search(text)):
                    continue
                text = text[found.end() :]
            if found_prompt := self.prompts.find(text):
                begin, prompt = found_prompt
                return text[:begin].strip("\n").removeprefix(f"{answer}\n" if answer else ""), prompt
            for foreseen in questions:
                if re.search(foreseen.ask, text[-TAIL:]):
                    answer = foreseen.answer
                    self._line.send(answer + "\n")
                    said, echoed = "", None
                    break
            else:
                if asked := question(text, asks=asks):
                    raise Asked(asked)
