"""A second kind of cloud, held in memory: what a tenant's program declares becomes sheets of paper. Knows no OpenStack."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import JsonValue, create_model
from typing_extensions import override

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import SecretSettings, Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.stacks.cloud import Census, Probed, Stranger
from yunwang.stacks.job import CloudJob
from yunwang.stacks.kind import Found, Inputs, Kind, Made, Outputs, Say
from yunwang.stacks.partition import rule_text
from yunwang.stacks.pulumi import resources

NAMES = (
    *("Project", "User", "RoleAssignment", "ComputeQuota", "VolumeQuota", "NetworkQuota"),
    *("Network", "Subnet", "Router", "RouterInterface", "SecurityGroup"),
)
"""What a tenant's program declares."""


@dataclass
class Shelf:
    """The session: kind and words of each sheet, by id."""

    name: str
    sheets: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def add(self, kind: str, **said: Any) -> str:
        """A new sheet; its id."""
        id = f"sheet-{next(self.numbers)}"
        self.sheets[id] = kind, said
        return id

    def all(self, kind: str, **said: Any) -> dict[str, dict[str, Any]]:
        """The sheets of a kind that say this, by id."""
        alike = {id: sheet for id, (its, sheet) in self.sheets.items() if its == kind}
        return {id: sheet for id, sheet in alike.items() if said.items() <= {name: sheet.get(name) for name in said}.items()}


class Paper(Kind[Shelf, Inputs]):
    """One kind of sheet, with the properties that the typed resource of that name has."""

    summary = "Paper."
    example: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, name: str) -> None:
        self.name = name  # type: ignore[misc]  # one class for all of them
        fields: dict[str, Any] = dict.fromkeys(getattr(resources, f"{name}Args").__annotations__, (Any, None))
        self.inputs = create_model(name, __base__=Inputs, **fields)

    @override
    def create(self, cloud: Shelf, inputs: Inputs, marker: str) -> Made:
        return Made(cloud.add(self.name, **inputs.to_json()))

    @override
    def read(self, cloud: Shelf, id: str, known: Inputs | None, outputs: Outputs) -> Found[Inputs] | None:
        return Found(self.inputs.model_validate(cloud.sheets[id][1])) if id in cloud.sheets else None

    @override
    def update(self, cloud: Shelf, id: str, old: Inputs, new: Inputs, outputs: Outputs) -> Outputs:
        cloud.sheets[id] = self.name, dict(new.to_json())
        return {}

    @override
    def delete(self, cloud: Shelf, id: str, old: Inputs) -> None:
        cloud.sheets.pop(id, None)


@dataclass
class PaperCloud:
    """A stacks.cloud.Cloud over a shelf. It has quotas of cores alone, and no addresses are translated."""

    shelf: Shelf

    @property
    def name(self) -> str:
        return self.shelf.name

    def _id(self, tenant: str) -> str | None:
        return next(iter(self.shelf.all("Project", name=tenant)), None)

    def tenant_facts(self, tenant: str) -> JsonObject:
        if (id := self._id(tenant)) is None:
            return {}
        found, groups = self.census(tenant), self.shelf.all("SecurityGroup", project=id).values()
        (quota,) = self.shelf.all("ComputeQuota", project=id).values()
        return {
            "project": {"title": found.title, "enabled": True},
            "members": {str(one["user"]): [one["role"]] for one in found.members},
            "quota": {"cores": quota["cores"]},
            "networks": {},
            "routers": {},
            "security_groups": {group["name"]: [*sorted(map(rule_text, group["rules"]))] for group in groups},
        }

    def server_facts(self, tenant: str) -> JsonObject:
        return {}

    def flavor_for(self, cores: int, ram_gib: int, architecture: str) -> str | None:
        return None

    def holdings(self, tenant: str, ours: Collection[str]) -> dict[str, tuple[str, ...]]:
        groups = self.shelf.all("SecurityGroup", project=self._id(tenant))
        strange = tuple(group["name"] for id, group in groups.items() if id not in ours)
        return {"security groups": strange} if strange else {}

    def guests(self, tenant: str, ours: Collection[str]) -> tuple[str, ...]:
        return ()

    def over_quota(self, tenant: str) -> dict[str, tuple[int, int]]:
        return {}

    def census(self, tenant: str) -> Census:
        id, shelf = self._id(tenant), self.shelf
        ids = {f"Project {tenant}": str(id)}
        ids |= {
            f"{kind} {sheet['name']}": one
            for one, (kind, sheet) in shelf.sheets.items()
            if "name" in sheet and kind != "Project" and sheet.get("project", id) == id
        }
        members: list[JsonObject] = []
        for one, held in shelf.all("RoleAssignment", project=id).items():
            user = shelf.sheets[held["user"]][1]
            ids[f"RoleAssignment {user['name']}-{held['role']}"] = one
            members.append({"user": user["name"], "real_name": user["realName"], "role": held["role"]})
        groups: list[Any] = [
            {"name": group["name"], "rules": [{"protocol": rule["protocol"]} for rule in group["rules"]]}
            for group in shelf.all("SecurityGroup", project=id).values()
        ]
        title = shelf.sheets[str(id)][1]["description"]
        return Census(title, False, members, {"cloud": self.name, "networks": [], "security_groups": groups}, ids)

    def tenants(self) -> Iterator[Stranger]:
        for sheet in self.shelf.all("Project").values():
            yield Stranger(name=sheet["name"], title=sheet["description"], owner="")


class PaperKind:
    """The stacks.cloud.CloudKind."""

    resources: Mapping[str, Kind[Any, Any]] = {name: Paper(name) for name in NAMES}

    def session(self, name: str, config: Path | None, secrets: SecretSettings | None = None, say: Say | None = None) -> Shelf:
        return Shelf(name)

    def cloud(self, session: Shelf) -> PaperCloud:
        return PaperCloud(session)

    def probe(self, name: str, config: Path, secrets: SecretSettings, say: Say) -> Probed:
        return Probed(cloud=name, facts={}, lines=("paper",), findings=())


def write_tenant(root: Path, name: str, **said: JsonValue) -> None:
    """The file of a tenant of a city on paper."""
    group = {"name": "web", "rules": [{"protocol": "icmp"}]}
    tenant = {
        "version": 1,
        "name": name,
        "title": f"{name} 局",
        "department": name,
        "mlps_level": 2,
        "members": [{"user": f"an-{name}", "real_name": "安", "role": "member"}],
        "allotments": [{"cloud": "paper", "quota": {"cores": 4}, "security_groups": [group]}],
    }
    (root / "tenants" / f"{name}.yaml").write_text(yaml.safe_dump(tenant | said, allow_unicode=True))


def loaded(root: Path) -> Workspace:
    """A city on paper as its files have it."""
    workspace, findings = read(root)
    assert workspace is not None, findings
    return workspace


def applied(job: CloudJob, workspace: Workspace, journal: Journal) -> RunState:
    """The end of a run that does what a job plans."""
    engine = Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print)
    return engine.apply(engine.plan(job), job).state
