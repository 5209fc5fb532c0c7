"""Nova's kinds: server. Never chooses an image or a flavor: that is said."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from yunwang.inventories.verdict import Fatal
from yunwang.stacks.kind import Found, Incomplete, Inputs, Kind, Made, Output, Outputs, fixed
from yunwang.stacks.openstack.identity import project_id
from yunwang.stacks.openstack.session import Json, OpenStack, Service

_BUILD_SECONDS = 600.0
_POLL_SECONDS = 1.0


class ServerInputs(Inputs):
    """A virtual server."""

    project: str = fixed("Id or name of the project; the provider's account needs a role on it.")
    name: str = Field(min_length=1, max_length=255, description="Name, the host name too. Example: exam-results-1")
    image: str = fixed("Name or id of the image it boots from. Example: base")
    flavor: str = Field(description="Name or id of the flavor. Changing it resizes the server, with a restart. Example: c2m4")
    network: str = fixed("Name (in the project) or id of the network that it joins.")
    security_groups: tuple[str, ...] = fixed("Names of the project's security groups. Left out: the default one.", default=())
    availability_zone: str | None = fixed("Where it is to run. Left out: anywhere the flavor fits.", default=None)
    metadata: dict[str, str] = Field(default_factory=dict, description="Keys and values of your own.")


class Server(Kind[OpenStack, ServerInputs]):
    """A server booted from an image on one network."""

    name = "Server"
    summary = "A virtual server, booted from an image with a flavor on one network."
    inputs = ServerInputs
    outputs: ClassVar = {
        "addresses": Output("Its fixed addresses, IPv4 and IPv6.", type="array"),
        "status": Output("Nova's status. Example: ACTIVE"),
    }

    @override
    def create(self, cloud: OpenStack, inputs: ServerInputs, marker: str) -> Made:
        what = f"create server {inputs.name}"
        own = cloud.scoped(project_id(cloud, inputs.project))
        network = resolve(own, "network", "networks", inputs.network, project_id=own.project_id or "")
        body: Json = {
            "name": inputs.name,
            "imageRef": resolve(own, "image", "images", inputs.image),
            "flavorRef": resolve(own, "compute", "flavors", inputs.flavor),
            "networks": [{"uuid": network}],
            "metadata": {**inputs.metadata, "yunwang": marker},
        }
        if inputs.security_groups:
            body["security_groups"] = [{"name": name} for name in inputs.security_groups]
        if inputs.availability_zone:
            body["availability_zone"] = inputs.availability_zone

        def ours() -> Json | None:
            found = own.list("compute", "servers", what, path="/servers/detail", name=f"^{inputs.name}$")
            return next(({"server": one} for one in found if one["metadata"].get("yunwang") == marker), None)

        for last in (False, True):
            answer = ours() or own.post("compute", "/servers", what, {"server": body}, ours)
            id = answer["server"]["id"]
            try:
                return Made(id, self._settled(own, id, inputs.name, "ACTIVE"))
            except Incomplete as half:
                if half.made.outputs["status"] != "ERROR":
                    raise
                # it never ran, so nothing is lost with it; schedulers that lose a race say so too, hence the second try
                self.delete(own, id, inputs)
                if last:
                    raise Fatal(half.reason, remedy="have room made for it (flavor, hosts, quota), then run again") from None
        raise AssertionError("the last try returns or raises")

    def _settled(self, cloud: OpenStack, id: str, name: str, wanted: str) -> Outputs:
        """Waits until nova is done with it. Raises Incomplete when it ends in ERROR or takes too long."""
        deadline = time.monotonic() + _BUILD_SECONDS
        while True:
            one = cloud.get("compute", f"/servers/{id}", f"wait for server {name}")["server"]
            if one["status"] == wanted:
                return _answered(one)
            fault = one.get("fault", {}).get("message", "no reason told").rstrip(". ")
            if one["status"] == "ERROR":
                reason = f"cloud {cloud.name} could not build server {name}: {fault}"
                raise Incomplete(Made(id, _answered(one)), reason)
            if time.monotonic() > deadline:
                reason = f"server {name} on cloud {cloud.name} is still {one['status']} after {_BUILD_SECONDS:.0f} s: run again"
                raise Incomplete(Made(id, _answered(one)), reason)
            time.sleep(_POLL_SECONDS)

    @override
    def read(self, cloud: OpenStack, id: str, known: ServerInputs | None, outputs: Outputs) -> Found[ServerInputs] | None:
        answer = cloud.find("compute", f"/servers/{id}", f"read server {id}")
        if answer is None or answer["server"]["status"] == "DELETED":
            return None
        one = answer["server"]
        if one["status"] == "ERROR" and not one.get("OS-SRV-USG:launched_at"):
            return None  # it never ran; the next create finds it by its marker and clears it away
        # the flavor is embedded by its name or known by its id, as the microversion has it
        flavor = one["flavor"].get("original_name") or one["flavor"]["id"]
        image = one["image"]["id"] if one["image"] else ""
        seen = ServerInputs(
            project=_as_said(known.project if known else None, one["tenant_id"], lambda said: project_id(cloud, said)),
            name=one["name"],
            image=_as_said(known.image if known else None, image, lambda said: resolve(cloud, "image", "images", said)),
            flavor=_as_said(known.flavor if known else None, flavor, lambda said: resolve(cloud, "compute", "flavors", said)),
            network=known.network if known else next(iter(one["addresses"]), ""),
            security_groups=known.security_groups
            if known
            else tuple(sorted({group["name"] for group in one.get("security_groups", ())})),
            availability_zone=known.availability_zone if known else None,
            metadata={key: value for key, value in one["metadata"].items() if key != "yunwang"},
        )
        return Found(seen, _answered(one))

    @override
    def update(self, cloud: OpenStack, id: str, old: ServerInputs, new: ServerInputs, outputs: Outputs) -> Outputs:
        what = f"update server {new.name}"
        own = cloud.scoped(project_id(cloud, new.project))
        now = own.get("compute", f"/servers/{id}", what)["server"]
        if now["status"] == "ERROR":
            raise Fatal(
                f"server {new.name} on cloud {cloud.name} stands in ERROR: {now.get('fault', {}).get('message', 'no reason told')}",
                remedy="find out why, then have it replaced: pulumi up --replace with its URN",
            )
        if new.name != now["name"]:
            own.send("compute", "PUT", f"/servers/{id}", what, json={"server": {"name": new.name}})
        if old.metadata != new.metadata:
            mark = {"yunwang": now["metadata"]["yunwang"]} if "yunwang" in now["metadata"] else {}
            own.send("compute", "PUT", f"/servers/{id}/metadata", what, json={"metadata": {**new.metadata, **mark}})
        if old.flavor != new.flavor:
            flavor = resolve(own, "compute", "flavors", new.flavor)
            own.send(
                "compute", "POST", f"/servers/{id}/action", f"resize server {new.name}", json={"resize": {"flavorRef": flavor}}
            )
            self._settled(own, id, new.name, "VERIFY_RESIZE")
            own.send(
                "compute", "POST", f"/servers/{id}/action", f"confirm the resize of server {new.name}", json={"confirmResize": None}
            )
        return self._settled(own, id, new.name, "ACTIVE")

    @override
    def delete(self, cloud: OpenStack, id: str, old: ServerInputs) -> None:
        what = f"delete server {old.name}"
        cloud.delete("compute", f"/servers/{id}", what)
        deadline = time.monotonic() + _BUILD_SECONDS
        while (answer := cloud.find("compute", f"/servers/{id}", what)) is not None and answer["server"]["status"] != "DELETED":
            if time.monotonic() > deadline:
                raise Fatal(
                    f"server {old.name} on cloud {cloud.name} does not go away", remedy="have nova's log looked at, then run again"
                )
            time.sleep(_POLL_SECONDS)


def resolve(cloud: OpenStack, service: Service, collection: str, said: str, **query: str) -> str:
    """The id of what is named or given by id. Raises Fatal when there is none, or two."""
    what = f"find {collection[:-1]} {said}"
    members = cloud.list(service, collection, what, **query)
    ids = [str(one["id"]) for one in members if said in (one["id"], one.get("name"))]
    if len(ids) != 1:
        have = ", ".join(sorted(str(one.get("name")) for one in members)[:10]) or "none"
        how = "no" if not ids else "more than one"
        raise Fatal(
            f"cloud {cloud.name} has {how} {collection[:-1]} {said} (it has: {have})", remedy="correct the name, or give its id"
        )
    return ids[0]


def _as_said(said: str | None, live: str, id_of: Any) -> str:
    """What a person said, while it still means what is live."""
    if said is None or said == live:
        return live
    try:
        return said if id_of(said) == live else live
    except Fatal:
        return live


def _answered(one: Json) -> Outputs:
    addresses = sorted(address["addr"] for legs in one.get("addresses", {}).values() for address in legs)
    return {"addresses": list(addresses), "status": one["status"]}
