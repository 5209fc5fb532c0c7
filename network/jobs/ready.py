"""Right before a device's change: is it as it was planned, well, and not the one that carries its site? Changes nothing."""

from __future__ import annotations

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.network import Device
from yunwang.inventories.noun import digest
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.network.configuration.config import Config
from yunwang.network.jobs import baseline
from yunwang.network.jobs.planes import Connect, Planes
from yunwang.network.jobs.push import net_seconds
from yunwang.network.jobs.running import read
from yunwang.network.jobs.vitals import Examination, Vitals
from yunwang.network.transport import Session, nets
from yunwang.network.vendors import Vendor, vendor


def before(change: Change) -> Vitals:
    """What the plan saw of the device, as far as it must be there afterwards too."""
    return Vitals.model_validate(change.forward.get("before", {}))


def ready(workspace: Workspace, device: Device, change: Change, connect: Connect) -> tuple[Finding, ...]:
    """What is to be known before a device is touched. Raises Refused, the device left alone, where it may not be; Verdict."""
    policy = workspace.settings.network.baseline
    its = vendor(device.platform)
    with connect(device) as session:
        running = read(session, its)
        if digest({"config": running.render()}) != change.reverse["before"]:
            raise Refused(
                "left alone: its configuration has changed since the run began", remedy="make a new plan", target=change.target
            )
        now = Examination(session, its).now(running)
        reboot = _reboot(session, its, change, running)
    found = [*reboot, *baseline.sick(change.target, now, policy), *baseline.missing(change.target, before(change), now, policy)]
    found += _alone(workspace, device, connect)
    stops = [one.finding for one in found if one.deed != "warn"]
    if stops:
        raise Refused(
            f"left alone: {'; '.join(one.message for one in stops)}",
            remedy=stops[0].remedy,
            target=change.target,
            findings=tuple(stops),
        )
    return tuple(one.finding for one in found)


def _reboot(session: Session, its: Vendor, change: Change, running: Config) -> list[baseline.Sick]:
    """What speaks against the reboot that the plan has for a net: one that others planned, or one that leads elsewhere by now."""
    net = its.session.net
    if net is None or not net.reboots or not net_seconds(change):
        return []
    if nets.pending(session, net):
        message, remedy = "a reboot of it is scheduled already", f"ask whose it is; {net.confirm!r} calls it off"
    elif not Examination(session, its).as_saved(running):
        message, remedy = "its reboot would not lead back: what it runs is not what is saved", "have it saved, then plan again"
    else:
        return []
    finding = Finding(code="reboot", severity=Severity.ERROR, message=message, remedy=remedy, target=change.target)
    return [baseline.Sick("refuse", finding)]


def _alone(workspace: Workspace, device: Device, connect: Connect) -> list[baseline.Sick]:
    why = Planes(workspace, connect).other_down(device)
    if not why:
        return []
    follows = workspace.settings.network.baseline.other_plane
    message = f"site {device.site} stands on plane {device.plane.upper()} alone: {why}"
    remedy = "mend the other plane first, then plan again"
    return [baseline.Sick(follows, Finding(code="other-plane-down", severity=Severity.WARNING, message=message, remedy=remedy))]
