"""Lines of a patch through network_cli, one by one, each with what the device said to it. Never saves, never answers unasked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible_collections.ansible.netcommon.plugins.plugin_utils.cliconf_base import CliconfBase

from ansible_collections.yunwang.toolkit.plugins.plugin_utils.terminal import session
from yunwang.inventories.network import Platform
from yunwang.inventories.noun import Noun
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

        def push(self, lines: list[dict[str, Any]], enter: str, leave: str, commit: str | None = None) -> dict[str, Any]:
            """Send configuration lines, as a plan keeps them; `commit` where the prompt proves a candidate.

            Returns `accepted`, `remarks`, `committed`, and where it broke off `line`, `view`, and `answer` (the device refused) or
            `broken` (nobody knows what became of the line).
            """
            told: dict[str, Any] = {"accepted": [], "remarks": [], "committed": False}
            if not self._say(told, {"line": enter}, counted=False):
                return told
            top = self._prompt()
            two_stage = commit is not None and re.search(r"^\[[*~]", top) is not None
            if all(self._say(told, item, top) for item in lines):
                if two_stage:
                    told["committed"] = self._say(told, {"line": commit}, counted=False)
                if not two_stage or told["committed"]:
                    self._say(told, {"line": leave}, counted=False)
            return told

        def look(self, names: list[str]) -> dict[str, Any]:
            """Typed facts of displays, by their names in `yunwang.network.session.Show`; none where the platform has no such."""
            return {name: [*self._facts(getattr(words.show, name))] for name in names}

        def _facts(self, shown: str | tuple[str, ...]) -> Iterator[dict[str, Any]]:
            for command in (shown,) if isinstance(shown, str) else shown:
                facts: tuple[Noun, ...] = vendor(Platform(platform)).parse.read(command, self.get(command)) if command else ()
                yield from (fact.model_dump(mode="json") for fact in facts)

        def _prompt(self) -> str:
            return bytes(self._connection.get_prompt() or b"").decode().strip()

        def _say(self, told: dict[str, Any], item: dict[str, Any], top: str = "", *, counted: bool = True) -> bool:
            line, view = item["line"] if "line" in item else item["text"], item.get("view") or ()
            where = {"line": line, "view": " › ".join(view) or "the system view"}
            foreseen = {"prompt": item["question"], "answer": item.get("answer") or ""} if item.get("question") else {}
            try:
                said = self.send_command(command=line, **foreseen)
            except (AnsibleConnectionFailure, OSError, EOFError) as failure:
                told |= where | {"broken": " ".join(str(failure).split()) or "the connection ended"}
                return False
            if refusal := words.refusal(said):
                told |= where | {"answer": refusal}
                return False
            if item.get("enters_view") and self._prompt() == top:
                told |= where | {"answer": "the view was not entered"}
                return False
            if counted:
                told["accepted"].append(line)
                if said.strip():
                    told["remarks"].append(f"{line}: {' '.join(said.split())}")
            return True

    return Cliconf
