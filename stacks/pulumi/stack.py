"""One stack, each operation one call of the engine. Never asks for what nobody reads.

The SDK's own selects the stack before each operation and asks for its outputs and history after it, five engine processes in the
place of one, each of which derives the key of the secrets anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pulumi import automation as auto
from pulumi.automation.errors import StackAlreadyExistsError, StackNotFoundError
from typing_extensions import override


class Stack(auto.Stack):
    """A stack, there or not. What its operations answer has no outputs and no summary."""

    def __init__(self, name: str, workspace: auto.LocalWorkspace) -> None:
        self.name = name
        self.workspace = workspace

    def do(self, work: Callable[[auto.Stack], Any], *, new: bool = False) -> None:
        """Operates on it; makes it where it is not there yet, at once where it seems `new`. Raises CommandError."""
        if new:
            with suppress(StackAlreadyExistsError):
                self.workspace.create_stack(self.name)
        try:
            work(self)
        except StackNotFoundError:
            self.workspace.create_stack(self.name)
            work(self)

    @override
    def outputs(self) -> auto.OutputMap:
        return {}

    @override
    def info(self, show_secrets: bool = True) -> Any:
        return object()  # the SDK insists on one
