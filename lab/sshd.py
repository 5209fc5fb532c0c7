"""An OpenSSH server of the lab's own: keys, configuration, start. Never reads or changes the system's sshd."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from yunwang.inventories.verdict import Fatal
from yunwang.lab import process
from yunwang.lab.found import MARK
from yunwang.lab.state import write

ANSWER_SECONDS = 20.0
SFTP_SERVERS = ("/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server")


def program() -> str | None:
    """Where sshd is: it insists on an absolute path, and /usr/sbin is not on everybody's PATH."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin")


def key(path: Path) -> str:
    """The public half (`ssh-ed25519 AAAA…`) of the key in this file, which is made when it is missing. Raises Fatal."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "yunwang-lab", "-f", str(new))
        new.with_name(f"{new.name}.pub").unlink()
        new.replace(path)
    return " ".join(_run("ssh-keygen", "-y", "-f", str(path)).split()[:2])


def configure(folder: Path, host: str, port: int, options: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Write `folder`/sshd_config and the host key; return the line that clients need in known_hosts. Raises Fatal, OSError."""
    public = key(folder / "host_key")
    values = {
        "Port": str(port),
        "ListenAddress": host,
        "HostKey": quoted(folder / "host_key"),
        "PidFile": "none",
        "StrictModes": "no",  # the lab's folder may lie below /tmp, which everybody may write
        "KbdInteractiveAuthentication": "no",
        "PermitUserRC": "no",
        "UseDNS": "no",
        "PrintMotd": "no",
        "PrintLastLog": "no",
        "MaxStartups": "100",
        "MaxSessions": "100",
        "AcceptEnv": "LANG LC_*",
        **options,
        "SetEnv": " ".join(quoted(f"{name}={value}") for name, value in {**environment, MARK: str(folder)}.items()),
    }
    write(folder / "sshd_config", "".join(f"{name} {value}\n" for name, value in values.items()), 0o600)
    return f"{f'[{host}]:{port}' if port != 22 else host} {public}"


def configured(folder: Path) -> dict[str, str]:
    """What `configure` wrote last, by keyword; empty when it never did."""
    try:
        lines = (folder / "sshd_config").read_text().splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}


def for_ourselves(authorized: Path) -> dict[str, str]:
    """Options that let the user who runs the lab log in with the key in `authorized`. Raises Fatal."""
    return {
        "AllowUsers": user(),
        "AuthorizedKeysFile": quoted(authorized).replace("%", "%%"),
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "UsePAM": "yes" if _locked() else "no",
    }


def sftp() -> str | None:
    """The program that serves SFTP: the built-in one cannot be run by a forced command."""
    return next((path for path in SFTP_SERVERS if Path(path).is_file()), None)


def forced(script: str) -> str:
    """A value for ForceCommand: this POSIX shell script, whatever the login shell is."""
    return f"exec /bin/sh -c {shlex.quote(script)}"


def user() -> str:
    """Who runs the lab. Raises Fatal when the system does not know."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise Fatal(
            f"user id {os.geteuid()} is not in /etc/passwd, so sshd cannot let it in",
            remedy="run as a user that the system knows",
        ) from None


def command(folder: Path, mode: str = "-D") -> list[str]:
    """The command line of the sshd of `folder`: it listens (`-D`), or serves one client on standard input (`-i`). Raises Fatal."""
    executable = program()
    if not executable:
        raise Fatal("there is no sshd", remedy="install the OpenSSH server (package openssh-server)")
    return [executable, mode, "-e", "-f", str(folder / "sshd_config")]


def start(label: str, folder: Path, words: list[str]) -> process.Process:
    """Start `words`, which come to an sshd of `folder` in the end. Raises OSError."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # root's sshd refuses to start without it
    return process.start(label, words, folder=folder, log=folder / "log", environment={**os.environ, MARK: str(folder)})


def answers(host: str, port: int, seconds: float = 1.0) -> bool:
    """Whether an SSH server greets there."""
    try:
        with socket.create_connection((host, port), timeout=seconds) as connection:
            return connection.recv(256).startswith(b"SSH-")
    except OSError:
        return False


def await_answer(started: process.Process, host: str, port: int, log: Path) -> None:
    """Wait until it greets. Raises Fatal with its last words when it ends or stays silent."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while not answers(host, port):
        if not process.alive(started) or time.monotonic() > deadline:
            words = log.read_text(errors="replace").strip().splitlines() or ["its log is empty"]
            raise Fatal(f"the sshd of {started.label} does not answer at {host}:{port}: {words[-1]}", remedy=f"see {log}")
        time.sleep(0.02)


def quoted(value: object) -> str:
    """A word of sshd_config."""
    text = str(value)
    if "\n" in text:
        raise Fatal(
            f"{text!r} cannot stand in an sshd configuration",
            remedy="move the workspace to a folder without line breaks in its path",
        )
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _locked() -> bool:
    """Whether our account's password is locked (`!`, as Ubuntu ships root): without PAM sshd then refuses even keys."""
    try:
        lines = Path("/etc/shadow").read_text().splitlines()
    except OSError:  # an ordinary user's sshd cannot see that either
        return False
    return any(line.startswith(f"{user()}:!") for line in lines)


def _run(*words: str) -> str:
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise Fatal(f"there is no {words[0]}", remedy="install the OpenSSH client (package openssh-client)") from None
    if done.returncode:
        raise Fatal(f"{words[0]}: {done.stderr.strip()}", remedy="`yunwang lab down --purge`, then `yunwang lab up`")
    return done.stdout
