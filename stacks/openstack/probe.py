"""What an OpenStack is, before anything is tried on it: services, rights, quotas, extensions, a sensible concurrency. Only reads.

Clouds of Huawei, H3C and EasyStack speak the same API with other policies, extensions and quota drivers: so it is asked what works,
and no product is guessed. Whatever fails becomes a finding with a remedy, and the rest is asked all the same.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args
from urllib.parse import urlsplit

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.cloud import Probed
from yunwang.stacks.kind import Say
from yunwang.stacks.openstack.quotas import CINDER, NEUTRON, NOVA
from yunwang.stacks.openstack.refusals import Denied
from yunwang.stacks.openstack.session import Missing, OpenStack, Service

SERVICES: tuple[Service, ...] = get_args(Service)
OF_A_CLOUD = (
    *("Domain", "Project", "User", "Group", "RoleAssignment"),
    *("ComputeQuota", "VolumeQuota", "NetworkQuota", "FlavorAccess"),
)
"""Resources that only an administrator of the whole cloud may make."""
OF_A_PROJECT = (
    *("Network", "Subnet", "Router", "RouterInterface", "SecurityGroup", "Port", "FloatingIp"),
    *("Server", "KeyPair", "Volume", "VolumeAttachment", "Image", "ApplicationCredential"),
)
"""Resources that a member of a project may make in it."""
_LOOKERS = frozenset({"reader", "auditor", "observer"})
"""Roles that change nothing (keystone's default roles, and what products call theirs)."""
_EXTENSIONS = {
    "external-net": "gateways of tenants' routers",
    "ext-gw-mode": "routers without address translation (internet_egress: false)",
    "quota_details": "the use of network quotas",
    "quotas": "network quotas",
    "router": "routers",
    "security-group": "security groups",
    "standard-attr-description": "the marker that keeps a retry from making things twice",
}
"""Neutron's extensions by alias (api-ref, network v2.0), and what does not work without them."""
_MICROVERSIONS: dict[Service, tuple[tuple[int, int], str]] = {
    "compute": ((2, 10), "servers' user data is not read back, key pairs of others are not made"),
    "block_storage": ((3, 42), "a volume that is attached does not grow"),
}
"""What we ask for at the most (compute.py, volumes.py), and what does not work below it."""
_ROUNDS = ((1, 4), (2, 4), (4, 8), (8, 16))
"""Requests in flight, and how many are sent so."""
_GAIN = 1.2
"""So many times more a second must more requests in flight bring, or they only wait for each other."""


@dataclass(slots=True)
class _Look:
    """What is being found."""

    cloud: OpenStack
    say: Say
    facts: JsonObject = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        """Something is wrong."""
        self.findings.append(
            Finding(code=code, severity=severity, message=message, remedy=remedy, target=f"cloud/{self.cloud.name}")
        )

    def asked(self, what: Callable[[], Any]) -> Any:
        """The answer; None where there is none, which is found."""
        try:
            return what()
        except Verdict as verdict:
            self.find("cloud-probe", verdict.message, verdict.remedy)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            told = f"{type(error).__name__}: {error}"
            self.find("cloud-probe", f"it answers in a shape that no OpenStack has ({told})", "is the address that of its API?")
        return None


def probe(cloud: OpenStack, say: Say) -> Probed:
    """Everything, in at most some seventy requests. `cloud`: a session that waits for nothing long."""
    look = _Look(cloud, say)
    if look.asked(lambda: cloud.access) is not None:
        _account(look)
        _way(look)
        there = _services(look)
        if {"identity", "network", "compute"} <= there:
            look.asked(lambda: _rights(look))
        look.asked(lambda: _quotas(look, there))
        if "network" in there:
            look.asked(lambda: _extensions(look))
            look.asked(lambda: _concurrency(look))
    return Probed(cloud=cloud.name, facts=look.facts, lines=tuple(look.lines), findings=tuple(look.findings))


def _account(look: _Look) -> None:
    access = look.cloud.access
    roles: list[Any] = sorted(access.role_names)
    look.facts["account"] = {"user": access.username, "project": access.project_name, "roles": roles}
    look.lines.append(f"account {access.username}, project {access.project_name}, roles {', '.join(roles) or 'none'}")
    if access.project_id is None:
        look.find("cloud-scope", "the account is signed in to no project", "name project_name in clouds.yaml")


def _way(look: _Look) -> None:
    """How it is reached: in clear or not, by which authority, through which proxy."""
    address, ca = look.cloud.reached
    tls = address.startswith("https:")
    checked = "not checked" if ca is False else "the system's authorities" if ca is True else str(ca)
    look.facts["reached"] = {"address": address, "tls": tls, "authority": checked if tls else None, "proxy": _proxy(address)}
    look.lines.append(f"reached at {address}" + (f", certificate by {checked}" if tls else ""))
    if not tls:
        look.find("cloud-in-clear", "passwords and tokens pass in clear", "have it offer https, and name that", Severity.WARNING)
    elif ca is False:
        remedy = "name the private CA's PEM file as cacert in clouds.yaml, and take verify: false out"
        look.find("cloud-unchecked", "its certificate is not checked: anybody may stand in for it", remedy, Severity.WARNING)
    if proxy := _proxy(address):
        look.lines.append(f"through the proxy {proxy}")


def _proxy(address: str) -> str | None:
    """Host and port of the proxy that the environment says; never its password."""
    from requests.utils import get_environ_proxies

    said = urlsplit(get_environ_proxies(address).get(urlsplit(address).scheme, ""))
    return f"{said.hostname}:{said.port}" if said.hostname else None


def _services(look: _Look) -> set[Service]:
    """Which of those that we need answer, and with what."""
    with ThreadPoolExecutor(len(SERVICES), thread_name_prefix="probe") as pool:
        found = dict(zip(SERVICES, pool.map(lambda service: look.asked(lambda: _service(look, service)), SERVICES), strict=True))
    look.facts["services"] = {service: told for service, told in found.items() if told}
    for service, told in found.items():
        if told:
            micro = f", microversions {' to '.join(told['microversions'])}" if told["microversions"] else ""
            look.lines.append(f"{service} {told['version']}{micro} at {told['address']}, {told['ms']} ms")
    others = sorted({entry["type"] for entry in look.cloud.access.service_catalog.catalog})
    look.facts["catalog"] = [*others]
    look.lines.append(f"catalog: {', '.join(others)}")
    return {service for service, told in found.items() if told}


def _service(look: _Look, service: Service) -> JsonObject:
    look.say(f"{look.cloud.name}: asking the {service} service")
    began = time.monotonic()
    data = look.cloud.endpoint(service, "probe it")
    version = ".".join(map(str, data.api_version)) if data.api_version else "unknown"
    span = [".".join(map(str, one)) for one in (data.min_microversion, data.max_microversion) if one]
    needed, without = _MICROVERSIONS.get(service, ((0, 0), ""))
    if without and (data.max_microversion or (0, 0)) < needed:
        message = f"the {service} service has no microversion {'.'.join(map(str, needed))}: {without}"
        look.find("cloud-microversion", message, "do without, or have the cloud upgraded", Severity.WARNING)
    return {
        "address": data.url,
        "version": version,
        "microversions": [*span],
        "ms": round((time.monotonic() - began) * 1000),
    }


def _may(look: _Look, service: Service, path: str, **query: str) -> bool:
    """Whether a look is allowed. What fails otherwise is found."""
    try:
        look.cloud.get(service, path, "look", **query)
    except (Denied, Missing):
        return False
    except Verdict as verdict:
        look.find("cloud-probe", verdict.message, verdict.remedy)
        return False
    return True


def _rights(look: _Look) -> None:
    """What the account may make. Nothing is made to find out: who sees all projects and all servers administers the cloud."""
    look.say(f"{look.cloud.name}: asking what the account may do")
    everything = _may(look, "identity", "/projects", limit="1") and _may(look, "compute", "/servers", all_tenants="1", limit="1")
    roles = set(look.cloud.access.role_names)
    own = bool(roles - _LOOKERS) and _may(look, "network", "/networks", limit="1")
    can = (OF_A_CLOUD if everything else ()) + (OF_A_PROJECT if own else ())
    cannot = [name for name in (*OF_A_CLOUD, *OF_A_PROJECT) if name not in can]
    administers = "the cloud" if everything else "its own project" if own else "nothing"
    look.facts["rights"] = {"administers": administers, "can": [*can], "cannot": [*cannot]}
    look.lines.append(f"the account administers {administers}")
    if not everything:
        rest = f"plain Pulumi can make in it: {', '.join(can)}" if can else "it only looks"
        look.find(
            "cloud-rights",
            f"the account cannot make {', '.join(cannot)}; {rest}",
            "give it the role admin, or have an administrator of the cloud run `yunwang cloud`",
            Severity.WARNING,
        )


def _quotas(look: _Look, there: set[Service]) -> None:
    """Which limits each service keeps for a project, and where nova's are kept."""
    look.say(f"{look.cloud.name}: asking for quotas")
    project, said = look.cloud.access.project_id, dict[str, Any]()
    for api in (NOVA, CINDER, NEUTRON):
        service = api.service
        if service not in there or project is None:
            continue
        answer = look.asked(partial(look.cloud.get, service, f"{api.path}/{project}{api.default}", "read quota defaults"))
        if answer is not None:
            fields: list[Any] = sorted(name for name, limit in answer[api.root].items() if isinstance(limit, int))
            said[service] = {"fields": fields}
            if api is NOVA:
                said[service]["driver"] = nova_driver(answer[api.root], _registered(look))
    look.facts["quotas"] = said
    if driver := said.get("compute", {}).get("driver"):
        look.lines.append(f"quotas: nova keeps its own in {driver}")
        if driver == "unified limits":
            remedy = "set servers, class:VCPU and class:MEMORY_MB there (openstack limit set), and name no cores in tenants' files"
            look.find("cloud-quotas", "nova's quotas stand in keystone's unified limits: it takes others and ignores them", remedy)


def _registered(look: _Look) -> dict[str, int]:
    """Keystone's registered limits by resource; none where it has none, or does not tell."""
    try:
        found = look.cloud.list("identity", "registered_limits", "read registered limits")
    except Fatal:
        return {}
    return {limit["resource_name"]: limit["default_limit"] for limit in found}


def nova_driver(defaults: Mapping[str, Any], registered: Mapping[str, int]) -> str:
    """`database`, or `unified limits`: then nova's defaults are those that keystone has registered (nova, admin guide, quotas)."""
    theirs = {"cores": registered.get("class:VCPU"), "instances": registered.get("servers")}
    same = [defaults.get(name) == limit for name, limit in theirs.items() if limit is not None]
    return "unified limits" if same and all(same) else "database"


def _extensions(look: _Look) -> None:
    answer = look.asked(lambda: look.cloud.list("network", "extensions", "read neutron's extensions"))
    if answer is None:
        return
    have: list[Any] = sorted(one["alias"] for one in answer)
    look.facts["extensions"] = have
    missing = {alias: what for alias, what in _EXTENSIONS.items() if alias not in have}
    short = f"without {', '.join(missing)}" if missing else "with all that we need"
    look.lines.append(f"{len(have)} extensions of neutron, {short}")
    for alias, what in missing.items():
        look.find("cloud-extension", f"neutron has no extension {alias}: no {what}", "have it enabled, or do without")


def _concurrency(look: _Look) -> None:
    """How many requests at a time still bring more a second. Stops at the first that fails."""
    look.say(f"{look.cloud.name}: measuring a cheap request, 1 to 8 at a time")
    rounds = []
    for width, count in _ROUNDS:
        try:
            rounds.append(_round(look.cloud, width, count))
        except Verdict as verdict:
            look.find("cloud-busy", f"{width} requests at a time: {verdict.message}", verdict.remedy, Severity.WARNING)
            break
    advised = sensible(rounds)
    measured: list[Any] = [{"at_once": one.width, "ms": round(one.ms), "per_second": round(one.rate, 1)} for one in rounds]
    look.facts["concurrency"] = {"measured": measured, "advised": advised}
    told = "; ".join(f"{one.width}: {one.ms:.0f} ms, {one.rate:.0f} a second" for one in rounds)
    look.lines.append(f"requests at a time: {told or 'none'}; {advised} is sensible")


@dataclass(frozen=True, slots=True)
class Round:
    """So many requests in flight: the median answer in ms, and answers a second."""

    width: int
    ms: float
    rate: float


def sensible(rounds: list[Round]) -> int:
    """The fewest requests in flight that bring about as much a second as any number of them."""
    most = max((one.rate for one in rounds), default=0.0)
    return min((one.width for one in rounds if one.rate * _GAIN >= most), default=1)


def _round(cloud: OpenStack, width: int, count: int) -> Round:
    def one(_: int) -> float:
        began = time.monotonic()
        cloud.get("network", "/networks", "measure", limit="1", fields="id")
        return time.monotonic() - began

    with ThreadPoolExecutor(width, thread_name_prefix="probe") as pool:
        began = time.monotonic()
        times = list(pool.map(one, range(count)))
        return Round(width, statistics.median(times) * 1000, count / (time.monotonic() - began))
