"""A workspace's clouds, and a session with each. The one place that knows which kinds of cloud there are; decides nothing else.

A kind's libraries are loaded with the first look at one of its clouds.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yunwang.inventories.plan import Observed
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.cloud import Cloud, CloudKind, Probed
from yunwang.stacks.kind import Kind, Say

if TYPE_CHECKING:
    from yunwang.stacks.pulumi.automation import Stacks


def kind_named(name: str) -> CloudKind:
    """The kind of cloud that yunwang.yaml calls so. Raises Fatal."""
    if name == "openstack":
        from yunwang.stacks.openstack.cloud import OpenStackKind

        return OpenStackKind()
    raise Fatal(f"there is no kind of cloud named {name}", remedy="correct it in yunwang.yaml")


class Clouds:
    """What the jobs of one process share: a session with each cloud, and the stacks. `say` is told what a cloud is waited for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.say: Say = lambda line: None
        self.seen: dict[tuple[str, str], tuple[str | None, Observed]] = {}
        """By job and target, what was seen last, and of which state of the stack (`Stacks.state`)."""
        self._sessions: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Clouds], tuple[Workspace]]:
        """Another process gets sessions of its own: neither they nor what they signed in with travel."""
        return Clouds, (self.workspace,)

    def kind(self, name: str) -> CloudKind:
        """What kind of cloud it is. Raises Fatal where yunwang.yaml does not have it."""
        for cloud in self.workspace.settings.clouds:
            if cloud.name == name:
                return kind_named(cloud.kind)
        raise Fatal(
            f"yunwang.yaml has no cloud {name}",
            remedy=f"it has: {', '.join(cloud.name for cloud in self.workspace.settings.clouds) or 'none'}",
        )

    def session(self, name: str, config: Path | None = None) -> Any:
        """The one session with a cloud, which our own reads and the provider use alike. Raises Fatal."""
        with self._lock:
            if name not in self._sessions:
                secrets = self.workspace.settings.secrets
                self._sessions[name] = self.kind(name).session(name, config or self._config, secrets, self._tell)
            return self._sessions[name]

    def cloud(self, name: str) -> Cloud:
        """The cloud, in the workspace's words. Raises Fatal."""
        return self.kind(name).cloud(self.session(name))

    def probe(self, name: str) -> Probed:
        """What it is and what is wrong with it, asked in a session of its own. Raises Fatal where yunwang.yaml does not have it."""
        return self.kind(name).probe(name, self._config, self.workspace.settings.secrets, self.say)

    @cached_property
    def stacks(self) -> Stacks:
        """The workspace's stacks."""
        from yunwang.stacks.pulumi.automation import Stacks

        return Stacks(self.workspace, self._resources, self.session)

    def _tell(self, line: str) -> None:
        self.say(line)

    @property
    def _config(self) -> Path:
        return self.workspace.root / "clouds.yaml"

    def _resources(self, name: str) -> Mapping[str, Kind[Any, Any]]:
        return self.kind(name).resources
