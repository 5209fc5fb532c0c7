"""What a cloud has before any tenant comes: `python lab_seed.py CLOUD_FOLDER`. Through the APIs alone; never alters what is there.

It also is each API's first request: their policy engines load on it, and not thread-safely (neutron refuses administrators who
come two at a time).
"""
# mypy: disable-error-code="no-untyped-call, union-attr"
# Reason: openstacksdk has few types.

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import openstack

SIZES = ((1, 2, 10), (2, 4, 20), (4, 8, 40), (8, 16, 80), (16, 32, 80))
"""Flavors: vcpus, GiB of RAM, GiB of disk."""
STORAGE_SECONDS = 60.0


def main(cloud: Path) -> None:
    """Warm the APIs up, then make what is missing."""
    settings = json.loads((cloud / "cloud.json").read_text())
    connection = openstack.connect(
        auth={
            "auth_url": settings["catalog"]["keystone"]["url"],
            "username": "admin",
            "password": settings["password"],
            "project_name": "admin",
            "user_domain_id": "default",
            "project_domain_id": "default",
        },
        region_name=settings["region"],
        load_yaml_config=False,
        load_envvars=False,
    )
    for listing in (
        connection.identity.projects,
        connection.network.quotas,
        connection.block_storage.volumes,
        connection.placement.resource_providers,
    ):
        list(listing())
    hosts = settings["hosts"]
    for service in connection.compute.services(binary="nova-compute"):  # a host that the lab no longer has is not for scheduling
        if service.host not in {host["name"] for host in hosts} and service.status == "enabled":
            connection.compute.disable_service(service, disabled_reason="not in the lab any more")
    aggregates(connection, hosts)
    flavors(connection, hosts)
    images(connection, hosts)
    external(connection, settings["external"])
    deadline = time.monotonic() + STORAGE_SECONDS
    while not list(connection.block_storage.backend_pools()):  # cinder-volume reports to the scheduler in its own time
        if time.monotonic() > deadline:
            raise SystemExit("cinder's back end did not report to its scheduler")
        time.sleep(0.2)


def aggregates(connection: Any, hosts: list[dict[str, Any]]) -> None:
    """One host aggregate per name that the hosts give."""
    known = {aggregate.name: aggregate for aggregate in connection.compute.aggregates()}
    for host in hosts:
        name = host["aggregate"]
        if name not in known:
            known[name] = connection.compute.create_aggregate(name=name)
            connection.compute.set_aggregate_metadata(known[name], {"architecture": host["architecture"]})
        if host["name"] not in (known[name].hosts or ()):
            connection.compute.add_host_to_aggregate(known[name], host["name"])


def flavors(connection: Any, hosts: list[dict[str, Any]]) -> None:
    """A few sizes; for each custom trait of the hosts the same sizes that require it (c1m2-xinchuang for CUSTOM_XINCHUANG)."""
    known = {flavor.name for flavor in connection.compute.flavors()}
    traits = sorted({trait for host in hosts for trait in host["traits"] if trait.startswith("CUSTOM_")})
    for vcpus, ram, disk in SIZES:
        for trait in ("", *traits):
            name = f"c{vcpus}m{ram}" + (trait.replace("CUSTOM_", "-", 1).lower().replace("_", "-"))
            if name in known:
                continue
            flavor = connection.compute.create_flavor(name=name, vcpus=vcpus, ram=ram * 1024, disk=disk)
            if trait:
                connection.compute.create_flavor_extra_specs(flavor, {f"trait:{trait}": "required"})


def images(connection: Any, hosts: list[dict[str, Any]]) -> None:
    """A tiny image per architecture: `base` for the first host's, `base-aarch64` and the like for others."""
    known = {image.name for image in connection.image.images()}
    for number, architecture in enumerate(dict.fromkeys(host["architecture"] for host in hosts)):
        name = f"base-{architecture}" if number else "base"
        if name not in known:
            connection.image.create_image(
                name=name,
                data=b"\0" * 1024,
                disk_format="raw",
                container_format="bare",
                visibility="public",
                hw_architecture=architecture,
            )


def external(connection: Any, wanted: dict[str, Any]) -> None:
    """The provider network behind the routers, dual stack."""
    network = connection.network.find_network(wanted["name"]) or connection.network.create_network(
        name=wanted["name"],
        is_router_external=True,
        is_shared=False,
        provider_network_type="vlan",
        provider_physical_network="physnet1",
        provider_segmentation_id=wanted["vlan"],
    )
    known = {subnet.name for subnet in connection.network.subnets(network_id=network.id)}
    for version, prefix in ((4, wanted["ipv4"]), (6, wanted["ipv6"])):
        name = f"{wanted['name']}-ipv{version}"
        if name not in known:
            connection.network.create_subnet(
                name=name, network_id=network.id, ip_version=version, cidr=prefix, is_dhcp_enabled=False
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
