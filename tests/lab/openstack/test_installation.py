"""OpenStack's own Python: installed whole or not at all. A single package stands for the two hundred here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from yunwang.inventories.verdict import Fatal
from yunwang.lab.openstack import installation


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user cache, and requirements that are one package out of the locked ones."""
    text = installation.REQUIREMENTS.read_text()
    [entry] = re.findall(r"^waitress==.*(?:\n .*--hash.*)*", text, re.MULTILINE)
    (tmp_path / "requirements.txt").write_text(entry.rstrip("\\") + "\n")
    monkeypatch.setattr(installation, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/yunwang"


def serves(home: Path) -> bool:
    """Whether the installed console script runs from where the environment lies now."""
    done = subprocess.run([home / "bin/waitress-serve", "--help"], capture_output=True, text=True, check=False)
    return "Usage" in done.stdout + done.stderr


@pytest.mark.lab
def test_it_is_installed_once(cache: Path, told: list[str]) -> None:
    home = installation.venv(told.append)
    assert serves(home)
    assert home.parent == cache
    said = len(told)
    assert installation.venv(told.append) == home
    assert len(told) == said


@pytest.mark.lab
def test_an_interrupted_installation_is_made_again(cache: Path, told: list[str]) -> None:
    home = installation.venv(told.append)
    shutil.move(home, home.with_name(home.name + ".part"))  # as one killed before the renaming leaves it
    (home.with_name(home.name + ".part") / "bin/waitress-serve").unlink()
    assert serves(installation.venv(told.append))
    assert not list(cache.glob("*.part"))


@pytest.mark.lab
def test_an_installation_whose_python_has_gone_is_made_again(cache: Path, told: list[str]) -> None:
    home = installation.venv(told.append)
    for link in (home / "bin").glob("python*"):
        link.unlink()
        link.symlink_to("/usr/bin/python3.0")
    assert serves(installation.venv(told.append))


@pytest.mark.lab
def test_a_package_that_is_not_what_was_locked_is_refused(cache: Path, told: list[str]) -> None:
    text = installation.REQUIREMENTS.read_text()
    installation.REQUIREMENTS.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", text))
    with pytest.raises(Fatal, match="installing OpenStack's services failed"):
        installation.venv(told.append)
    assert not [path for path in cache.iterdir() if (path / "bin/waitress-serve").exists()]


def test_the_environment_is_made_from_a_python_that_its_services_run_on() -> None:
    python = installation.base_interpreter()
    done = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True)
    major, minor = done.stdout.split()
    assert (3, 11) <= (int(major), int(minor)) <= (3, 13)
