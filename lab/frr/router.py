"""One FRR router: its files, its namespaces, its boot. Never reads or writes /etc/frr, /run/frr or /etc/passwd of the host.

A mount namespace puts the router's own folder over /etc/frr, an empty one over /run/frr, and over /etc/passwd one in which the
device's user exists. So every router is the only FRR on its machine, and sshd asks for the device's password without PAM.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from yunwang.inventories.finding import Finding
from yunwang.inventories.verdict import Fatal
from yunwang.lab import namespaces, process, sshd
from yunwang.lab.state import write

PROGRAMS = Path("/usr/lib/frr")
DOOR = Path(__file__).with_name("door.py")
DAEMONS = ("zebra", "ospfd", "ospf6d", "bgpd", "staticd")
SESSION = (  # one line: sshd's configuration has no other
    'case "$SSH_ORIGINAL_COMMAND" in "") exec vtysh ;; '
    '"sh -c "*) eval "$SSH_ORIGINAL_COMMAND" ;; '  # as an account with a shell has it
    '*) exec vtysh -c "$SSH_ORIGINAL_COMMAND" ;; esac'
)

BOOT = r"""set -e
home=$1 space=$2; shift 2
mkdir -p /run/frr
mount --bind "$home/etc" /etc/frr
mount -t tmpfs -o mode=755,uid=frr,gid=frr tmpfs /run/frr
mount --bind "$home/passwd" /etc/passwd
mount --bind "$home/shadow" /etc/shadow
ip netns exec "$space" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo "0 2147483647" >/proc/sys/net/ipv4/ping_group_range'
for daemon in zebra ospfd ospf6d bgpd staticd; do
  ip netns exec "$space" /usr/lib/frr/$daemon -d -P 0 --log file:/etc/frr/log
done
vtysh -b || :  # as a router does: what it can still make sense of
exec "$@"
"""


class Router:
    """A router of the lab. `user` is the device's user."""

    def __init__(self, name: str, user: str, folder: Path) -> None:
        self.name, self.user = name, user
        self.home = folder / "frr" / name
        self.sshd = self.home / "sshd"
        self.space = f"{namespaces.prefix(folder)}r-{name}"

    @staticmethod
    def installed() -> bool:
        """Whether this host has FRR."""
        return all((PROGRAMS / daemon).is_file() for daemon in DAEMONS) and bool(shutil.which("vtysh"))

    def prepare(self, startup: Path, password: str) -> None:
        """Write what it boots from; a configuration that was saved on it is kept. Raises Fatal, OSError."""
        frr = pwd.getpwnam("frr")
        etc = self.home / "etc"
        etc.mkdir(parents=True, exist_ok=True)
        if not (etc / "frr.conf").exists():
            write(etc / "frr.conf", self._checked(startup), 0o640)
        write(etc / "vtysh.conf", f"hostname {self.name}\nservice integrated-vtysh-config\n", 0o640)
        for path in (etc, *etc.iterdir()):
            os.chown(path, frr.pw_uid, frr.pw_gid)
        etc.chmod(0o750)
        # The first line with a name counts: a user of the host with this name is hidden, every other one stays.
        write(
            self.home / "passwd",
            f"{self.user}:x:{frr.pw_uid}:{frr.pw_gid}:lab device:/:/bin/sh\n" + Path("/etc/passwd").read_text(),
        )
        write(self.home / "shadow", f"{self.user}:{_hashed(password)}:19000:0:99999:7:::\n", 0o600)

    def _checked(self, startup: Path) -> str:
        """The startup configuration, if FRR takes every line of it."""
        if not startup.is_file():
            message = f"{startup} is missing: {self.name} has nothing to boot from"
            raise Fatal(message, remedy="write it or take the device out of lab.yaml", target=self.name)
        done = subprocess.run(["vtysh", "--dryrun", "--inputfile", startup], capture_output=True, text=True, check=False)
        remedy = "correct the startup file; the lab's FRR takes nothing that a real one refuses"
        findings = tuple(
            Finding(code="startup-line", message=what, remedy=remedy, file=str(startup), line=int(number), target=self.name)
            for number, what in re.findall(r"^line (\d+): % (.+)$", done.stderr, re.MULTILINE)
        )
        if done.returncode:
            why = f"line {findings[0].line}: {findings[0].message}" if findings else done.stderr.strip()
            raise Fatal(f"{startup}: {why}", remedy=remedy, target=self.name, findings=findings)
        return startup.read_text(encoding="utf-8")

    def boot(self, port: int) -> process.Process:
        """Start the daemons, load what was saved, and serve SSH at this port of loopback. Raises Fatal, OSError."""
        options = {
            "AllowUsers": self.user,
            "PasswordAuthentication": "yes",
            "PubkeyAuthentication": "no",
            "UsePAM": "no",
            "ForceCommand": sshd.forced(SESSION),
        }
        sshd.configure(self.sshd, "127.0.0.1", port, options, {"VTYSH_PAGER": "cat", "TMPDIR": "/run/frr"})
        served = [sys.executable, "-I", str(DOOR), str(port), self.space, *sshd.command(self.sshd, "-i")]
        boot = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", BOOT, "boot", str(self.home), self.space, *served]
        return sshd.start(self.name, self.sshd, namespaces.named(self.name, *boot))

    def interfaces(self) -> set[str]:
        """Those that are plugged in. Raises Fatal."""
        return {
            line.split()[1].partition("@")[0].rstrip(":") for line in namespaces.ip("-n", self.space, "-o", "link").splitlines()
        }

    def plug(self, interface: str, space: str, name: str) -> None:
        """Run a line from an interface of ours to one of that name in another namespace. Raises Fatal."""
        ends = [("name", interface, "netns", self.space), ("name", name, "netns", space)]
        ours, theirs = ([*end, "address", _mac(end)] for end in ends)
        namespaces.ip("link", "add", *ours, "type", "veth", "peer", *theirs)
        namespaces.ip("-n", self.space, "link", "set", interface, "up")
        namespaces.ip("-n", space, "link", "set", name, "up")


def _mac(end: tuple[str, ...]) -> str:
    """A locally administered address that stays the same: neighbours remember it, and link-local addresses are made from it."""
    return "02:" + hashlib.sha256(" ".join(end).encode()).digest()[:5].hex(":")


def _hashed(password: str) -> str:
    """As /etc/shadow wants it, by the C library's own crypt, which sshd uses too. Raises Fatal."""
    name = ctypes.util.find_library("crypt")
    if not name:
        raise Fatal("there is no libcrypt", remedy="install the OpenSSH server: it brings it (libcrypt1)")
    crypt = ctypes.CDLL(name).crypt
    crypt.restype = ctypes.c_char_p
    return str(crypt(password.encode(), f"$6${secrets.token_hex(8)}$".encode()).decode())
