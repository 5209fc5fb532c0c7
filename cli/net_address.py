"""`yunwang net address`: the IPv6 address plan. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import session, show
from yunwang.cli.options import DetailedOption, JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.credentials.resolve import resolve
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import AddressRecord
from yunwang.inventories.reading.tables import read_table
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.addresses import register
from yunwang.network.addresses.book import Book

app = typer.Typer(help="The IPv6 address plan: who has which prefix.", no_args_is_help=True, rich_markup_mode=None)
NetBoxOption = Annotated[str | None, typer.Option("--netbox", metavar="URL", help="A NetBox, by its base address.")]
TokenOption = Annotated[
    str, typer.Option("--token", metavar="REFERENCE", help="Where NetBox's token is (`env://NAME`, `file://PATH` …); never itself.")
]
WriteOption = Annotated[bool, typer.Option("--write", help=f"Add the rows to {register.FILE}.")]
TOKEN = "env://NETBOX_TOKEN"


@app.command()
def plan(
    workspace: WorkspaceOption = None,
    write: WriteOption = False,
    json: JsonOption = False,
    detailed_exitcode: DetailedOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
) -> None:
    """Give a prefix to every site, VLAN and link that lacks one; what has one keeps it."""
    session.verbosity(verbose)
    loaded = session.load(workspace)
    rows, found = register.allot(loaded)
    _told(loaded, rows, found, write=write, json=json, quiet=quiet)
    if detailed_exitcode and rows:
        raise typer.Exit(2)


@app.command("show")
def show_(
    workspace: WorkspaceOption = None,
    csv: Annotated[bool, typer.Option("--csv", help="As a table for spreadsheets.")] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show every prefix, IPv6 beside IPv4, and how full each level is."""
    if csv and json:
        raise typer.BadParameter("--csv and --json exclude each other")
    book = Book.of(session.load(workspace))
    entries, uses = book.entries(), book.uses()
    if json:
        show.as_json({"entries": [show.fields(each) for each in entries], "uses": [show.fields(each) for each in uses]})
        return
    if csv:
        show.out(register.entries_csv(entries).rstrip("\n"))
        return
    for each in entries:
        name = f"{each.name} {each.vlan}" if each.vlan else each.name
        show.out(f"{each.ipv6!s:32} {each.kind:9} {name:34} {each.ipv4 or ''!s:20} {each.title}".rstrip())
    for use in () if quiet else uses:
        show.out(f"{use.level} below {use.site or 'the top'}: {use.used} of {use.usable} numbers in use")


@app.command()
def check(workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False) -> None:
    """Look for overlaps, addresses that are there twice, what has no prefix yet, and levels that are nearly full."""
    found = Book.of(session.load(workspace)).check()
    if json:
        show.as_json([each.model_dump(mode="json") for each in found])
    elif found or not quiet:
        show.findings(found)
    _fail_on_errors(found)


@app.command("export")
def export_(
    workspace: WorkspaceOption = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a table.")] = None,
    netbox: NetBoxOption = None,
    token: TokenOption = TOKEN,
    quiet: QuietOption = False,
) -> None:
    """Write the plan as CSV, or into NetBox (adds and corrects, deletes nothing)."""
    _one_of(csv, netbox)
    loaded = session.load(workspace)
    entries = Book.of(loaded).entries()
    if csv is not None:
        show.file(csv, register.entries_csv(entries))
        told = f"wrote {len(entries)} prefixes to {csv}"
    else:
        from yunwang.network.addresses import netbox as remote

        created, changed = remote.push(entries, netbox or "", resolve(token, loaded))
        told = f"NetBox: {created} prefixes added, {changed} corrected, {len(entries) - created - changed} as they were"
    if not quiet:
        show.out(told)


@app.command("import")
def import_(
    workspace: WorkspaceOption = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=f"A table: {','.join(register.COLUMNS)}.")] = None,
    netbox: NetBoxOption = None,
    token: TokenOption = TOKEN,
    write: WriteOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Take over prefixes that a table or NetBox has for our sites, VLANs and links; show what contradicts ours."""
    _one_of(csv, netbox)
    loaded = session.load(workspace)
    if csv is not None:
        theirs = _table(csv)
    else:
        from yunwang.network.addresses import netbox as remote

        theirs = remote.pull(netbox or "", resolve(token, loaded))
    rows, found = register.adopt(loaded, theirs)
    _told(loaded, rows, found, write=write, json=json, quiet=quiet)


def _one_of(csv: Path | None, netbox: str | None) -> None:
    if (csv is None) == (netbox is None):
        raise Refused("name one of --csv and --netbox", remedy="`--csv FILE`, or `--netbox URL --token env://NAME`")


def _table(file: Path) -> tuple[AddressRecord, ...]:
    """A table's rows; of one that `export --csv` wrote, those that the register may hold."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or error}", remedy="give a CSV file in UTF-8"
        ) from None
    table = read_table(AddressRecord, file.name, register.narrowed(text))
    if table.findings:
        raise Refused(f"{file} has faults", remedy="correct the table", findings=tuple(table.findings))
    return tuple(table.rows)


def _told(
    workspace: Workspace, rows: tuple[AddressRecord, ...], found: tuple[Finding, ...], *, write: bool, json: bool, quiet: bool
) -> None:
    if write and rows:
        register.write(workspace.root, rows)
    if json:
        show.as_json(
            {
                "rows": [row.model_dump(mode="json") for row in rows],
                "findings": [each.model_dump(mode="json") for each in found],
                "written": write and bool(rows),
            }
        )
    else:
        for row in rows:
            show.out(f"+ {row.ipv6!s:32} {row.kind} {row.name}{f' VLAN {row.vlan}' if row.vlan else ''}", fg="green")
        if found:
            show.findings(found)
        if not quiet:
            show.out(_summary(len(rows), written=write))
    _fail_on_errors(found)


def _summary(count: int, *, written: bool) -> str:
    if not count:
        return "Nothing to give out: everything has its prefix."
    return f"{count} rows added to {register.FILE}" if written else f"{count} rows to add; --write adds them to {register.FILE}"


def _fail_on_errors(found: tuple[Finding, ...]) -> None:
    if any(each.severity is Severity.ERROR for each in found):
        raise typer.Exit(1)
