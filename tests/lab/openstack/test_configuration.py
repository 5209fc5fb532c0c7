"""What the services are told. Nothing runs here."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

import pytest

from yunwang.inventories.lab import LabCloud
from yunwang.lab.openstack import configuration, installation

PORTS: dict[str, int] = {name: 20000 + number for number, name in enumerate(configuration.SERVICES)}


def read(texts: dict[str, str], name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(default_section="none", strict=True)
    parser.read_string(texts[f"etc/{name}.conf"])
    return parser


def test_every_service_finds_its_database_in_the_clouds_own_folder(small: LabCloud) -> None:
    texts = configuration.files(small, Path("/lab/small"), Path("/venv/etc"), PORTS, "secret")
    found = set(re.findall(r"sqlite:///(\S+?)\?", "\n".join(texts.values())))
    assert found == {f"/lab/small/db/{name}.sqlite" for name in configuration.DATABASES if name != "nova_cell0"}


def test_services_find_keystone_on_the_port_that_was_chosen(small: LabCloud) -> None:
    texts = configuration.files(small, Path("/lab/small"), Path("/venv/etc"), {**PORTS, "keystone": 31313}, "secret")
    for name in ("placement", "glance-api", "neutron", "nova", "cinder"):
        assert read(texts, name)["keystone_authtoken"]["auth_url"] == "http://127.0.0.1:31313/v3"
    assert json.loads(texts["cloud.json"])["catalog"]["keystone"]["url"] == "http://127.0.0.1:31313/v3"


def test_hosts_are_not_overcommitted(small: LabCloud) -> None:
    nova = read(configuration.files(small, Path("/l"), Path("/e"), PORTS, "secret"), "nova")["DEFAULT"]
    assert {nova[f"{resource}_allocation_ratio"] for resource in ("cpu", "ram", "disk")} == {"1.0"}
    assert nova["reserved_host_memory_mb"] == "0"


def test_the_services_account_does_not_share_the_administrators_password(small: LabCloud) -> None:
    texts = configuration.files(small, Path("/l"), Path("/e"), PORTS, "administrator's")
    assert all("administrator's" not in text for name, text in texts.items() if name != "cloud.json")
    assert read(texts, "nova")["keystone_authtoken"]["password"] == json.loads(texts["cloud.json"])["service_password"]


def test_tokens_hold_as_long_as_one_asks(small: LabCloud) -> None:
    texts = configuration.files(small, Path("/l"), Path("/e"), PORTS, "secret", token_seconds=7)
    assert read(texts, "keystone")["token"]["expiration"] == "7"


def test_locked_requirements_have_hashes_and_name_no_index() -> None:
    text = installation.REQUIREMENTS.read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert len(entries) > 100
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_locked_requirements_are_of_what_was_asked_for() -> None:
    wanted = {
        line for line in installation.REQUIREMENTS.with_suffix(".in").read_text().splitlines() if "==" in line and line[0] != "#"
    }
    assert len(wanted) >= 9
    assert wanted <= {
        line.split()[0] for line in installation.REQUIREMENTS.read_text().splitlines() if line and line[0] not in " #"
    }


def test_the_users_environment_does_not_reach_the_services(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OS_CLOUD", "http_proxy", "VAULT_TOKEN", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "the user's")
    assert "the user's" not in installation.environment(Path("/l"), Path("/l/small"), Path("/venv")).values()
