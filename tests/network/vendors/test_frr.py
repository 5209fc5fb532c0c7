"""Patches for FRR against the real vtysh, which knows every word that the daemons take (`vtysh -C` reads and changes nothing)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from parts.dialects import configurations

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import Patch, patch
from yunwang.network.vendors import vendor

FRR = vendor(Platform.FRR)
CASES = sorted(path.parent for path in (Path(__file__).parent / "frr").glob("*/patch.cfg"))
pytestmark = pytest.mark.skipif(not shutil.which("vtysh"), reason="FRR is not installed (tools/os-packages names it)")


def refused(text: str) -> str:
    """What vtysh says against it, if anything."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patch.conf"
        file.write_text(text, encoding="utf-8")
        done = subprocess.run(["vtysh", "-C", "-f", str(file)], capture_output=True, text=True, check=False, timeout=60)
    return done.stderr if done.returncode else ""


def lines(made: Patch) -> str:
    return "".join(f"{line}\n" for line in made.commands())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_real_frr_takes_every_line_there_and_back(case: Path) -> None:
    running, intended = (parse((case / f"{name}.cfg").read_text(), FRR.rules) for name in ("running", "intended"))
    assert not refused(lines(patch(FRR, running, intended)))
    assert not refused(lines(patch(FRR, intended, running)))


@settings(max_examples=20, deadline=None)
@given(configurations(Platform.FRR), configurations(Platform.FRR))
def test_real_frr_takes_every_line_between_generated_configurations(before: str, after: str) -> None:
    made = patch(FRR, parse(before, FRR.rules), parse(after, FRR.rules))
    assert not refused(lines(made)), made.text()


def test_real_frr_refuses_what_is_no_command() -> None:
    assert "ip adress" in refused("interface eth0\n ip adress 10.0.0.1/24\nexit\n")
