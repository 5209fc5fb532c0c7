"""`yunwang net design`: the IPv6 half of devices as they run today. No logic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories import rendering
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import register as address_register
from yunwang.network.configuration.config import parse
from yunwang.network.design import brownfield, intent
from yunwang.network.design.brownfield import Source
from yunwang.network.design.intent import Found
from yunwang.network.vendors import vendor

LIVE = "live"


def design(
    output: Annotated[Path, typer.Option("-o", "--output", help="A new or empty folder for the result.")],
    workspace: WorkspaceOption = None,
    from_: Annotated[
        str, typer.Option("--from", metavar="FOLDER|live", help="Configurations, a file a device, or the devices themselves.")
    ] = LIVE,
    write: Annotated[
        bool, typer.Option("--write", help="Take interfaces, links and prefixes that were found into the workspace.")
    ] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Design the IPv6 half of what runs today: lines to send, intended configurations, intent and addresses found, what is left."""
    session.verbosity(verbose)
    loaded = session.load(workspace)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise Refused(f"{output} is there and not empty", remedy="name a new folder with -o")
    progress = show.Progress(quiet=quiet)
    unread: list[Finding] = []
    sources, findings = brownfield.match(loaded, _live(loaded, progress, unread) if from_ == LIVE else _files(Path(from_)))
    findings += tuple(unread)
    running = {name: parse(source.text, vendor(loaded.device(name).platform).rules) for name, source in sources.items()}
    whole, rows, faults = brownfield.complete(loaded, running)
    findings += (*faults, *brownfield.lacking(whole))
    lines = 0
    for name, source in sources.items():
        made = brownfield.design(whole, whole.device(name), source)
        show.file(output / "lines" / f"{name}.cfg", made.lines, folders=True)
        show.file(output / "intended" / f"{name}.cfg", made.intended, folders=True)
        findings += made.findings
        lines += made.lines.count("\n")
        progress(f"{name}: {len(made.lines.splitlines())} lines, {len(made.findings)} findings")
    found = Found.between(loaded, whole)
    written: list[str] = []
    if write:
        files, by_hand = found.files(loaded, _host_vars(loaded.root), _text(loaded.root / intent.LINKS))
        findings += by_hand
        for path, text in files.items():
            show.file(loaded.root / path, text, folders=True)
        if rows:
            address_register.write(loaded.root, rows)
        written = [*files, *([address_register.FILE] if rows else [])]
    show.file(output / "intent.yaml", found.text(), folders=True)
    address_register.write_rows(output / "addresses.csv", rows)
    show.file(output / "findings.json", rendering.as_json(findings))
    shown = [finding for finding in findings if verbose or finding.severity is not Severity.INFO]
    if json:
        show.as_json(
            {
                "devices": len(sources),
                "lines": lines,
                "written": written,
                "findings": [each.model_dump(mode="json") for each in findings],
            }
        )
    else:
        if shown:
            show.findings(shown)
        show.out(f"{output}: {lines} lines for {len(sources)} devices; {len(findings)} findings in findings.json")
        if write:
            names = ", ".join(written[:3]) + (" …" if len(written) > 3 else "")
            show.out(f"workspace: {len(written)} files written ({names})" if written else "workspace: it has all of it already")
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


def _host_vars(root: Path) -> set[str]:
    folder = root / intent.HOST_VARS
    return {file.stem if file.is_file() else file.name for file in folder.iterdir()} if folder.is_dir() else set()


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _files(folder: Path) -> Iterator[Source]:
    """Every file of a folder; names of hidden ones and folders inside are passed over."""
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder", remedy="name a folder of configurations, or `live`")
    for file in sorted(folder.iterdir()):
        if file.is_file() and not file.name.startswith("."):
            yield Source(file=file.name, text=file.read_text(encoding="utf-8", errors="replace"))


def _live(workspace: Workspace, progress: show.Progress, unread: list[Finding]) -> Iterator[Source]:
    """What the devices run, one after the other; one that cannot be read is a finding."""
    from yunwang.network.transport import Timeouts, connect

    for device in workspace.devices:
        progress(f"reading {device.name}")
        try:
            with connect(device, workspace, wire=workspace.state / "wire", timeouts=Timeouts()) as opened:
                yield Source(file=f"{device.name}.cfg", text=opened.running())
        except Verdict as verdict:
            message = f"{device.name} was not read: {verdict.message}"
            unread.append(Finding(code="not-read", message=message, remedy=verdict.remedy, target=f"device/{device.name}"))
