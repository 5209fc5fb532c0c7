"""Which programs of the operating system are here, which are missing, and how to get them. Installs nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from importlib.resources import files
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


WANTED = "os-packages.txt"
"""The list beside this file, which tools/os-packages reads too, before there is any Python environment."""


def look() -> tuple[Program, ...]:
    """All of them, and the Pulumi CLI."""
    from yunwang.stacks.pulumi.engine import locate

    lines = files("yunwang.cli").joinpath(WANTED).read_text(encoding="utf-8").splitlines()
    found = [_program(*line.split(maxsplit=3)) for line in lines if line and not line.startswith("#")]
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


def _program(name: str, package: str, when: str, purpose: str) -> Program:
    path = shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)
    return Program(name=name, purpose=purpose, needed=when == "always", path=path, package=package, remedy=f"package {package}")


def install_line(found: Sequence[Program]) -> str:
    """The command that installs what is missing; empty where nothing is."""
    packages = [program.package for program in found if program.package and not program.path]
    return f"sudo apt-get install {' '.join(packages)}" if packages else ""
