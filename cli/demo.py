"""`yunwang demo`: the main job on the demo city, as the same commands that an operator would type. Does nothing of its own."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path

import typer

from yunwang.cli import lab, session, show
from yunwang.inventories import demo as demo_city
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import RunState

STEPS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("The workspace's own faults (the demo has none; `yunwang init --with-faults` shows some)", (("validate",),)),
    ("The plans' rules over the whole workspace", (("policy", "check"),)),
    ("Tenants, quotas, dual-stack networks on two clouds, through Pulumi", (("cloud", "apply", "--yes"),)),
    ("IPv6 dual stack on sixteen devices, one plane after the other", (("net", "apply", "--yes"), ("net", "verify"))),
    ("A hundred terminals' IP–MAC bindings", (("bind", "apply", "--yes"), ("bind", "reconcile"))),
    (
        "The first wave of systems moves to the cloud while it is written to",
        (("migrate", "assess"), ("migrate", "waves"), ("migrate", "cutover", "--yes"), ("migrate", "rooms")),
    ),
    ("The figures", (("report", "build"),)),
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
    for number, (title, commands) in enumerate(STEPS, 1):
        show.out()
        show.out(f"── {number} of {len(STEPS)} · {title}", bold=True)
        for command in commands:
            moving = embedded.clients(workspace, show.out) if "cutover" in command else nullcontext()
            with moving:
                _command([*command, "-w", str(folder), *["-q"] * quiet, *["-v"] * verbose])
    runs = _runs(folder) - before
    memory = sum(part.memory_mib for part in embedded.status(workspace).parts)
    show.out()
    show.out(f"done in {time.monotonic() - began:.0f} s; the lab takes {memory} MiB", fg="green", bold=True)
    show.out(f"{len(runs)} runs changed something" if runs else "nothing was changed: everything was as intended already")
    show.out(f"report   {folder / 'report.html'}")
    show.out(f"history  yunwang history list -w {folder}")
    show.out(f"the lab  yunwang lab status -w {folder}   (make demo-down stops it)")


def _runs(folder: Path) -> set[str]:
    with session.journal(session.load(folder)) as journal:
        return {run.id for run in journal.runs() if run.state is not RunState.FAILED}


def _command(arguments: list[str]) -> None:
    """What the operator would type, through the same front door. Raises Fatal where it does not end well."""
    from yunwang.cli.main import run as call

    show.out(f"$ yunwang {' '.join(arguments)}", fg="cyan")
    code = call(arguments)
    if code == 130:
        raise typer.Exit(code)
    if code:
        raise Fatal(
            f"`yunwang {' '.join(arguments)}` ended with exit code {code}", remedy="see above; then run the demo again: it goes on"
        )
