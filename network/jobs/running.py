"""Read what a device runs, as a tree. Never takes half a configuration for a whole one."""

from __future__ import annotations

from yunwang.inventories.verdict import Retryable
from yunwang.network.configuration.config import Config, parse
from yunwang.network.transport import Session
from yunwang.network.vendors import Vendor


def read(session: Session, its: Vendor) -> Config:
    """The running configuration as a tree. Raises Retryable where the device stopped before its end."""
    running = parse(session.running(), its.rules)
    if not running.complete:
        raise Retryable(
            "the running configuration breaks off before its end",
            remedy="the device may be busy; the wire log shows what it sent",
            target=session.target,
            delay=5.0,
        )
    return running
