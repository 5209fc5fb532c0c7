"""`yunwang lab`: the embedded lab of a workspace, found through the entry point group `yunwang.labs`. No logic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import entry_points
from typing import Annotated, Protocol

import typer

from yunwang.cli import session, show
from yunwang.cli.options import JsonOption, QuietOption, VerboseOption, WorkspaceOption
from yunwang.inventories.reading import salvage
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace

app = typer.Typer(
    help="The embedded lab: a real OpenStack, devices and hosts over SSH.", no_args_is_help=True, rich_markup_mode=None
)


class Part(Protocol):
    """One thing of a lab: a service, a device, a machine."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def address(self) -> str:
        """Where it is reached."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    @property
    def memory_mib(self) -> int:
        """What it takes."""


class Status(Protocol):
    """A lab as it stands; `changed` tells whether the call that gave it changed anything."""

    @property
    def changed(self) -> bool:
        """Whether anything was started, stopped or mended."""

    @property
    def parts(self) -> Sequence[Part]:
        """Everything in it."""


class Lab(Protocol):
    """What an entry point of the group `yunwang.labs` gives."""

    def up(self, workspace: Workspace, say: Callable[[str], None]) -> Status:
        """Start what the workspace's lab.yaml describes; mend what crashed; change nothing where all runs."""

    def down(self, workspace: Workspace, say: Callable[[str], None], purge: bool = False) -> None:
        """Stop it all; `purge` forgets its state too."""

    def status(self, workspace: Workspace) -> Status:
        """What runs."""

    def environment(self, workspace: Workspace) -> dict[str, str]:
        """Variables with which other tools reach the lab."""

    def clients(self, workspace: Workspace, say: Callable[[str], None]) -> AbstractContextManager[None]:
        """Clients that write to the lab's services for as long as this lasts, then count what was kept. Raises Fatal for a loss."""


def find(name: str = "embedded") -> Lab:
    """The installed lab of that name. Raises Refused where it, or what it needs, is not installed."""
    try:
        [entry] = entry_points(group="yunwang.labs", name=name)
        lab: Lab = entry.load()()
    except ValueError:
        raise Refused(f"no lab named {name} is installed", remedy="install yunwang with its extra: yunwang[lab]") from None
    except ModuleNotFoundError as error:
        raise Refused(f"the lab needs {error.name}", remedy="install yunwang with its extra: yunwang[lab]") from None
    return lab


@app.command()
def up(workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0) -> None:
    """Start the lab, or mend it; where all of it runs, nothing is changed."""
    session.verbosity(verbose)
    status_ = find().up(session.load(workspace), show.Progress(quiet=quiet))
    show_status(status_, as_json=json, quiet=quiet and not json)
    if not json:
        show.out("the lab is up" if status_.changed else "the lab was up already: nothing changed", fg="green")


@app.command()
def down(
    workspace: WorkspaceOption = None,
    quiet: QuietOption = False,
    verbose: VerboseOption = 0,
    purge: Annotated[bool, typer.Option("--purge", help="Forget its state too: the next `up` starts from nothing.")] = False,
) -> None:
    """Stop everything that `up` started; its state is kept unless --purge. Faults in the workspace's files do not matter."""
    session.verbosity(verbose)
    find().down(salvage(session.find_workspace(workspace)), show.Progress(quiet=quiet), purge)
    show.out("the lab is down" + (", its state is gone" if purge else ", its state is kept (--purge forgets it)"))


@app.command()
def status(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """What runs, where, and what memory it takes, whatever the files say. Exit code 1 where something is not running."""
    session.verbosity(verbose)
    status_ = find().status(salvage(session.find_workspace(workspace)))
    show_status(status_, as_json=json, quiet=quiet)
    if not status_.parts or not all(part.alive for part in status_.parts):
        raise typer.Exit(1)


@app.command()
def env(
    workspace: WorkspaceOption = None, json: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Print shell lines with which other tools (openstack, ansible) reach the lab: eval "$(yunwang lab env)"."""
    session.verbosity(verbose)
    variables = find().environment(session.load(workspace))
    if json:
        show.as_json(variables)
    elif not quiet:
        for name, value in variables.items():
            show.out(f"export {name}='{value}'")


def show_status(value: Status, *, as_json: bool, quiet: bool) -> None:
    """A line per part."""
    parts = [
        {"name": part.name, "kind": part.kind, "address": part.address, "alive": part.alive, "memory_mib": part.memory_mib}
        for part in value.parts
    ]
    if as_json:
        show.as_json({"changed": value.changed, "parts": parts})
    elif not quiet:
        for part in value.parts:
            show.out(f"{part.name:28} {part.kind:14} {part.address:34} {'up' if part.alive else 'DOWN':5} {part.memory_mib:5} MiB")
