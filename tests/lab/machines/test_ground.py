"""What machines stand on: namespaces for root, loopback for everybody else, and where root may not make namespaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from parts.town import Town

import yunwang
from yunwang.lab import namespaces

SITE = Path(pytest.__file__).parent.parent
CITIZEN = 4711
SAME = "ordinary_user_needs or at_home or second_up or dead_sshd or stranger or listener"
"""What holds for an ordinary user as it does for root."""


@pytest.mark.root
def test_root_gets_a_namespace_for_each_machine_and_down_takes_exactly_those_away(town: Town, tmp_path: Path) -> None:
    neighbour = f"{namespaces.prefix(tmp_path)}neighbour"
    namespaces.add(neighbour)
    assert len({end.host for end in town.ends.values()}) == 3
    assert {town.ssh(name, "hostname").stdout.strip() for name in town.ends} == set(town.ends)
    url = f"http://{town.ends['old-education'].host}:{town.service('old-education', 'school-roster', 'status')['port']}/health"
    asked = town.ssh("gateway", f"python3 -c 'import urllib.request as u; print(u.urlopen(\"{url}\").read().decode())'")
    assert json.loads(asked.stdout)["machine"] == "old-education"
    town.down()
    assert namespaces.existing(namespaces.prefix(town.folder)) == set()
    assert neighbour in namespaces.existing("")
    namespaces.remove([neighbour])
    assert (
        namespaces.prefix(town.folder)
        not in subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
    )


@pytest.mark.root
def test_two_labs_of_root_keep_apart(town: Town, quiet_town: Town) -> None:
    assert not {end.host for end in town.ends.values()} & {end.host for end in quiet_town.ends.values()}
    town.down()
    assert quiet_town.dead() == []


@pytest.mark.root
def test_a_namespace_that_somebody_removed_is_mended(town: Town) -> None:
    hosts = {name: end.host for name, end in town.ends.items()}
    namespaces.remove([f"{namespaces.prefix(town.folder)}hub"])
    assert "gateway" in town.dead()
    town.up()
    assert town.dead() == []
    assert {name: end.host for name, end in town.ends.items()} == hosts
    assert town.through_the_gateway("school-roster")["rows"] == 40


@pytest.mark.root
def test_root_without_namespaces_falls_back_to_loopback_and_says_so(town: Town, tmp_path: Path) -> None:
    """`ip` that is refused, as in a restricted container, is played by one that refuses."""
    town.down()
    refusing = tmp_path / "bin" / "ip"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\necho 'mount --make-shared /run/netns failed: Operation not permitted' >&2\nexit 1\n")
    refusing.chmod(0o755)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{refusing.parent}:{before}"
    try:
        made = town.up()
        assert "Operation not permitted" in made.notes[0]
        assert {end.host for end in town.ends.values()} == {"127.0.0.1"}
        assert town.through_the_gateway("school-roster")["rows"] == 40
        assert not town.up().changed
        town.down()
    finally:
        os.environ["PATH"] = before
    town.up()
    assert town.through_the_gateway("school-roster")["rows"] == 40


def test_an_ordinary_user_needs_nothing_but_loopback(town: Town) -> None:
    if os.geteuid() == 0:
        pytest.skip("we are root; test_the_same_holds_for_an_ordinary_user runs this one too")
    assert {end.host for end in town.ends.values()} == {"127.0.0.1"}
    assert len({end.port for end in town.ends.values()}) == 3


@pytest.mark.root
def test_the_same_holds_for_an_ordinary_user() -> None:
    """Some of these tests once more, as a user who exists in a mount namespace of the test's alone."""
    folder = Path(tempfile.mkdtemp(prefix="citizen-"))  # not below pytest's own folder, which is root's alone
    folder.chmod(0o711)
    passwd, home = folder / "passwd", folder / "home"
    passwd.write_text(Path("/etc/passwd").read_text() + f"citizen:x:{CITIZEN}:{CITIZEN}::{home}:/bin/sh\n")
    home.mkdir()
    os.chown(home, CITIZEN, CITIZEN)
    become = ["setpriv", f"--reuid={CITIZEN}", f"--regid={CITIZEN}", "--clear-groups"]
    variables = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    variables["PYTHONPATH"] = f"{Path(yunwang.__file__).parent.parent}:{SITE}"

    def run(python: str, *words: str) -> subprocess.CompletedProcess[str]:
        script = 'mount --bind "$0" /etc/passwd && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, str(passwd), *become, python, *words]
        return subprocess.run(command, env=variables, cwd="/", capture_output=True, text=True, check=False)

    try:
        tried = {
            python: run(python, "-c", "import pytest, yunwang.lab.machines") for python in (sys.executable, "/usr/bin/python3")
        }
        able = [python for python, done in tried.items() if done.returncode == 0]
        if not able:
            pytest.skip(
                f"no Python that an ordinary user can run has what is needed: {[done.stderr[-200:] for done in tried.values()]}"
            )
        project = Path(__file__).resolve().parents[3]
        options = [
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={project}",
            "-c",
            str(project / "pyproject.toml"),
            f"--basetemp={home / 'tmp'}",
        ]
        done = run(able[0], "-m", "pytest", *options, "-k", SAME, str(Path(__file__).parent))
    finally:
        shutil.rmtree(folder)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "passed" in done.stdout
