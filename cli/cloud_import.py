"""`yunwang cloud import`: a tenant that somebody else made becomes a file and a stack; the cloud stays as it is. No logic."""

from __future__ import annotations

from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.given import ALL, Given, takes
from yunwang.inventories.verdict import Refused


def register(app: typer.Typer) -> None:
    """Give `yunwang cloud` this command."""
    app.command("import")(takes(ALL)(take_over))


def take_over(
    cloud: Annotated[str, typer.Argument(help="The cloud's name in yunwang.yaml.")],
    project: Annotated[str, typer.Argument(help="The project's name there; the tenant is named so. Or a group of tenants.")],
    department: Annotated[str, typer.Option(help="The department whose tenant it is, for the file.")] = "",
    mlps_level: Annotated[int, typer.Option(help="Its level of protection, for the file.", min=1, max=4)] = 2,
    *,
    given: Given,
) -> None:
    """Write a project into tenants/ where no file names it, and take it over into Pulumi's state as it is."""
    from yunwang.stacks.adoption import tenant_file
    from yunwang.stacks.clouds import Clouds
    from yunwang.stacks.partition import groups

    session.verbosity(given.verbose)
    city = session.load(given.workspace)
    stacks = {tenant: name for (there, name), group in groups(city).items() if there == cloud for tenant in (*group.tenants, name)}
    if project not in stacks:
        written = city.root / "tenants" / f"{project}.yaml"
        if written.exists():
            raise Refused(f"{written} says nothing of cloud {cloud}", remedy="write an allotment for it there, then run again")
        text = tenant_file(Clouds(city).cloud(cloud), project, department or project, mlps_level)
        show.file(written, text, folders=True)
        if not given.quiet:
            show.out(f"wrote {written}")
    given.carry_out("cloud-import", options={"tenants": [f"stack/{cloud}/{stacks.get(project, project)}"]})
