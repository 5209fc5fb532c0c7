"""Towns: one for each test that breaks it, one for those that only look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from parts.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Up, in a folder whose name has a blank and Chinese characters in it."""
    made = Town(tmp_path / "云州 lab")
    try:
        assert made.up().changed
        yield made
    finally:
        made.down()


@pytest.fixture(scope="module")
def quiet_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for tests that change nothing in it."""
    made = Town(tmp_path_factory.mktemp("云州 quiet") / "lab")
    try:
        made.up()
        yield made
    finally:
        made.down()
