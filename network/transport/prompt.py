"""Read what a device shows: its prompt by its real name, a line's echo, log lines in between. Pure: text in, text out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from yunwang.network.session import Session as Platform

TAIL = 2048
"""How much of the end of what came can hold a prompt or a question, in characters."""

_CLOCK = r"[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d"
_LOG = re.compile(
    rf"(?:^|(?<=[>#\]])|(?<=[>#\]] ))(?:%{_CLOCK}"  # Comware: %Nov 22 03:11:22:123 2026 H IFNET/5/LINK_UPDOWN: …
    rf"|#?{_CLOCK}\S* [^\n]*(?:%%\d|/\d/)"  # VRP: Nov 22 2026 03:11:22+08:00 H %%01IFNET/4/…, … H DS/4/DATASYNC_CFGCHANGE:…
    rf"|[*.]?{_CLOCK}[^%\n]*%[A-Z]\w*-\d-"  # IOS, RGOS: *Nov 22 03:11:22.123: %SYS-5-CONFIG_I: …
    r"|%[A-Z]\w*-\d-[A-Z]\w*: "
    r"|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z0-9]+: |\[[A-Z0-9-]+\]))[^\n]*\n?",  # FRR: 2026/11/22 03:11:22 ZEBRA: …
    re.MULTILINE,
)
_AGAIN = re.compile(r"(?P<one>.+?)(?: ?(?P=one))+")
"""A prompt that is shown again behind a log line that came behind it."""
_PAGER = re.compile(r"^[ <]*-+ ?[Mm]ore\b[^\n]*\Z", re.MULTILINE)
_QUESTION = re.compile(
    r"(?:[\[(][Yy](?:es)?/[Nn]o?(?:[:/]\w+)?[\])]|\[confirm\]|\[[Yy]\]|\[[Nn]\]|[Pp]assword|[Uu]sername|\?)[ \t]*[:?]?[ \t]*\Z"
)


def without_logs(text: str) -> str:
    """The text without the log lines that a device throws into a session, also into the middle of a line or behind a prompt."""
    return _LOG.sub("", text)


def question(text: str, *, asks: bool) -> str | None:
    """The question that the text ends with, if it does: its last line. `asks` False: only a pager's."""
    tail = text[-TAIL:]
    found = _PAGER.search(tail) or (asks and _QUESTION.search(tail))
    return tail.rstrip().rpartition("\n")[2].strip() if found else None


def after_echo(text: str, line: str) -> int | None:
    """Where the echo of a line ends, however the terminal wrapped it or a log line cut it; behind a prompt shown again or not."""
    for before, _, end in _echoes(text, line):
        if not before or before[-1] in ">#]":
            return end
    return None


def behind_what(text: str, line: str) -> Iterator[tuple[str, int]]:
    """Of each echo of a line in the middle of what came: what stands before it, a prompt or a question, and where that begins."""
    for before, begin, _ in _echoes(text, line):
        yield before, begin


def _echoes(text: str, line: str) -> Iterator[tuple[str, int, int]]:
    """What stands on the echo's line before it, where that line begins, where the echo ends."""
    line = line.strip()
    if (at := text.find(f"{line}\n")) >= 0:  # as a rule it comes as it was typed
        begin = text.rfind("\n", 0, at) + 1
        yield text[begin:at].removesuffix(" "), begin, at + len(line) + 1
    if "\n" in text:
        for found in _wrapped(line).finditer(text):
            yield found["before"], found.start(), found.end()


@lru_cache(256)
def _wrapped(line: str) -> re.Pattern[str]:
    return re.compile(r"^(?P<before>[^\n]*?) ?" + r"\n*".join(map(re.escape, line)) + r"[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it stood at the end of what came."""

    text: str
    configuring: bool

    @property
    def view(self) -> str:
        """The prompt without VRP8's marks of a clean (`~`) or uncommitted (`*`) candidate: the same text is the same view."""
        return re.sub(r"^\[[~*]", "[", self.text)

    @property
    def privileged(self) -> bool:
        """Not `H>` of IOS and RGOS, from which `enable` leads on. VRP and Comware tell nothing by their `<H>`."""
        return not self.text.endswith(">") or "<" in self.text

    @property
    def two_stage(self) -> bool:
        """Does the prompt prove that lines go to a candidate?"""
        return self.text.startswith(("[~", "[*"))

    @property
    def uncommitted(self) -> bool:
        """Does the prompt say that the candidate holds what is not committed?"""
        return self.text.startswith("[*")


@dataclass(frozen=True, slots=True)
class Prompts:
    """How a device prompts. `host` is the name it showed at log-in, "" before that: then anything of the platform's shape is taken.

    With the name, a line of output of the same shape (AR's `[V300R024C00SPC100]`, a banner) is no prompt. `renamed` is the name
    that a line gives it meanwhile, "" when none does.
    """

    platform: Platform
    host: str = ""
    renamed: str = ""

    def find(self, text: str) -> tuple[int, Prompt] | None:
        """Where the prompt at the end of the text begins, and the prompt; None while there is none."""
        start = max(len(text) - TAIL, 0)
        tail = text[start:].rstrip()
        begin = tail.rfind("\n") + 1
        last = tail[begin:]
        # IOS shows the first 20 characters of the name while configuring, of which the view takes its part
        if not last or (self.host and not any(name[:16] in last for name in (self.host, self.renamed) if name)):
            return None
        again = _AGAIN.fullmatch(last) if last[-1] in ">#]" and last.count(last[-1]) > 1 else None
        for pattern, configuring in ((self.platform.config_prompt, True), (self.platform.user_prompt, False)):
            for shown in (last, again["one"]) if again else (last,):
                if re.fullmatch(pattern, shown):
                    return start + begin, Prompt(shown, configuring)
        return None

    def begin(self, line: str) -> bool:
        """Does a line begin with a prompt: is something being typed there?"""
        return any(self.find(line[: found.end()]) for found in re.finditer(r"[>#\]]", line))

    def after(self, line: str) -> Prompts:
        """What holds once a line was sent: one that names the device anew changes its prompt, a two-stage one's at the commit."""
        renames = re.fullmatch(r"(?:sys|host)name (?P<name>\S+)", line)
        return replace(self, renamed=renames["name"]) if renames and self.host else self

    def named(self, prompt: Prompt) -> Prompts:
        """The same prompts, of the host that showed this one at log-in (`<H>`, `HRP_M<H>`, `[~H]`, `H#`)."""
        name = re.fullmatch(r"(?:\w+(?=[<\[]))?[<\[]?[~*]?(?P<name>[^<>\[\]#()]+?)(?:\(.*\))?[>\]#]", prompt.text)
        return Prompts(self.platform, name["name"] if name else prompt.text)
