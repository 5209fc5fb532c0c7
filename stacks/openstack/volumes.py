"""Cinder's kind: volume; and nova's attachment of one to a server. Never shrinks a volume, which would lose what is on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Flag, Found, Incomplete, Inputs, Kind, Made, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import Described, DescribedInputs, description, incomplete
from yunwang.stacks.openstack.marks import unmarked
from yunwang.stacks.openstack.names import as_said, image_id, project_id
from yunwang.stacks.openstack.session import Json, OpenStack
from yunwang.stacks.openstack.waiting import LONGEST, until

_BUSY = frozenset(
    {"creating", "downloading", "extending", "retyping", "attaching", "detaching", "reserved", "deleting", "maintenance"}
)
_ITS_OWN = frozenset({"readonly", "attached_mode"})
"""What cinder shows an administrator among a volume's metadata."""
_GROWS_IN_USE = {"OpenStack-API-Version": "volume 3.42"}
"""From this microversion on an attached volume may grow (cinder's REST API history)."""


class VolumeInputs(DescribedInputs):
    """A volume."""

    project: str = fixed("Id or name of the project; the provider's account needs a role on it. Example: finance")
    name: str = Field(min_length=1, max_length=255, description="Name; not unique on the cloud. Example: exam-results-data")
    description: str = description()
    size: int = Field(ge=1, description="Size in GiB. It grows in place; a smaller one is a new volume, without what was on it.")
    type: str | None = flagged(
        "Name of the volume type; another one moves it. Left out: the cloud's default. Example: ssd", Flag.LEFT, default=None
    )
    image: str | None = fixed("Name or id of an image to fill it with, to boot from. Left out: it is empty.", default=None)
    availability_zone: str | None = fixed(
        "Where it is to lie. Left out: the cloud's choice. Example: nova", Flag.LEFT, default=None
    )
    metadata: dict[str, str] = Field(default_factory=dict, description="Keys and values of your own.")


