"""N7: departments build or rent no Internet egress of their own; the city's gateways are the only way out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from pydantic import JsonValue

from yunwang.inventories.network import AddressPlan
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Action, Change, Plan
from yunwang.inventories.workspace import Workspace
from yunwang.policies.rule import Rule, Violation

_DEFAULT_ROUTE = re.compile(
    r"ip(v6)? route(-static)?( vpn-instance \S+| vrf \S+)? (0\.0\.0\.0/0|0\.0\.0\.0 (0\.0\.0\.0|0)|::/0|:: 0)(?= )(?P<via>.*)",
    re.IGNORECASE,
)
"""Huawei, H3C: `ip route-static 0.0.0.0 0 …`, `ipv6 route-static :: 0 …`; Ruijie, Cisco, FRR: `ip route …`, `ipv6 route ::/0 …`."""

_TRANSLATION = re.compile(r"nat outbound\b|ip nat inside source\b|nat (server|static outbound)\b|ip nat outside$", re.IGNORECASE)
"""Address translation: inside the extranet nobody needs it; it is how a line to the Internet is shared."""

REMEDY = "reach the Internet through the city's gateways; ask their operator for it"


def _tenants(workspace: Workspace) -> Iterator[Violation]:
    for tenant in workspace.tenants:
        if tenant.internet_egress:
            message = f"{tenant.title} wants an Internet egress of its own (internet_egress: true)"
            yield Violation(f"tenant/{tenant.name}", message, f"remove internet_egress; {REMEDY}")


def _changes(workspace: Workspace, plan: Plan) -> Iterator[Violation]:
    gateways = {f"device/{device.name}" for device in workspace.devices if device.internet_gateway}
    for change in plan.changes:
        if change.target.startswith("stack/"):
            yield from _routers(change)
        elif change.target.startswith("device/") and change.target not in gateways:
            for line in _added(change):
                if leads_out(line, workspace.address_plan):
                    yield Violation(
                        change.target, f"a line would lead past the city's gateways: {line}", f"take the line back; {REMEDY}"
                    )


def _added(change: Change) -> Iterator[str]:
    """The configuration lines that a change brings to a device; a step names the views that a line stands in."""
    for step in change.steps:
        if step.action is Action.CREATE:
            yield step.what.rpartition(" › ")[2]


def leads_out(line: str, plan: AddressPlan | None) -> bool:
    """Whether a configuration line opens a way to the Internet: a default route to a next hop outside the address plan, or NAT.

    Without an address plan every default route counts, except one that drops.
    """
    words = " ".join(line.split())
    if _TRANSLATION.match(words):
        return True
    route = _DEFAULT_ROUTE.match(words)
    if route is None or re.match(r" null ?0\b| blackhole\b| reject\b", route["via"], re.IGNORECASE):
        return False
    hops = [hop for word in route["via"].split() if (hop := _address(word)) is not None]
    return not hops or not all(_ours(hop, plan) for hop in hops)


def _ours(address: IPv4Address | IPv6Address, plan: AddressPlan | None) -> bool:
    return address.is_link_local or (plan is not None and (address in plan.ipv4 if address.version == 4 else address in plan.ipv6))


def _address(word: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(word)
    except ValueError:
        return None


def _routers(change: Change) -> Iterator[Violation]:
    """Routers that tenants are to have (facts `intended.TENANT.routers`) and that hide them behind an outer address (SNAT)."""
    for tenant, intended in _dict(change.facts.get("intended")).items():
        for name, router in _dict(_dict(intended).get("routers")).items():
            if _dict(router).get("snat") is True:
                yield Violation(
                    f"tenant/{tenant}", f"router {name} would translate addresses towards the outside", f"set no SNAT; {REMEDY}"
                )


def _dict(said: JsonValue) -> JsonObject:
    return said if isinstance(said, dict) else {}


NO_DEPARTMENTAL_EGRESS = Rule(
    id="internet-egress",
    title="no departmental Internet egress (不得单独建设或租用互联网出口)",
    clauses=("N7",),
    intent=_tenants,
    changes=_changes,
)
