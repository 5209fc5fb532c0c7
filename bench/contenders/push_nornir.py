"""The lines to every device by nornir with its netmiko plugin, a thread a device. Runs in nornir-netmiko's own environment."""

from __future__ import annotations

import re
from pathlib import Path

from nornir.core import Nornir  # type: ignore[import-not-found]  # none of these is in ours
from nornir.core.configuration import Config  # type: ignore[import-not-found]
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory  # type: ignore[import-not-found]
from nornir.core.plugins.connections import ConnectionPluginRegister  # type: ignore[import-not-found]
from nornir.plugins.runners import ThreadedRunner  # type: ignore[import-not-found]
from nornir_netmiko.tasks import netmiko_send_config  # type: ignore[import-not-found]

from bench.stopwatch import timed, told

TASK = told()
PASSWORD = (Path(TASK["root"]) / TASK["password"].removeprefix("file://")).read_text().strip()
ERRORS = re.compile(r"Error:|% ?(?:Invalid|Incomplete|Ambiguous|Unrecognized|Unknown|Wrong)")
"""Looked for in the whole output: with netmiko's own error_pattern some drivers wait for silence after each line."""


def host(spec: dict[str, object]) -> Host:
    """nornir's noun."""
    extras = ConnectionOptions(extras={"fast_cli": True}, platform=TASK["platform"])
    reached = {"hostname": spec["host"], "port": spec["port"], "username": spec["username"], "password": PASSWORD}
    return Host(name=spec["name"], connection_options={"netmiko": extras}, **reached)


def everywhere() -> int:
    """All devices: log in, send the lines with an eye on errors, log out; how many did not fail."""
    ConnectionPluginRegister.auto_register()
    hosts = Hosts({spec["name"]: host(spec) for spec in TASK["devices"]})
    nornir = Nornir(
        inventory=Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()),
        runner=ThreadedRunner(num_workers=TASK["workers"]),
        config=Config(),
    )
    done = nornir.run(netmiko_send_config, config_commands=TASK["lines"])
    nornir.close_connections()
    done.raise_on_error()
    if found := [name for name, said in done.items() if ERRORS.search(said.result)]:
        raise RuntimeError(f"{found[0]} refused a line")
    return len(done)


timed(everywhere)
