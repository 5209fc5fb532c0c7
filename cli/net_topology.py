"""`yunwang net topology`: sites, planes, links; what fails with what; what links carry. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories.finding import Severity

app = typer.Typer(help="Sites, planes and links: failures, loads, a picture.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def check(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Which sites lose service with a line, device, plane or shared risk, and whether the planes are disjoint."""
    from yunwang.network.topology.graph import Topology

    session.verbosity(verbose)
    topology = Topology(session.load(workspace))
    failures, found = topology.failures(), topology.check()
    if json:
        show.as_json(
            {"failures": [show.fields(one) for one in failures], "findings": [one.model_dump(mode="json") for one in found]}
        )
    else:
        for failure in failures:
            sites = ", ".join(failure.sites) or "none"
            show.out(
                f"without {' '.join(failure.element)}: sites without service: {sites}; cut off: {', '.join(failure.devices) or '–'}"
            )
        if found or not quiet:
            show.findings(found)
    if any(one.severity is Severity.ERROR for one in found):
        raise typer.Exit(1)


@app.command("show")
def show_(
    workspace: WorkspaceOption = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw it.")] = None,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a Mermaid flowchart, for documents.")] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show sites, their devices and links; with --svg or --mermaid as a picture."""
    from yunwang.network.topology import picture
    from yunwang.network.topology.graph import Topology

    if (svg is not None) + mermaid + json > 1:
        raise typer.BadParameter("--svg, --mermaid and --json exclude each other")
    topology = Topology(session.load(workspace))
    if svg is not None:
        show.file(svg, picture.svg(topology))
        if not quiet:
            show.out(f"wrote {svg}")
    elif mermaid:
        show.out(picture.mermaid(topology).rstrip("\n"))
    elif json:
        show.as_json({"sites": topology.sites, "links": [link.model_dump(mode="json") for link in topology.links.values()]})
    else:
        for site, devices in topology.sites.items():
            show.out(site, bold=True)
            for name in devices:
                device = topology.devices[name]
                show.out(f"  {name:16} plane {device.plane.upper()}  {device.role:12} {device.platform}")
        for link in topology.links.values():
            load = f"{link.load_mbps:,}" if link.load_mbps is not None else "–"
            show.out(f"{link.name:32} {link.bandwidth_mbps:>8,} Mbit/s  measured {load}")


@app.command()
def load(
    workspace: WorkspaceOption = None,
    limit: Annotated[float, typer.Option(min=0.01, max=1.0, help="How full a link may be, of its bandwidth.")] = 0.7,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """What links carry now and at worst after one failure, the fullest first, and which want an upgrade."""
    from yunwang.network.topology.graph import Topology
    from yunwang.network.topology.load import Loads

    worst = Loads(Topology(session.load(workspace)), limit).worst()
    if json:
        show.as_json([show.fields(one) | {"utilisation": one.utilisation} for one in worst])
        return
    for one in worst:
        measured = f"{one.measured:,}" if one.measured is not None else "–"
        cause = f" without {' '.join(one.cause)}" if one.cause else ""
        wish = "" if one.wanted is None else f"  upgrade to {one.wanted:,}" if one.wanted else "  upgrade: no usual rate is enough"
        show.out(f"{one.link:32} {one.bandwidth:>8,} Mbit/s  measured {measured:>7}  worst {one.utilisation:6.0%}{cause}{wish}")
    if not quiet:
        show.out(f"{sum(one.wanted is not None for one in worst)} of {len(worst)} links want an upgrade (limit {limit:.0%})")
        if unmeasured := sum(one.measured is None for one in worst):
            show.out(
                f"{unmeasured} of {len(worst)} links are not measured and count as empty: give them load_mbps in network/links.yaml"
            )
