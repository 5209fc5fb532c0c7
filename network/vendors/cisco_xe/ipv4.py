"""How IOS-XE says in IPv4 what its IPv6 half shall do: as IOS."""

from __future__ import annotations

from yunwang.network.vendors.cisco_ios.ipv4 import WORDS

__all__ = ["WORDS"]
