"""How runs, their stories and audit entries look to people. Never decides, never does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

import typer

from yunwang.cli import show
from yunwang.inventories.verdict import Fatal
from yunwang.journal.export import json_line
from yunwang.journal.records import ApprovalKind, AuditEntry, Run, Story


def note(text: str) -> None:
    """A line beside the result, on standard error."""
    typer.echo(text, err=True)


def runs(values: Sequence[Run], glass: Collection[str]) -> None:
    """A line per run, newest first; loud where its plan (by digest) went without approval."""
    for value in values:
        show.runs([value])
        if value.plan_digest in glass:
            show.out("  BREAK-GLASS: applied without approval", fg="red", bold=True)
    if not values:
        show.runs(values)


def story(told: Story) -> None:
    """A run: how it ended, who answered for it, what it holds, its steps, what is unknown."""
    show.run(told.run)
    show.out(f"  by {told.run.operator} on {told.run.host}: {told.run.command}")
    for one in told.approvals:
        glass = one.kind is ApprovalKind.BREAK_GLASS
        what = f"  {'BREAK-GLASS' if glass else one.kind} by {one.approver} ({one.role}), {one.at:%F %H:%M} UTC"
        show.out(what + (f": {one.reason}" if one.reason else ""), **({"fg": "red", "bold": True} if glass else {}))
    for lease in told.leases:
        show.out(f"  holds {lease.target}: {lease.owner} on {lease.host}, last heard of {lease.heartbeat:%F %T} UTC")
    show.steps(told.steps)
    if told.unknown:
        show.out(f"UNKNOWN, look at them or let `yunwang resume` do it: {', '.join(told.unknown)}", fg="red", bold=True)


def entry(value: AuditEntry, *, as_json: bool) -> None:
    """One audit entry, a line."""
    if as_json:
        show.out(json_line(value))
        return
    parts = [f"{value.seq:6}", value.at[:19], f"{value.event:18}", value.operator or "-", value.run, value.target, value.result]
    loud = value.event == "plan.broken-glass"
    show.out("  ".join(filter(None, parts)), **({"fg": "red", "bold": True} if loud else {}))


def lines(values: Iterable[str], path: Path | None) -> int:
    """Write each as a line, to a file or standard output; returns how many."""
    written = 0
    try:
        with path.open("w", encoding="utf-8") if path is not None else nullcontext() as file:
            for value in values:
                typer.echo(value, file=file)
                written += 1
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Fatal(f"{path or 'the export'} cannot be written: {error.strerror}", remedy="name another file with -o") from None
    return written
