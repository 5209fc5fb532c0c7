"""All stacks of a backend from one key to another, or none of them. Never writes a secret in the open, nor prints one.

What there was is exported first and kept until every stack opens with the new key and not with the old one; the next rotation
starts from what an interrupted one left. Exports hold ciphertext, as the state does.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from pulumi import automation as auto

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.stacks.pulumi.backend import Backend, Say
from yunwang.stacks.pulumi.key import PASSPHRASE, Key

TEAM_KEYS = ("awskms://", "azurekeyvault://", "gcpkms://", "hashivault://")
"""How the address of a secrets provider begins that is not a passphrase."""
Stack = tuple[str, str]
"""Project and name."""


def rotate(backend: Backend, former: Key, say: Say) -> tuple[Stack, ...]:
    """Every stack that `former` opens to the backend's own key; answers with those. Raises Refused, or Fatal with all as it was."""
    stacks = backend.stacks()
    kept = backend.folder / "rotation"
    todo = [stack for stack in stacks if _waits(backend, stack, former, kept)]
    for stack in todo:
        _keep(backend, stack, kept)
    touched: list[Stack] = []
    try:
        for stack in todo:
            touched.append(stack)
            _change(backend, stack, former)
            say(f"{'/'.join(stack)} opens with the new key and not with the former")
    except BaseException:
        if lost := [stack for stack in touched if not _restored(backend, stack, former, kept)]:
            raise Fatal(
                f"these stacks could not be put back under the former key: {', '.join(map('/'.join, lost))}",
                remedy=f"their states are in {kept}, under the former key: rotate again, or use pulumi stack import",
            ) from None
        raise
    for project, name in stacks:  # the engine's plans and states put aside hold what the former key encrypted
        for folder in (backend.plans(project), backend.aside(project)):
            for file in folder.glob(f"{name}-*.json"):
                file.unlink()
    shutil.rmtree(kept, ignore_errors=True)
    return tuple(todo)


def opens(backend: Backend, stack: Stack, key: Key) -> bool:
    """Whether the key decrypts all that the stack's state holds, and is the one that its next change would encrypt with."""
    project, name = stack
    settings = _settings(backend, stack)
    try:
        state = json.loads(backend.call(project, "stack", "export", "--show-secrets", "--stack", name, key=key))
        if _provider(state) not in (key.provider, ""):
            return False
        if settings.exists():
            with tempfile.TemporaryDirectory(prefix="rotation-", dir=backend.folder) as folder:
                copy = shutil.copy(settings, folder)
                backend.call(project, "config", "set", "--secret", "probe", "-", "--stack", name, "--config-file", copy, key=key)
    except auto.CommandError:
        return False
    return True


def _waits(backend: Backend, stack: Stack, former: Key, kept: Path) -> bool:
    """Whether the stack is still under the former key. What an interrupted rotation left half done is put back first."""
    new, old = opens(backend, stack, backend.key), opens(backend, stack, former)
    if new and old:
        raise Refused(
            f"stack {stack[1]} opens with both keys", remedy="they are the same: name the former one, after making a new one"
        )
    if not new and not old:
        if _export(kept, stack).exists() and _restored(backend, stack, former, kept):
            return True
        raise Refused(
            f"stack {stack[1]} of {stack[0]} opens with neither key",
            remedy="nothing was changed: name the key that it was last changed with, as the former one",
        )
    return old


def _change(backend: Backend, stack: Stack, former: Key) -> None:
    project, name = stack
    provider = backend.key.provider
    both = Key(former.provider, former.passphrase, {**backend.key.variables, **former.variables})
    try:
        backend.call(
            project,
            "stack",
            "change-secrets-provider",
            provider,
            "--stack",
            name,
            key=both,
            answer=f"{backend.key.passphrase}\n" if provider == PASSPHRASE else "",
        )
    except auto.CommandError as error:
        last = [line for line in str(error).splitlines() if "error:" in line][-1:] or ["no reason told"]
        raise Fatal(
            f"stack {name} of {project} does not take the new key: {last[0].partition('error:')[2].strip()}",
            remedy="everything is as it was, under the former key",
        ) from None
    if not opens(backend, stack, backend.key) or opens(backend, stack, former):
        raise Fatal(
            f"stack {name} of {project} does not open with the new key alone",
            remedy="everything is as it was, under the former key; is there room on the disk?",
        )


def _keep(backend: Backend, stack: Stack, kept: Path) -> None:
    """The stack's state and settings as they are, encrypted as they are."""
    export = _export(kept, stack)
    export.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    export.write_text(backend.call(stack[0], "stack", "export", "--stack", stack[1]))
    if (settings := _settings(backend, stack)).exists():
        shutil.copy(settings, export.with_suffix(".yaml"))


def _restored(backend: Backend, stack: Stack, former: Key, kept: Path) -> bool:
    """Whether what was kept of the stack is in force again."""
    project, name = stack
    export = _export(kept, stack)
    if export.with_suffix(".yaml").exists():
        shutil.copy(export.with_suffix(".yaml"), _settings(backend, stack))
    try:
        backend.call(project, "stack", "import", "--file", str(export), "--stack", name, key=former)
    except auto.CommandError:
        return False
    return True


def _export(kept: Path, stack: Stack) -> Path:
    return kept / stack[0] / f"{stack[1]}.json"


def _settings(backend: Backend, stack: Stack) -> Path:
    """Pulumi.STACK.yaml, which holds a passphrase's salt or an encrypted data key."""
    return backend.project(stack[0]) / f"Pulumi.{stack[1]}.yaml"


def _provider(state: dict[str, dict[str, dict[str, dict[str, str] | str]]]) -> str:
    """As `pulumi stack init --secrets-provider` takes it; empty where the state names none."""
    said = (state.get("deployment") or {}).get("secrets_providers") or {}
    inner = said.get("state") or {}
    return str(inner.get("url") if said.get("type") == "cloud" and isinstance(inner, dict) else said.get("type") or "")
