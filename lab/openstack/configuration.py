"""What a lab cloud's services are told: their configuration files, as texts. Pure: writes nothing, asks nothing.

The options that differ from a production cloud are the mends that make six processes on SQLite a whole OpenStack; each says why.
"""

from __future__ import annotations

import configparser
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from yunwang.inventories.lab import LabCloud
from yunwang.inventories.noun import JsonObject

Service: TypeAlias = Literal["keystone", "placement", "glance", "neutron", "nova", "cinder"]
SERVICES: tuple[Service, ...] = ("keystone", "placement", "glance", "neutron", "nova", "cinder")
CATALOG = {
    "keystone": ("identity", "/v3"),
    "placement": ("placement", ""),
    "glance": ("image", ""),
    "neutron": ("network", ""),
    "nova": ("compute", "/v2.1"),
    "cinder": ("block-storage", "/v3"),
}
"""Of each service its type in the catalog and what its URL ends with."""

DATABASES = ("keystone", "placement", "glance", "neutron", "nova_api", "nova_cell0", "nova_cell1", "cinder")
ALWAYS_UP = 10**7
"""Seconds until a service counts as down: never. They are threads of one process; a laptop that slept must not lose its hosts."""

Sections: TypeAlias = dict[str, dict[str, object]]


def url(port: int) -> str:
    """Where a service listens."""
    return f"http://127.0.0.1:{port}"


def settings(cloud: LabCloud, ports: Mapping[str, int], password: str) -> JsonObject:
    """cloud.json: what the scripts in serving/ read. Holds the passwords, so it is written with mode 600."""
    return {
        "region": cloud.region,
        "password": password,
        "service_password": _service_password(password),
        "ports": {name: ports[name] for name in SERVICES},
        "catalog": {name: {"type": kind, "url": url(ports[name]) + suffix} for name, (kind, suffix) in CATALOG.items()},
        "hosts": [host.model_dump(mode="json") for host in cloud.hosts],
        "volume_gib": cloud.volume_gib,
        "external": cloud.external.model_dump(mode="json"),
    }


def files(
    cloud: LabCloud, folder: Path, share: Path, ports: Mapping[str, int], password: str, token_seconds: int = 3600
) -> dict[str, str]:
    """Texts by path under the cloud's folder. `share` is the installation's etc folder; `token_seconds` how long a token holds."""
    sections: dict[Service, Sections] = {
        "keystone": _keystone(folder, token_seconds),
        "placement": _placement(folder, ports, password, cloud.region),
        "glance": _glance(folder, share, ports, password, cloud.region),
        "neutron": _neutron(folder, share, ports, password, cloud.region),
        "nova": _nova(folder, share, ports, password, cloud.region),
        "cinder": _cinder(folder, share, ports, password, cloud.region),
    }
    texts = {path(service): _ini(content) for service, content in sections.items()}
    return {"cloud.json": json.dumps(settings(cloud, ports, password), indent=1) + "\n", **texts}


def path(service: Service) -> str:
    """A service's configuration file under its cloud's folder, by the name that the service looks for."""
    return "etc/glance-api.conf" if service == "glance" else f"etc/{service}.conf"


def _keystone(folder: Path, token_seconds: int) -> Sections:
    keys: dict[str, object] = {"key_repository": folder / "state/fernet"}
    return {
        "DEFAULT": {"debug": "false"},
        "database": _database(folder, "keystone"),
        "token": {"provider": "fernet", "expiration": token_seconds},
        "cache": {"enabled": "true", "backend": "oslo_cache.dict"},  # without it each request costs 0.2 s of CPU
        "fernet_tokens": keys,
        "fernet_receipts": keys,
        "credential": keys,
        "identity": {"password_hash_rounds": 4, "max_password_length": 72},  # fast, and no more than a lab needs
        "oslo_messaging_notifications": {"driver": "noop"},
    }


