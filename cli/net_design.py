"""`yunwang net design`: the IPv6 half of devices as they run today. No logic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
import yaml

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories import rendering
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.verdict import Refused, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import register as address_register
from yunwang.network.configuration.config import parse
from yunwang.network.design import brownfield
from yunwang.network.design.brownfield import Source
from yunwang.network.vendors import vendor

LIVE = "live"


def design(
    output: Annotated[Path, typer.Option("-o", "--output", help="A new or empty folder for the result.")],
    workspace: WorkspaceOption = None,
    from_: Annotated[
        str, typer.Option("--from", metavar="FOLDER|live", help="Configurations, a file a device, or the devices themselves.")
    ] = LIVE,
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
    for folder in ("lines", "intended"):
        (output / folder).mkdir(parents=True)
    lines = 0
    for name, source in sources.items():
        made = brownfield.design(whole, whole.device(name), source)
        (output / "lines" / f"{name}.cfg").write_text(made.lines, encoding="utf-8")
        (output / "intended" / f"{name}.cfg").write_text(made.intended, encoding="utf-8")
        findings += made.findings
        lines += made.lines.count("\n")
        progress(f"{name}: {len(made.lines.splitlines())} lines, {len(made.findings)} findings")
    (output / "intent.yaml").write_text(yaml.safe_dump(brownfield.intent(loaded, whole), allow_unicode=True, sort_keys=False))
    address_register.write_rows(output / "addresses.csv", rows)
    (output / "findings.json").write_text(rendering.as_json(findings), encoding="utf-8")
    shown = [finding for finding in findings if verbose or finding.severity is not Severity.INFO]
    if json:
        show.as_json({"devices": len(sources), "lines": lines, "findings": [each.model_dump(mode="json") for each in findings]})
    else:
        if shown:
            show.findings(shown)
        show.out(f"{output}: {lines} lines for {len(sources)} devices; {len(findings)} findings in findings.json")
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


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
