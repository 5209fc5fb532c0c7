"""The base of every noun: frozen, closed, canonical. Never reads or writes anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeAlias

from netaddr import EUI, AddrFormatError, mac_unix_expanded
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, PlainSerializer

JsonObject: TypeAlias = dict[str, JsonValue]


class Noun(BaseModel):
    """A value: compared by content, never changed, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def canonical_json(value: JsonValue | Mapping[str, JsonValue] | Sequence[JsonValue]) -> str:
    """One spelling per value: sorted keys, no spaces, UTF-8 kept (the digest is over its UTF-8 bytes)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: JsonValue | Mapping[str, JsonValue] | Sequence[JsonValue]) -> str:
    """`sha256:` and 64 hexadecimal digits over the canonical JSON of `value`."""
    return "sha256:" + hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _mac(value: object) -> EUI:
    if isinstance(value, EUI):
        return value
    try:
        return EUI(str(value), version=48, dialect=mac_unix_expanded)
    except (AddrFormatError, ValueError, TypeError):
        raise ValueError(f"{value!r} is not a MAC address (expected 00:11:22:33:44:55 or 0011-2233-4455)") from None


Mac = Annotated[EUI, BeforeValidator(_mac), PlainSerializer(str, return_type=str)]
"""A 48-bit MAC; every spelling is read, `aa:bb:cc:dd:ee:ff` is written."""

VlanId = Annotated[int, Field(ge=1, le=4094)]
"""IEEE 802.1Q VLAN id (0 and 4095 are reserved)."""


Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=63)]
"""A name that is safe in a URL, a host name, a Pulumi stack and a file name."""
