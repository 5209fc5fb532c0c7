"""What neutron's resources share: a collection, a body, a description that carries the marker. Knows none of them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from typing_extensions import override

from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Found, Inputs, Kind, Made, Outputs
from yunwang.stacks.openstack.marks import mark_of, marked
from yunwang.stacks.openstack.session import Json, OpenStack


class NamedInputs(Inputs):
    """What every named resource of neutron has."""

    project: str
    name: str
    description: str


N = TypeVar("N", bound=NamedInputs)


class Neutron(Kind[OpenStack, N], Generic[N]):
    """A resource of neutron's own shape: POST, GET, PUT and DELETE under one collection."""

    collection: str
    """As in answers (`security_groups`); in paths with hyphens."""

    @abstractmethod
    def body(self, cloud: OpenStack, inputs: N) -> Json:
        """What a PUT may say."""

    def fixed_body(self, inputs: N) -> Json:
        """What only a POST may say."""
        return {}

    @abstractmethod
    def told(self, cloud: OpenStack, one: Json, known: N | None) -> N:
        """The inputs that describe `one`, as neutron tells it."""

    def answered(self, one: Json) -> Outputs:
        """The outputs."""
        return {}

    @property
    def singular(self) -> str:
        """What wraps one of them."""
        return self.collection.removesuffix("s")

    @property
    def path(self) -> str:
        """Where they stand."""
        return "/" + self.collection.replace("_", "-")

    @override
    def create(self, cloud: OpenStack, inputs: N, marker: str) -> Made:
        what = f"create {self.noun} {inputs.name}"
        bears = marked(inputs.description, marker)

        def ours() -> Json | None:
            found = cloud.list("network", self.collection, what, path=self.path, project_id=inputs.project, name=inputs.name)
            return next(({self.singular: one} for one in found if mark_of(one["description"]) == mark_of(bears)), None)

        if (
            inputs.project not in cloud.newborn and (left := ours()) is not None
        ):  # by an earlier run that was killed before it could tell
            id = left[self.singular]["id"]
            return Made(id, self.update(cloud, id, inputs, inputs, {}))
        body = self.body(cloud, inputs) | self.fixed_body(inputs) | {"description": bears, "project_id": inputs.project}
        try:
            one = cloud.post("network", self.path, what, {self.singular: body}, ours)[self.singular]
        except Verdict:
            cloud.newborn.discard(inputs.project)  # whatever the last try left is looked for next time
            raise
        cloud.newborn.add(one["id"])
        return self.made(cloud, one, inputs)

    def made(self, cloud: OpenStack, one: Json, inputs: N) -> Made:
        """What remains to be done after the POST. Raises Incomplete."""
        return Made(one["id"], self.answered(one))

    @override
    def read(self, cloud: OpenStack, id: str, known: N | None, outputs: Outputs) -> Found[N] | None:
        answer = cloud.find("network", f"{self.path}/{id}", f"read {self.noun} {id}")
        if answer is None:
            return None
        one = answer[self.singular]
        return Found(self.told(cloud, one, known), self.answered(one))

    @override
    def update(self, cloud: OpenStack, id: str, old: N, new: N, outputs: Outputs) -> Outputs:
        what = f"update {self.noun} {new.name}"
        body = self.body(cloud, new)
        if new.description != old.description:
            now = cloud.get("network", f"{self.path}/{id}", what)[self.singular]
            body["description"] = f"{new.description} {mark_of(now['description'])}".strip()
        one = cloud.send("network", "PUT", f"{self.path}/{id}", what, json={self.singular: body})[self.singular]
        return self.answered(one)

    @override
    def delete(self, cloud: OpenStack, id: str, old: N) -> None:
        cloud.delete("network", f"{self.path}/{id}", f"delete {self.noun} {old.name}")

    @property
    def noun(self) -> str:
        """As people say it."""
        return self.singular.replace("_", " ")


def external_network_id(cloud: OpenStack, network: str) -> str:
    """The id of an external network that is named or given by id. Raises Fatal."""

    def find() -> str:
        found = cloud.list("network", "networks", f"find external network {network}", **{"router:external": "true"})
        for one in found:
            if network in (one["id"], one["name"]):
                return str(one["id"])
        have = ", ".join(sorted(one["name"] for one in found)) or "none"
        raise Fatal(
            f"cloud {cloud.name} has no external network {network} (it has: {have})",
            remedy="correct external_network in yunwang.yaml",
        )

    return cloud.known("external network", network, find)
