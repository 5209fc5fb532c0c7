"""Which programs of the operating system are here, which are missing, and how to get them. Installs nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from yunwang.inventories.noun import Noun

SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"
"""Where sshd is, and where an ordinary user's PATH often does not look."""


class Program(Noun):
    """A program: where it is (None: missing), what for, and how to get it. `package` is Debian's."""

    name: str
    purpose: str
    needed: bool
    path: str | None
    package: str | None = None
    remedy: str = ""


WANTED = (
    # name, Debian package, needed, purpose
    ("git", "git", True, "workspaces and the configuration archive live in git"),
    ("ssh", "openssh-client", True, "Ansible reaches hosts with it"),
    ("sshd", "openssh-server", False, "the lab's hosts"),
    ("rsync", "rsync", False, "moves a system's data; the lab"),
    ("go", "golang-go", False, "builds the Pulumi CLI where it is neither on PATH nor downloadable"),
    ("/usr/lib/frr/zebra", "frr", False, "real routers in the lab (root only)"),
)


def look() -> tuple[Program, ...]:
    """All of them, and the Pulumi CLI."""
    from yunwang.stacks.pulumi.engine import locate

    found = [_program(*wanted) for wanted in WANTED]
    located = locate()
    pulumi = Program(
        name="pulumi",
        purpose="the engine behind `yunwang cloud`",
        needed=False,
        path=f"{located.pulumi} ({located.version}, {located.source})" if located else None,
        remedy="`yunwang cloud plan` gets it; or https://www.pulumi.com/docs/install",
    )
    ansible = Path(sys.executable).with_name("ansible-playbook")
    playbook = Program(
        name="ansible-playbook",
        purpose="runs the runbooks",
        needed=True,
        path=str(ansible) if ansible.exists() else shutil.which("ansible-playbook"),
        remedy="reinstall yunwang: it comes with it",
    )
    return (*found, playbook, pulumi)


def _program(name: str, package: str, needed: bool, purpose: str) -> Program:
    path = name if name.startswith("/") and Path(name).exists() else shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)
    return Program(name=name, purpose=purpose, needed=needed, path=path, package=package, remedy=f"package {package}")


def install_line(found: Sequence[Program]) -> str:
    """The command that installs what is missing; empty where nothing is."""
    packages = [program.package for program in found if program.package and not program.path]
    return f"sudo apt-get install {' '.join(packages)}" if packages else ""
