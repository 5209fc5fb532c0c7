"""`yunwang demo`: the main job on the demo city, as the same commands that an operator would type. Does nothing of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

import typer

from yunwang.cli import lab, session, show, signing
from yunwang.cli.changing import CHANGES
from yunwang.inventories import demo as demo_city
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import RunState

OPERATOR, APPROVER = demo_city.PEOPLE[:2]


class Command(NamedTuple):
    """What the operator types; `apply`: what follows it, once a second person has approved the plan that it wrote."""

    words: tuple[str, ...]
    apply: tuple[str, ...] = ()


STEPS = (
    (
        "The workspace's own faults (the demo has none; `yunwang init --with-faults` shows some)",
        (Command(("validate",)), Command(("secrets", "check"))),
    ),
    ("The plans' rules over the whole workspace", (Command(("policy", "check")),)),
    (
        "Tenants, quotas, dual-stack networks on two clouds, through Pulumi",
        (Command(("cloud", "plan"), ("cloud", "apply")),),
    ),
    (
        "IPv6 dual stack on sixteen devices, one plane after the other",
        (Command(("net", "plan"), ("net", "apply")), Command(("net", "verify"))),
    ),
    ("A hundred terminals' IP–MAC bindings", (Command(("bind", "apply", "--yes")), Command(("bind", "reconcile")))),
    (
        "The first wave of systems moves to the cloud while it is written to",
        (
            Command(("migrate", "assess")),
            Command(("migrate", "waves")),
            Command(("migrate", "plan"), ("migrate", "cutover")),
            Command(("migrate", "rooms")),
        ),
    ),
    ("The figures, and a record that nobody has touched", (Command(("report", "build")), Command(("history", "verify")))),
)


def run(folder: Path, *, quiet: bool, verbose: int) -> None:
    """Make what is missing, start the lab, do the job. A second time everything is found and nothing changed, and that is said."""
    began = time.monotonic()
    if not (folder / "yunwang.yaml").exists():
        demo_city.write(folder)
        show.out(f"wrote the demo city into {folder}", fg="green")
    workspace = session.load(folder)
    embedded = lab.find()
    status = embedded.up(workspace, show.Progress(quiet=quiet))
    show.out("the lab is up" if status.changed else "the lab was up already", fg="green")
    before = _runs(folder)
    common = ["-w", str(folder), *["-q"] * quiet, *["-v"] * verbose]
    for number, (title, commands) in enumerate(STEPS, 1):
        show.out()
        show.out(f"── {number} of {len(STEPS)} · {title}", bold=True)
        for words, apply in commands:
            if not apply:
                _command(folder, OPERATOR, [*words, *common])
                continue
            plan = str(folder / ".yunwang" / f"{words[0]}.plan")
            if _command(folder, OPERATOR, [*words, "-o", plan, "--detailed-exitcode", *common]) == CHANGES:
                _command(folder, APPROVER, ["approve", plan, "--yes", "-q", "-w", str(folder)])
                with embedded.clients(workspace, show.out) if "cutover" in apply else nullcontext():
                    _command(folder, OPERATOR, [*apply, "--plan", plan, "--yes", *common])
    runs = _runs(folder) - before
    memory = sum(part.memory_mib for part in embedded.status(workspace).parts)
    show.out()
    show.out(f"done in {time.monotonic() - began:.0f} s; the lab takes {memory} MiB", fg="green", bold=True)
    show.out(f"{len(runs)} runs changed something" if runs else "nothing was changed: everything was as intended already")
    show.out(f"report   {folder / 'report.html'}")
    show.out(f"history  yunwang history list -w {folder}")
    show.out(f"the lab  yunwang lab status -w {folder}   (yunwang lab down -w {folder} stops it)")


def _runs(folder: Path) -> set[str]:
    with session.journal(session.load(folder)) as journal:
        return {run.id for run in journal.runs() if run.state is not RunState.FAILED}


def _command(folder: Path, person: str, arguments: list[str]) -> int:
    """What a person would type, through the same front door. Raises Fatal where it does not end well."""
    from yunwang.cli.main import run as call

    show.out(f"$ YUNWANG_OPERATOR={person} yunwang {' '.join(arguments)}", fg="cyan")
    with _as(folder, person):
        code = call(arguments)
    if code == 130:
        raise typer.Exit(code)
    if code not in (0, CHANGES):
        raise Fatal(
            f"`yunwang {' '.join(arguments)}` ended with exit code {code}", remedy="see above; then run the demo again: it goes on"
        )
    return code


@contextmanager
def _as(folder: Path, person: str) -> Iterator[None]:
    """The variables by which a command is this person's, with their key of the demo."""
    mine = {"YUNWANG_OPERATOR": person, signing.KEY: str(folder / ".yunwang" / "keys" / person)}
    before = {name: os.environ.get(name) for name in mine}
    os.environ.update(mine)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
