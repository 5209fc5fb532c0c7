"""How plans, findings and runs look to people and to machines. Never decides, never does."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from yunwang.inventories import rendering
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Action, Change, Outcome, Plan
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.journal.records import Approval, Lease, Run, RunState, StepRecord, StepState

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


def file(path: Path, text: str, *, folders: bool = False) -> None:
    """A result that goes into a file; `folders`: make those around it. Raises Refused where it cannot be written."""
    try:
        if folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{error.filename or path} cannot be written: {error.strerror}", remedy="name another place for it") from None


def differences(path: Path, former: str, now: str) -> None:
    """What becomes of a file, as `diff -u` tells it, on standard error."""
    for line in difflib.unified_diff(former.splitlines(), now.splitlines(), str(path), str(path), lineterm="", n=1):
        typer.echo(line, err=True)


def fields(value: Any) -> dict[str, Any]:
    """A dataclass as a JSON object; addresses become text."""
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}


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
        if any(finding.severity is Severity.ERROR for finding in value.findings):
            out(f"{value.title}: no changes can be planned before the errors above are mended.", fg="red")
        else:
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


def rehearsed(said: Sequence[tuple[Change, Outcome | Finding]]) -> None:
    """What each target said in a dry run: its own difference, or why it would refuse."""
    for change, answer in said:
        if isinstance(answer, Finding):
            out(f"{change.target}: would fail: {answer.message}", fg="red")
            continue
        out(f"{change.target}: {answer.summary}", fg="green" if answer.evidence["candidate"] else None)
        if shown := answer.evidence.get("difference"):
            out(str(shown))
    out("nothing was changed")


def run(value: Run) -> None:
    """How a run ended."""
    colour = {RunState.SUCCEEDED: "green", RunState.ROLLED_BACK: "green", RunState.INTERRUPTED: "yellow"}.get(value.state, "red")
    out(f"{value.title}: {value.state} (run {value.id})", fg=colour, bold=True)
    for part in value.message.split("; "):
        out(f"  {part}")


def approvals(plan: Plan, needed: int, given: Sequence[tuple[Approval, str]]) -> None:
    """Who answered for a plan, and whether that counts."""
    good = {one.approver for one, fault in given if not fault}
    out(f"{plan.title}: approved by {', '.join(sorted(good)) or 'nobody'}; needed: {needed} (plan {plan.digest[7:19]})", bold=True)
    for one, fault in given:
        told = f"  {one.at:%Y-%m-%d %H:%M} UTC  {one.kind} by {one.approver} ({one.role}){f': {one.reason}' if one.reason else ''}"
        out(told + (f"  DOES NOT COUNT: {fault}" if fault else ""), fg="red" if fault or one.kind == "break-glass" else "green")


def broken_glass(name: str, reason: str) -> None:
    """That somebody changes things without approval, so that nobody in the room misses it."""
    lines = [
        "BREAK-GLASS: this is applied without approval",
        f"by {name}: {reason}",
        "it stands in the history, the audit and the report",
    ]
    width = max(map(len, lines)) + 2
    for line in lines:
        typer.echo(typer.style(f" {line:{width}}", fg="white", bg="red", bold=True), err=True)


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


def leases(values: Sequence[Lease], lapsed: Callable[[Lease], bool]) -> None:
    """A line per target that a run holds."""
    for value in values:
        life = "SILENT" if lapsed(value) else "alive"
        when = f"since {value.since:%F %T}, heard of {value.heartbeat:%T} UTC ({life})"
        out(f"{value.target:34} {value.owner} on {value.host} {when}, run {value.run}: {value.command}")
    if not values:
        out("No run holds a target.")


def warning(line: str) -> None:
    """What the operator has to know, on standard error, however quiet the command is to be."""
    typer.secho(line, err=True, fg="yellow", bold=sys.stderr.isatty())


def verdict(value: Verdict) -> None:
    """Why a command could not do what it was asked, on standard error."""
    if value.findings:
        findings(value.findings, err=True)
    where = f"{value.target}: " if value.target and value.target not in value.message else ""
    typer.echo(typer.style("error", fg="red", bold=True) + f" {where}{value.message}", err=True)
    if value.remedy:
        typer.echo(f"      → {value.remedy}", err=True)
