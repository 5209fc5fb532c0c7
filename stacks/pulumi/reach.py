"""How an engine reaches the backend that keeps its state. Never with a password in an argument or a variable."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from yunwang.credentials.children import PROXIES, chosen
from yunwang.credentials.resolve import resolve
from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.pulumi.key import TEAMS, InMemory

WHOLE = "?metadata=skip"
"""Beside each file gocloud keeps another with its content type, which it does not write in one piece: an engine that is killed over
it leaves a checkpoint that cannot be loaded (`EOF`)."""
_SIGNS_IN = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"})
"""What an SDK would prefer to the file that it is pointed to."""
_CONNECTS_SECONDS = "15"


@dataclass(frozen=True, slots=True)
class Reach:
    """The backend's `url` without a secret; what an engine needs beside it; `user` and `password` as yunwang.yaml means them."""

    url: str
    variables: dict[str, str] = field(default_factory=dict)
    user: str = ""
    password: str = field(default="", repr=False)
    hides: frozenset[str] = frozenset()
    """Variables that an engine would prefer to them."""
    _file: InMemory | None = None

    @property
    def scheme(self) -> str:
        """`file`, `postgres`, `s3` …"""
        return urlsplit(self.url).scheme


def reach(workspace: Workspace, folder: Path) -> Reach:
    """The backend of yunwang.yaml; files in `folder` where it names none. Raises Fatal."""
    settings = workspace.settings.pulumi
    url = settings.backend or folder.as_uri()
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return Reach(url if "?" in url else url + WHOLE)
    variables = chosen(*TEAMS, *PROXIES) | ({"PGCONNECT_TIMEOUT": _CONNECTS_SECONDS} if scheme == "postgres" else {})
    user = settings.backend_user or ""
    if settings.backend_password is None:
        return Reach(url, variables, user)
    password = resolve(settings.backend_password, workspace)
    if scheme == "postgres":
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        file = InMemory("pgpass", f"*:*:*:*:{escaped}\n")
        return Reach(url, variables | {"PGPASSFILE": file.path}, user, password, _file=file)
    if scheme == "s3" and user:
        file = InMemory("credentials", f"[default]\naws_access_key_id = {user}\naws_secret_access_key = {password}\n")
        return Reach(url, variables | {"AWS_SHARED_CREDENTIALS_FILE": file.path}, user, password, _SIGNS_IN, file)
    raise Fatal(
        f"a backend at {scheme}:// takes no pulumi.backend_password" + (" without pulumi.backend_user" if scheme == "s3" else ""),
        remedy="docs/state.md says what each kind of backend takes",
    )
