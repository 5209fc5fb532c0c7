"""Push exactly the plan's lines to a device under the net that it has, and commit. Never saves: that waits for the verification."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import TypeAlias

from pydantic import TypeAdapter

from yunwang.inventories.plan import Change, Outcome
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import HungUp, Session, Silent, nets
from yunwang.network.transport.delivery import Delivered, Delivery, deliver
from yunwang.network.vendors import Vendor

Ways: TypeAlias = tuple[Callable[[], AbstractContextManager[Session]], ...]
"""How a device is reached: at its address, and at the one that a change gives it."""
Sent: TypeAlias = MutableMapping[str, float]
"""What this process knows of its pushes, by change: 0: nothing was sent; else when a net will have acted, by time.monotonic()."""
Deliver: TypeAlias = Callable[[Delivery], Delivered]
"""Brings lines to a device in a session of its own. Raises as `deliver`."""

_LINES = TypeAdapter(tuple[PatchLine, ...])


def push(ways: Ways, its: Vendor, change: Change, sent: Sent, by: Deliver | None = None) -> Outcome:
    """What the device said to the change's lines, brought `by` another way than a session of ours if given. Raises Verdict."""
    moving, ended = len(ways) > 1, ""
    try:
        outcome = _push(ways[0], its, change, sent, by, moving=moving)
    except (HungUp, Silent, Retryable) as verdict:
        if not moving or not sent.get(change.id) or not _was_moving(change, verdict):
            raise
        ended = verdict.message
        outcome = Outcome(summary="all lines sent, the session ended with the last ones", evidence={"ended": ended})
    if moving:
        _answers(ways[1], change, ended)
    return outcome


@contextmanager
def nothing_sent(change: Change, sent: Sent) -> Iterator[None]:
    """What fails in here fails before anything was sent."""
    try:
        yield
    except Verdict:
        sent.setdefault(change.id, 0.0)
        raise


def confirm(session: Session, its: Vendor, change: Change) -> None:
    """A change has proved itself: its net, where it has one, is to wait no longer. Raises Fatal where the device will not."""
    if its.session.net is not None and net_seconds(change):
        nets.confirm(session, its.session.net, net_seconds(change))


def lines(change: Change) -> tuple[PatchLine, ...]:
    """The lines that a plan keeps of a change."""
    return _LINES.validate_python(change.forward["lines"])


def net_seconds(change: Change) -> int:
    """How long the net holds that a plan gives a change; 0: none."""
    held = change.forward.get("net", 0)
    assert isinstance(held, int)
    return held


def _push(
    way: Callable[[], AbstractContextManager[Session]],
    its: Vendor,
    change: Change,
    sent: Sent,
    by: Deliver | None,
    *,
    moving: bool,
) -> Outcome:
    held = net_seconds(change)
    what = Delivery(lines=lines(change), held=held, moving=moving)
    with ExitStack() as stack:
        if by is None:
            with nothing_sent(change, sent):
                by = partial(deliver, stack.enter_context(way()), its.session)
        sent[change.id] = time.monotonic() + held
        try:
            done = by(what)
        finally:
            sent[change.id] = time.monotonic() + held
    if done.lacking:
        sent[change.id] = time.monotonic()
    return Outcome(
        summary=f"{len(done.lines)} lines accepted"
        + (", committed" if done.committed else "")
        + (f", WITHOUT its net: {done.lacking}" if done.lacking else f", on trial for {held} s" if held else ""),
        evidence={
            "lines": list(done.lines),
            "remarks": list(done.remarks),
            "committed": done.committed,
            "net": bool(held) and not done.lacking,
            **({"artefacts": done.artefacts} if done.artefacts else {}),
        },
    )


def _was_moving(change: Change, verdict: Verdict) -> bool:
    """Was everything sent but what moves the management address, or what comes after it?"""
    if not isinstance(verdict, HungUp | Silent):
        return True  # outside the lines: at the commit
    last = [line.text for line in lines(change) if line.management]
    return verdict.unknown in last or len(verdict.accepted) >= len(lines(change))


def _answers(way: Callable[[], AbstractContextManager[Session]], change: Change, ended: str) -> None:
    try:
        with way():
            return
    except Verdict as verdict:
        raise Fatal(
            f"does not answer at its new address {change.forward['moves_to']}: {verdict.message}"
            + (f"; the session before ended with: {ended}" if ended else ""),
            remedy="its net takes the change back" if net_seconds(change) else "it has no net: go to its console",
            target=change.target,
        ) from None
