"""The demo city with one edit, as the reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from yunwang.inventories.finding import Finding
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace

Edited = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def sound(demo_city: Path) -> Workspace:
    """The demo city as a value."""
    workspace, findings = read(demo_city)
    assert workspace is not None, findings
    return workspace


@pytest.fixture
def edited(demo_city: Path) -> Edited:
    """Replaces `old` by `new` in a file of the demo (no `old`: the file becomes `new`) and returns the findings."""

    def edit(file: str, old: str | None, new: str) -> tuple[Finding, ...]:
        path = demo_city / file
        if old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
        else:
            before = path.read_text(encoding="utf-8")
            assert before.count(old) == 1, f"{file} has {old!r} {before.count(old)} times"
            path.write_text(before.replace(old, new), encoding="utf-8")
        return read(demo_city)[1]

    return edit
