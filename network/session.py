"""How a person talks to a platform: prompts, paging, configuration mode, commit, save, errors, the commands that show its state.

Facts only; the one who opens connections is transport/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from yunwang.network.configuration.rule import Question

_REFUSAL = re.compile(r"[%^]|Error|Command|Permission")
"""How a refusal begins on every platform; Comware's ARP table has `I-Invalid` in its legend."""

LOGIN = (
    Question(ask=r"(?i)change now\?.*\[y/n\]", answer="N"),  # VRP: the initial password is unsafe, change it?
    Question(ask=r"(?i)do you want to change the password", answer="n"),  # RGOS
    Question(ask=r"(?i)press y or enter to continue", answer=""),  # Comware's legal banner
)
"""What devices may ask before their first prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A routing protocol: `peers` shows its neighbours, where the configuration has a line that `runs` matches."""

    name: str
    runs: str
    peers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The display commands that `Parse` can read, by the same names. "": the platform has none."""

    running: str
    ipv6_interfaces: str
    neighbors: str
    arp: str
    static_bindings: tuple[str, ...] = ()
    """IPv4's first, IPv6's after; their facts are read one by one and added up. Empty: the platform keeps no such table."""
    ospfv3_peers: str
    protocols: tuple[Protocol, ...] = ()
    routes4: str
    routes6: str
    saved: str = ""
    """What the device boots with."""
    cpu: str = ""
    memory: str = ""
    users: str = ""
    vtys: tuple[str, int] = ("", 0)
    """A regular expression for the highest number of a line to log in on, in the configuration; that number where it is unsaid."""
    lock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A device's own way back: a timer that takes a change back unless the device is told in time that all is well."""

    name: str
    when: Literal["before", "entering", "configuring", "committing", "in-shell"]
    """What arms it: a line of the user view, the line that enters the configuration view, the first line in there, the line that
    commits; or a script for the shell of the device's account."""
    arm: str
    """With `{time}`. In a shell, the script's exit status says whether that worked, here as in what follows."""
    unit: int = 1
    """Seconds that the device counts in."""
    confirm: str
    confirm_configuring: bool = True
    """Is it confirmed in the configuration view?"""
    cancel: str = ""
    """Where nothing can be changed while the timer runs: the line of the configuration view that takes the change back at once."""
    status: str = ""
    pending: str = ""
    """Regular expression that the status's output holds while it is armed by us; its groups `hours`, `minutes`, `seconds` are what
    is left, where that alone tells ours from others'."""
    questions: tuple[Question, ...] = ()
    """What is asked while it is armed, where that is a line of the user view."""
    reboots: bool = False
    """Does it boot what is saved? That costs services minutes: armed only where it was asked for, and what runs is saved."""
    needs: str = ""
    """Regular expression that the configuration holds where the device has it, and what that is, in words."""
    needs_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """All regular expressions are searched in text without carriage returns; prompts are anchored at the end of what came."""

    netmiko: str
    """netmiko's device_type."""
    user_prompt: str
    config_prompt: str
    paging_off: tuple[str, ...]
    config_enter: str
    config_leave: str
    commit: str | None = None
    """The line that makes a candidate running, where the platform is two-stage."""
    commit_clean_prompt: str | None = None
    """What the configuration prompt looks like when nothing is uncommitted."""
    discard: str | None = None
    """The line that throws the candidate away."""
    preview: str = ""
    """What shows what a commit would change."""
    save: str
    save_questions: tuple[Question, ...] = ()
    save_done: str
    """Regular expression that the save's output must hold."""
    errors: tuple[str, ...]
    """Regular expressions (multiline) of refusals; whatever else is printed was accepted."""
    show: Show
    ping4: str
    ping6: str
    """With `{address}`."""
    ping_alive: str
    """Regular expression in the ping's output when at least one answer came."""
    net: Net | None = None
    """How the device takes a change back by itself; None: it cannot."""
    questions: tuple[Question, ...] = field(default=())
    """Questions that any line may raise, beside those of the line's own rule."""

    def refusal(self, text: str, *, shown: bool = False) -> str | None:
        """The device's own words when it refused, on one line. `shown`: the text is a display's, which may hold any word itself."""
        if not text.strip():
            return None
        found = (match[0] for pattern in self.errors for match in re.finditer(pattern, text, re.MULTILINE))
        words = (" ".join(line.split()) for line in found)
        return max((line for line in words if not shown or _REFUSAL.match(line)), key=len, default=None)  # a caret tells least
