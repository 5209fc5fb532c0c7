"""Say lines, wait for each one's echo and for the prompt. Knows nothing of configuration; raises events, not verdicts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yunwang.network.configuration.rule import Question
from yunwang.network.session import LOGIN
from yunwang.network.session import Session as Platform
from yunwang.network.transport.driver import Line, Quiet
from yunwang.network.transport.prompt import TAIL, Prompt, Prompts, after_echo, behind_what, question, without_logs

_HARD_LIMIT = 20
"""A device that keeps talking is given up after so many times the read timeout."""


_CTRL_C = "\x03"
PROBE_SECONDS = 4.0
"""How long an endless probe may go on without showing what is wanted."""


class Asked(Exception):
    """The device asks what nobody planned to answer; the text is the question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a device said to a line, without echo, log lines and prompt; and the prompt."""

    text: str
    prompt: Prompt

    def refusal(self, platform: Platform, *, shown: bool = False) -> str | None:
        """The device's own words when it refused, on one line. `shown`: the text is a display's, which may hold any word itself."""
        return platform.refusal(self.text, shown=shown)


class Conversation:
    """One line to one device. `timeout` in seconds of silence."""

    def __init__(self, line: Line, platform: Platform, timeout: float) -> None:
        self._line, self._platform, self._timeout = line, platform, timeout
        self.prompts = Prompts(platform)

    def log_in(
        self, asked: Sequence[Question], enable_password: str, commands: Sequence[str], *, wake: str = ""
    ) -> tuple[Prompt, list[Reply]]:
        """Wait for the prompt, become privileged where that takes a word of its own, say the commands in one write.

        The prompt and what was said to the commands. The host's name is learned from a prompt that came twice: a banner may look
        like one. `asked`: what is answered once before it comes. `wake`: nothing comes before this key is pressed.
        """
        if wake:
            self._line.send(wake)
        seen = self._wait("", (*asked, *LOGIN), once=True)[1]
        if wake and seen.configuring:  # whoever was there last did not leave
            seen = self.say(self._platform.config_leave).prompt
        if not seen.privileged:
            seen = self._twice(seen)
            seen = self.say("enable", (Question(ask=r"[Pp]assword: ?\Z", answer=enable_password),)).prompt
        if not seen.privileged:
            return seen, []
        replies = list(self.say_all(commands)) if commands and not wake else [self.say(command) for command in commands]
        if not replies or replies[-1].prompt != seen:
            seen = self._twice(seen)
        self.prompts = self.prompts.named(seen)
        return seen, replies

    def type(self, line: str) -> None:
        """Send a line and wait for nothing. Raises Closed."""
        self._line.send(line + "\n")

    def _twice(self, seen: Prompt) -> Prompt:
        while True:
            self._line.send("\n")
            _, again = self._wait("")
            if again == seen:
                self.prompts = self.prompts.named(seen)
                return seen
            seen = again

    def say(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True) -> Reply:
        """Send a line; its reply. `asks` False: output that ends like a question is output. Raises Asked, Closed, Quiet."""
        self._line.send(line + "\n")
        self.prompts = self.prompts.after(line)
        text, prompt = self._wait(line, (*questions, *self._platform.questions), asks=asks)
        return Reply(text, prompt)

    def say_all(self, lines: Sequence[str]) -> Iterator[Reply]:
        """Send lines in one write; the reply to each as it comes. What breaks it off does so at the line whose turn it is.

        A reply is what stands between a line's echo and the next line's, which must come behind a prompt: an echo without one is a
        terminal's, of what it was sent too early. Raises Asked, Closed, Quiet.
        """
        self._line.send("".join(f"{line}\n" for line in lines))
        said, text, at = "", "", 0
        for line, following in zip(lines, (*lines[1:], None), strict=True):
            self.prompts = self.prompts.after(line)
            limit = time.monotonic() + self._timeout * _HARD_LIMIT
            while not (found := self._between(text[at:], line, following)):
                said += self._receive(limit, said)
                text = without_logs(said)
            reply, passed = found
            at += passed
            yield reply

    def _between(self, text: str, line: str, following: str | None) -> tuple[Reply, int] | None:
        """The reply to a line whose echo the text begins with, and where the following one's begins; None: not all of it came."""
        echoed = after_echo(text, line)
        if echoed is None:
            return None
        text = text[echoed:]
        if following is None:
            if found := self.prompts.find(text):
                return Reply(text[: found[0]].strip("\n"), found[1]), 0
        else:
            for before, begin in behind_what(text, following):
                if found := self.prompts.find(before):
                    return Reply(text[:begin].strip("\n"), found[1]), echoed + begin
                if asked := question(before, asks=True):
                    raise Asked(asked)
            if any(map(self.prompts.begin, text.splitlines())):
                return None  # the following line's echo is on its way, and may end like a question
        if asked := question(text, asks=True):
            raise Asked(asked)
        return None

    def probe(self, line: str, wanted: str) -> bool:
        """Does a line's output come to hold `wanted`? One that never ends (vtysh's ping) is broken off. Raises as `say`."""
        self._line.send(line + "\n")
        said, limit = "", time.monotonic() + PROBE_SECONDS
        try:
            while not re.search(wanted, said):
                said += self._line.receive(limit)
                text = without_logs(said)
                if (end := after_echo(text, line)) is not None and self.prompts.find(text[end:]):
                    return re.search(wanted, said) is not None
        except Quiet:
            pass
        self._line.send(_CTRL_C)
        self._wait("", asks=False)
        return re.search(wanted, said) is not None

    def shell(self, script: str) -> bool:
        """Run a script beside the conversation, in a shell of the account; did it end well? Raises Closed, Quiet."""
        return self._line.shell(script, self._timeout)

    def _wait(self, line: str, questions: Sequence[Question] = (), *, asks: bool = True, once: bool = False) -> tuple[str, Prompt]:
        """Read until the line is echoed and a prompt follows; answer the questions that were foreseen, perhaps each `once`."""
        said, answer = "", ""
        limit = time.monotonic() + self._timeout * _HARD_LIMIT
        while True:
            said += self._receive(limit, said)
            text = without_logs(said)
            if line:
                if (end := after_echo(text, line)) is None:
                    continue
                text = text[end:]
            if found_prompt := self.prompts.find(text):
                begin, prompt = found_prompt
                return text[:begin].strip("\n").removeprefix(f"{answer}\n" if answer else ""), prompt
            for foreseen in questions:
                if re.search(foreseen.ask, text[-TAIL:]):
                    answer = foreseen.answer
                    self._line.send(answer + "\n")
                    said, line = "", ""
                    questions = [question for question in questions if not once or question is not foreseen]
                    break
            else:
                if asked := question(text, asks=asks):
                    raise Asked(asked)

    def _receive(self, limit: float, said: str) -> str:
        """What comes next. Raises Closed; Quiet, which tells when a device waits at a prompt that is not its own."""
        try:
            return self._line.receive(min(time.monotonic() + self._timeout, limit))
        except Quiet:
            other = Prompts(self._platform).find(without_logs(said))
            raise Quiet(f", its prompt is now {other[1].text}" if other else "") from None
