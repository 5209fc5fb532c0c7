"""Which lines of a patch go out in one write. Pure: never sends one, never reads an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yunwang.network.configuration.patch import PatchLine

LINES = 32
"""As many in one write: two screens' worth of typing, far below what a terminal line buffers."""


def batches(lines: Sequence[PatchLine], *, commit: str | None = None) -> Iterator[tuple[PatchLine, ...]]:
    """All lines in their order, those together that may go in one write.

    These are neighbours of one view, independent and without a question; behind them what leaves the view, and what enters another
    that is there already, which changes nothing: a refusal in the middle harms none of the others. Where a view is entered a write
    ends: its prompt must be seen before anything goes into it. With `commit` the lines go to a candidate that is thrown away as a
    whole at the first refusal: then everything up to there goes together.
    """
    batch: list[PatchLine] = []
    for line in lines:
        if batch and not (len(batch) < LINES and _joins(batch[-1], line, commit)):
            yield tuple(batch)
            batch.clear()
        batch.append(line)
    if batch:
        yield tuple(batch)


def _joins(last: PatchLine, line: PatchLine, commit: str | None) -> bool:
    """May a line go behind another in one write?"""
    if last.enters_view or any(_alone(one) or one.text == commit for one in (last, line)):
        return False
    if commit:
        return True
    if last.leaves_view:
        return line.leaves_view or (line.enters_view and line.independent)
    return last.independent and last.view == line.view and (line.independent or line.leaves_view)


def _alone(line: PatchLine) -> bool:
    """Is it asked about, the way in, several lines, or does it hold a question mark, at which a terminal shows help?"""
    return bool(line.question or line.management or "\n" in line.text or "?" in line.text)
