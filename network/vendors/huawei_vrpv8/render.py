"""Writing VRP8. CE V300 sends router advertisements by `ipv6 nd ra halt disable` and binds no IPv6."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

from yunwang.network.design.model import BindingLines, Bound, DualStack, Lack, Path
from yunwang.network.vendors import templates
from yunwang.network.vendors.huawei_vrp import render as vrp5

_UNDO_HALT = re.compile(r"\bV[68]00R")
"""S-V600, NE40E and NE8000 undo the halt, as VRP5 does."""


LACKS = vrp5.LACKS | {"server": Lack("CE switches relay DHCPv6 and do not serve it", unless=r"\bV800R")}
"""NE40E V800R012's guide has the whole of it: IP Services, Configuring the DHCPv6 Server."""
UNVERIFIED = {feature: words for feature, words in vrp5.UNVERIFIED.items() if feature != "server"}
PREREQUISITES = vrp5.PREREQUISITES


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half; the software version in the header decides the words for router advertisements."""
    undo = any(_UNDO_HALT.search(line) for line in device.header)
    return templates.dual_stack(
        "huawei_vrp", device, global_ipv6=False, send_ra="undo ipv6 nd ra halt" if undo else "ipv6 nd ra halt disable"
    )


def write(bound: Bound) -> Path | None:
    """As VRP5's, IPv4 only."""
    return vrp5.write(bound) if isinstance(bound.address, IPv4Address) else None


BINDINGS = BindingLines(write=write, read=vrp5.read)
