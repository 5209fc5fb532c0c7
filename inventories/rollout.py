"""What a roll-out on the network holds itself to: when a device is too sick to touch, what must be back afterwards, who asks.

Values only; network/jobs/ goes by them.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal

from pydantic import Field

from yunwang.inventories.noun import Name, Noun

Deed = Literal["warn", "skip", "refuse"]
"""`warn`: say it and go on. `skip`: leave the device alone, and what needs it. `refuse`: nothing of the plan is applied."""


class Baseline(Noun):
    """What follows where a device is sick before anything was changed on it: when it is planned, and right before its change."""

    cpu: Deed = "skip"
    cpu_percent: int = Field(default=90, ge=1, le=100)
    memory: Deed = "skip"
    memory_percent: int = Field(default=95, ge=1, le=100)
    neighbours: Deed = "skip"
    """A routing neighbour that it shows and that is not up; or that was up when the plan was made and is not now."""
    unsaved: Deed = "skip"
    """It runs what it would not boot with: someone is at work there, and saving our change would save theirs too."""
    locked: Deed = "skip"
    """Someone holds its configuration lock."""
    vtys: Deed = "skip"
    """Every line that one can log in on is taken: nobody would come in again."""
    other_plane: Deed = "skip"
    """No device of its site's other plane has a neighbour towards the core now: this one carries the site alone."""


class Verification(Noun):
    """What must hold on a device after its change, beside the change itself."""

    back_seconds: float = Field(default=60.0, ge=0)
    """How long neighbours, routes and probes may take to come back. OSPF may wait out its dead interval of 40 s."""
    routes_percent: int = Field(default=10, ge=0, le=100)
    """How many fewer routes of a family are still as before."""


class NetworkSettings(Noun):
    """yunwang.yaml, `network:`."""

    baseline: Baseline = Baseline()
    verify: Verification = Verification()


class Probe(Noun):
    """network/probes.yaml: from here that address must answer, once every device on the way is done; and if it did before, always.

    `source` is a device that pings by itself, or a machine of machines.yaml that is logged into with ssh.
    """

    name: Name
    source: Annotated[str, Field(pattern=r"^(device|machine)/\S+$")]
    to: IPv4Address | IPv6Address
    behind: Name | None = None
    """The device that a machine is plugged into; None: it is asked about IPv6 only after the plan's last change."""
