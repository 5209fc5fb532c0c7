"""Waiting until a service is done with what it was asked. Never decides whether it went well."""

from __future__ import annotations

import time
from collections.abc import Callable

from yunwang.stacks.openstack.session import Json

LONGEST = 600.0
"""Seconds for a server to be built, a volume to be filled: then whoever waits says so, and what was made is kept."""
_FIRST, _MOST = 0.2, 3.0
"""Seconds between two looks, growing."""


def until(done: Callable[[Json], bool], look: Callable[[], Json | None], seconds: float = LONGEST) -> Json | None:
    """The resource once it is done, or as it stands when the time is up; None when it is gone."""
    deadline, pause = time.monotonic() + seconds, _FIRST
    while True:
        one = look()
        if one is None or done(one) or time.monotonic() > deadline:
            return one
        time.sleep(pause)
        pause = min(_MOST, pause * 1.5)
