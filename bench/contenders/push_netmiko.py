"""The lines to every device by netmiko as it is, a thread a device. Runs in netmiko's own environment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from netmiko import ConnectHandler

from bench.stopwatch import timed, told

TASK = told()
PASSWORD = (Path(TASK["root"]) / TASK["password"].removeprefix("file://")).read_text().strip()


def push(device: dict[str, Any]) -> int:
    """Log in, send the lines with their echoes checked, stop at an error, log out."""
    reached = {name: device[name] for name in ("host", "port", "username")}
    with ConnectHandler(device_type="huawei_vrp", password=PASSWORD, **reached) as line:
        line.send_config_set(TASK["lines"], error_pattern="Error:")
    return len(TASK["lines"])


def everywhere() -> list[int]:
    """All devices."""
    with ThreadPoolExecutor(TASK["workers"]) as pool:
        return list(pool.map(push, TASK["devices"]))


timed(everywhere)
