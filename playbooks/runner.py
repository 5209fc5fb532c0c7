"""Run a playbook of ours with ansible-runner: live progress, the event log kept, a failure told as one verdict.

Never passes on the user's environment or ansible.cfg, never turns host key checking off, never puts a variable on a command line.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import ansible_runner  # type: ignore[import-untyped]
from pydantic import JsonValue

from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.verdict import Fatal
from yunwang.playbooks import collections

PASSED_ON = (
    "ANSIBLE_VAULT_PASSWORD_FILE",
    "HOME",
    "USER",
    "LOGNAME",
    "SSH_AUTH_SOCK",
    "TMPDIR",
    "TZ",
    "YUNWANG_KEY",
    "YUNWANG_OPERATOR",
)
"""What of our own environment a playbook run sees."""
FAILURES = ("runner_on_failed", "runner_on_unreachable", "runner_item_on_failed")
SILENT = frozenset(
    f"ansible.builtin.{action}" for action in ("include_role", "include_tasks", "set_fact", "set_stats", "validate_argument_spec")
)
"""Actions that arrange the playbook itself."""
LIMIT_SECONDS = 24 * 3600
MESSAGE_LENGTH = 600


class PlaybookResult(Noun):
    """A run that went well: counts per host (ok, changed, rescued …), and what the playbook handed over by `set_stats`."""

    stats: JsonObject
    data: JsonObject
    artefacts: Path
    """The folder with ansible's output and its event log (`job_events/*.json`)."""


def run(
    playbook: str,
    *,
    inventory: Sequence[Path],
    variables: JsonObject,
    folder: Path,
    root: Path,
    say: Callable[[str], None],
    limit: Sequence[str] = (),
    known_hosts: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> PlaybookResult:
    """Run `playbook` (a file of this package, `cutover.yml`) and keep everything about the run in `folder`.

    `root` is where relative paths in the inventory start. Each finished task is said in one line. `limit`: only these hosts.
    `known_hosts`: the host keys of network devices (network_cli looks for them in the home folder alone; playbooks on Linux hosts
    name theirs in the inventory). `environment`: added, and kept in the run's record, so never a secret.
    Raises Fatal with the task that failed, where, and its message.
    """
    program = Path(sys.executable).parent / "ansible-playbook"
    if not program.exists():
        raise Fatal(
            f"there is no {program}", remedy="install the toolkit with its dependencies: pip install --force-reinstall yunwang"
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / "env" / "extravars", json.dumps(_plain(variables), ensure_ascii=False))
    log = _Log(say)
    with ExitStack() as stack:
        ours = stack.enter_context(as_file(files(__package__)))
        sockets = Path(tempfile.mkdtemp(prefix="yw-", dir=short()))
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        config = ansible_runner.RunnerConfig(
            private_data_dir=str(folder),
            project_dir=str(root),
            playbook=str(ours / playbook),
            inventory=[str(path) for path in inventory],
            quiet=True,
            timeout=LIMIT_SECONDS,
            limit=",".join([*limit, "localhost"]) if limit else None,
            ident="run",
        )
        config.prepare()
        config.command[:1] = ["setpriv", "--pdeathsig", "KILL", "--", str(program)]  # killed, we leave none that goes on unseen
        config.env = _environment(config.env, ours, sockets)
        config.env |= environment or {}
        if known_hosts:
            config.env |= {
                "HOME": _home(sockets, known_hosts),
                "YUNWANG_HOME": str(Path.home()),
                "ANSIBLE_COLLECTIONS_PATH": collections.path(say),
            }
        outcome = ansible_runner.Runner(config=config, event_handler=log.hear)
        outcome.run()
    artefacts = Path(config.artifact_dir)
    if outcome.status != "successful":
        raise _verdict(playbook, outcome.status, log, artefacts)
    return PlaybookResult(stats=log.stats, data=log.data, artefacts=artefacts)


def short() -> Path:
    """Where a socket may lie: its path has at most 107 bytes, 45 of them ours and ssh's. The workspace may be too deep for it."""
    usual = Path(tempfile.gettempdir())
    return usual if len(os.fsencode(usual)) <= 60 else Path("/tmp")  # noqa: S108  # mkdtemp makes a folder that is ours alone


class _Log:
    """Hears ansible-runner's events: says what was done, remembers what failed last and what was handed over."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.failed: Mapping[str, Any] = {}
        self.stats: JsonObject = {}
        self.data: JsonObject = {}

    def hear(self, event: Mapping[str, Any]) -> bool:
        kind, data = event["event"], event.get("event_data", {})
        if kind == "runner_on_ok" and data.get("task_action") not in SILENT:
            self.say(f"{data['task']} ({data.get('duration', 0.0):.1f} s)")
        elif kind in FAILURES and not data.get("ignore_errors"):
            self.failed = data
        elif kind == "playbook_on_stats":
            self.stats = {name: data.get(name, {}) for name in ("ok", "changed", "failures", "dark", "rescued", "skipped")}
            self.data = data.get("artifact_data") or {}
        return True


def _environment(prepared: Mapping[str, str], ours: Path, sockets: Path) -> dict[str, str]:
    """What ansible-runner adds, and what of our own environment is harmless: no credential of the user's reaches a run's record."""
    return {
        **{name: value for name, value in prepared.items() if os.environ.get(name) != value},
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "LC_ALL": "C.UTF-8",  # ansible insists on UTF-8
        "ANSIBLE_CONFIG": str(ours / "ansible.cfg"),
        "ANSIBLE_ROLES_PATH": str(ours / "roles"),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_HOME": str(sockets / "home"),
        "ANSIBLE_LOCAL_TEMP": str(sockets / "tmp"),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(sockets / "cp"),
        "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(sockets / "pc"),
        "ANSIBLE_INVENTORY_ENABLED": "yunwang.toolkit.workspace",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
    }


def _home(sockets: Path, known_hosts: Sequence[Path]) -> str:
    """A home folder with nothing in it but the host keys of devices."""
    ssh = sockets / "user" / ".ssh"
    ssh.mkdir(parents=True, mode=0o700)
    (ssh / "known_hosts").write_text("".join(f"{path.read_text()}\n" for path in known_hosts if path.exists()))
    return str(ssh.parent)


def _verdict(playbook: str, status: str, log: _Log, artefacts: Path) -> Fatal:
    remedy = f"see {artefacts / 'stdout'}"
    if not log.failed:
        said = (artefacts / "stdout").read_text(errors="replace").strip().splitlines()
        errors = [line for line in said if "ERROR" in line] or said or ["no output"]
        return Fatal(f"{playbook} ended with {status}: {errors[0][:MESSAGE_LENGTH]}", remedy=remedy)
    result = log.failed.get("res") or {}
    message = str(result.get("stderr") or result.get("msg") or "no message").strip()
    if log.failed.get("task_action") == "ansible.builtin.fail":  # a playbook's own words
        return Fatal(message[:MESSAGE_LENGTH], remedy=remedy)
    host = (result.get("_ansible_delegated_vars") or {}).get("ansible_delegated_host") or log.failed.get("host")
    task = str(log.failed.get("task"))
    where = "" if host == "localhost" or str(host) in task else f" on {host}"  # it also stands for a delegate that is unreachable
    return Fatal(f"{task}{where}: {message[:MESSAGE_LENGTH]}", remedy=remedy)


def _plain(value: JsonValue) -> JsonValue:
    """The same as Ansible reads it from JSON where a text is never a template: some of it stood on devices and hosts."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return {"__ansible_unsafe": value} if isinstance(value, str) and "{" in value else value


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(text)
