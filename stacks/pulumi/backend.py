"""Where a workspace's stacks keep their state, and the engine that keeps it. Never runs a program."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

from pulumi import automation as auto

from yunwang.credentials.children import environment
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.pulumi import engine as engines
from yunwang.stacks.pulumi.command import Command
from yunwang.stacks.pulumi.key import Key, own_key

Say = Callable[[str], None]
WHOLE = "?metadata=skip"
"""Beside each file gocloud keeps another with its content type, which it does not write in one piece: an engine that is killed over
it leaves a checkpoint that cannot be loaded (`EOF`)."""


class Backend:
    """A workspace's state folder, backend, engine and key. `key` and `command` are there once it is prepared."""

    command: Command
    key: Key

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.folder = workspace.state.resolve() / "pulumi"
        self._environment: dict[str, str] = {}
        self._lock = threading.Lock()

    def prepare(self, say: Say) -> None:
        """Finds, fetches or builds the engine, and resolves the key. Raises Fatal. Cheap the second time."""
        with self._lock:
            if self._environment:
                return
            engine = engines.ensure(say)
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self.key = own_key(self.workspace, self.folder / ".pulumi" / "stacks")
            self.command = Command(engine)
            self._environment = {
                **environment(),
                **engines.environment(engine),
                "PULUMI_HOME": str(self.folder / "home"),
                "PULUMI_BACKEND_URL": self.workspace.settings.pulumi.backend or self.folder.as_uri() + WHOLE,
            }

    def environment(self, key: Key | None = None) -> dict[str, str]:
        """All that an engine sees; with another key than the workspace's own where one is given."""
        return {**self._environment, **(key or self.key).variables}

    def project(self, name: str) -> Path:
        """The folder of a project's Pulumi.yaml and of its stacks' settings."""
        folder = self.folder / "projects" / name
        with self._lock:
            if not (folder / "Pulumi.yaml").exists():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        return folder

    def plans(self, project: str) -> Path:
        """The folder of the engine's own plans."""
        folder = self.folder / "plans" / project
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def call(self, project: str, *arguments: str, key: Key | None = None, answer: str = "") -> str:
        """`pulumi ARGUMENTS` in a project's folder; what it printed. Raises CommandError."""
        called: auto.CommandResult = self.command.run(
            list(arguments), str(self.project(project)), self.environment(key), answer=answer
        )
        return called.stdout

    def stacks(self) -> tuple[tuple[str, str], ...]:
        """Project and name of every stack that the backend knows."""
        listed = json.loads(self.call("tenants", "stack", "ls", "--all", "--json", "--fully-qualify-stack-names"))
        return tuple(sorted((project, name) for *_, project, name in (one["name"].split("/") for one in listed)))
