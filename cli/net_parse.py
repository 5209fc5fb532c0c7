"""`yunwang net parse`: what a display command printed, as typed facts in JSON. No logic."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from yunwang.cli import show
from yunwang.inventories.network import Platform
from yunwang.inventories.verdict import Fatal
from yunwang.network.facts.model import Fact
from yunwang.network.vendors import vendor


def parse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What the command printed; - is standard input.")],
    platform: Annotated[Platform, typer.Option("--platform", help="Whose output it is.")],
    command: Annotated[str, typer.Option("--command", help="The command that printed it; words may be abbreviated.")],
) -> None:
    """Print the facts in a device's output as JSON: addresses, MACs, VLANs and interfaces in one spelling."""
    facts: tuple[Fact, ...] = vendor(platform).parse.read(command, _text(file))
    show.as_json([fact.model_dump(mode="json") for fact in facts])


def _text(file: str) -> str:
    try:
        return (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode("utf-8", errors="replace")
    except OSError as error:
        raise Fatal(f"{file} cannot be read: {error.strerror}", remedy="check its name and your permissions") from error
