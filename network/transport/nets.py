"""A device's own way back: armed before a change, confirmed when it has proved itself. Never decides whether it has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import timedelta

from yunwang.inventories.verdict import Fatal
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.configuration.rule import Question
from yunwang.network.session import Net
from yunwang.network.transport.session import NotUnderstood, Session

_SURE = Question(ask=r"\[Y/N\]:? ?\Z", answer="Y")
_ROUNDED = 60
"""Seconds by which a device may round up what is left."""


def arm(session: Session, net: Net, seconds: int) -> str:
    """Arm it before the first line; why the device has none, in its own words, or "". One that commits is armed by `commit`.

    Raises Retryable, Fatal.
    """
    line = _arming(net, seconds)
    match net.when:
        case "before":
            return _scheduled(session, net, line, seconds)
        case "entering":
            return session.enter(line)
        case "configuring":
            session.enter()
            return session.tell(line)[1]
        case "in-shell":
            return "" if session.shell(_script(line)) else "the account has no shell, or FRR's reload program is missing"
        case "committing":
            return ""


def commit(session: Session, net: Net, seconds: int, *, always: bool) -> tuple[bool, str]:
    """Commit where the device is two-stage, on trial where the net is armed so: whether it was, and why not on trial, or "".

    `always`: where the release knows no trial, commit without. Raises Fatal, nothing committed.
    """
    if net.when != "committing" or not session.two_stage:
        return session.commit(), ""
    try:
        return session.commit(_arming(net, seconds)), ""
    except NotUnderstood as refusal:
        if always:
            return session.commit(), str(refusal)
        session.discard()
        return False, str(refusal)


def on_trial(lines: Sequence[PatchLine], net: Net, seconds: int, commit: str | None) -> tuple[PatchLine, ...]:
    """The lines, with the commits among them on trial too: each starts the timer anew, back to what was before the first."""
    if net.when != "committing":
        return tuple(lines)
    return tuple(line._replace(text=_arming(net, seconds)) if line.text == commit else line for line in lines)


def pending(session: Session, net: Net, held: int | None = None) -> bool:
    """Is it armed by us, and for no longer than `held` seconds if given? Where the device cannot be asked: perhaps."""
    if net.when == "in-shell":
        return session.shell(_script(net.status))
    if not net.status:
        return True
    found = re.search(net.pending, session.tell(net.status)[0])
    left = {unit: float(number) for unit, number in found.groupdict().items() if number} if found else {}
    return found is not None and (held is None or timedelta(**left).total_seconds() <= held + _ROUNDED)


def confirm(session: Session, net: Net, held: int | None = None) -> bool:
    """What was changed stays; whether there was anything to confirm. Raises Fatal where the device will not.

    `held`: how long ours holds; what has longer to go is somebody else's where the device does not say whose it is.
    """
    if not pending(session, net, held):
        return False
    if net.when == "in-shell":
        refusal = "" if session.shell(_script(net.confirm)) else "its watchdog is gone"
    else:
        refusal = _say(session, net.confirm, configuring=net.confirm_configuring)
    if refusal and net.status:
        raise Fatal(
            f"{net.name} is not confirmed: {refusal}",
            remedy="the device may have taken the change back by itself: look at it",
            target=session.target,
        )
    return not refusal


def cancel(session: Session, net: Net) -> bool:
    """Where the device takes no change while it runs: have it taken back at once; whether there was anything to take back."""
    if not net.cancel or not pending(session, net):
        return False
    if refusal := _say(session, net.cancel, configuring=True):
        raise Fatal(f"{net.name} is not cancelled: {refusal}", remedy="wait until its time is over", target=session.target)
    return True


def _scheduled(session: Session, net: Net, line: str, seconds: int) -> str:
    """Arm by a line of the user view. What the device then does not show could not be ended in time: it is ended at once.

    Raises Fatal where it is not: it may come, whatever happens until then.
    """
    if refusal := _say(session, line, configuring=False, questions=net.questions):
        return refusal
    if pending(session, net, seconds):
        return ""
    if refusal := _say(session, net.confirm, configuring=False):
        raise Fatal(
            f"{net.name} is neither shown nor ended: {refusal}",
            remedy=f"nothing was changed; see whether it is to come: {net.status!r}",
            target=session.target,
        )
    return f"{net.status!r} does not show it"


def _arming(net: Net, seconds: int) -> str:
    return net.arm.replace("{time}", str(-(-seconds // net.unit)))


def _script(text: str) -> str:
    """For a POSIX shell, whatever the account's own is."""
    return f"sh -c {shlex.quote(text)}"


def _say(session: Session, line: str, *, configuring: bool, questions: Sequence[Question] = (_SURE,)) -> str:
    if configuring:
        session.enter()
    refusal = session.tell(line, questions)[1]
    if configuring:
        session.leave()
    return refusal
