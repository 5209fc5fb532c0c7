"""`python -m yunwang.lab.devices FOLDER PASSWORD-FILE`: play FOLDER/city.json. Never goes to the background."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from yunwang.lab.devices.server import CitySpec, serve


async def _main(folder: Path, password_file: Path) -> None:
    serving = asyncio.create_task(
        serve(
            folder,
            password_file.read_text(encoding="utf-8").strip(),
            CitySpec.model_validate_json((folder / "city.json").read_bytes()),
        )
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m yunwang.lab.devices FOLDER PASSWORD-FILE")
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2])))
