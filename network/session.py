"""How a person talks to a platform: prompts, paging, configuration mode, commit, save, errors, the commands that show its state.

Facts only; the one who opens connections is transport/.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from yunwang.network.configuration.rule import Question


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
    questions: tuple[Question, ...] = field(default=())
    """Questions that any line may raise, beside those of the line's own rule."""