class Volume(Described[VolumeInputs]):
    """A block volume of cinder."""

    name = "Volume"
    summary = "A block volume. It grows and changes its type in place."
    inputs = VolumeInputs
    outputs: ClassVar = {"status": Output("Cinder's status. Examples: available, in-use")}
    service = "block_storage"
    collection = "volumes"
    references: ClassVar = {"project": project_id, "image": image_id}
    example: ClassVar = {"project": "finance", "name": "exam-results-data", "size": 20}

    @override
    def replaced(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        sizes = old.get("size"), new.get("size")
        shrinks = isinstance(sizes[0], int) and isinstance(sizes[1], int) and sizes[1] < sizes[0]
        return super().replaced(old, new) | ({"size"} if shrinks else frozenset())

    @override
    def owner(self, inputs: VolumeInputs) -> dict[str, str]:
        return {}  # the project of the session

    @override
    def body(self, cloud: OpenStack, inputs: VolumeInputs) -> Json:
        return {"name": inputs.name, "metadata": inputs.metadata}

    @override
    def fixed_body(self, cloud: OpenStack, inputs: VolumeInputs) -> Json:
        said: Json = {"size": inputs.size, "volume_type": inputs.type, "availability_zone": inputs.availability_zone}
        if inputs.image:
            said["imageRef"] = image_id(cloud, inputs.image)
        return {name: value for name, value in said.items() if value is not None}

    @override
    def find(self, cloud: OpenStack, inputs: VolumeInputs, marker: str) -> str | None:
        return super().find(cloud.scoped(project_id(cloud, inputs.project)), inputs, marker)

    @override
    def create(self, cloud: OpenStack, inputs: VolumeInputs, marker: str) -> Made:
        return super().create(cloud.scoped(project_id(cloud, inputs.project)), inputs, marker)

    @property
    @override
    def listed(self) -> str:
        return "/volumes/detail"  # the short list has no descriptions

    @override
    def made(self, cloud: OpenStack, one: Json, inputs: VolumeInputs) -> Made:
        id = one["id"]
        try:
            one = self._settled(cloud, id, inputs.name)
        except Verdict as verdict:
            raise incomplete(Made(id, self.answered(one)), verdict) from None
        if one["status"] == "error":
            # it never held anything, so nothing is lost with it
            self.delete(cloud, id, inputs)
            raise Fatal(
                f"cloud {cloud.name} could not make volume {inputs.name}", remedy="have cinder's log looked at (room, type, image)"
            )
        return Made(id, self.answered(one))

    def _settled(self, cloud: OpenStack, id: str, name: str) -> Json:
        """Waits until cinder is done with it. Raises Incomplete when that takes too long."""
        what = f"wait for volume {name}"
        one = until(lambda now: now["status"] not in _BUSY, lambda: cloud.get("block_storage", f"/volumes/{id}", what)["volume"])
        assert one is not None, "get raises when it is gone"
        if one["status"] in _BUSY:
            reason = f"volume {name} on cloud {cloud.name} is still {one['status']} after {LONGEST:.0f} s: run again"
            raise Incomplete(Made(id, self.answered(one)), reason)
        return one

    @override
    def told(self, cloud: OpenStack, one: Json, known: VolumeInputs | None) -> VolumeInputs:
        owner = one["os-vol-tenant-attr:tenant_id"]
        image = (one.get("volume_image_metadata") or {}).get("image_id")
        return VolumeInputs(
            project=as_said(known.project if known else None, owner, partial(project_id, cloud)),
            name=one["name"] or "?",
            description=unmarked(one["description"]),
            size=one["size"],
            type=one["volume_type"] if known is None or known.type else None,
            image=as_said(known.image if known else None, image, partial(image_id, cloud))
            if image and (known is None or known.image)
            else None,
            availability_zone=one["availability_zone"] if known is None or known.availability_zone else None,
            metadata={name: value for name, value in one["metadata"].items() if name not in _ITS_OWN},
        )

    @override
    def answered(self, one: Json) -> Outputs:
        return {"status": one["status"]}

    @override
    def update(self, cloud: OpenStack, id: str, old: VolumeInputs, new: VolumeInputs, outputs: Outputs) -> Outputs:
        own = cloud.scoped(project_id(cloud, new.project))
        now = self._settled(own, id, new.name)
        super().update(own, id, old, new, outputs)
        if now["size"] < new.size:
            self._act(own, id, f"grow volume {new.name} to {new.size} GiB", {"os-extend": {"new_size": new.size}})
            now = self._settled(own, id, new.name)
        if new.type and now["volume_type"] != new.type:
            said = {"os-retype": {"new_type": new.type, "migration_policy": "on-demand"}}
            self._act(own, id, f"move volume {new.name} to type {new.type}", said)
            now = self._settled(own, id, new.name)
        late = [
            f"its {name} is {now[field]} and not {value}"
            for name, field, value in (("size", "size", new.size), ("type", "volume_type", new.type or now["volume_type"]))
            if now[field] != value
        ]
        if late or now["status"].startswith("error"):
            reason = f"cloud {cloud.name} did not change volume {new.name} ({now['status']}): {'; '.join(late)}"
            raise Incomplete(Made(id, self.answered(now)), reason)
        return self.answered(now)

    def _act(self, cloud: OpenStack, id: str, what: str, action: Json) -> None:
        cloud.send("block_storage", "POST", f"/volumes/{id}/action", what, json=action, headers=_GROWS_IN_USE)

    @override
    def delete(self, cloud: OpenStack, id: str, old: VolumeInputs) -> None:
        own = cloud.scoped(project_id(cloud, old.project))
        what = f"delete volume {old.name}"
        own.delete("block_storage", f"/volumes/{id}", what)
        left = until(
            lambda now: now["status"] != "deleting",
            lambda: (own.find("block_storage", f"/volumes/{id}", what) or {}).get("volume"),
        )
        if left is not None:
            raise Fatal(
                f"volume {old.name} on cloud {cloud.name} does not go away, it is {left['status']}",
                remedy="have cinder's log looked at, then run again",
            )


class VolumeAttachmentInputs(Inputs):
    """A volume in a server."""

    project: str = fixed("Id or name of the project of both. Example: finance")
    server: str = fixed("Id of the server.")
    volume: str = fixed("Id of the volume.")
    device: str | None = fixed(
        "Where it is to appear; hypervisors may choose otherwise. Left out: the next free place.", Flag.LEFT, default=None
    )


class VolumeAttachment(Kind[OpenStack, VolumeAttachmentInputs]):
    """A volume that is attached to a server."""

    name = "VolumeAttachment"
    summary = "A volume that is attached to a server. Its id is SERVER/VOLUME."
    inputs = VolumeAttachmentInputs
    references: ClassVar = {"project": project_id}
    outputs: ClassVar = {"attachedAs": Output("Where it appears. Example: /dev/vdb")}
    example: ClassVar = {
        "project": "finance",
        "server": "c0ffee00-5a5a-4a4e-9a57-8d1a3f1d7a11",
        "volume": "6c1f4f2c-70a5-4b2b-8a51-3e2b8c7d9e10",
    }

    @override
    def joined(self, cloud: OpenStack, inputs: VolumeAttachmentInputs) -> str:
        return f"{inputs.server}/{inputs.volume}"

    @override
    def create(self, cloud: OpenStack, inputs: VolumeAttachmentInputs, marker: str) -> Made:
        what = f"attach volume {inputs.volume} to server {inputs.server}"
        id = self.joined(cloud, inputs)
        own = cloud.scoped(project_id(cloud, inputs.project))

        def there() -> Json | None:
            found = _attached(own, inputs.server, inputs.volume, what)
            return None if found is None else {"volumeAttachment": found}

        body = {"volumeId": inputs.volume, **({"device": inputs.device} if inputs.device else {})}
        answer = there() or own.post(
            "compute", f"/servers/{inputs.server}/os-volume_attachments", what, {"volumeAttachment": body}, there
        )
        outputs: Outputs = {"attachedAs": answer["volumeAttachment"].get("device")}
        try:
            now = until(
                lambda volume: volume["status"] not in _BUSY,
                lambda: own.get("block_storage", f"/volumes/{inputs.volume}", what)["volume"],
            )
        except Verdict as verdict:
            raise incomplete(Made(id, outputs), verdict) from None
        if now is None or now["status"] != "in-use":
            reason = f"volume {inputs.volume} on cloud {cloud.name} is {now['status'] if now else 'gone'}, not in use: run again"
            raise Incomplete(Made(id, outputs), reason)
        return Made(id, outputs)

    @override
    def read(
        self, cloud: OpenStack, id: str, known: VolumeAttachmentInputs | None, outputs: Outputs
    ) -> Found[VolumeAttachmentInputs] | None:
        server, _, volume = id.partition("/")
        what = f"read the attachment of volume {volume}"
        found = _attached(cloud, server, volume, what)
        if found is None:
            return None
        project = known.project if known else cloud.get("compute", f"/servers/{server}", what)["server"]["tenant_id"]
        device = found.get("device") if known is None or known.device else None
        told = VolumeAttachmentInputs(project=project, server=server, volume=volume, device=device)
        return Found(told, {"attachedAs": found.get("device")})

    @override
    def update(
        self, cloud: OpenStack, id: str, old: VolumeAttachmentInputs, new: VolumeAttachmentInputs, outputs: Outputs
    ) -> Outputs:
        return outputs

    @override
    def delete(self, cloud: OpenStack, id: str, old: VolumeAttachmentInputs) -> None:
        what = f"detach volume {old.volume} from server {old.server}"
        own = cloud.scoped(project_id(cloud, old.project))
        own.delete("compute", f"/servers/{old.server}/os-volume_attachments/{old.volume}", what)

        def free(volume: Json) -> bool:
            here = any(one["server_id"] == old.server for one in volume["attachments"])
            return volume["status"] not in _BUSY and not here

        left = until(free, lambda: (own.find("block_storage", f"/volumes/{old.volume}", what) or {}).get("volume"))
        if left is not None and not free(left):
            raise Fatal(f"cannot {what}: it is still {left['status']}", remedy="look at the server and the volume, then run again")


def _attached(cloud: OpenStack, server: str, volume: str, what: str) -> Json | None:
    answer = cloud.find("compute", f"/servers/{server}/os-volume_attachments/{volume}", what)
    return None if answer is None else dict(answer["volumeAttachment"])
