"""A client that keeps writing numbered records through the gateway and knows which ones were acknowledged. Standard library only.

Never counts a record that was not acknowledged; sends it again until it is, under the same key, so that none is stored twice.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from types import TracebackType

PAUSE_SECONDS = 0.02
ANSWER_SECONDS = 10.0


class Writer:
    """Writes from `with` to its end. `acknowledged` are the keys that the service has promised to keep."""

    def __init__(self, url: str, label: str = "writer", pause: float = PAUSE_SECONDS) -> None:
        self.url = url.rstrip("/")
        self.label = label
        self.acknowledged: list[str] = []
        self.refused = 0
        """Answers 503: writes were off."""
        self.unanswered = 0
        """Connections that failed or broke."""
        self.longest_pause = 0.0
        """Seconds between two acknowledgements, at most: what a writing client noticed of a move."""
        self._pause = pause
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write, name=label, daemon=True)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end.set()
        self._thread.join(2 * ANSWER_SECONDS)

    def lost(self) -> list[str]:
        """Acknowledged records that the service does not have: what must be empty after a move. Raises OSError."""
        kept: set[str] = set()
        after = 0
        while page := self._page(after):
            kept.update(str(record["key"]) for record in page)
            after = int(str(page[-1]["id"]))
        return [key for key in self.acknowledged if key not in kept]

    def _page(self, after: int) -> list[dict[str, object]]:
        with urllib.request.urlopen(f"{self.url}/records?after={after}&limit=1000", timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - http is asked for
            return list(json.load(answer))

    def _write(self) -> None:
        number, last = 1, time.monotonic()
        while not self._end.is_set():
            key = f"{self.label}-{number}"
            if self._acknowledged(key):
                self.acknowledged.append(key)
                self.longest_pause, last = max(self.longest_pause, time.monotonic() - last), time.monotonic()
                number += 1
            self._end.wait(self._pause)

    def _acknowledged(self, key: str) -> bool:
        body = json.dumps({"key": key, "value": f"written by {self.label}"}).encode()
        request = urllib.request.Request(f"{self.url}/records", data=body, headers={"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                return answer.status in (200, 201)
        except urllib.error.HTTPError as error:
            self.refused += error.code == 503
        except (OSError, http.client.HTTPException):
            self.unanswered += 1
        return False
