"""`yunwang report`: the key figures and the HTML report. No logic."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, OutputOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories.verdict import Fatal

app = typer.Typer(help="Key figures and the report.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Key figures and the report."""


@app.command()
def build(
    workspace: WorkspaceOption = None,
    output: OutputOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Write one HTML file (report.html in the workspace, or -o) and print the figures; --json prints them alone."""
    from yunwang.reports.build import figures, html

    session.verbosity(verbose)
    loaded = session.load(workspace)
    path = output or loaded.root / "report.html"
    with session.journal(loaded) as journal:
        found = figures(loaded, journal)
        if not json:
            _write(path, html(loaded, journal, datetime.now(UTC)))
    if json:
        show.as_json([kpi.model_dump(mode="json") | {"rate": kpi.rate} for kpi in found])
    elif not quiet:
        for kpi in found:
            show.out(f"{kpi.title:32} {kpi.percent:>8}  ({kpi.part} of {kpi.whole})")
        show.out(f"report: {path}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Fatal(f"{path} cannot be written: {error.strerror}", remedy="name another file with -o") from None
