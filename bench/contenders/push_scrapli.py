"""The lines to every device by scrapli's asynchronous driver over asyncssh. Runs in scrapli's own environment."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from scrapli import AsyncScrapli  # type: ignore[import-not-found]  # not in ours

from bench.stopwatch import timed, told

TASK = told()
PASSWORD = (Path(TASK["root"]) / TASK["password"].removeprefix("file://")).read_text().strip()


async def push(device: dict[str, Any], workers: asyncio.Semaphore) -> int:
    """Log in, send the lines, stop at the first that fails, log out."""
    async with (
        workers,
        AsyncScrapli(
            platform="huawei_vrp",
            transport="asyncssh",
            host=device["host"],
            port=device["port"],
            auth_username=device["username"],
            auth_password=PASSWORD,
            auth_strict_key=False,
        ) as line,
    ):
        reply = await line.send_configs(TASK["lines"], stop_on_failed=True)
    reply.raise_for_status()
    return len(reply)


async def everywhere() -> list[int]:
    """All devices."""
    workers = asyncio.Semaphore(TASK["workers"])
    return list(await asyncio.gather(*(push(device, workers) for device in TASK["devices"])))


timed(lambda: asyncio.run(everywhere()))
