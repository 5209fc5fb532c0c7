"""The address plan in NetBox, and NetBox's prefixes as rows of our register (pynetbox, an optional extra). Deletes nothing there.

A prefix of ours is known by its description, `yunwang site donghe`; a prefix of others by the site or VLAN that NetBox gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv6Network
from typing import Any

from pydantic import ValidationError

from yunwang.inventories.network import AddressRecord
from yunwang.inventories.verdict import Fatal, Refused, Retryable
from yunwang.network.addresses.book import Entry

MARK = "yunwang"
CONTAINERS = frozenset({"plan", "loopbacks", "links", "site", "function"})
"""Prefixes that hold others; NetBox shows them so."""
_OURS = re.compile(rf"{MARK} (site|vlan|link) (\S+)(?: (\d+))?")


def push(entries: Iterable[Entry], url: str, token: str) -> tuple[int, int]:
    """Write every prefix that NetBox lacks and correct ours that differ; how many of each. Raises Retryable, Fatal, Refused."""
    prefixes = _prefixes(url, token)
    created = changed = 0
    with _Told(url):
        there = {str(one.prefix): one for one in prefixes.filter(family=6)}
        fresh = []
        for entry in entries:
            wanted = {"prefix": str(entry.ipv6), "status": _status(entry), "description": _description(entry)}
            if (one := there.get(wanted["prefix"])) is None:
                fresh.append(wanted)
            elif one.description.startswith(f"{MARK} ") and not _same(one, wanted):
                one.update(wanted)
                changed += 1
        if fresh:
            created = len(prefixes.create(fresh))
    return created, changed


def pull(url: str, token: str) -> tuple[AddressRecord, ...]:
    """NetBox's IPv6 prefixes of sites, VLANs and links, by their own order. Raises Retryable, Fatal, Refused."""
    prefixes = _prefixes(url, token)
    with _Told(url):
        rows = [dict(one) for one in prefixes.filter(family=6)]
    return tuple(record for row in rows if (record := _record(row)))


def _prefixes(url: str, token: str) -> Any:
    try:
        import pynetbox  # type: ignore[import-untyped]  # it ships no types
    except ImportError:
        raise Refused("NetBox needs pynetbox", remedy="pip install 'yunwang[netbox]'") from None
    return pynetbox.api(url, token=token).ipam.prefixes


class _Told:
    """NetBox's faults as verdicts; none shows the token."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Say what went wrong in our words. Raises Retryable, Fatal."""
        import pynetbox
        import requests

        if isinstance(error, pynetbox.RequestError):
            status, reason = error.req.status_code, error.req.reason
            remedy = "look at the token and its rights" if status in (401, 403) else "look at NetBox's log"
            raise Fatal(f"NetBox at {self._url} says {status} {reason}", remedy=remedy, target=self._url) from None
        if isinstance(error, (pynetbox.ContentError, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
            raise Fatal(f"{self._url} is no NetBox", remedy="give its base address, without /api", target=self._url) from None
        if isinstance(error, requests.RequestException):
            what = type(error).__name__
            raise Retryable(
                f"NetBox at {self._url} is not reached: {what}", remedy="look whether it runs", target=self._url
            ) from None


def _status(entry: Entry) -> str:
    return "container" if entry.kind in CONTAINERS else "active"


def _description(entry: Entry) -> str:
    return " ".join([MARK, entry.kind, entry.name, *([str(entry.vlan)] if entry.vlan else [])])


def _same(one: Any, wanted: Mapping[str, str]) -> bool:
    status = getattr(one.status, "value", one.status)
    return bool(one.description == wanted["description"] and status == wanted["status"])


def _record(row: Mapping[str, Any]) -> AddressRecord | None:
    """A prefix as a row of the register; None for one that says nothing of a site, VLAN or link."""
    description = str(row.get("description") or "")
    if match := _OURS.fullmatch(description):
        kind, name, vlan = match[1], match[2], match[3]
    elif description.startswith(f"{MARK} "):
        return None
    else:
        scope = row.get("scope") if row.get("scope_type") == "dcim.site" else row.get("site")  # NetBox 4.2 scopes; sites before
        name = str(scope.get("slug", "")) if isinstance(scope, dict) else ""
        its_vlan = row.get("vlan")
        vlan = str(its_vlan["vid"]) if isinstance(its_vlan, dict) else None
        kind = "vlan" if vlan else "site"
    try:
        return AddressRecord.model_validate({"kind": kind, "name": name, "vlan": vlan, "ipv6": IPv6Network(row["prefix"])})
    except (ValidationError, ValueError):
        return None
