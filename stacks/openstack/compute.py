"""Nova's kinds: server and key pair. Never chooses an image or a flavor: that is said."""

from __future__ import annotations

import base64
from contextlib import suppress
from functools import partial
from typing import ClassVar

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from yunwang.inventories.verdict import Fatal, Verdict
from yunwang.stacks.kind import Flag, Found, Incomplete, Inputs, Kind, Made, Output, Outputs, fixed, flagged
from yunwang.stacks.openstack.described import incomplete
from yunwang.stacks.openstack.names import as_said, flavor_id, image_id, project_id, resolve, security_group_name
from yunwang.stacks.openstack.session import Json, Missing, OpenStack
from yunwang.stacks.openstack.waiting import LONGEST, until

_TELLS_USER_DATA = {"OpenStack-API-Version": "compute 2.3"}
_KEYS_OF_OTHERS = {"OpenStack-API-Version": "compute 2.10"}
"""The microversions from which nova does so (nova's REST API version history)."""


class ServerInputs(Inputs):
    """A virtual server."""

    project: str = fixed("Id or name of the project; the provider's account needs a role on it.")
    name: str = Field(min_length=1, max_length=255, description="Name, the host name too. Example: exam-results-1")
    image: str = fixed("Name or id of the image it boots from. Example: base")
    flavor: str = Field(description="Name or id of the flavor. Changing it resizes the server, with a restart. Example: c2m4")
    network: str | None = fixed("Name (in the project) or id of the network that it joins. Example: business", default=None)
    ports: tuple[str, ...] = fixed("Ids of ports that it is given, in the place of a network.", Flag.UNORDERED, default=())
    security_groups: tuple[str, ...] = flagged(
        "Names of the project's security groups; with ports, those have their own. Left out: the default one.",
        Flag.LEFT,
        Flag.UNORDERED,
        default=(),
    )
    availability_zone: str | None = fixed(
        "Where it is to run. Left out: anywhere the flavor fits. Example: nova", Flag.LEFT, default=None
    )
    key_pair: str | None = fixed("Name of a key pair of the provider's account, for its first user.", Flag.LEFT, default=None)
    user_data: str | None = fixed(
        "What cloud-init reads at its first start. Left out: nothing.", Flag.LEFT, default=None, max_length=49000
    )
    metadata: dict[str, str] = Field(default_factory=dict, description="Keys and values of your own.")

    @model_validator(mode="after")
    def _wired(self) -> ServerInputs:
        if (self.network is None) == (not self.ports):
            raise ValueError("network: name a network or ports, and not both")
        if self.ports and self.security_groups:
            raise ValueError("securityGroups: a server with ports has those of its ports: name them there")
        return self


