"""A platform's cliconf for network_cli: displays, and lines of a plan sent as yunwang itself sends them. Never saves."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.ansible.netcommon.plugins.plugin_utils.cliconf_base import CliconfBase

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import session
from yunwang.inventories.network import Platform
from yunwang.inventories.noun import Noun
from yunwang.network.transport import ansible
from yunwang.network.vendors import vendor


def cliconf(platform: str) -> type[Any]:
    """The cliconf plugin of a platform."""
    words = session(platform)

    class Cliconf(CliconfBase):  # type: ignore[misc]
        def get_device_info(self) -> dict[str, str]:
            return {"network_os": platform}

        def get_capabilities(self) -> str:
            return json.dumps(super().get_capabilities())

        def get(self, command: str, **asked: Any) -> str:
            """What a command prints. Raises AnsibleConnectionFailure where the device refuses it."""
            said = str(self.send_command(command=command, **asked))
            if refusal := words.refusal(said, shown=True):
                raise AnsibleConnectionFailure(f"the device refuses {command!r}: {refusal}")
            return said

        def get_config(self, source: str = "running", flags: Any = None, format: str | None = None) -> str:
            """The running configuration."""
            if source != "running":
                raise ValueError("only the running configuration can be read")
            return self.get(words.show.running)

        def edit_config(self, candidate: Any = None, commit: bool = True, replace: Any = None, comment: str | None = None) -> None:
            """Nothing: lines are pushed by `push`, which tells what became of each."""
            raise NotImplementedError("use yunwang.toolkit.push")

        def push(self, asked: dict[str, Any]) -> dict[str, Any]:
            """Deliver lines as yunwang.network.transport.ansible asks for it; what became of them."""
            self._connection.get_prompt()  # connects, if nobody has
            signal.alarm(0)  # network_cli's limit for one command; many lines have one each
            return ansible.answer(self._connection._ssh_shell, words, asked)

        def look(self, names: list[str]) -> dict[str, Any]:
            """Typed facts of displays, by their names in `yunwang.network.session.Show`; none where the platform has no such."""
            return {name: [*self._facts(getattr(words.show, name))] for name in names}

        def _facts(self, shown: str | tuple[str, ...]) -> Iterator[dict[str, Any]]:
            for command in (shown,) if isinstance(shown, str) else shown:
                facts: tuple[Noun, ...] = vendor(Platform(platform)).parse.read(command, self.get(command)) if command else ()
                yield from (fact.model_dump(mode="json") for fact in facts)

    return Cliconf
