"""The lines to every device by scrapli's native driver over libssh2. Runs in scrapli's own environment."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import scrapli.definitions  # type: ignore[import-not-found]  # not in ours
from scrapli import AuthOptions, Cli, TransportSsh2Options

from bench.stopwatch import timed, told

TASK = told()
PASSWORD = (Path(TASK["root"]) / TASK["password"].removeprefix("file://")).read_text().strip()
NAMES = {"huawei_vrpv8": "huawei_vrp", "ruijie_os": "ruijie_rgos", "cisco_ios": "cisco_iosxe"}
NAME = NAMES.get(TASK["platform"], TASK["platform"])
DEFINITION = Path(TASK["root"]) / f"{NAME}.yaml"
GIVEN = Path(scrapli.definitions.__file__).with_name(f"{NAME}.yaml").read_text()
DEFINITION.write_text(GIVEN.replace(r"'^.*[>#$]\s?+$'", r"'^.*[>#$\]]\s?+$'"))
"""Comware's first pattern knows no `]`, and waits for one until it gives up."""


async def push(device: dict[str, Any], workers: asyncio.Semaphore) -> int:
    """Log in, send the lines, stop at the first that fails, log out."""
    async with (
        workers,
        Cli(
            device["host"],
            port=device["port"],
            definition_file_or_name=str(DEFINITION),
            auth_options=AuthOptions(username=device["username"], password=PASSWORD),
            transport_options=TransportSsh2Options(),
        ) as line,
    ):
        reply = await line.send_inputs_async(TASK["lines"], requested_mode="configuration", stop_on_indicated_failure=True)
    if reply.failed:
        raise RuntimeError(f"{device['name']}: {reply.results_failed_indicator}")
    return len(TASK["lines"])


async def everywhere() -> int:
    """All devices."""
    workers = asyncio.Semaphore(TASK["workers"])
    return sum(await asyncio.gather(*(push(device, workers) for device in TASK["devices"])))


timed(lambda: asyncio.run(everywhere()))
