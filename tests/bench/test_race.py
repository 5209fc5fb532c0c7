"""Contenders take turns, and one that does wrong is out."""

from __future__ import annotations

from bench.patch import OURS
from bench.race import Contender, race


def test_a_contender_that_fails_or_does_wrong_has_no_figure_and_the_reason_is_told() -> None:
    missing = Contender("no_such_contender")
    pair = {"running": "dhcp enable\n", "intended": "sysname b\n"}
    turns: list[tuple[str, int]] = []

    def wrong(contender: Contender, number: int, _lap: object) -> str:
        turns.append((contender.module, number))
        return "not what was asked for" if number == 2 else ""

    [row] = race("try", OURS, {missing: 2.0}, clock="cpu", rounds=3, task=lambda *_: pair, wrong=wrong, say=print)
    assert turns == [("patch_ours", 1), ("patch_ours", 2)]
    assert (row.ours, row.theirs, row.met) == (None, None, None)
    assert "not what was asked for" in row.note
    assert "no_such_contender" in row.note
