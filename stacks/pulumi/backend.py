"""Where a workspace's stacks keep their state, and the engine that keeps it. Never runs a program."""

from __future__ import annotations

import json
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi import automation as auto

from yunwang.credentials.children import environment
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.pulumi import engine as engines
from yunwang.stacks.pulumi.command import Command
from yunwang.stacks.pulumi.key import PASSPHRASE, Key, own_key
from yunwang.stacks.pulumi.reach import Reach, reach
from yunwang.stacks.pulumi.store import Store, store_at

Say = Callable[[str], None]
_LIST = ("stack", "ls", "--all", "--json", "--fully-qualify-stack-names")


class Backend:
    """A workspace's state folder, backend, engine and key. `key`, `reach` and `command` are there once it is prepared."""

    command: Command
    key: Key
    reach: Reach

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.folder = workspace.state.resolve() / "pulumi"
        self._environment: dict[str, str] = {}
        self._lock = threading.Lock()
        self._projects = threading.Lock()

    def prepare(self, say: Say, *, without_key: bool = False) -> None:
        """Finds, fetches or builds the engine, and resolves key and credentials. Raises Fatal. Cheap the second time.

        `without_key`: where the workspace's own is lost, go on with one that opens nothing.
        """
        with self._lock:
            if self._environment:
                return
            engine = engines.ensure(say)
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            self.reach = reach(self.workspace, self.folder)
            self.command = Command(engine)
            made = {
                **environment(),
                **engines.environment(engine),
                **self.reach.variables,
                "PULUMI_HOME": str(self.folder / "home"),
                "PULUMI_BACKEND_URL": self.reach.url,
            }
            try:
                self.key = own_key(self.workspace, lambda: self._used(made))
            except Fatal:
                if not without_key:
                    raise
                self.key = Key(PASSPHRASE, secrets.token_urlsafe(32))
            self._environment = made

    def _used(self, environment: Mapping[str, str]) -> bool:
        """Whether it has stacks already."""
        if self.workspace.settings.pulumi.backend is None:
            return (self.folder / ".pulumi" / "stacks").exists()
        with said(self.reach.url):
            return bool(json.loads(self.command.run([*_LIST], str(self.project("tenants")), environment).stdout))

    @cached_property
    def store(self) -> Store:
        """The backend's files as they lie. Raises Refused for a kind whose files only an engine reads."""
        self.prepare(lambda line: None)
        return store_at(self.reach)

    def environment(self, key: Key | None = None) -> dict[str, str]:
        """All that an engine sees; with another key than the workspace's own where one is given."""
        seen = {**self._environment, **(key or self.key).variables}
        return {name: value for name, value in seen.items() if name not in self.reach.hides}

    def project(self, name: str) -> Path:
        """The folder of a project's Pulumi.yaml and of its stacks' settings."""
        folder = self.folder / "projects" / name
        with self._projects:
            if not (folder / "Pulumi.yaml").exists():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
        return folder

    def plans(self, project: str) -> Path:
        """The folder of the engine's own plans."""
        folder = self.folder / "plans" / project
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def keep(self, project: str, name: str, which: str, state: bytes) -> None:
        """Put a state of a stack aside, its secrets as ciphertext."""
        self.aside(project).mkdir(parents=True, exist_ok=True)
        (self.aside(project) / f"{name}-{which}.json").write_bytes(state)

    def kept(self, project: str, name: str, which: str) -> bytes | None:
        """What was put aside; None: nothing."""
        file = self.aside(project) / f"{name}-{which}.json"
        return file.read_bytes() if file.exists() else None

    def aside(self, project: str) -> Path:
        """The folder of what was put aside."""
        return self.folder / "kept" / project

    def call(self, project: str, *arguments: str, key: Key | None = None, answer: str = "") -> str:
        """`pulumi ARGUMENTS` in a project's folder; what it printed. Raises CommandError."""
        self.prepare(lambda line: None)
        called: auto.CommandResult = self.command.run(
            list(arguments), str(self.project(project)), self.environment(key), answer=answer
        )
        return called.stdout

    def stacks(self) -> tuple[tuple[str, str], ...]:
        """Project and name of every stack that the backend knows. Raises Fatal."""
        self.prepare(lambda line: None)
        with said(self.reach.url):
            listed = json.loads(self.call("tenants", *_LIST))
        return tuple(sorted((project, name) for *_, project, name in (one["name"].split("/") for one in listed)))

    def export(self, project: str, name: str) -> dict[str, Any]:
        """A stack's state, its secrets as ciphertext. Raises Fatal."""
        with said(f"stack {name}"):
            state: dict[str, Any] = json.loads(self.call(project, "stack", "export", "--stack", name))
        return state

    def put(self, project: str, name: str, state: Mapping[str, Any]) -> None:
        """Make this a stack's state. The engine drops pending operations over it. Raises Fatal."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".json") as file:
            json.dump(state, file)
            file.flush()
            with said(f"stack {name}"):
                self.call(project, "stack", "import", "--file", file.name, "--stack", name)


@contextmanager
def said(what: str) -> Iterator[None]:
    """Turns what an engine complains of into a sentence. Raises Fatal."""
    try:
        yield
    except auto.CommandError as error:
        lines = [line for line in str(error).splitlines() if "error:" in line]
        why = lines[-1].partition("error:")[2].strip() if lines else "the engine told no reason"
        raise Fatal(f"{what}: {why}", remedy="yunwang cloud state tells what is wrong with the stacks' state") from None
