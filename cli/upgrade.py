"""`yunwang upgrade`: what an older yunwang wrote becomes what this one reads. Shows what it will do first; no logic."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import ValidationError

from yunwang.cli import changing, session, show
from yunwang.cli.options import QuietOption, VerboseOption, WorkspaceOption, YesOption
from yunwang.credentials.resolve import follow
from yunwang.inventories.upgrade import PASSWORD_FILE, Upgraded, upgraded
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Settings


def upgrade(
    workspace: WorkspaceOption = None, yes: YesOption = False, quiet: QuietOption = False, verbose: VerboseOption = 0
) -> None:
    """Bring the workspace and its journal to this version; an SQLite journal is copied first."""
    from yunwang.journal import schema
    from yunwang.journal.database import Database

    session.verbosity(verbose)
    root = session.find_workspace(workspace)
    made = upgraded(_text(root / "yunwang.yaml"))
    settings = _settings(made)
    journal, password = settings.journal, made.password
    if password is None and journal.password is not None:
        password = follow(journal.password, root, settings.secrets)
    with closing(Database.at(journal.url, root / ".yunwang", password)) as database:
        migrations = schema.pending(database)
        if not made.deeds and not migrations:
            if not quiet:
                show.out("The workspace and its journal are of this version.")
            return
        for deed in (*made.deeds, *(f"journal: {migration.summary}" for migration in migrations)):
            show.out(deed)
        if not yes:
            changing.confirm("Do this? No other yunwang may be at work here.")
        _write(root, made)
        if migrations:
            copy = schema.back_up(database, datetime.now(UTC))
            if copy is not None and not quiet:
                show.out(f"the journal as it was: {copy}")
            schema.migrate(database)
    if migrations:
        _tell(root, settings, password, [migration.revision for migration in migrations])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}", remedy="name the workspace's folder with -w") from None


def _settings(made: Upgraded) -> Settings:
    try:
        return Settings.model_validate(yaml.safe_load(made.text))
    except ValidationError:
        raise Refused("yunwang.yaml has faults", remedy="`yunwang validate` shows them all") from None


def _write(root: Path, made: Upgraded) -> None:
    """The password first: a URL without it would be of no use."""
    try:
        if made.password is not None:
            secret = root / PASSWORD_FILE
            secret.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(made.password + "\n")
        if made.deeds:
            new = root / "yunwang.yaml.new"
            new.write_text(made.text, encoding="utf-8")
            new.chmod((root / "yunwang.yaml").stat().st_mode)
            new.replace(root / "yunwang.yaml")
    except OSError as error:
        raise Fatal(f"{error.filename} cannot be written: {error.strerror}", remedy="mend its permissions") from None


def _tell(root: Path, settings: Settings, password: str | None, revisions: list[str]) -> None:
    from yunwang.journal.store import Journal

    with closing(Journal.open(settings.journal.url, root / ".yunwang", password=password, chain=settings.journal.chain)) as journal:
        journal.audit.append(
            "journal.upgraded",
            operator=session.operator(),
            host=socket.gethostname(),
            command=" ".join(["yunwang", *sys.argv[1:]]),
            details={"revisions": [*revisions]},
        )
