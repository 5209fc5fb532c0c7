"""Both patches by yunwang. Never times the reading of the vendor's rules, nor does it for the rivals."""

from __future__ import annotations

from bench.stopwatch import timed, told
from yunwang.inventories.network import Platform
from yunwang.network.configuration.config import parse
from yunwang.network.configuration.patch import patch
from yunwang.network.vendors import vendor

TASK = told()
VRP = vendor(Platform.HUAWEI_VRP)


def patches() -> list[list[str]]:
    """Forward and reverse."""
    running, intended = parse(TASK["running"], VRP.rules), parse(TASK["intended"], VRP.rules)
    return [list(patch(VRP, *way).commands()) for way in ((running, intended), (intended, running))]


timed(patches)
