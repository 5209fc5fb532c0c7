"""`yunwang cloud drift`: how the clouds differ from what was approved, and plans that take it back or over. No logic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import changing, session, show
from yunwang.cli.given import ALL, Given, takes
from yunwang.cli.options import TargetOption
from yunwang.inventories.finding import Severity
from yunwang.inventories.verdict import Verdict

RevertOption = Annotated[bool, typer.Option("--revert", help="Show, and with -o write, the plan that takes it back.")]
AdoptOption = Annotated[
    bool, typer.Option("--adopt", help="Have the files say what is live, and the stacks hold it; the clouds stay as they are.")
]

ADOPTING = "cloud-import"


def register(app: typer.Typer) -> None:
    """Give `yunwang cloud` this command."""
    app.command()(takes(ALL)(drift))


def drift(target: TargetOption = None, revert: RevertOption = False, adopt: AdoptOption = False, *, given: Given) -> None:
    """How clouds differ from what was approved, and why: changed behind the tool, failed, vanished, unmanaged, above quota."""
    if revert and adopt:
        raise typer.BadParameter("--revert takes it back, --adopt takes it over: one of them")
    if given.output is not None and not (revert or adopt):
        raise typer.BadParameter("-o writes the plan of --revert or --adopt")
    if (given.plan or given.approved) and not adopt:
        raise typer.BadParameter("a stored plan is applied with --adopt, one of --revert with `yunwang cloud apply`")
    if given.plan or given.approved:
        given.carry_out(ADOPTING)
        return
    from yunwang.operations import planning
    from yunwang.stacks import drift as drifting
    from yunwang.stacks.adoption import edits
    from yunwang.stacks.job import CloudJob

    session.verbosity(given.verbose)
    city = session.load(given.workspace)
    with session.journal(city) as journal:
        say = show.Progress(quiet=given.quiet)
        job = CloudJob(city)
        job.prepare(say)
        found = drifting.drift(job, city, journal, planning.select(job.targets(), target or ()), say=say)
    findings = [drifting.as_finding(one) for one in found]
    taken_back = sorted({one.target for one in found if one.kind in drifting.REVERTED})
    if revert and taken_back:
        show.findings(findings, err=True)
        changing.plan(["cloud"], given.asked(targets=taken_back), output=given.output)
    elif adopt and (targets := drifting.adoptable(found)):
        show.findings(findings, err=True)
        with _written(edits(job.clouds, targets), planning=given.output is not None, quiet=given.quiet):
            given.carry_out(ADOPTING, options={"tenants": [*targets]})
    elif given.json:
        show.as_json([one.model_dump(mode="json") for one in found])
    else:
        show.findings(findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)
    if given.detailed_exitcode and found:
        raise typer.Exit(changing.CHANGES)


@contextmanager
def _written(texts: Mapping[Path, str], *, planning: bool, quiet: bool) -> Iterator[None]:
    """Files as they are to be; as they were again where nothing was begun: a verdict ended it, or a plan that has errors."""
    former = {path: path.read_text(encoding="utf-8") for path in texts}
    for path, text in texts.items():
        show.file(path, text)
        if not quiet:
            show.differences(path, former[path], text)
    try:
        yield
    except (Verdict, typer.Exit) as end:
        if isinstance(end, Verdict) or (planning and end.exit_code == 1):
            for path, text in former.items():
                show.file(path, text)
        raise
