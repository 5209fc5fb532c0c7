"""Glance's kind: image. Sends a file only when its SHA-512 is the one that was named."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Flag, Found, Inputs, Kind, Made, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import incomplete
from yunwang.stacks.openstack.session import Json, OpenStack

_MARK = "yunwang"
_PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


class ImageInputs(Inputs):
    """An image that servers boot from."""

    name: str = Field(min_length=1, max_length=255, description="Name; not unique on the cloud. Example: kylin-v10-arm64")
    file: str = flagged("Path of the file on this machine, only read to upload it. Example: images/kylin-v10.qcow2", Flag.MOMENTARY)
    sha512: str = fixed("SHA-512 of the file, as sha512sum tells it: glance keeps the same.", pattern="^[0-9a-f]{128}$")
    disk_format: Literal["raw", "qcow2", "vmdk", "vhd", "vdi", "iso"] = fixed("Format of the file. Example: qcow2")
    visibility: Literal["private", "shared", "community", "public"] = Field(
        default="private", description="Who sees it; public needs an administrator."
    )
    protected: bool = Field(default=False, description="True: the cloud refuses to delete it.")
    min_disk: int = Field(default=0, ge=0, description="Smallest disk that a server needs for it, in GiB.")
    min_ram: int = Field(default=0, ge=0, description="Smallest memory that a server needs for it, in MiB.")
    properties: dict[str, str] = Field(
        default_factory=dict, description="Properties of your own, which the scheduler reads too. Example: hw_architecture: aarch64"
    )


class Image(Kind[OpenStack, ImageInputs]):
    """An image, uploaded from a file. Properties that nobody named are left alone: the cloud has its own."""

    name = "Image"
    summary = "An image that servers boot from, uploaded from a file of this machine."
    inputs = ImageInputs
    outputs: ClassVar = {
        "status": Output("Glance's status. Example: active"),
        "size": Output("Size of the file, in bytes.", type="integer"),
    }
    example: ClassVar = {
        "name": "kylin-v10-arm64",
        "file": "images/kylin-v10.qcow2",
        "sha512": "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        "diskFormat": "qcow2",
        "properties": {"hw_architecture": "aarch64"},
    }

    @override
    def find(self, cloud: OpenStack, inputs: ImageInputs, marker: str) -> str | None:
        found = _ours(cloud, marker, f"look for image {inputs.name}")
        return None if found is None else str(found["id"])

    @override
    def create(self, cloud: OpenStack, inputs: ImageInputs, marker: str) -> Made:
        what = f"create image {inputs.name}"

        def ours() -> Json | None:
            return _ours(cloud, marker, what)

        if (left := ours()) is not None:  # by an earlier run that was killed before it could tell
            return Made(left["id"], self.update(cloud, left["id"], inputs, inputs, {}))
        body = {**_settings(inputs), "disk_format": inputs.disk_format, "container_format": "bare", _MARK: marker}
        return self._filled(cloud, cloud.post("image", "/images", what, body, ours), inputs)

    def _filled(self, cloud: OpenStack, one: Json, inputs: ImageInputs) -> Made:
        """Uploads what is still to be uploaded. Raises Incomplete."""
        id, what = one["id"], f"upload {inputs.file} to image {inputs.name}"

        def active() -> Json | None:
            now = cloud.get("image", f"/images/{id}", what)
            return now if now["status"] == "active" else None

        try:
            if one["status"] != "active":
                _matches(Path(inputs.file), inputs.sha512)
                cloud.upload("image", f"/images/{id}/file", what, Path(inputs.file), again=active)
                one = cloud.get("image", f"/images/{id}", what)
        except Verdict as verdict:
            raise incomplete(Made(id, _answered(one)), verdict) from None
        return Made(id, _answered(one))

    @override
    def read(self, cloud: OpenStack, id: str, known: ImageInputs | None, outputs: Outputs) -> Found[ImageInputs] | None:
        one = cloud.find("image", f"/images/{id}", f"read image {id}")
        if one is None:
            return None
        mine = known.properties if known else {}
        told = ImageInputs.model_construct(
            name=one["name"],
            file=known.file if known else "",
            sha512=one.get("os_hash_value") or (known.sha512 if known else ""),
            disk_format=one["disk_format"],
            visibility=one["visibility"],
            protected=one["protected"],
            min_disk=one["min_disk"],
            min_ram=one["min_ram"],
            properties={name: str(one[name]) for name in mine if name in one},
        )
        return Found(told, _answered(one))

    @override
    def update(self, cloud: OpenStack, id: str, old: ImageInputs, new: ImageInputs, outputs: Outputs) -> Outputs:
        what = f"update image {new.name}"
        now = cloud.get("image", f"/images/{id}", what)
        wanted = _settings(new)
        patch: list[Any] = [
            {"op": "replace" if name in now else "add", "path": f"/{name}", "value": value}
            for name, value in wanted.items()
            if now.get(name) != value
        ]
        patch += [{"op": "remove", "path": f"/{name}"} for name in old.properties if name in now and name not in wanted]
        if patch:
            now = cloud.send("image", "PATCH", f"/images/{id}", what, json=patch, headers=_PATCH)
        return self._filled(cloud, now, new).outputs

    @override
    def delete(self, cloud: OpenStack, id: str, old: ImageInputs) -> None:
        cloud.delete("image", f"/images/{id}", f"delete image {old.name}")


def _ours(cloud: OpenStack, marker: str, what: str) -> Json | None:
    """The image that bears the marker."""
    return next(iter(cloud.list("image", "images", what, **{_MARK: marker})), None)


def _settings(inputs: ImageInputs) -> Json:
    """What a change may say."""
    return {
        "name": inputs.name,
        "visibility": inputs.visibility,
        "protected": inputs.protected,
        "min_disk": inputs.min_disk,
        "min_ram": inputs.min_ram,
        **inputs.properties,
    }


def _answered(one: Json) -> Outputs:
    return {"status": one["status"], "size": one.get("size") or 0}


def _matches(file: Path, sha512: str) -> None:
    """Raises Fatal when the file is not the one that was named."""
    try:
        with file.open("rb") as content:
            real = hashlib.file_digest(content, "sha512").hexdigest()
    except OSError as error:
        raise Fatal(f"{file} cannot be read: {error.strerror}", remedy="correct file, or bring the image there") from None
    if real != sha512:
        raise Fatal(f"{file} has another SHA-512 ({real[:12]}…) than was named", remedy="correct sha512, or bring the right file")
