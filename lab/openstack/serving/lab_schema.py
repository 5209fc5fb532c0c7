"""Empty databases, made once and copied for every cloud: `python lab_schema.py FOLDER SERVICE...`. Never touches a cloud's own."""
# mypy: disable-error-code="import-not-found, index"
# Reason: OpenStack's services are not installed where mypy runs.

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMANDS: dict[str, tuple[str, str, tuple[tuple[str, ...], ...]]] = {
    "keystone": ("keystone.cmd.manage", "keystone", (("db_sync",),)),
    "placement": ("placement.cmd.manage", "placement", (("db", "sync"),)),
    "glance": ("glance.cmd.manage", "glance-api", (("db_sync",),)),
    "cinder": ("cinder.cmd.manage", "cinder", (("db", "sync"),)),
    "nova": ("nova.cmd.manage", "nova", (("api_db", "sync"), ("db", "sync", "--local_cell"))),
}


def main(folder: Path, services: list[str]) -> None:
    """Make the services' databases in folder/db, each command in a process of its own: they keep global state."""
    for service in services:
        if service == "neutron":
            neutron(f"sqlite:///{folder}/db/neutron.sqlite")
            continue
        module, config, commands = COMMANDS[service]
        for command in commands:
            program = f"import sys; from {module} import main; sys.exit(main())"
            arguments = ["--config-file", str(folder / f"etc/{config}.conf"), *command]
            subprocess.run([sys.executable, "-c", program, *arguments], check=True)
        if service == "nova":
            shutil.copy(folder / "db/nova_cell1.sqlite", folder / "db/nova_cell0.sqlite")
    for path in (folder / "db").glob("*.sqlite"):
        if any(path.name.startswith(service) for service in services):
            database = sqlite3.connect(path)
            database.execute("PRAGMA journal_mode=WAL")  # readers and a writer at the same time; kept in the file
            database.close()


def neutron(connection: str) -> None:
    """neutron's old migrations cannot run on SQLite: make the tables from its models instead."""
    import sqlalchemy
    from neutron.db.migration.models import head

    engine = sqlalchemy.create_engine(connection)
    metadata = head.get_metadata()
    metadata.create_all(engine)
    [path] = Path(head.__file__).parents[1].glob("**/*_security_group_default_rules.py")
    spec = importlib.util.spec_from_file_location("rules", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be loaded")
    rules: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rules)
    tables = metadata.tables
    with engine.begin() as rows:  # the one migration that puts in rows: the default security group's rules
        for rule in rules.default_template_rules:
            attributes = {"resource_type": rules.table_name, "description": rule.pop("description"), "revision_number": 0}
            made = rows.execute(tables["standardattributes"].insert().values(**attributes))
            rows.execute(tables[rules.table_name].insert().values(standard_attr_id=made.inserted_primary_key[0], **rule))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
