"""Applies through proxies that refuse, stall, cut and lose: the intent, or what is missing; then the rest; and nothing twice.

Three seeds a run; YUNWANG_STORMS=20 for more, whose stalls last 30 s.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from parts.command import yunwang
from parts.department import WHOLE, found
from parts.storm import Front, Storm

pytestmark = [pytest.mark.lab, pytest.mark.pulumi]

STORMS = int(os.environ.get("YUNWANG_STORMS", "3"))
FIRST = int(os.environ.get("YUNWANG_STORM_SEED", "0"))
STALL = 30.0 if STORMS > 3 else 2.0


@pytest.fixture
def front(trial: Path) -> Iterator[Front]:
    """Before zhengwu."""
    front = Front("zhengwu", trial)
    yield front
    front.end()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORMS))
def test_an_apply_in_a_storm_ends_as_intended_or_says_what_is_missing(
    trial: Path, department: str, front: Front, seed: int
) -> None:
    target = f"stack/zhengwu/{department}"
    rest = ("-w", trial, "--target", target)
    storm = Storm(seed, STALL)
    front.comes(storm, timeout=STALL * 0.7 if seed % 2 else None)
    first = yunwang("cloud", "apply", "--yes", *rest)
    said = first.stdout + first.stderr
    front.passes()
    print(f"seed {seed}: {first.returncode}: {'; '.join(storm.met)}\n{said}")
    assert storm.met
    assert "Traceback" not in said
    twice = {what: number for what, number in found(trial, department).items() if number > 1}
    assert not twice
    if missing := yunwang("cloud", "plan", "--detailed-exitcode", *rest).returncode:
        assert missing == 2
        assert first.returncode != 0, "what is missing was not said"
        assert target in said or department in said
        again = yunwang("cloud", "apply", "--yes", *rest)
        assert again.returncode == 0, again.stdout + again.stderr
        assert yunwang("cloud", "plan", "--detailed-exitcode", *rest).returncode == 0
    counted = found(trial, department)
    assert set(counted.values()) == {1}
    assert len(counted) == WHOLE
