"""Network namespaces of the lab, all named with a prefix of its own; those and no others are removed. Runs nothing in them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from yunwang.inventories.verdict import Fatal

NAMED = Path("/run/netns")
"""Where iproute2 keeps the names."""


def prefix(folder: Path) -> str:
    """Nine characters that no other lab's folder has: short enough to leave room in an interface name (15)."""
    return f"yw{hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]}-"


def obstacle(folder: Path) -> str:
    """Why there can be no namespaces here, found by making one; empty when there can."""
    if os.geteuid() != 0:
        return "not root"
    if not shutil.which("ip"):
        return "no ip program (package iproute2)"
    trial = f"{prefix(folder)}trial"
    try:
        remove([trial])
        add(trial)
        ip("-n", trial, "link", "add", "hub0", "type", "bridge")
        remove([trial])
    except Fatal as error:
        return str(error)
    return ""


def ip(*words: str) -> str:
    """Run iproute2's ip. Raises Fatal with its own words."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Fatal(f"ip {' '.join(words)}: {done.stderr.strip()}", remedy="`yunwang lab down`, then `yunwang lab up` again")
    return done.stdout


def batch(commands: Iterable[str], space: str | None = None) -> None:
    """Run many ip commands, in a namespace, stopping at the first that fails. Raises Fatal."""
    words = ["ip", *(("-n", space) if space else ()), "-batch", "-"]
    done = subprocess.run(words, input="\n".join(commands) + "\n", capture_output=True, text=True, check=False)
    if done.returncode:
        raise Fatal(f"ip: {done.stderr.strip()}", remedy="`yunwang lab down`, then `yunwang lab up` again")


def add(space: str) -> None:
    """Make a namespace with its loopback up. Raises Fatal."""
    ip("netns", "add", space)
    ip("-n", space, "link", "set", "lo", "up")


def inside(space: str, *words: str) -> list[str]:
    """The command line that runs this in the namespace. The program keeps the pid that was started."""
    return ["ip", "netns", "exec", space, *words]


def named(name: str, *words: str) -> list[str]:
    """The command line that runs this on a host of that name. The program keeps the pid that was started."""
    rename = 'echo "$0" 2>/dev/null >/proc/sys/kernel/hostname || :; exec "$@"'
    return ["unshare", "--uts", "sh", "-c", rename, name, *words]


def existing(start: str) -> set[str]:
    """Namespaces whose name starts so."""
    return {entry.name for entry in NAMED.iterdir() if entry.name.startswith(start)} if NAMED.is_dir() else set()


def remove(spaces: Iterable[str]) -> None:
    """Take namespaces away, with the ends of the lines in them. What runs there has to be stopped first. Raises Fatal."""
    for space in sorted(existing("").intersection(spaces)):
        # A process that is still ending keeps the namespace alive behind its name: its lines go now, or their names stay taken.
        for line in ip("-n", space, "-o", "link", "show", "type", "veth").splitlines():
            subprocess.run(
                ["ip", "-n", space, "link", "del", line.split()[1].split("@")[0].rstrip(":")], capture_output=True, check=False
            )
        ip("netns", "del", space)
