"""An S3 service of one process on loopback: moto's server. What it holds is gone with it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, bucket: str) -> Iterator[str]:
    """`127.0.0.1:PORT` of one that has a bucket, for as long as this lasts; `folder` is for its log."""
    log = folder / "moto.log"
    with (
        log.open("wb") as out,
        subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stdout=out, stderr=out) as server,
    ):
        try:
            while (found := re.search(r"Running on http://(127\.0\.0\.1:\d+)", log.read_text())) is None:
                assert server.poll() is None, log.read_text()
                time.sleep(0.05)
            urllib.request.urlopen(urllib.request.Request(f"http://{found[1]}/{bucket}", method="PUT"), timeout=60).close()
            yield found[1]
        finally:
            server.terminate()
