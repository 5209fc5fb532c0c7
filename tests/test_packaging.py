"""What is installed from a wheel is all of what the code opens at run time, and nothing that belongs to the checkout alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ROOMS = sorted((PROJECT / "src" / "yunwang").iterdir())
COLLECTION = "yunwang/playbooks/ansible_collections/"
"""Ansible looks for it beside our package and not in it."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that was built from a copy: building leaves its traces in the folder."""
    copy, out = tmp_path_factory.mktemp("project") / "yunwang", tmp_path_factory.mktemp("wheel")
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "src", *(room.name for room in ROOMS if room.is_symlink())):
        source = PROJECT / name
        if source.is_dir():
            left = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(source, copy / name, symlinks=True, ignore=left)
        else:
            shutil.copy(source, copy / name)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})"
    built = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-2000:]
    [file] = out.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())


def test_every_file_of_every_room_is_in_the_wheel(wheel: set[str]) -> None:
    there = {
        f"yunwang/{room.name}/{path.relative_to(room.resolve()).as_posix()}".replace(COLLECTION, "ansible_collections/")
        for room in ROOMS
        if room.is_symlink()
        for path in room.resolve().rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".in"  # what a lock was made from
    }
    assert len(there) > 100
    assert sorted(there - wheel) == []


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    rooms = {f"yunwang/{room.name}" for room in ROOMS} | {"ansible_collections/yunwang/toolkit/"}
    assert not [name for name in wheel if name.startswith(COLLECTION)]
    assert {name for name in wheel if not name.startswith(tuple(rooms)) and ".dist-info/" not in name} == set()
