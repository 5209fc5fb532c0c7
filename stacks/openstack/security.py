"""Neutron's security groups. The rules of a group are one value: what is not in it is taken away, the defaults of neutron too."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import ClassVar, Literal

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from yunwang.inventories.cloud import DEFAULT
from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Inputs, Made, Outputs, fixed
from yunwang.stacks.openstack.described import PROJECT, Neutron, NeutronInputs, description, incomplete
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.session import Json, OpenStack
from yunwang.stacks.partition import rule_text

SELF = "self"
_GROUP = re.compile(f"{SELF}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
"""What stands for a security group on the other side of a rule."""


class Rule(Inputs):
    """One allowance."""

    direction: Literal["ingress", "egress"] = Field(default="ingress", description="From the server's side.")
    ethertype: Literal["IPv4", "IPv6"] = Field(description="Which of the two protocols.")
    protocol: str = Field(description="tcp, udp, icmp or ipv6-icmp; any: all of them.")
    port_min: int | None = Field(default=None, ge=0, le=65535, description="First port (ICMP: the type). Left out: all.")
    port_max: int | None = Field(default=None, ge=0, le=65535, description="Last port (ICMP: the code).")
    remote: str | None = Field(
        default=None,
        description="The other side: a prefix, or the id of a security group (self: this one). Left out: anywhere."
        " Example: 10.96.0.0/16",
    )

    @field_validator("remote")
    @classmethod
    def _canonical(cls, remote: str | None) -> str | None:
        if not remote or _GROUP.fullmatch(remote):
            return remote or None
        prefix = ip_network(remote)
        return str(prefix) if prefix.prefixlen else None

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        if self.protocol in ("tcp", "udp") and (self.port_min is None) != (self.port_max is None):
            raise ValueError("portMax: name both ports or none")
        if self.protocol in ("tcp", "udp") and (self.port_min or 0) > (self.port_max or 0):
            raise ValueError(f"portMax: {self.port_max} is less than {self.port_min}")
        if self.remote and not _GROUP.fullmatch(self.remote) and f"IPv{ip_network(self.remote).version}" != self.ethertype:
            raise ValueError(f"remote: {self.remote} is not {self.ethertype}")
        return self

    def body(self, group: str) -> Json:
        """As neutron wants it for the security group of that id."""
        remote_group = group if self.remote == SELF else self.remote if _GROUP.fullmatch(self.remote or "") else None
        return {
            "direction": self.direction,
            "ethertype": self.ethertype,
            "protocol": None if self.protocol == "any" else self.protocol,
            "port_range_min": self.port_min,
            "port_range_max": self.port_max,
            "remote_ip_prefix": None if remote_group else self.remote,
            "remote_group_id": remote_group,
            "security_group_id": group,
        }

    @classmethod
    def told(cls, rule: Json) -> Rule:
        """As neutron tells it."""
        protocol = rule["protocol"] or "any"
        remote, group = rule["remote_ip_prefix"], rule["remote_group_id"]
        if group:
            remote = SELF if group == rule["security_group_id"] else group
        elif remote and not ip_network(remote).prefixlen:
            remote = None
        return cls.model_construct(
            direction=rule["direction"],
            ethertype=rule["ethertype"],
            protocol="ipv6-icmp" if protocol in ("icmpv6", "ipv6-icmp") else protocol,
            port_min=rule["port_range_min"],
            port_max=rule["port_range_max"],
            remote=remote,
        )

    def __str__(self) -> str:
        return rule_text(self.to_json())


class SecurityGroupInputs(NeutronInputs):
    """A named set of allowances."""

    project: str = fixed(PROJECT)
    name: str = Field(min_length=1, max_length=255, description="Name. Example: web")
    description: str = description()
    rules: tuple[Rule, ...] = Field(default=(), description="All that is allowed, in any order; answers to it pass by themselves.")

    @field_validator("rules")
    @classmethod
    def _ordered(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(sorted(set(rules), key=str))


class SecurityGroup(Neutron[SecurityGroupInputs]):
    """A security group with exactly these rules."""

    name = "SecurityGroup"
    summary = (
        "A security group with exactly these rules; neutron's own two (all egress) are taken away unless they are named."
        " The group named default is the one that neutron makes with a project: it is taken as it stands, and stays when this goes."
    )
    inputs = SecurityGroupInputs
    collection = "security_groups"
    example: ClassVar = {
        "project": "1f0c7a52d3b94e6f8a5b2c9d4e7f6a10",
        "name": "web",
        "rules": [{"ethertype": "IPv4", "protocol": "tcp", "portMin": 443, "portMax": 443, "remote": "10.96.0.0/16"}],
    }

    @override
    def body(self, cloud: OpenStack, inputs: SecurityGroupInputs) -> Json:
        return {"name": inputs.name}

    @override
    def told(self, cloud: OpenStack, one: Json, known: SecurityGroupInputs | None) -> SecurityGroupInputs:
        return SecurityGroupInputs.model_construct(
            project=one["project_id"],
            name=one["name"],
            description="" if one["name"] == DEFAULT else unmarked(one["description"]),  # each cloud has words of its own for it
            rules=tuple(sorted(map(Rule.told, one["security_group_rules"]), key=str)),
        )

    @override
    def create(self, cloud: OpenStack, inputs: SecurityGroupInputs, marker: str) -> Made:
        if inputs.name != DEFAULT:
            return super().create(cloud, inputs, marker)
        what = f"find the security group {DEFAULT}"
        found = cloud.list("network", "security_groups", what, path=self.path, project_id=inputs.project, name=DEFAULT)
        if not found:
            raise Fatal(f"project {inputs.project} has no security group {DEFAULT} yet", remedy="run again once it has a network")
        return self.made(cloud, found[0], inputs)

    @override
    def delete(self, cloud: OpenStack, id: str, old: SecurityGroupInputs) -> None:
        if old.name != DEFAULT:  # which goes with its project
            super().delete(cloud, id, old)

    @override
    def made(self, cloud: OpenStack, one: Json, inputs: SecurityGroupInputs) -> Made:
        try:
            self._keep_exactly(cloud, one, inputs)
        except Verdict as verdict:
            raise incomplete(Made(one["id"]), verdict) from None
        return Made(one["id"])

    @override
    def update(self, cloud: OpenStack, id: str, old: SecurityGroupInputs, new: SecurityGroupInputs, outputs: Outputs) -> Outputs:
        if (old.name, old.description) != (new.name, new.description):
            super().update(cloud, id, old, new, outputs)
        one = cloud.get("network", f"{self.path}/{id}", f"update security group {new.name}")["security_group"]
        self._keep_exactly(cloud, one, new)
        return {}

    def _keep_exactly(self, cloud: OpenStack, one: Json, inputs: SecurityGroupInputs) -> None:
        """New rules in first, so that no allowed traffic is cut between; what is not named goes after."""
        what = f"set the rules of security group {inputs.name}"
        have = {Rule.told(rule): rule["id"] for rule in one["security_group_rules"]}
        missing = [rule for rule in inputs.rules if rule not in have]
        if missing:
            rules = [rule.body(one["id"]) | {"project_id": inputs.project} for rule in missing]

            def ours() -> Json | None:
                now = cloud.get("network", f"{self.path}/{one['id']}", what)["security_group"]["security_group_rules"]
                return {} if set(missing) <= set(map(Rule.told, now)) else None

            cloud.post("network", "/security-group-rules", what, {"security_group_rules": rules}, ours)
        for rule, id in have.items():
            if rule not in inputs.rules:
                cloud.delete("network", f"/security-group-rules/{id}", what)
