"""Whether a device is well enough to be touched, and whether it is as well afterwards. Asks no device: values in, findings out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, get_args

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.rollout import Baseline, Deed, Verification
from yunwang.network.jobs.vitals import Peer, RouteCount, Vitals

POLL_SECONDS = 1.0
_SHOWN = 3
"""How many unsaved lines a finding quotes."""
_SEVERITY = {"warn": Severity.WARNING, "skip": Severity.WARNING, "refuse": Severity.ERROR}
_DEEDS = get_args(Deed)
_LINK = "look at the link and at both ends' log"


class Sick(NamedTuple):
    """What is wrong with a device before anything was changed on it, and what follows."""

    deed: Deed
    finding: Finding


def sick(target: str, seen: Vitals, policy: Baseline) -> tuple[Sick, ...]:
    """All that is wrong with a device."""
    return tuple(_sick(target, seen, policy))


def deed(found: Sequence[Sick]) -> Deed:
    """What follows from all of it: the gravest."""
    return max((one.deed for one in found), key=_DEEDS.index, default="warn")


def lost(target: str, before: Vitals, now: Vitals, policy: Verification) -> tuple[Finding, ...]:
    """What was there before and is not now: neighbours, default routes, routes in number, and any of its own IPv4 networks."""
    return tuple(_lost(target, before, now, policy))


def settled(look: Callable[[], tuple[Finding, ...]], until: float) -> tuple[Finding, ...]:
    """What is found once nothing is wrong any more, or at the latest at that time (of `time.monotonic`)."""
    while (found := look()) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return found


def missing(target: str, before: Vitals, now: Vitals, policy: Baseline) -> tuple[Sick, ...]:
    """Neighbours that were up when the plan was made, and that are not right before the change."""
    return tuple(
        Sick(
            policy.neighbours,
            Finding(code="neighbour-lost", message=f"its {peer} is gone since the plan was made", remedy=_LINK, target=target),
        )
        for peer in gone(before, now)
        if peer.key not in {one.key for one in now.peers}
    )


def gone(before: Vitals, now: Vitals) -> tuple[Peer, ...]:
    """Neighbours that were up before and are not now."""
    up = {peer.key for peer in now.peers if peer.up}
    return tuple(peer for peer in before.peers if peer.up and peer.key not in up)


def unseen(target: str, seen: Vitals) -> tuple[Finding, ...]:
    """Questions that a device did not answer: what they ask is not part of its baseline."""
    return tuple(
        Finding(
            code="not-looked-at",
            severity=Severity.INFO,
            message=f"not looked at, {why}",
            remedy="compare the device's software version with the supported ones",
            target=target,
        )
        for why in seen.unseen
    )


def _sick(target: str, seen: Vitals, policy: Baseline) -> Iterator[Sick]:
    def one(code: str, deed: Deed, message: str, remedy: str) -> Sick:
        return Sick(deed, Finding(code=code, severity=_SEVERITY[deed], message=message, remedy=remedy, target=target))

    for name, percent, limit, follows in (
        ("CPU", seen.cpu, policy.cpu_percent, policy.cpu),
        ("memory", seen.memory, policy.memory_percent, policy.memory),
    ):
        if percent is not None and percent > limit:
            message = f"its {name} is at {percent:.0f} % (more than {limit} %)"
            yield one(f"{name.lower()}-high", follows, message, "find out what takes it")
    for peer in seen.peers:
        if not peer.up:
            yield one("neighbour-down", policy.neighbours, f"its {peer} is not up", "mend it, or take it out of its configuration")
    if seen.unsaved:
        shown = "; ".join(seen.unsaved[:_SHOWN]) + ("; …" if len(seen.unsaved) > _SHOWN else "")
        message = f"someone changed it and has not saved ({len(seen.unsaved)} lines: {shown})"
        yield one("unsaved", policy.unsaved, message, "ask who is at work there; then save it, or take it back")
    if seen.holder:
        yield one("locked", policy.locked, f"{seen.holder} holds its configuration lock", "ask them to finish")
    if seen.vtys and seen.vtys[0] >= seen.vtys[1]:
        message = f"all {seen.vtys[1]} lines to log in on are taken (ours is one)"
        yield one("vtys-full", policy.vtys, message, "end forgotten sessions: if ours broke, nobody could come in")


def _lost(target: str, before: Vitals, now: Vitals, policy: Verification) -> Iterator[Finding]:
    def one(code: str, message: str, remedy: str) -> Finding:
        return Finding(code=code, message=message, remedy=remedy, target=target)

    for peer in gone(before, now):
        yield one("neighbour-lost", f"{peer}, which was up before, is not", _LINK)
    for family, had, has in (("IPv4", before.ipv4, now.ipv4), ("IPv6", before.ipv6, now.ipv6)):
        if had is None:
            continue
        has = has or RouteCount()
        if had.default and not has.default:
            yield one("default-route-lost", f"there is no {family} default route any more", "look at who gave it")
        least = had.routes * (100 - policy.routes_percent) / 100
        if has.routes < least:
            message = f"{has.routes} {family} routes, {had.routes} before (at least {least:.0f} are wanted)"
            yield one("routes-lost", message, "compare the routing tables of its neighbours")
        for network in had.connected if family == "IPv4" else ():
            if network not in has.connected:
                message = f"{network} is no longer connected, and IPv4 was to be left alone"
                yield one("ipv4-moved", message, "look at its interface")
