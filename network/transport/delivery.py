"""Bring a change's lines to a device, under the net that it has, committed where it is two-stage. Opens no session, never saves.

Whoever opened the session: `connect`, or Ansible's network_cli (transport/ansible.py).
"""

from __future__ import annotations

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Refused
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.session import Session as Platform
from yunwang.network.transport import nets
from yunwang.network.transport.session import Session


class Delivery(Noun):
    """What is to be sent. `held`: seconds that the device's net holds, 0: it has none or is to have none.

    `moving`: it moves the management address, which is not done without the net.
    """

    lines: tuple[PatchLine, ...]
    held: int = 0
    moving: bool = False


class Delivered(Noun):
    """What the device accepted and remarked on, line by line, whether it committed; `lacking`: why its net is not armed, or "".

    `artefacts`: the folder with what Ansible said, where it went that way.
    """

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    committed: bool = False
    lacking: str = ""
    artefacts: str = ""


def deliver(session: Session, platform: Platform, what: Delivery) -> Delivered:
    """Arm the net, send the lines, commit. Raises as Session.push and Session.commit do; Refused where it needs a net."""
    net, held, lacking = platform.net, what.held, ""
    if net is None or not held:
        pushed, committed = session.push(what.lines), session.commit()
    else:
        if (lacking := nets.arm(session, net, held)) and what.moving:
            raise _unheld(session, lacking)
        pushed = session.push(nets.on_trial(what.lines, net, held, platform.commit))
        committed, refusal = nets.commit(session, net, held, always=not what.moving)
        if refusal and what.moving:
            raise _unheld(session, refusal)
        lacking = lacking or refusal
    return Delivered(lines=pushed.lines, remarks=pushed.remarks, committed=committed, lacking=lacking)


def _unheld(session: Session, why: str) -> Refused:
    return Refused(
        f"the management address would move without a net: {why}",
        remedy="nothing was changed; move it at the device's console",
        target=session.target,
    )
