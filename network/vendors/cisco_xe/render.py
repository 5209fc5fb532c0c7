"""Writing IOS-XE: as IOS, IPv6 bindings through `device-tracking`."""

from __future__ import annotations

from functools import partial

from yunwang.network.design.model import BindingLines
from yunwang.network.vendors.cisco_ios.render import LACKS, PREREQUISITES, UNVERIFIED, dual_stack, read, write

BINDINGS = BindingLines(write=partial(write, ipv6="device-tracking"), read=read)

__all__ = ["BINDINGS", "LACKS", "PREREQUISITES", "UNVERIFIED", "dual_stack"]
