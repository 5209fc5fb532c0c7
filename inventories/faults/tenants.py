"""Tenants that ask for more than there is, or for what cannot be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yunwang.inventories.cloud import SecurityRule
from yunwang.inventories.faults.facts import Facts
from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place, shown


def check(facts: Facts) -> Iterator[Finding]:
    """Quotas beyond a cloud's capacity, rules that allow nothing, networks that cannot work, terms that end before they begin."""
    yield from _capacity(facts)
    for index, tenant in enumerate(facts.workspace.tenants):
        for number, allotment in enumerate(tenant.allotments):
            path = ("tenants", index, "allotments", number)
            for position, network in enumerate(allotment.networks):
                if network.ipv6_mode == "slaac" and network.ipv6.prefixlen != 64:
                    place = facts.place(*path, "networks", position, "ipv6")
                    message = f"hosts form their own address (SLAAC) in a /64 only, this is a /{network.ipv6.prefixlen}"
                    yield place.finding("wrong-value", message, "give it a /64, or set ipv6_mode: dhcpv6-stateful")
            for position, group in enumerate(allotment.security_groups):
                for step, rule in enumerate(group.rules):
                    yield from _rule(rule, facts.place(*path, "security_groups", position, "rules", step))
    for index, request in enumerate(facts.workspace.requests):
        if request.until <= request.requested_on:
            message = f"the term ends ({request.until}) before it begins ({request.requested_on})"
            yield facts.place("requests", index, "until").finding("wrong-value", message, "correct one of the days")
    for index, waiver in enumerate(facts.workspace.waivers):
        try:
            date.fromisoformat(waiver.until)
        except ValueError:
            place = facts.place("waivers", index, "until")
            yield place.finding("wrong-value", f"{shown(waiver.until)} is not a date", "write it as year-month-day: 2026-12-31")


def _capacity(facts: Facts) -> Iterator[Finding]:
    for index, cloud in enumerate(facts.workspace.settings.clouds):
        quotas = [
            allotment.quota
            for tenant in facts.workspace.tenants
            for allotment in tenant.allotments
            if allotment.cloud == cloud.name
        ]
        for field, unit in (("cores", "cores"), ("ram_gib", "GiB of memory"), ("volume_gib", "GiB of volumes")):
            total = sum(getattr(quota, field) or 0 for quota in quotas)
            capacity = getattr(cloud, field)
            if total > capacity:
                message = f"tenants' quotas on {cloud.name} add up to {total:,} {unit}, it has {capacity:,}"
                place = facts.place("settings", "clouds", index, field)
                yield place.warning("over-capacity", message, "lower quotas, or raise this once the cloud has grown")


def _rule(rule: SecurityRule, place: Place) -> Iterator[Finding]:
    ports = (rule.port_min, rule.port_max)
    if rule.protocol in {"icmp", "ipv6-icmp", "any"} and ports != (None, None):
        yield place.finding("wrong-value", f"{rule.protocol} has no ports", "remove port_min and port_max")
    elif (rule.port_min is None) != (rule.port_max is None):
        yield place.finding("wrong-value", "port_min and port_max belong together", "write both (the same number for one port)")
    elif rule.port_min is not None and rule.port_max is not None and rule.port_min > rule.port_max:
        yield place.finding(
            "wrong-value", f"ports {rule.port_min} to {rule.port_max} are none", "put the smaller number into port_min"
        )
    family = {"icmp": 4, "ipv6-icmp": 6}.get(rule.protocol)
    if rule.remote is not None and rule.remote != "self" and family is not None and rule.remote.version != family:
        yield place.finding(
            "wrong-value", f"{rule.protocol} does not come from {rule.remote}", "use icmp with IPv4, ipv6-icmp with IPv6"
        )
