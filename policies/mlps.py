"""S1: what GB/T 22239-2019 (等保) asks of a tenant's security groups, people and cloud, by the tenant's level. Pure.

Only what a tenant's file can weaken stands here; that the group `default` admits nothing from level 2 on is the tenant component's
own doing (stacks/pulumi/program.py). Clauses 7.x are of level 2, 8.x of level 3; x.1 is for every system, x.2 for clouds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

from yunwang.inventories.cloud import Member, SecurityRule, Tenant
from yunwang.inventories.workspace import Workspace
from yunwang.policies.rule import Rule, Violation

Breaches = Callable[[Workspace, Tenant], Iterator[tuple[str, str]]]
"""What of a tenant breaks a requirement, each with a remedy."""


class Ports(NamedTuple):
    """A way to manage a host."""

    name: str
    protocol: str
    first: int
    last: int


MANAGEMENT = (
    Ports("SSH", "tcp", 22, 22),
    Ports("telnet", "tcp", 23, 23),
    Ports("SNMP", "udp", 161, 161),
    Ports("IPMI", "udp", 623, 623),
    Ports("RDP", "tcp", 3389, 3389),
    Ports("VNC", "tcp", 5900, 5999),
    Ports("WinRM", "tcp", 5985, 5986),
)
"""Registered ports (IANA) by which hosts are managed from afar."""
DUTIES = {"administrator": "系统管理员", "auditor": "审计管理员", "security": "安全管理员"}


def _default_deny(workspace: Workspace, tenant: Tenant) -> Iterator[tuple[str, str]]:
    for group, rule in _rules(tenant, "ingress"):
        if _anywhere(rule) and rule.port_min is None and rule.protocol in ("any", "tcp", "udp"):
            yield f"security group {group} admits {rule.protocol} on every port from anywhere", "name the ports, or who may come in"


def _management(workspace: Workspace, tenant: Tenant) -> Iterator[tuple[str, str]]:
    named = workspace.settings.mlps.management_networks
    for group, rule in _rules(tenant, "ingress"):
        ways = [ports.name for ports in MANAGEMENT if _admits(rule, ports)]
        if ways and not _within(rule, named):
            remedy = "admit it from a management network alone (mlps.management_networks in yunwang.yaml)"
            yield f"security group {group} admits {', '.join(ways)} from {rule.remote or 'anywhere'}", remedy


def _egress(workspace: Workspace, tenant: Tenant) -> Iterator[tuple[str, str]]:
    own = [net for allotment in tenant.allotments for network in allotment.networks for net in (network.ipv4, network.ipv6)]
    for group, rule in _rules(tenant, "egress"):
        if not _within(rule, (*workspace.settings.mlps.egress_networks, *own)):
            remedy = "let it reach networks that are named (mlps.egress_networks in yunwang.yaml) or the tenant's own"
            yield f"security group {group} lets servers reach {rule.remote or 'anywhere'}", remedy


def _duties(workspace: Workspace, tenant: Tenant) -> Iterator[tuple[str, str]]:
    people: dict[str, list[Member]] = {}
    for member in tenant.members:
        people.setdefault(member.real_name, []).append(member)
    held = {member.duty for member in tenant.members}
    for duty, title in DUTIES.items():
        if duty not in held:
            yield f"nobody has the duty {duty} ({title})", f"give a member of its own the duty: {duty}"
    for name, accounts in people.items():
        if len(duties := sorted({member.duty for member in accounts if member.duty})) > 1:
            yield f"{name} has the duties {' and '.join(duties)}", "give each to another person"
    for member in tenant.members:
        if member.duty == "auditor" and member.role != "reader":
            yield f"the auditor {member.user} has the role {member.role}, and could change what is audited", "role: reader"
        if member.role == "manager" and member.duty != "administrator":
            yield f"{member.user} has the role manager and not the duty administrator", "role: member, or duty: administrator"


def _cloud(workspace: Workspace, tenant: Tenant) -> Iterator[tuple[str, str]]:
    levels = {cloud.name: cloud.mlps_level for cloud in workspace.settings.clouds}
    for allotment in tenant.allotments:
        level = levels.get(allotment.cloud)
        if level is not None and level < tenant.mlps_level:
            yield f"cloud {allotment.cloud} is assessed for level {level} alone", "take it to a cloud of its own level"


def _rules(tenant: Tenant, direction: str) -> Iterator[tuple[str, SecurityRule]]:
    for allotment in tenant.allotments:
        for group in allotment.security_groups:
            for rule in group.rules:
                if rule.direction == direction:
                    yield f"{group.name} on {allotment.cloud}", rule


def _anywhere(rule: SecurityRule) -> bool:
    return rule.remote is None or (rule.remote != "self" and not rule.remote.prefixlen)


def _admits(rule: SecurityRule, ports: Ports) -> bool:
    if rule.protocol not in ("any", ports.protocol):
        return False
    return rule.port_min is None or (rule.port_min <= ports.last and (rule.port_max or rule.port_min) >= ports.first)


def _within(rule: SecurityRule, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether the other side is of the group itself, or wholly within one of these."""
    if rule.remote == "self":
        return True
    return rule.remote is not None and any(_subnet(rule.remote, one) for one in networks)


def _subnet(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]  # both of one version


def _requirement(id: str, title: str, clauses: Mapping[int, str], breaches: Breaches) -> Rule:
    """A rule over each tenant of the least of these levels and above, with the clause of the tenant's own level."""

    def intent(workspace: Workspace) -> Iterator[Violation]:
        for tenant in workspace.tenants:
            asked = [clause for level, clause in clauses.items() if level <= tenant.mlps_level]
            for message, remedy in breaches(workspace, tenant) if asked else ():
                clause = f"GB/T 22239-2019 {asked[-1]}"
                yield Violation(f"tenant/{tenant.name}", f"level {tenant.mlps_level}: {message}", remedy, clause)

    return Rule(id=id, title=title, clauses=("S1",), intent=intent)


MLPS = (
    _requirement(
        "mlps-default-deny",
        "what is not allowed is refused (默认情况下除允许通信外受控接口拒绝所有通信)",
        {2: "7.1.3.2 a)", 3: "8.1.3.2 a)"},
        _default_deny,
    ),
    _requirement(
        "mlps-management",
        "hosts are managed from named networks alone (通过网络地址范围对管理终端进行限制)",
        {2: "7.1.4.4 c)", 3: "8.1.4.4 c)"},
        _management,
    ),
    _requirement(
        "mlps-egress", "servers reach named networks alone (对内部用户非授权联到外部网络的行为进行限制)", {3: "8.1.3.1 c)"}, _egress
    ),
    _requirement(
        "mlps-duties",
        "administrator, auditor and security administrator are three people (管理用户的权限分离; 专职安全管理员, 不可兼任)",
        {3: "8.1.4.2 d), 8.1.7.2 b)"},
        _duties,
    ),
    _requirement(
        "mlps-cloud",
        "no cloud bears a system above its own level (不承载高于其安全保护等级的业务应用系统)",
        {2: "7.2.2.1 a)", 3: "8.2.2.1 a)"},
        _cloud,
    ),
)
"""Each title ends in the standard's own words."""
