"""Take a change on a device back: read it anew, send what leads back from there, look again, save. Never a blind reverse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from yunwang.inventories.noun import digest
from yunwang.inventories.plan import Change, Outcome
from yunwang.inventories.verdict import Fatal, Retryable, Verdict
from yunwang.network.configuration.patch import patch
from yunwang.network.jobs.delta import made
from yunwang.network.jobs.push import Sent, Ways, net_seconds
from yunwang.network.jobs.running import read
from yunwang.network.transport import HungUp, Session, Silent, nets
from yunwang.network.vendors import Vendor

TRIES = 4
"""How often a device that cannot be reached is tried again before a change on it is given up as not taken back."""
MARGIN_SECONDS = 30.0
"""How much longer than a net holds, for a device to have acted on it."""
BOOT_SECONDS = 600.0
"""The same where it has to boot for that."""


def back(ways: Ways, its: Vendor, change: Change, sent: Sent, say: Callable[[str], None]) -> Outcome:
    """Undo a change as far as it goes, once the device can be reached: at the latest when its net has acted.

    Raises Verdict where the device is not back afterwards.
    """
    until = sent.get(change.id, time.monotonic() + net_seconds(change))  # another process may have pushed it
    if not until:
        return Outcome(summary="nothing was sent to it, nothing is to be taken back")
    if net_seconds(change):
        until += BOOT_SECONDS if its.session.net and its.session.net.reboots else MARGIN_SECONDS
    tries = 0
    while True:
        tries += 1
        try:
            with _reached(ways) as session:
                return _back(session, its, change)
        except (Retryable, HungUp, Silent) as verdict:  # also where the way back itself ends the session: look again
            left = until - time.monotonic()
            if tries >= TRIES and left < 0:
                raise
            if tries == TRIES:
                say(f"{change.target}: {verdict.message}; its net may bring it back: trying for {left:.0f} s more")
            time.sleep(verdict.delay if isinstance(verdict, Retryable) else 0.0)


@contextmanager
def _reached(ways: Ways) -> Iterator[Session]:
    """Where it moved to, if it did; else where it was."""
    with ExitStack() as stack:
        for way in ways[:0:-1]:
            try:
                session = stack.enter_context(way())
            except Verdict:
                continue
            yield session
            return
        yield stack.enter_context(ways[0]())


def _back(session: Session, its: Vendor, change: Change) -> Outcome:
    net, delta = its.session.net if net_seconds(change) else None, made(change)
    cancelled = net is not None and nets.cancel(session, net)
    running = read(session, its)
    lines = patch(its, running, delta.backward(running)).lines
    if lines:
        session.push(lines)
        session.commit()
        running = read(session, its)
    if left := patch(its, running, delta.backward(running)):
        raise Fatal(
            f"still needed after taking it back: {'; '.join(left.commands())}",
            remedy="look at the device; take these back by hand, then save",
            target=change.target,
        )
    # else it would go on to where the net leads, over what others do meanwhile
    ended = net is not None and nets.confirm(session, net, net_seconds(change))
    try:
        session.save()
    except Fatal as verdict:
        raise Fatal(f"taken back, but {verdict.message}", remedy=verdict.remedy, target=change.target) from None
    as_before = digest({"config": running.render()}) == change.reverse["before"]
    return Outcome(
        summary=(f"the device took it back itself, at the word to end its {net.name}; " if net and cancelled else "")
        + f"taken back with {len(lines)} lines, "
        + ("as it was before" if as_before else "what others changed since was left")
        + ("; its reboot was called off" if net and net.reboots and ended else ""),
        evidence={"lines": [line.text for line in lines], "as_before": as_before, "net": cancelled},
    )
