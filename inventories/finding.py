"""What is wrong with something a person wrote or a system is, where, and what to do about it. Never raises."""

from __future__ import annotations

from enum import StrEnum

from yunwang.inventories.noun import Noun


class Severity(StrEnum):
    """How bad: an error stops the job, a warning is shown, info is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(Noun):
    """One fault. `line` and `column` count from 1; 0 where the whole file is meant. `file` is relative to the workspace."""

    code: str
    severity: Severity = Severity.ERROR
    message: str
    remedy: str
    file: str = ""
    line: int = 0
    column: int = 0
    target: str = ""
    clause: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, as editors understand it, or the target, or nothing."""
        if not self.file:
            return self.target
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
