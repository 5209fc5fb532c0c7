"""A platform's prompts, errors and paging for network_cli, from the table that yunwang itself talks by. No words of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any, ClassVar

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.ansible.netcommon.plugins.plugin_utils.terminal_base import TerminalBase

from yunwang.network.session import LOGIN, Session


def session(platform: str) -> Session:
    """How people talk to a platform."""
    found = import_module(f"yunwang.network.vendors.{platform}.session").SESSION
    assert isinstance(found, Session)
    return found


def terminal(platform: str) -> type[Any]:
    """The terminal plugin of a platform."""
    words = session(platform)

    class TerminalModule(TerminalBase):  # type: ignore[misc]
        terminal_stdout_re = _compiled((words.config_prompt, words.user_prompt))
        terminal_stderr_re: ClassVar[list[re.Pattern[bytes]]] = []  # its words may stand in a display: cliconf tells
        terminal_initial_prompt: ClassVar = [one.ask.encode() for one in LOGIN]
        terminal_initial_answer: ClassVar = [one.answer.encode() for one in LOGIN]

        def on_open_shell(self) -> None:
            for command in words.paging_off:
                self._exec_cli_command(command.encode())

        def on_become(self, passwd: str | None = None) -> None:
            if (self._get_prompt() or b"").rstrip().endswith(b"#"):
                return
            asked = {"command": "enable", "prompt": r"[Pp]assword: ?\Z", "answer": passwd or "", "prompt_retry_check": True}
            try:
                self._exec_cli_command(json.dumps(asked).encode())
            except AnsibleConnectionFailure:
                raise AnsibleConnectionFailure("the account did not become privileged: look at its enable password") from None

    return TerminalModule


def _compiled(patterns: Iterable[str]) -> list[re.Pattern[bytes]]:
    return [re.compile(pattern.encode()) for pattern in patterns]
