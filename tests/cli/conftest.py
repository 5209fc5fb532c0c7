"""A workspace of its own on the session's lab: the city's files, its clouds and devices; a journal and a Pulumi state apart."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts import department as departments
from parts.command import yunwang

from yunwang.inventories.workspace import Workspace

APPROVAL = ("roles.yaml", "allowed_signers")
"""What makes changes wait for a second person: these tests are about one person and what breaks."""


@pytest.fixture
def trial(demo_lab: Workspace, tmp_path: Path) -> Path:
    """The workspace. What a test makes on the lab it takes away again."""
    root = tmp_path / "trial"
    shutil.copytree(demo_lab.root, root, ignore=lambda folder, names: {".yunwang"} & set(names))
    for name in APPROVAL:
        (root / "policies" / name).unlink(missing_ok=True)
    lab = root / ".yunwang" / "lab"
    lab.mkdir(parents=True)
    for path in (demo_lab.state / "lab").iterdir():
        if path.is_file() and path.name != "lock":
            shutil.copy(path, lab / path.name)
    return root


@pytest.fixture
def department(trial: Path) -> Iterator[str]:
    """The name of a department of its own on zhengwu; it leaves the cloud afterwards."""
    name = f"k-{uuid.uuid4().hex[:8]}"
    file = departments.write(trial, name)
    yield name
    file.unlink()
    if not list((trial / ".yunwang").glob(f"pulumi/.pulumi/stacks/tenants/*.{name}.json")):
        return  # it never came
    left = yunwang("cloud", "apply", "--yes", "-w", trial, "--target", f"stack/{departments.CLOUD}/{name}")
    assert left.returncode == 0, left.stdout + left.stderr
    assert not departments.found(trial, name)
