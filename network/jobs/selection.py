"""Which devices of those that need a change get one, and which of them wait for which. Pure.

A sick device is left alone, and with it every device that would tell its terminals of a way to the core that leads through it:
routing stands before router advertisements do. One device has one change; its advertisements wait for the routing of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.workspace import Workspace
from yunwang.network.jobs import baseline
from yunwang.network.jobs.redundancy import Upstream
from yunwang.network.jobs.vitals import Vitals


@dataclass(slots=True)
class Selection:
    """`after`: per device, those whose change comes before its own."""

    left_alone: set[str] = field(default_factory=set)
    after: dict[str, frozenset[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def select(workspace: Workspace, needs: Mapping[str, Vitals], announcing: Collection[str], done: Collection[str]) -> Selection:
    """Of the devices in need (with what they say of themselves); `announcing` will send router advertisements to terminals.

    `done` were looked at and need nothing. A way over a device that nobody looked at is only warned of.
    """
    chosen = Selection()
    for name, seen in needs.items():
        found = baseline.sick(f"device/{name}", seen, workspace.settings.network.baseline)
        chosen.findings += [_told(one) for one in found]
        chosen.findings += baseline.unseen(f"device/{name}", seen)
        if baseline.deed(found) == "skip":
            chosen.left_alone.add(name)
    whole = Upstream(workspace)
    while True:
        upstream = Upstream(workspace, chosen.left_alone)
        ways = {name: upstream.of(name) for name in announcing if name in needs and name not in chosen.left_alone}
        held = {name for name, way in ways.items() if way is None and whole.of(name) is not None}
        chosen.findings += [_held(name, whole.of(name) or (), chosen.left_alone) for name in sorted(held)]
        chosen.left_alone |= held
        if not held:
            break
    for name, way in ways.items():
        chosen.after[name] = frozenset(way or ()) & needs.keys()
        if unknown := [one for one in way or () if one not in needs and one not in done]:
            chosen.findings.append(_unknown(name, unknown))
    return chosen


def _told(one: baseline.Sick) -> Finding:
    """What is wrong, and that the device is left alone for it."""
    follows = "; it is left alone" if one.deed == "skip" else ""
    return one.finding.model_copy(update={"message": one.finding.message + follows})


def _held(name: str, way: Collection[str], left_alone: Collection[str]) -> Finding:
    through = " and ".join(one for one in way if one in left_alone)
    return Finding(
        code="way-left-alone",
        severity=Severity.WARNING,
        message=f"its way to the core leads through {through}, left alone: its terminals would be told of a way that is none",
        remedy="mend that one first, then plan again",
        target=f"device/{name}",
    )


def _unknown(name: str, unknown: Collection[str]) -> Finding:
    return Finding(
        code="way-not-planned",
        severity=Severity.WARNING,
        message=f"its terminals will be told of a way through {' and '.join(unknown)}, which this plan does not look at",
        remedy="plan those too, or make sure that they route IPv6",
        target=f"device/{name}",
    )
