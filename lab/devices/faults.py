"""Faults that a device can be told to have, read from a small JSON file while it runs. Never decides when: the tester does."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator

from yunwang.inventories.noun import Noun


class Faults(Noun):
    """All off by default. Seconds are seconds; counts begin when the file is written."""

    delay: float = Field(default=0.0, ge=0)
    """Before the answer to each line."""
    noise: int = Field(default=0, ge=0)
    """A log line in the middle of every n-th answer."""
    hang: bool = False
    """Reads on and answers nothing."""
    disconnect_after: int | None = Field(default=None, ge=0)
    """Drops the connection when this many configuration lines were taken, once."""
    stay_away: bool = False
    """After that, hangs up on everybody who connects."""
    half_prompt: bool = False
    """Instead of just dropping the connection, sends the first half of the next prompt and then drops it."""
    falls_silent: bool = False
    """Instead of dropping the connection, answers nothing in it any more."""
    reboot: bool = False
    """Instead of just dropping the connection, boots: what was not saved is gone."""
    no_vty: bool = False
    """All lines for users are taken: says so after the login, and hangs up."""
    renamed: str = ""
    """Its prompt shows this name, whatever the configuration says."""
    one_stage: bool = False
    """VRP8: what is typed runs at once, as if every user had typed `system-view immediately`."""
    no_timer: bool = False
    """Its release has no command that takes a change back by itself."""
    doors: dict[str, str] = Field(default_factory=dict)
    """Loopback addresses at which it listens, and the address of its own that each stands for: answers there while it has that."""
    ahead: float = Field(default=0.0, ge=0)
    """Seconds by which its clock is set forward: timers end sooner."""
    reject: str | None = None
    """Refuses configuration lines that this regular expression is found in."""
    reject_message: str = "Error: The operation failed."
    split: int = Field(default=0, ge=0)
    """Sends its output in pieces of so many characters, `pause` seconds apart."""
    pause: float = Field(default=0.01, ge=0)
    question: bool = False
    """Asks for a confirmation before the next configuration line, once."""
    question_at: str = ""
    """Not before the next one, but before the next that holds this text."""
    deny: bool = False
    """The user may look but not configure."""
    full: bool = False
    """There is no room to save the configuration."""
    old_password: bool = False
    """Asks at login whether the password shall be changed."""
    refuse_login: bool = False
    """No password is right."""
    cpu: int = Field(default=7, ge=0, le=100)
    """Percent, as it says itself."""
    memory: int = Field(default=40, ge=0, le=100)
    """Percent, as it says itself."""
    logins: int = Field(default=0, ge=0)
    """How many others it says are logged in."""
    locked_by: str = ""
    """Who it says holds its configuration lock, where it has one."""

    @field_validator("reject")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


SOUND = Faults()


class Knobs:
    """A device's faults as the file said at the last `look`, and what was counted since it was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.faults = SOUND
        self._lines = 0
        self._answers = 0
        self._asked = False
        self._dropped = False

    def look(self) -> Faults:
        """What holds now, to be asked whenever a user does something; a file that is gone means no faults."""
        try:
            state = self._path.stat()
        except FileNotFoundError:
            self._seen, self.faults = None, SOUND
            return SOUND
        if (mark := (state.st_mtime_ns, state.st_ino)) != self._seen:
            self._seen = mark
            self.faults = Faults.model_validate_json(self._path.read_bytes())
            self._lines = self._answers = 0
            self._asked = self._dropped = False
        return self.faults

    def drops_now(self) -> bool:
        """A configuration line was taken: does the connection end here?"""
        limit = self.faults.disconnect_after
        self._lines += 1
        if limit is None or self._dropped or self._lines < limit:
            return False
        self._dropped = True
        return True

    @property
    def away(self) -> bool:
        """Whether it dropped the connection and stays away."""
        return self.faults.stay_away and self._dropped

    def asks_now(self, line: str) -> bool:
        """Whether it is time for the question out of the blue."""
        wanted = self.faults.question and self.faults.question_at in line and not self._asked
        self._asked = self._asked or wanted
        return wanted

    def noisy_now(self) -> bool:
        """Whether a log line goes into this answer."""
        every = self.faults.noise
        self._answers += 1
        return bool(every) and self._answers % every == 0

    def rejects(self, line: str) -> bool:
        """Whether this configuration line is refused."""
        pattern = self.faults.reject
        return pattern is not None and re.search(pattern, line) is not None


def write(path: Path, faults: Faults) -> None:
    """Put faults where the device reads them, in one piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(faults.model_dump_json() + "\n", encoding="utf-8")
    part.replace(path)
