"""How plans, findings and runs look to people and to machines. Never decides, never does."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from yunwang.inventories import rendering
from yunwang.inventories.finding import Finding
from yunwang.inventories.plan import Action, Change, Plan
from yunwang.inventories.verdict import Verdict
from yunwang.journal.records import Run, RunState, StepRecord, StepState

COLOURS = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.DELETE: "red", Action.REPLACE: "magenta", Action.RUN: "cyan"}
WORDS = {
    Action.CREATE: "to create",
    Action.UPDATE: "to change",
    Action.DELETE: "to delete",
    Action.REPLACE: "to replace",
    Action.RUN: "to run",
}
LINES_SHOWN = 12
"""Steps of a change shown without -v, which shows its whole text."""


def out(text: str = "", **style: Any) -> None:
    """A line of the result, on standard output; no colours where it is not a terminal or NO_COLOR is set."""
    typer.echo(typer.style(text, **style) if style else text)


def as_json(value: Any) -> None:
    """The result as one JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


class Progress:
    """Lines of progress on standard error, each with the seconds since the start."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._began = time.monotonic()

    def __call__(self, line: str) -> None:
        """Show a line."""
        if not self._quiet:
            typer.secho(f"{time.monotonic() - self._began:7.1f}s  {line}", err=True, dim=sys.stderr.isatty())


def findings(found: Sequence[Finding], root: Path | None = None, *, err: bool = False) -> None:
    """Each finding with its place, what is wrong and what to do; with `root`, the line of the file itself; and how many."""

    def lines(file: str) -> Sequence[str]:
        try:
            return (root / file).read_text(encoding="utf-8", errors="replace").splitlines() if root else ()
        except OSError:
            return ()

    typer.echo(rendering.text(found, lines, colour=_coloured(err)), nl=False, err=err)


def _coloured(err: bool) -> bool:
    return (sys.stderr if err else sys.stdout).isatty() and "NO_COLOR" not in os.environ


def plan(value: Plan, *, verbose: bool) -> None:
    """A plan as people read it: what will happen, wave by wave."""
    if value.findings:
        findings(value.findings)
    if not value.changes:
        out(f"{value.title}: nothing to do ({len(value.observations)} targets are as intended).", fg="green")
        return
    out(f"{value.title}: {_counts(value.count())} in {len(value.waves)} waves over {len(value.changes)} targets", bold=True)
    for number, wave in enumerate(value.waves, 1):
        out(f"wave {number}: {wave.name} ({wave.parallel} at a time)")
        for change in wave.changes:
            _change(value.change(change), verbose=verbose)
    out(f"plan {value.digest[7:19]} by {value.operator}, good until {value.expires:%Y-%m-%d %H:%M} UTC")


def _counts(counts: Mapping[Action, int]) -> str:
    return ", ".join(f"{counts[action]} {WORDS[action]}" for action in Action if action in counts)


def _change(change: Change, *, verbose: bool) -> None:
    typer.echo(f"  {typer.style(change.action.value, fg=COLOURS[change.action], bold=True)} {change.target}  {change.summary}")
    steps = [f"{step.action.value} {step.what}" for step in change.steps]
    lines = change.text.splitlines() if change.text and (verbose or not steps) else steps
    shown = lines if verbose else lines[:LINES_SHOWN]
    for line in shown:
        action = next((action for action in Action if line.lstrip().startswith(f"{action.value} ")), None)
        typer.echo("      " + (typer.style(line, fg=COLOURS[action]) if action else line))
    if len(lines) > len(shown):
        out(f"      … {len(lines) - len(shown)} more lines (-v shows them)", dim=True)


def run(value: Run) -> None:
    """How a run ended."""
    colour = {RunState.SUCCEEDED: "green", RunState.ROLLED_BACK: "green", RunState.INTERRUPTED: "yellow"}.get(value.state, "red")
    out(f"{value.title}: {value.state} (run {value.id})", fg=colour, bold=True)
    for part in value.message.split("; "):
        out(f"  {part}")


def runs(values: Sequence[Run]) -> None:
    """A line per run, newest first."""
    for value in values:
        out(f"{value.id}  {value.started:%F %H:%M}  {value.state:12} {value.job:12} {value.operator:12} {value.message[:80]}")
    if not values:
        out("The journal has no runs yet.")


def steps(values: Sequence[StepRecord]) -> None:
    """A line per step, oldest first."""
    for value in values:
        state = "UNKNOWN" if value.state is StepState.STARTED else value.state.value
        out(f"{value.number:6} {value.started:%H:%M:%S} {value.phase:7} {state:8} {value.target:34} {value.outcome}")


def verdict(value: Verdict) -> None:
    """Why a command could not do what it was asked, on standard error."""
    if value.findings:
        findings(value.findings, err=True)
    where = f"{value.target}: " if value.target and value.target not in value.message else ""
    typer.echo(typer.style("error", fg="red", bold=True) + f" {where}{value.message}", err=True)
    if value.remedy:
        typer.echo(f"      → {value.remedy}", err=True)
