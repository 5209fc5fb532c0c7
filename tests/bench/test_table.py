"""The table of the benchmarks."""

from __future__ import annotations

import pytest
from bench.table import Row, table

BESIDE = Row(what="patch", unit="s CPU", ours=0.01, rival="annet 4.8.3", theirs=0.25, times=20)


def test_rows_stand_under_their_heads() -> None:
    text = table([BESIDE, Row(what="demo, cold", unit="s", ours=240.0, limit=600)])
    assert text == (
        "what               ours  rival             theirs  ratio     goal\n"
        "──────────  ───────────  ───────────  ───────────  ─────  ───────  ───\n"
        "patch       0.010 s CPU  annet 4.8.3  0.250 s CPU  25.0×    ≥ 20×  met\n"
        "demo, cold        240 s  –                      –   2.5×  ≤ 600 s  met\n"
    )


@pytest.mark.parametrize(
    ("row", "ratio", "met"),
    [
        (BESIDE, 25, True),
        (Row(what="", unit="s", ours=2, rival="r", theirs=5, times=3), 2.5, False),
        (Row(what="", unit="s", ours=2, rival="r", theirs=5), 2.5, None),
        (Row(what="", unit="s", ours=700, limit=600), 600 / 700, False),
        (Row(what="", unit="MiB", ours=900), None, None),
    ],
)
def test_a_goal_is_a_ratio_or_a_limit(row: Row, ratio: float | None, met: bool | None) -> None:
    assert row.ratio == (pytest.approx(ratio) if ratio else None)
    assert row.met is met


def test_what_could_not_be_measured_is_said_and_never_met() -> None:
    row = Row(what="push", unit="s", ours=0.5, rival="scrapli", times=1, note="not installed")
    assert row.met is None
    assert row.cells()[3:] == ("–", "–", "≥ 1×", "not installed")
    assert row.json()["ratio"] is None
