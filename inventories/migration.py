"""Systems, what they depend on, and the server rooms they leave (M1, M2, M3, M4)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from yunwang.inventories.cloud import Architecture
from yunwang.inventories.noun import Name, Noun


class Disposition(StrEnum):
    """What the survey says should become of a system (the field's seven R's, as far as the plans use them)."""

    REHOST = "rehost"
    REPLATFORM = "replatform"
    RETAIN = "retain"
    RETIRE = "retire"


def _words(cell: object) -> object:
    return tuple(dict.fromkeys(cell.split())) if isinstance(cell, str) else cell


class System(Noun):
    """An information system of a department, as surveyed. `room` is where it stands, None when it is on a cloud already."""

    name: Name
    title: str
    department: str
    tenant: Name
    room: Name | None = None
    cloud: Name | None = None
    """Where it is, or is to go. None: placement decides."""
    disposition: Disposition = Disposition.REHOST
    mlps_level: int = Field(ge=1, le=4)
    classified: bool = False
    xinchuang: bool = False
    architecture: Architecture = Architecture.X86_64
    crypto_assessed_until: date | None = None
    dr_tier: int = Field(default=0, ge=0, le=3)
    cores: int = Field(ge=1)
    ram_gib: int = Field(ge=1)
    disk_gib: int = Field(ge=1)
    servers: int = Field(default=1, ge=1)
    downtime_minutes: int = Field(ge=0)
    network: Name
    """The tenant network its servers join."""
    security_groups: Annotated[tuple[Name, ...], BeforeValidator(_words)] = ()
    """The tenant's security groups that its servers are in; in the table with spaces between. None: `default`."""
    old_host: str | None = None
    """Inventory name of the host it runs on today."""
    new_host: str | None = None
    """Inventory name of the host it is moved to, booked on its cloud."""
    service: str | None = None
    """Name of the service that the runbook moves (see lab.yaml in the demo)."""


class Dependency(Noun):
    """`system` needs `needs`. A strong one moves in the same wave or later; a weak one may cross the old and new place."""

    system: Name
    needs: Name
    strength: Literal["strong", "weak"] = "strong"


class ServerRoom(Noun):
    """A self-built server room (自建机房) that is to be retired once its last system has left."""

    name: Name
    title: str
    department: str
    site: Name
    racks: int = Field(ge=0)
    state: Literal["in-use", "retired"] = "in-use"
