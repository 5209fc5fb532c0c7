"""What most resources share: a collection, a body, a description with the marker behind it. Knows none of them.

Keystone, neutron and cinder differ in the verb of a change and in how the owner is said; the rest is the same.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Verdict
from yunwang.stacks.kind import Found, Incomplete, Inputs, Kind, Made, Outputs
from yunwang.stacks.openstack.marks import mark_of, marked, remarked
from yunwang.stacks.openstack.refusals import Taken
from yunwang.stacks.openstack.session import Json, OpenStack, Service

PROJECT = "Id of the project that owns it."


def description(words: str = "What people read. Our marker is kept behind it, out of sight. Example: 业务网") -> Any:
    """The field of that name. Short enough that 255 characters hold it and the marker."""
    return Field(default="", max_length=190, description=words)


class DescribedInputs(Inputs):
    """What is said about every such resource: mostly a `name` and a `description`."""

    @property
    def title(self) -> str:
        """Its name; empty where it has none."""
        return str(getattr(self, "name", ""))

    @property
    def words(self) -> str:
        """What people read on the cloud."""
        return str(getattr(self, "description", ""))


N = TypeVar("N", bound=DescribedInputs)


class Described(Kind[OpenStack, N], Generic[N]):
    """A resource with POST, GET, PUT or PATCH, and DELETE under one collection."""

    service: Service
    collection: str
    """As in answers (`security_groups`)."""
    unique: ClassVar[bool] = False
    """Whether its owner can have but one of a name: a POST that is taken made the only one, so nobody looks before."""
    change: ClassVar[Literal["PUT", "PATCH"]] = "PUT"

    @abstractmethod
    def body(self, cloud: OpenStack, inputs: N) -> Json:
        """What a change may say."""

    def fixed_body(self, cloud: OpenStack, inputs: N) -> Json:
        """What only a POST may say."""
        return {}

    @abstractmethod
    def owner(self, inputs: N) -> dict[str, str]:
        """Whose it is: said in a POST, and asked for when we look for what an earlier run left."""

    @abstractmethod
    def told(self, cloud: OpenStack, one: Json, known: N | None) -> N:
        """The inputs that describe `one`, as the service tells it."""

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
        return f"/{self.collection}"

    @property
    def listed(self) -> str:
        """Where they are listed with their descriptions."""
        return self.path

    @property
    def noun(self) -> str:
        """As people say it."""
        return self.singular.replace("_", " ")

    @override
    def create(self, cloud: OpenStack, inputs: N, marker: str) -> Made:
        one, left = self.post(cloud, inputs, marker)
        if left:  # by an earlier run that was killed before it could tell
            return Made(one["id"], self.update(cloud, one["id"], inputs, inputs, {}))
        return self.made(cloud, one, inputs)

    @override
    def find(self, cloud: OpenStack, inputs: N, marker: str) -> str | None:
        found = self._find(cloud, inputs, marker, f"look for {self.noun} {inputs.title}".strip())
        return None if found is None else str(found["id"])

    def post(self, cloud: OpenStack, inputs: N, marker: str, once: Json | None = None) -> tuple[Json, bool]:
        """Makes it, or finds that an earlier run did. `once`: what only this POST says, such as a password."""
        what = f"create {self.noun} {inputs.title}".strip()
        owner = self.owner(inputs)
        # what this session made itself just now holds nothing of an earlier run
        unsure = not self.unique and cloud.newborn.isdisjoint(owner.values())
        if unsure and (left := self._find(cloud, inputs, marker, what)) is not None:
            return left, True
        body = {
            **self.body(cloud, inputs),
            **self.fixed_body(cloud, inputs),
            **owner,
            **(once or {}),
            "description": marked(inputs.words, marker),
        }

        def again() -> Json | None:
            found = self._find(cloud, inputs, marker, what)
            return None if found is None else {self.singular: found}

        try:
            one = cloud.post(self.service, self.path, what, {self.singular: body}, again)[self.singular]
        except Verdict as verdict:
            cloud.newborn.difference_update(owner.values())  # whatever the last try left is looked for next time
            if self.unique and isinstance(verdict, Taken) and (left := self._find(cloud, inputs, marker, what)) is not None:
                return left, True
            raise
        cloud.newborn.add(one["id"])
        return one, False

    def _find(self, cloud: OpenStack, inputs: N, marker: str, what: str) -> Json | None:
        name = {"name": inputs.title} if inputs.title else {}
        found = cloud.list(self.service, self.collection, what, path=self.listed, **self.owner(inputs), **name)
        return next((one for one in found if mark_of(one.get("description")) == marker), None)

    def made(self, cloud: OpenStack, one: Json, inputs: N) -> Made:
        """What remains to be done after the POST. Raises Incomplete."""
        return Made(one["id"], self.answered(one))

    @override
    def read(self, cloud: OpenStack, id: str, known: N | None, outputs: Outputs) -> Found[N] | None:
        answer = cloud.find(self.service, f"{self.path}/{id}", f"read {self.noun} {id}")
        if answer is None:
            return None
        one = answer[self.singular]
        return Found(self.told(cloud, one, known), outputs | self.answered(one))

    @override
    def update(self, cloud: OpenStack, id: str, old: N, new: N, outputs: Outputs) -> Outputs:
        what = f"update {self.noun} {new.title}".strip()
        body = self.body(cloud, new)
        if new.words != old.words:
            now = cloud.get(self.service, f"{self.path}/{id}", what)[self.singular]
            body["description"] = remarked(new.words, now.get("description"))
        one = cloud.send(self.service, self.change, f"{self.path}/{id}", what, json={self.singular: body})[self.singular]
        return outputs | self.answered(one)

    @override
    def delete(self, cloud: OpenStack, id: str, old: N) -> None:
        cloud.delete(self.service, f"{self.path}/{id}", f"delete {self.noun} {old.title}".strip())


def incomplete(made: Made, verdict: Verdict) -> Incomplete:
    """It was made, and then this went wrong."""
    return Incomplete(made, f"{verdict.message}. {verdict.remedy}")


class NeutronInputs(DescribedInputs):
    """What every resource of neutron has."""

    project: str


M = TypeVar("M", bound=NeutronInputs)


class Neutron(Described[M], Generic[M]):
    """A resource of neutron, owned by a project."""

    service = "network"

    @property
    @override
    def path(self) -> str:
        return "/" + self.collection.replace("_", "-")

    @override
    def owner(self, inputs: M) -> dict[str, str]:
        return {"project_id": inputs.project}
