"""How RGOS says in IPv4 what its IPv6 half shall do: as IOS, and bindings may stop IPv6. Source: RG-S6000E guide 11.4."""

from __future__ import annotations

from dataclasses import replace
from re import compile as words

from yunwang.network.vendors.cisco_ios import ipv4 as ios

WORDS = replace(ios.WORDS, binds=words(r"address-bind "))
