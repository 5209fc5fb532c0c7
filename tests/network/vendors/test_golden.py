"""Every folder here is one edit as an engineer would review it: running, intended, the patch with its source, the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import Config, parse
from yunwang.network.configuration.diff import diff
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import Vendor, vendor

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/patch.cfg"))


@pytest.fixture(params=CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def case(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


def _read(case: Path) -> tuple[Vendor, Config, Config]:
    its = vendor(Platform(case.parent.name))
    running, intended = (parse((case / f"{name}.cfg").read_text(), its.rules) for name in ("running", "intended"))
    return its, running, intended


def test_the_patch_is_the_reviewed_one(case: Path) -> None:
    its, running, intended = _read(case)
    source, _, reviewed = (case / "patch.cfg").read_text().partition("\n")
    assert source.startswith("! source: ")
    assert patch(its, running, intended).text() == reviewed


def test_the_way_back_is_the_reviewed_one(case: Path) -> None:
    its, running, intended = _read(case)
    assert patch(its, intended, running).text() == (case / "reverse.cfg").read_text()


def test_what_is_rendered_is_read_again_as_the_same(case: Path) -> None:
    its, *configs = _read(case)
    for config in configs:
        again = parse(config.render(), its.rules)
        assert list(again.lines()) == list(config.lines())
        assert not diff(config, again)
