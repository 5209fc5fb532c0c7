"""`yunwang history`: what was done, by whom, how it ended, and that nobody has touched the record. No logic."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yunwang.cli import session, show, show_history
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.reports import ci

if TYPE_CHECKING:
    from yunwang.journal.records import AuditEntry
    from yunwang.journal.store import Journal

LOOK_AGAIN = 0.5
"""Seconds between two looks of `tail -f`."""
AfterOption = Annotated[int, typer.Option("--after", help="Only entries after this number.", min=0)]
app = typer.Typer(help="What was done, by whom, and how it ended.", no_args_is_help=True, rich_markup_mode=None)


class Format(StrEnum):
    """How entries are exported."""

    JSONL = "jsonl"
    SYSLOG = "syslog"


class RunFormat(StrEnum):
    """How a run is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"


@app.command("list")
def list_(
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    limit: Annotated[int, typer.Option(help="How many runs, the newest first.", min=1)] = 30,
) -> None:
    """The latest runs."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        runs = journal.runs(limit=limit)
        glass = journal.approvals.broken(run.plan_digest for run in runs)
    if json:
        show.as_json([run.model_dump(mode="json") | {"break_glass": run.plan_digest in glass} for run in runs])
    elif not quiet:
        show_history.runs(runs, glass)


@app.command("show")
def show_(
    run: Annotated[str, typer.Argument(help="The run's id, its beginning, or `latest`.")],
    workspace: WorkspaceOption = None,
    format_: Annotated[RunFormat, typer.Option("--format", help="Markdown: for a comment; JUnit: test results.")] = RunFormat.TEXT,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """One run: who answered for it, what it holds, every step and what is unknown of it; with -v its plan."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        told = journal.story(run)
        plan = journal.plan_of(told.run.id)
    match RunFormat.JSON if json else format_:
        case RunFormat.JSON:
            whole = told.model_dump(mode="json")
            show.as_json(whole.pop("run") | whole | {"plan": plan.model_dump(mode="json")})
        case RunFormat.MARKDOWN:
            show.out(ci.run_markdown(told.run, told.steps).rstrip())
        case RunFormat.JUNIT:
            show.out(ci.run_junit(told.run, told.steps).rstrip())
        case RunFormat.TEXT if not quiet:
            if verbose:
                show.plan(plan, verbose=True)
            show_history.story(told)


@app.command()
def tail(
    workspace: WorkspaceOption = None,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on showing what comes, until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", help="How many of the last entries.", min=0)] = 20,
    json: JsonOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """The last audit entries; with --json a document a line."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        for entry in _tail(journal, lines, follow=follow):
            show_history.entry(entry, as_json=json)


def _tail(journal: Journal, lines: int, *, follow: bool) -> Iterator[AuditEntry]:
    seen = max(0, journal.audit.head().seq - lines)
    while True:
        for entry in journal.audit.entries(after=seen):
            yield entry
            seen = entry.seq
        if not follow:
            return
        time.sleep(LOOK_AGAIN)


@app.command()
def head(workspace: WorkspaceOption = None, json: JsonOption = False, verbose: VerboseOption = 0) -> None:
    """The audit chain's last number and hash: keep it elsewhere, and `verify --anchor` proves later that nothing was touched."""
    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        last = journal.audit.head()
    if json:
        show.as_json(last.model_dump(mode="json"))
    else:
        show.out(str(last))


@app.command()
def verify(
    workspace: WorkspaceOption = None,
    anchor: Annotated[
        list[str] | None, typer.Option("--anchor", metavar="FILE|HEAD", help="What `history head` printed, or a file with it.")
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Find edits, deletions, reordering and truncation of the audit, and runs, steps and approvals that are not as it tells.

    Of the audit the first bad entry is named. Exit code 1 where anything is found.
    """
    from yunwang.journal.anchor import given

    session.verbosity(verbose)
    with session.journal(session.load(workspace)) as journal:
        found = journal.audit.verify([given(each) for each in anchor or ()])
        last = journal.audit.head()
    if json:
        show.as_json({"whole": not found, "head": str(last), "findings": [finding.model_dump(mode="json") for finding in found]})
    elif found:
        show.findings(found)
    elif not quiet:
        show.out(f"The audit is whole: {last.seq} entries; head {last}; runs, steps and approvals are as it tells", fg="green")
    if found:
        raise typer.Exit(1)


@app.command()
def export(
    workspace: WorkspaceOption = None,
    format_: Annotated[Format, typer.Option("--format", help="JSON lines, or syslog messages (RFC 5424).")] = Format.JSONL,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file; else to standard output.")] = None,
    send: Annotated[
        str | None, typer.Option("--send", metavar="HOST:PORT", help="Send syslog messages over TCP (RFC 6587; see --tls).")
    ] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Send over TLS (RFC 5425); the host has to prove its name.")] = False,
    ca: Annotated[Path | None, typer.Option("--ca", help="Trust these authorities (PEM) for it, not the system's.")] = None,
    after: AfterOption = 0,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Audit entries for others to keep."""
    from yunwang.journal import export as exporting

    session.verbosity(verbose)
    if send is not None and (format_ is not Format.SYSLOG or output is not None):
        raise typer.BadParameter("--send goes with --format syslog, and without -o")
    if (tls and send is None) or (ca is not None and not tls):
        raise typer.BadParameter("--tls goes with --send, and --ca with --tls")
    encrypted = exporting.trusting(ca) if tls else None
    line = exporting.syslog if format_ is Format.SYSLOG else exporting.json_line
    with session.journal(session.load(workspace)) as journal:
        written = (line(entry) for entry in journal.audit.entries(after=after))
        count = exporting.send(written, send, encrypted) if send is not None else show_history.lines(written, output)
        if not quiet:
            show_history.note(f"{count} entries; head {journal.audit.head()}")
