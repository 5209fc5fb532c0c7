"""`yunwang`: the root of the command line, and the one place where a verdict becomes an exit code."""

from __future__ import annotations

import sys
from typing import Annotated, cast

import typer

from yunwang import __version__
from yunwang.cli import (
    approve,
    bind,
    cloud,
    history,
    lab,
    lock,
    migrate,
    net,
    playbook,
    policy,
    report,
    root,
    secrets,
    show,
    show_plan,
)
from yunwang.inventories.verdict import Verdict

USAGE = 64
"""Exit code of a wrong call (sysexits' EX_USAGE): 2 means `there are changes`."""
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__base__)  # typer has it, and does not export it

app = typer.Typer(
    name="yunwang",
    help="Runs a city's government cloud and e-government extranet: plan, check, apply in waves, verify, take back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"yunwang {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Runs a city's government cloud and e-government extranet."""


root.register(app)
app.command()(approve.approve)
app.command("show")(show_plan.show_plan)
for name, group in (
    ("cloud", cloud.app),
    ("net", net.app),
    ("bind", bind.app),
    ("migrate", migrate.app),
    ("playbook", playbook.app),
    ("policy", policy.app),
    ("report", report.app),
    ("lab", lab.app),
    ("history", history.app),
    ("lock", lock.app),
    ("secrets", secrets.app),
):
    app.add_typer(group, name=name)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 refused or failed, 2 changes (asked for), 64 wrong call, 130 interrupted."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One call of the command line; its exit code."""
    try:
        result = app(arguments, prog_name="yunwang", standalone_mode=False)
        return result if isinstance(result, int) else 0  # outside standalone mode, an Exit comes back as its code
    except UsageError as error:
        error.show()
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("interrupted: `yunwang history list` shows whether a run waits for `yunwang resume`", err=True)
        return 130
    except BrokenPipeError:  # `yunwang … | head`
        sys.stderr.close()
        return 1
    except Verdict as verdict:
        show.verdict(verdict)
        return 1


if __name__ == "__main__":
    main()
