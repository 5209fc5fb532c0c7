"""How VRP8 says in IPv4 what its IPv6 half shall do: as VRP5."""

from __future__ import annotations

from yunwang.network.vendors.huawei_vrp.ipv4 import WORDS

__all__ = ["WORDS"]
