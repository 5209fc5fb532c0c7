"""What is wrong between the files of a workspace: each value is right, but they do not fit together. Pure, never reads a file."""

from __future__ import annotations

from yunwang.inventories.faults import addresses, dependencies, devices, names, people, references, tenants, terminals
from yunwang.inventories.faults.facts import Facts, Known, Where
from yunwang.inventories.finding import Finding
from yunwang.inventories.workspace import Workspace

__all__ = ["Known", "check"]

_CHECKS = (
    names.check,
    references.check,
    tenants.check,
    addresses.check,
    devices.check,
    terminals.check,
    dependencies.check,
    people.check,
)


def check(workspace: Workspace, place: Where, known: Known) -> tuple[Finding, ...]:
    """Every fault between files. `place` knows where a part of the workspace is written, `known` what could not be read."""
    facts = Facts(workspace, place, known)
    return tuple(finding for each in _CHECKS for finding in each(facts))
