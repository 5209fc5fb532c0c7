"""`yunwang cloud probe`: what a cloud is and what its account may do there, before anything is tried on it. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.given import TO_LOOK, Given, takes
from yunwang.inventories.finding import Severity


def register(app: typer.Typer) -> None:
    """Give `yunwang cloud` this command."""
    app.command()(takes(TO_LOOK)(probe))


def probe(
    cloud: Annotated[str | None, typer.Argument(help="The cloud's name in yunwang.yaml; else all of them.")] = None,
    *,
    given: Given,
) -> None:
    """Ask clouds for services, versions, the account's rights, quota drivers, extensions, a sensible concurrency. Only reads."""
    from yunwang.stacks.clouds import Clouds

    session.verbosity(given.verbose)
    city = session.load(given.workspace)
    clouds = Clouds(city)
    clouds.say = show.Progress(quiet=given.quiet)
    found = [clouds.probe(name) for name in ([cloud] if cloud else [one.name for one in city.settings.clouds])]
    if given.json:
        show.as_json([one.model_dump(mode="json") for one in found])
    for one in [] if given.json else found:
        show.out(one.cloud, bold=True)
        for line in one.lines:
            show.out(f"  {line}")
        show.findings(one.findings)
    if any(finding.severity is Severity.ERROR for one in found for finding in one.findings):
        raise typer.Exit(1)