class Server(Kind[OpenStack, ServerInputs]):
    """A server booted from an image on one network."""

    name = "Server"
    summary = "A virtual server, booted from an image with a flavor on one network."
    inputs = ServerInputs
    references: ClassVar = {"project": project_id, "image": image_id, "flavor": flavor_id}
    outputs: ClassVar = {
        "addresses": Output("Its fixed addresses, IPv4 and IPv6.", type="array"),
        "status": Output("Nova's status. Example: ACTIVE"),
    }
    example: ClassVar = {
        "project": "finance",
        "name": "exam-results-1",
        "image": "base",
        "flavor": "c2m4",
        "network": "business",
        "securityGroups": ["web"],
    }

    @override
    def find(self, cloud: OpenStack, inputs: ServerInputs, marker: str) -> str | None:
        own = cloud.scoped(project_id(cloud, inputs.project))
        found = _ours(own, inputs.name, marker, f"look for server {inputs.name}")
        return None if found is None else str(found["server"]["id"])

    @override
    def create(self, cloud: OpenStack, inputs: ServerInputs, marker: str) -> Made:
        what = f"create server {inputs.name}"
        own = cloud.scoped(project_id(cloud, inputs.project))
        networks = [{"port": port} for port in inputs.ports]
        if inputs.network:
            networks = [{"uuid": resolve(own, "network", "networks", inputs.network, project_id=own.project_id or "")}]
        body: Json = {
            "name": inputs.name,
            "imageRef": image_id(own, inputs.image),
            "flavorRef": flavor_id(own, inputs.flavor),
            "networks": networks,
            "metadata": {**inputs.metadata, "yunwang": marker},
        }
        if inputs.security_groups:
            body["security_groups"] = [{"name": name} for name in inputs.security_groups]
        if inputs.availability_zone:
            body["availability_zone"] = inputs.availability_zone
        if inputs.key_pair:
            body["key_name"] = inputs.key_pair
        if inputs.user_data:
            body["user_data"] = base64.b64encode(inputs.user_data.encode()).decode()

        def ours() -> Json | None:
            return _ours(own, inputs.name, marker, what)

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
            except Verdict as verdict:  # nova builds on, whatever happened to us
                raise incomplete(Made(id, {"addresses": [], "status": "BUILD"}), verdict) from None
        raise AssertionError("the last try returns or raises")

    def _settled(self, cloud: OpenStack, id: str, name: str, wanted: str) -> Outputs:
        """Waits until nova is done with it. Raises Incomplete when it ends in ERROR or takes too long."""
        what = f"wait for server {name}"
        one = until(lambda now: now["status"] in (wanted, "ERROR"), lambda: cloud.get("compute", f"/servers/{id}", what)["server"])
        assert one is not None, "get raises when it is gone"
        if one["status"] == wanted:
            return _answered(one)
        if one["status"] == "ERROR":
            fault = one.get("fault", {}).get("message", "no reason told").rstrip(". ")
            raise Incomplete(Made(id, _answered(one)), f"cloud {cloud.name} could not build server {name}: {fault}")
        reason = f"server {name} on cloud {cloud.name} is still {one['status']} after {LONGEST:.0f} s: run again"
        raise Incomplete(Made(id, _answered(one)), reason)

    @override
    def read(self, cloud: OpenStack, id: str, known: ServerInputs | None, outputs: Outputs) -> Found[ServerInputs] | None:
        answer = cloud.find("compute", f"/servers/{id}", f"read server {id}")
        if answer is None or answer["server"]["status"] == "DELETED":
            return None
        one = answer["server"]
        if one["status"] == "ERROR" and not one.get("OS-SRV-USG:launched_at"):
            return None  # it never ran; the next create finds it by its marker and clears it away
        network, ports = (known.network, known.ports) if known else _wiring(cloud, id, one)
        # the flavor is embedded by its name or known by its id, as the microversion has it
        flavor = one["flavor"].get("original_name") or one["flavor"]["id"]
        image = one["image"]["id"] if one["image"] else ""
        seen = ServerInputs(
            project=as_said(known.project if known else None, one["tenant_id"], partial(project_id, cloud)),
            name=one["name"],
            image=as_said(known.image if known else None, image, partial(image_id, cloud)),
            flavor=as_said(known.flavor if known else None, flavor, partial(flavor_id, cloud)),
            network=network,
            ports=ports,
            security_groups=_groups(cloud, known, ports, one),
            availability_zone=one.get("OS-EXT-AZ:availability_zone") if known and known.availability_zone else None,
            key_pair=one.get("key_name"),
            user_data=_user_data(cloud, id) if known is None or known.user_data else None,
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
        if new.security_groups:
            self._regroup(own, id, new, now)
        if old.flavor != new.flavor:
            flavor = flavor_id(own, new.flavor)
            own.send(
                "compute", "POST", f"/servers/{id}/action", f"resize server {new.name}", json={"resize": {"flavorRef": flavor}}
            )
            self._settled(own, id, new.name, "VERIFY_RESIZE")
            own.send(
                "compute", "POST", f"/servers/{id}/action", f"confirm the resize of server {new.name}", json={"confirmResize": None}
            )
        return self._settled(own, id, new.name, "ACTIVE")

    def _regroup(self, cloud: OpenStack, id: str, new: ServerInputs, now: Json) -> None:
        """Into the groups that it lacks first, so that it is never without one; then out of those that are not named."""
        wanted, live = _said_groups(cloud, new), groups_of(now)
        for group in sorted(wanted.keys() - live):
            what = f"put server {new.name} into security group {group}"
            cloud.send("compute", "POST", f"/servers/{id}/action", what, json={"addSecurityGroup": {"name": wanted[group]}})
        for group in sorted(live - wanted.keys()):
            what = f"take server {new.name} out of security group {group}"
            cloud.send("compute", "POST", f"/servers/{id}/action", what, json={"removeSecurityGroup": {"name": group}})

    @override
    def delete(self, cloud: OpenStack, id: str, old: ServerInputs) -> None:
        what = f"delete server {old.name}"
        cloud.delete("compute", f"/servers/{id}", what)
        left = until(
            lambda now: now["status"] == "DELETED", lambda: (cloud.find("compute", f"/servers/{id}", what) or {}).get("server")
        )
        if left is not None and left["status"] != "DELETED":
            raise Fatal(
                f"server {old.name} on cloud {cloud.name} does not go away", remedy="have nova's log looked at, then run again"
            )


def _ours(cloud: OpenStack, name: str, marker: str, what: str) -> Json | None:
    """The server of a project that bears the marker, as nova tells it."""
    found = cloud.list("compute", "servers", what, path="/servers/detail", name=f"^{name}$")
    return next(({"server": one} for one in found if one["metadata"].get("yunwang") == marker), None)


def _wiring(cloud: OpenStack, id: str, one: Json) -> tuple[str | None, tuple[str, ...]]:
    """Its network, where nova made the one port itself; else the ports that it was given, which have names."""
    ports = cloud.list("network", "ports", f"read the ports of server {id}", device_id=id)
    if len(one["addresses"]) == 1 and not any(port["name"] for port in ports):
        return next(iter(one["addresses"])), ()
    return None, tuple(port["id"] for port in ports)


def groups_of(one: Json) -> set[str]:
    """Names of the groups that its ports are in: nova tells no ids."""
    return {group["name"] for group in one.get("security_groups", ())}


def _said_groups(cloud: OpenStack, inputs: ServerInputs) -> dict[str, str]:
    """What was said of its groups, which nova takes by id too, by name."""
    return {security_group_name(cloud, group): group for group in inputs.security_groups}


def _groups(cloud: OpenStack, known: ServerInputs | None, ports: tuple[str, ...], one: Json) -> tuple[str, ...]:
    """Its groups as they were said; none where they are not its own, or were left to the cloud."""
    if ports or (known and not known.security_groups):
        return ()
    said = _said_groups(cloud, known) if known else {}
    return tuple(sorted(said.get(name, name) for name in groups_of(one)))


def _user_data(cloud: OpenStack, id: str) -> str | None:
    what = f"read what server {id} was started with"
    one = cloud.send("compute", "GET", f"/servers/{id}", what, headers=_TELLS_USER_DATA)["server"]
    said = one.get("OS-EXT-SRV-ATTR:user_data")
    return base64.b64decode(said).decode(errors="replace") if said else None


def _answered(one: Json) -> Outputs:
    addresses = sorted(address["addr"] for legs in one.get("addresses", {}).values() for address in legs)
    return {"addresses": list(addresses), "status": one["status"]}


class KeyPairInputs(Inputs):
    """A public key that servers are given."""

    name: str = fixed("Name, unique for the account. Example: finance-operators", min_length=1, max_length=255)
    public_key: str = fixed("The public key, as OpenSSH writes it. Example: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5… zhang-wei")
    user: str = fixed("Id of the user whom it belongs to. Left out: the account that the provider signs in with.", default="")

    @field_validator("public_key")
    @classmethod
    def _one_line(cls, public_key: str) -> str:
        if "PRIVATE KEY" in public_key:
            raise ValueError("a private key stays with its owner: give the public one")
        return public_key.strip()


class KeyPair(Kind[OpenStack, KeyPairInputs]):
    """A key pair, of which the cloud is told the public half. The key itself is what a retry knows it by."""

    name = "KeyPair"
    summary = "The public half of an SSH key pair, for the first user of servers. Its id is USER/NAME; without a user just NAME."
    inputs = KeyPairInputs
    outputs: ClassVar = {"fingerprint": Output("The key's fingerprint, as nova tells it.")}
    example: ClassVar = {"name": "finance-operators", "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx zhang-wei"}

    @override
    def create(self, cloud: OpenStack, inputs: KeyPairInputs, marker: str) -> Made:
        what, id = f"create key pair {inputs.name}", f"{inputs.user}/{inputs.name}".lstrip("/")

        def ours() -> Json | None:
            found = self._find(cloud, id, what)
            return {"keypair": found} if found and found["public_key"].strip() == inputs.public_key else None

        body = {"name": inputs.name, "public_key": inputs.public_key, **({"user_id": inputs.user} if inputs.user else {})}
        answer = ours() or cloud.send(
            "compute", "POST", "/os-keypairs", what, json={"keypair": body}, headers=_KEYS_OF_OTHERS, again=ours
        )
        return Made(id, {"fingerprint": answer["keypair"]["fingerprint"]})

    @override
    def read(self, cloud: OpenStack, id: str, known: KeyPairInputs | None, outputs: Outputs) -> Found[KeyPairInputs] | None:
        one = self._find(cloud, id, f"read key pair {id}")
        if one is None:
            return None
        told = KeyPairInputs(name=one["name"], public_key=one["public_key"], user=id.rpartition("/")[0])
        return Found(told, {"fingerprint": one["fingerprint"]})

    @override
    def update(self, cloud: OpenStack, id: str, old: KeyPairInputs, new: KeyPairInputs, outputs: Outputs) -> Outputs:
        return outputs

    @override
    def delete(self, cloud: OpenStack, id: str, old: KeyPairInputs) -> None:
        user, _, name = id.rpartition("/")
        what, query = f"delete key pair {name}", {"user_id": user} if user else {}
        with suppress(Missing):
            cloud.send("compute", "DELETE", f"/os-keypairs/{name}", what, query=query, headers=_KEYS_OF_OTHERS)

    def _find(self, cloud: OpenStack, id: str, what: str) -> Json | None:
        user, _, name = id.rpartition("/")
        query = {"user_id": user} if user else {}
        with suppress(Missing):
            answer = cloud.send("compute", "GET", f"/os-keypairs/{name}", what, query=query, headers=_KEYS_OF_OTHERS)
            return dict(answer["keypair"])
        return None
