"""The table: what was measured, ours, the rival's, the ratio, the goal. Knows no benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

HEAD = ("what", "ours", "rival", "theirs", "ratio", "goal", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison, in `unit`. None: not measured, and `note` says why. A goal is a ratio, or a limit where there is no rival."""

    what: str
    unit: str
    ours: float | None
    rival: str = ""
    theirs: float | None = None
    times: float | None = None
    """The goal: how many times better than the rival."""
    limit: float | None = None
    """The goal: at most so much."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times less ours takes than the rival, or than the limit."""
        against = self.theirs if self.rival else self.limit
        return against / self.ours if self.ours and against is not None else None

    @property
    def met(self) -> bool | None:
        """Is the goal reached? None: there is no goal, or nothing to tell it by."""
        goal = self.times if self.rival else 1.0
        return self.ratio >= goal if self.ratio is not None and goal is not None else None

    def cells(self) -> tuple[str, ...]:
        """As text, under HEAD."""
        return (
            self.what,
            _figure(self.ours, self.unit),
            self.rival or "–",
            _figure(self.theirs, self.unit),
            f"{self.ratio:.1f}×" if self.ratio is not None else "–",
            f"≥ {self.times:g}×" if self.times is not None else f"≤ {_figure(self.limit, self.unit)}" if self.limit else "–",
            ", ".join(filter(None, ({True: "met", False: "missed", None: ""}[self.met], self.note))),
        )

    def json(self) -> dict[str, Any]:
        """As a JSON object, with what follows from it."""
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


def table(rows: Sequence[Row]) -> str:
    """The rows under their heads, figures to the right."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line in cells:
        padded = (
            text.rjust(width) if HEAD[index] in ("ours", "theirs", "ratio", "goal") else text.ljust(width)
            for index, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        lines.append("  ".join(padded).rstrip())
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:], ""])


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 3
    return f"{value:.{digits}f} {unit}"
