"""Each transcript is a session as the real device shows it: prompts, typed lines, answers, carets. Typed again, it is the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

FOLDER = Path(__file__).parent / "transcripts"
CASES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.txt"))


class Console(Protocol):
    def type(self, text: str) -> str: ...


@pytest.mark.parametrize("case", CASES)
def test_session_reads_as_recorded(case: str, console: Callable[[str], Console], replay: Callable[[str], str]) -> None:
    transcript = (FOLDER / f"{case}.txt").read_text(encoding="utf-8")
    typed = replay(transcript)
    assert typed.strip(), "a transcript without anything typed proves nothing"
    assert console(case.partition("/")[0]).type(typed) == transcript.removesuffix("\n")
