"""IOS-XE's rule table: IOS's."""

from __future__ import annotations

from yunwang.network.vendors.cisco_ios.rules import RULES

__all__ = ["RULES"]
