"""Probing a cloud: a real one, one that an account of a tenant signs in to, and those that are broken in one way or another."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.command import yunwang
from parts.meddler import Meddler

from yunwang.inventories.verdict import Fatal
from yunwang.inventories.workspace import Workspace
from yunwang.stacks.cloud import Probed
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.openstack.probe import OF_A_CLOUD, OF_A_PROJECT, Round, nova_driver, probe, sensible
from yunwang.stacks.openstack.session import HASTY, OpenStack, Patience, Service

QUICK = Patience(connect=2, sign_in=0.2, answer=0.2, most=0.2, tries=1, silences=1)


def probed(config: Path) -> Probed:
    return probe(OpenStack("zhengwu", config, patience=HASTY), print)


@pytest.mark.lab
def test_a_cloud_is_told_from_services_to_concurrency_by_reading_alone(
    city: Workspace, meddle: Callable[[Service], Meddler]
) -> None:
    watched = [meddle(service) for service in ("identity", "network", "compute", "block_storage", "image")]
    called = yunwang("cloud", "probe", "zhengwu", "--json", "-w", city.root)
    assert called.returncode == 0, called.stdout + called.stderr
    assert "asking what the account may do" in called.stderr, "it says what it waits for"
    (told,) = json.loads(called.stdout)
    facts = told["facts"]
    assert facts["services"].keys() == {"identity", "network", "compute", "block_storage", "image"}
    assert facts["services"]["compute"]["microversions"][0] == "2.1"
    assert facts["rights"] == {"administers": "the cloud", "can": [*OF_A_CLOUD, *OF_A_PROJECT], "cannot": []}
    assert facts["quotas"]["compute"]["driver"] == "database"
    assert {"cores", "instances"} <= set(facts["quotas"]["compute"]["fields"])
    assert [one["at_once"] for one in facts["concurrency"]["measured"]] == [1, 2, 4, 8]
    assert [finding["code"] for finding in told["findings"]] == ["cloud-in-clear"]
    asked = [line for one in watched for line in one.seen]
    assert {line.split()[0] for line in asked} == {"GET"}
    assert len(asked) < 70


@pytest.mark.lab
def test_an_account_of_a_tenant_is_told_what_it_can_still_do(zhengwu: OpenStack, root: Path) -> None:
    name = f"t-{root.name[-12:].replace('_', '-')}"
    project = zhengwu.post("identity", "/projects", "prepare", {"project": {"name": name}})["project"]["id"]
    user = zhengwu.post("identity", "/users", "prepare", {"user": {"name": name, "password": "secret-1"}})["user"]["id"]
    role = zhengwu.list("identity", "roles", "prepare", name="member")[0]["id"]
    zhengwu.send("identity", "PUT", f"/projects/{project}/users/{user}/roles/{role}", "prepare")
    said = yaml.safe_load((root / "secure.yaml").read_text())
    said["clouds"]["zhengwu"]["auth"] |= {"username": name, "password": "secret-1", "project_name": name}
    (root / "secure.yaml").write_text(yaml.safe_dump(said))
    try:
        told = probed(root / "clouds.yaml")
    finally:
        zhengwu.delete("identity", f"/users/{user}", "clean")
        for group in zhengwu.list("network", "security_groups", "clean", path="/security-groups", project_id=project):
            zhengwu.delete("network", f"/security-groups/{group['id']}", "clean")
        zhengwu.delete("identity", f"/projects/{project}", "clean")
    assert told.facts["rights"] == {"administers": "its own project", "can": [*OF_A_PROJECT], "cannot": [*OF_A_CLOUD]}
    (finding,) = [one for one in told.findings if one.code == "cloud-rights"]
    assert "plain Pulumi can make in it: Network, Subnet" in finding.message
    assert "secret-1" not in told.model_dump_json()


@pytest.mark.lab
def test_answers_of_no_known_shape_are_found_and_no_traceback(
    root: Path, meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = OpenStack.send

    def odd(self: OpenStack, service: Service, *words: Any, **more: Any) -> Any:
        return {"surprise": 1} if service == "network" else plain(self, service, *words, **more)

    monkeypatch.setattr(OpenStack, "send", odd)
    told = probed(root / "clouds.yaml")
    assert "a shape that no OpenStack has (KeyError: 'extensions')" in " ".join(finding.message for finding in told.findings)
    assert "account" in told.facts


@pytest.mark.lab
def test_a_service_that_fails_is_found_and_the_others_are_told(root: Path, meddler: Meddler) -> None:
    meddler.faults = [(503, {})] * 99
    told = probed(root / "clouds.yaml")
    assert "failed with 503" in " ".join(finding.message for finding in told.findings)
    assert told.facts["quotas"]["compute"]["driver"] == "database"  # type: ignore[index,call-overload]  # JSON
    assert all(finding.remedy for finding in told.findings)


def config(folder: Path, address: str) -> Path:
    auth = {"auth_url": address, "username": "a", "password": "b", "project_name": "c", "user_domain_name": "Default"}
    path = folder / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {"zhengwu": {"auth": auth | {"project_domain_name": "Default"}}}}))
    return path


def test_nobody_there_is_one_finding_with_a_remedy(tmp_path: Path) -> None:
    (finding,) = probed(config(tmp_path, "http://127.0.0.1:1/v3")).findings
    assert "cannot be reached" in finding.message
    assert finding.remedy


def test_a_certificate_of_a_private_authority_asks_for_that_authority(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)  # answers 501 to everything
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = config(tmp_path, f"https://127.0.0.1:{server.server_address[1]}/v3")
    try:
        (unknown,) = probed(path).findings
        said = yaml.safe_load(path.read_text())
        said["clouds"]["zhengwu"]["cacert"] = str(certificate)
        path.write_text(yaml.safe_dump(said))
        (known,) = probed(path).findings
    finally:
        server.shutdown()
        server.server_close()
    assert "is not trusted" in unknown.message
    assert "cacert of zhengwu" in unknown.remedy
    assert "trusted" not in known.message, "it is no keystone, and that is all"


@pytest.fixture
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """An address where everybody is let in and nobody is answered; who came."""
    guests: list[socket.socket] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def admit() -> None:
            while True:
                try:
                    guests.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=admit, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v3", guests
    for guest in guests:
        guest.close()


def test_a_cloud_that_never_answers_is_given_up_and_not_waited_for_again(
    tmp_path: Path, silent: tuple[str, list[socket.socket]]
) -> None:
    address, guests = silent
    told: list[str] = []
    cloud = OpenStack("zhengwu", config(tmp_path, address), patience=Patience(sign_in=0.2), say=told.append)
    for _ in range(3):
        with pytest.raises(Fatal, match="does not answer") as given_up:
            cloud.list("network", "networks", "look")
        assert "api_timeout" in given_up.value.remedy
    assert told == ["signing in to cloud zhengwu"], "the operator knows which cloud is waited for, and it is waited for once"
    assert len(guests) <= 3
    (finding,) = probe(OpenStack("zhengwu", config(tmp_path, address), patience=QUICK), print).findings
    assert "does not answer" in finding.message


def test_novas_driver_is_known_by_whose_defaults_it_tells() -> None:
    defaults = {"cores": 20, "instances": 10, "ram": 51200}
    assert nova_driver(defaults, {}) == "database"
    assert nova_driver(defaults, {"class:VCPU": 20, "servers": 10}) == "unified limits"
    assert nova_driver(defaults, {"class:VCPU": 8, "servers": 10}) == "database", "left from a trial: nova does not go by it"
    assert nova_driver(defaults, {"volumes": 10}) == "database"


@pytest.mark.parametrize(
    ("rates", "width"),
    [([10, 20, 40, 80], 8), ([10, 20, 21, 22], 2), ([10, 3, 19, 12], 4), ([10, 10, 9, 8], 1), ([10], 1), ([], 1)],
)
def test_as_many_requests_as_bring_more_a_second_are_sensible(rates: list[float], width: int) -> None:
    assert sensible([Round(2**place, 1.0, rate) for place, rate in enumerate(rates)]) == width


def test_every_resource_is_of_a_cloud_or_of_a_project() -> None:
    assert sorted((*OF_A_CLOUD, *OF_A_PROJECT)) == sorted(KINDS)