def _placement(folder: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    return {
        "placement_database": _database(folder, "placement"),
        "keystone_authtoken": _authtoken(ports, password, region),
    }


def _glance(folder: Path, share: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    state = folder / "state"
    return {
        "DEFAULT": {
            "enabled_backends": "disk:file",
            "transport_url": "fake://",
            "enabled_import_methods": "[]",
            "node_staging_uri": f"file://{state}/staging",
            "worker_self_reference_url": url(ports["glance"]),
        },
        "database": _database(folder, "glance"),
        "glance_store": {"default_backend": "disk"},
        "disk": {"filesystem_store_datadir": state / "images"},
        "os_glance_staging_store": {"filesystem_store_datadir": state / "staging"},
        "os_glance_tasks_store": {"filesystem_store_datadir": state / "tasks"},
        "paste_deploy": {"flavor": "keystone", "config_file": share / "glance/glance-api-paste.ini"},
        **_shared(folder, ports, password, region),
    }


def _neutron(folder: Path, share: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    client = _client(ports, password, region)
    return {
        "DEFAULT": {
            "transport_url": "fake://",
            "core_plugin": "ml2",
            "service_plugins": "router,qos,segments",
            "auth_strategy": "keystone",
            "api_paste_config": share / "neutron/api-paste.ini",
            "state_path": folder / "state",
            "dhcp_agent_notification": "false",
            "global_physnet_mtu": 1500,
            "notify_nova_on_port_status_changes": "false",
            "notify_nova_on_port_data_changes": "false",
        },
        "database": _database(folder, "neutron"),
        "ml2": {
            "type_drivers": "local,flat,vlan,vxlan",
            "project_network_types": "vxlan",
            "mechanism_drivers": "lab",
            "extension_drivers": "port_security,qos",
        },
        "ml2_type_flat": {"flat_networks": "*"},
        "ml2_type_vlan": {"network_vlan_ranges": "physnet1:1:4094"},
        "ml2_type_vxlan": {"vni_ranges": "1:100000"},
        "placement": client,
        "nova": client,
        **_shared(folder, ports, password, region),
    }


def _nova(folder: Path, share: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    client, state = _client(ports, password, region), folder / "state"
    whole = {f"{resource}_allocation_ratio": "1.0" for resource in ("cpu", "ram", "disk")}  # capacity is what the hosts have
    return {
        "DEFAULT": {
            **_common(),
            **whole,
            "compute_driver": "lab_compute.Hypervisor",
            "state_path": state,
            "instances_path": state / "instances",
            "reserved_host_memory_mb": 0,
            "vif_plugging_is_fatal": "false",
            "vif_plugging_timeout": 0,
            "report_interval": 60,
            "service_down_time": ALWAYS_UP,
            "update_resources_interval": -1,
            "sync_power_state_interval": -1,
        },
        "api_database": _database(folder, "nova_api"),
        "database": _database(folder, "nova_cell1"),
        "api": {"auth_strategy": "keystone"},
        "wsgi": {"api_paste_config": share / "nova/api-paste.ini"},
        "image_cache": {"manager_interval": -1},
        "scheduler": {"discover_hosts_in_cells_interval": 60},
        "filter_scheduler": {"track_instance_changes": "false"},
        "glance": client,
        "placement": client,
        "neutron": client,
        "keystone": client,
        "cinder": {**client, "catalog_info": "block-storage:cinder:publicURL"},
        "service_user": {**_account(ports, password, region), "send_service_user_token": "true"},
        **_shared(folder, ports, password, region),
    }


def _cinder(folder: Path, share: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    state = folder / "state"
    return {
        "DEFAULT": {
            **_common(),
            "auth_strategy": "keystone",
            "enabled_backends": "lab",
            "state_path": state,
            "api_paste_config": share / "cinder/api-paste.ini",
            "resource_query_filters_file": share / "cinder/resource_filters.json",
            "glance_api_servers": url(ports["glance"]),
            "default_volume_type": "__DEFAULT__",
            "report_interval": 60,
            "service_down_time": ALWAYS_UP,
            "periodic_fuzzy_delay": 0,
            "scheduler_driver_init_wait_time": 1,
            "backend_stats_polling_interval": 5,
        },
        "lab": {"volume_driver": "lab_volumes.Storage", "volume_backend_name": "lab"},
        "coordination": {"backend_url": f"file://{state}/coordination"},
        "database": _database(folder, "cinder"),
        "nova": {**_client(ports, password, region), "interface": "public"},
        "service_user": {**_account(ports, password, region), "send_service_user_token": "true"},
        **_shared(folder, ports, password, region),
    }


def _common() -> dict[str, object]:
    return {"transport_url": "fake://", "debug": "false", "host": "lab", "my_ip": "127.0.0.1"}


def _database(folder: Path, name: str) -> dict[str, object]:
    """Writers wait for each other for up to 30 s; no fsync: what a lab loses with the machine's power it builds again."""
    path = str(folder).replace("%", "%25")  # SQLAlchemy takes the quoting off
    return {"connection": f"sqlite:///{path}/db/{name}.sqlite?timeout=30", "sqlite_synchronous": "false"}


def _account(ports: Mapping[str, int], password: str, region: str) -> dict[str, object]:
    return {
        "auth_type": "password",
        "auth_url": url(ports["keystone"]) + "/v3",
        "username": "service",
        "password": _service_password(password),
        "project_name": "service",
        "user_domain_id": "default",
        "project_domain_id": "default",
        "region_name": region,
    }


def _client(ports: Mapping[str, int], password: str, region: str) -> dict[str, object]:
    return {**_account(ports, password, region), "valid_interfaces": "public"}


def _authtoken(ports: Mapping[str, int], password: str, region: str) -> dict[str, object]:
    return {
        **_account(ports, password, region),
        "www_authenticate_uri": url(ports["keystone"]),
        "interface": "public",
        "service_token_roles": "service",
        "service_token_roles_required": "true",
    }


def _shared(folder: Path, ports: Mapping[str, int], password: str, region: str) -> Sections:
    return {
        "oslo_concurrency": {"lock_path": folder / "state/locks"},
        "oslo_messaging_notifications": {"driver": "noop"},
        "keystone_authtoken": _authtoken(ports, password, region),
    }


def _service_password(password: str) -> str:
    """The services' own account is not the administrator's: a lab's user never needs it."""
    return hashlib.sha256(f"service:{password}".encode()).hexdigest()[:40]


def _ini(sections: Sections) -> str:
    parser = configparser.RawConfigParser(default_section="\0")  # oslo.config's DEFAULT is a section like others
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep the case of names
    for section, options in sections.items():
        parser[section] = {key: str(value) for key, value in options.items()}
    out = io.StringIO()
    parser.write(out)
    return out.getvalue()
