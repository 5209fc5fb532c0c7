"""`yunwang playbook`: Ansible on the workspace's hosts and devices; what changes hosts is planned and applied. No logic."""

from __future__ import annotations

import json as json_
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import changing, session, show
from yunwang.cli.given import TO_LOOK, TO_PLAN, Given, takes
from yunwang.cli.options import JsonOption
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Refused, Verdict

app = typer.Typer(help="Ansible playbooks on hosts and devices.", no_args_is_help=True, rich_markup_mode=None)
NameArgument = Annotated[str, typer.Argument(help="Which playbook (`yunwang playbook list`).")]
HostOption = Annotated[list[str] | None, typer.Option("--host", help="Only hosts that match (shell wildcards); may be repeated.")]


@app.command("list")
def list_(json: JsonOption = False) -> None:
    """The playbooks, and which of them change hosts."""
    from yunwang.playbooks.catalogue import CATALOGUE

    if json:
        show.as_json([show.fields(one) | {"changes": one.changes} for one in CATALOGUE])
    else:
        for one in CATALOGUE:
            does = "changes them" if one.changes else "applies a plan" if one.applies else "only looks"
            show.out(f"{one.name:14} {one.on:9} {does:15} {one.title}")


@app.command()
@takes(TO_PLAN)
def plan(name: NameArgument, host: HostOption = None, *, given: Given) -> None:
    """Show what a playbook would change on each host."""
    changing.plan(["playbook"], given.asked(options=_chosen(name, host)), output=given.output)


@app.command()
@takes((*TO_LOOK, "plan", "yes", "detailed_exitcode", "wait", "break_glass"))
def run(
    name: NameArgument,
    host: HostOption = None,
    var: Annotated[list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="A variable; the value may be JSON.")] = None,
    vars_file: Annotated[Path | None, typer.Option("--vars", help="A JSON file of variables.")] = None,
    *,
    given: Given,
) -> None:
    """Run a playbook that only looks; plan, show, ask and apply one that changes hosts."""
    from yunwang.playbooks import catalogue

    if catalogue.named(name).changes:
        if var or vars_file:
            raise typer.BadParameter("what changes hosts goes by the workspace's files alone: no --var, no --vars")
        asked = given.asked(options=_chosen(name, host))
        changing.apply(["playbook"], asked, plan=given.plan, approved=False, yes=given.yes)
    else:
        _look(name, given.asked(targets=host or ()), _variables(var or [], vars_file))


def _chosen(name: str, host: list[str] | None) -> JsonObject:
    """The options of the job."""
    return {"playbook": name, "hosts": [*(host or ())]}


def _look(name: str, asked: changing.Asked, variables: JsonObject) -> None:
    from yunwang.journal.audit import By
    from yunwang.playbooks import catalogue
    from yunwang.playbooks.play import play, record

    session.verbosity(asked.verbose)
    loaded, playbook = session.load(asked.workspace), catalogue.named(name)
    hosts = catalogue.hosts(playbook, loaded, tuple(asked.targets))
    by = By(session.operator(), socket.gethostname(), " ".join(["yunwang", *sys.argv[1:]]))
    with session.journal(loaded) as journal:
        try:
            result = play(playbook, loaded, hosts, variables, show.Progress(quiet=asked.quiet))
        except Verdict as verdict:
            record(journal, playbook, hosts, by, verdict)
            raise
        record(journal, playbook, hosts, by, result)
    if asked.as_json:
        show.as_json(result.data)
    elif not asked.quiet:
        show.out(f"{playbook.title}: {len(hosts)} of {playbook.on} looked at, nothing is wrong", fg="green")
        show.out(f"all that was said: {result.artefacts}")


def _variables(words: list[str], file: Path | None) -> JsonObject:
    found: JsonObject = {}
    try:
        if file is not None:
            found |= json_.loads(file.read_text())
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{file} has no variables: {error}", remedy="name a file with one JSON object in it") from None
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.isidentifier():
            raise typer.BadParameter(f"--var {word}: write NAME=VALUE")
        try:
            found[name] = json_.loads(value)
        except ValueError:
            found[name] = value
    return found
