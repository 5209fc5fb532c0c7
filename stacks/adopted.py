"""A tenant's file as it says what is live, where others changed that. Pure; never guesses what a file has no words for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import JsonValue

from yunwang.inventories.cloud import DEFAULT, SecurityGroup, TenantNetwork
from yunwang.inventories.noun import JsonObject, Noun
from yunwang.inventories.verdict import Refused
from yunwang.stacks.cloud import Census
from yunwang.stacks.partition import CLOSED_FROM, rule_text, rules, subnets

N = TypeVar("N", bound=Noun)


def adopted(said: Mapping[str, Any], live: JsonObject, found: Census) -> JsonObject:
    """What a tenant's file is to say. `said`: what it says; `live`: facts of the tenant on one cloud; `found`: its census there.

    Limits that the file does not name stay unnamed. Networks, security groups and people that it does not name are added. Raises
    Refused where a value stands for several clouds, or is none that a file can say.
    """
    cloud = found.allotment["cloud"]
    whole: JsonObject = {"title": found.title, "internet_egress": found.egress, "members": _members(said, found)}
    was = {"internet_egress": False, "members": []} | dict(said)
    changed = {name: value for name, value in whole.items() if value != was[name]}
    if changed and len(said["allotments"]) > 1:
        raise Refused(
            f"{' and '.join(changed)} changed on cloud {cloud}, and the file of tenant {said['name']} says that for all its clouds",
            remedy="write it there and apply it, or take it back (`yunwang cloud drift --revert`)",
        )
    allotments = [_allotment(one, said["mlps_level"], live, found) if one["cloud"] == cloud else one for one in said["allotments"]]
    return {**said, **changed, "allotments": allotments}


def _members(said: Mapping[str, Any], found: Census) -> list[JsonValue]:
    names = {str(one["user"]): one["real_name"] for one in found.members}
    known = [one | {"real_name": names.get(one["user"], one["real_name"])} for one in said.get("members") or ()]
    return [*known, *(one for one in found.members if one["user"] not in {one["user"] for one in known})]


def spoken(found: Census, level: int, named: Iterable[Any] = ()) -> list[Any]:
    """The security groups a file has to speak of: `default` where it names it, or where it is open though the level closes it."""
    groups: Any = found.allotment["security_groups"]
    ours = DEFAULT in {group["name"] for group in named}
    return [group for group in groups if group["name"] != DEFAULT or ours or (level >= CLOSED_FROM and group["rules"])]


def _allotment(said: Mapping[str, Any], level: int, live: JsonObject, found: Census) -> JsonObject:
    groups = spoken(found, level, said.get("security_groups") or ())
    told: dict[str, Any] = {
        "quota": {field: limit and _limit(field, live["quota"]) for field, limit in (said.get("quota") or {}).items()},
        "networks": _merged(TenantNetwork, _wires, said.get("networks"), found.allotment["networks"]),
        "security_groups": _merged(SecurityGroup, _allowed, said.get("security_groups"), groups),
    }
    return {**said, **{name: value for name, value in told.items() if value or name in said}}


def _limit(field: str, live: Any) -> int:
    limit = live[field]
    if not isinstance(limit, int) or limit < 0:
        raise Refused(
            f"{field} is {limit} on the cloud, which a tenant's file cannot say",
            remedy="take it back (`yunwang cloud drift --revert`)",
        )
    return limit


def _merged(noun: type[N], means: Callable[[N], object], said: Sequence[Any] | None, live: Any) -> list[Any]:
    """Those of the file, as it spells them where they mean what is live; then those that it does not name."""
    there = {one["name"]: noun.model_validate(one) for one in live}
    merged = []
    for one in said or ():
        now = there.pop(one["name"], None)
        same = now is None or means(now) == means(noun.model_validate(one))
        merged.append(one if same else _brief(now))
    return [*merged, *map(_brief, there.values())]


def _brief(one: Noun | None) -> JsonObject:
    return one.model_dump(mode="json", exclude_defaults=True) if one is not None else {}


def _wires(network: TenantNetwork) -> object:
    return subnets(network), network.routed


def _allowed(group: SecurityGroup) -> object:
    return {rule_text(one) for rule in group.rules for one in rules(rule)}
