"""Lines are read once and kept in mind, but not for ever."""

from __future__ import annotations

import pytest

from yunwang.network.configuration import line
from yunwang.network.configuration.line import Kept


def test_a_function_is_asked_once_until_too_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "_KEPT", 2)
    asked: list[int] = []

    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    kept = Kept(double)
    assert [kept[number] for number in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert asked == [1, 2]
    assert kept[3] == 6
    assert dict(kept) == {3: 6}
