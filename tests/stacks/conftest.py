"""Two real clouds for the tests of stacks: the lab's, or those that YUNWANG_TEST_CLOUDS names."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from yunwang.inventories.cloud import Allotment, Cloud, Member, Quota, SecurityGroup, SecurityRule, Tenant, TenantNetwork
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.stacks.openstack.session import OpenStack


@pytest.fixture(scope="session")
def clouds_folder(request: pytest.FixtureRequest) -> Path:
    """A folder with clouds.yaml (and secure.yaml) of clouds zhengwu and xinchuang that answer.

    YUNWANG_TEST_CLOUDS=FOLDER spares the lab's start while one works on these tests.
    """
    if folder := os.environ.get("YUNWANG_TEST_CLOUDS"):
        return Path(folder)
    workspace: Workspace = request.getfixturevalue("demo_lab")
    return workspace.root


@pytest.fixture
def root(clouds_folder: Path, tmp_path: Path) -> Path:
    """An empty workspace of its own on those clouds."""
    for name in ("clouds.yaml", "secure.yaml"):
        if (clouds_folder / name).exists():
            shutil.copy(clouds_folder / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def zhengwu(root: Path) -> OpenStack:
    """The first cloud, asked directly."""
    return OpenStack("zhengwu", root / "clouds.yaml")


@pytest.fixture
def external(zhengwu: OpenStack) -> str:
    """The name of its external network."""
    networks = zhengwu.list("network", "networks", "look", **{"router:external": "true"})
    return str(networks[0]["name"])


@pytest.fixture
def tenant() -> Tenant:
    """A tenant that nobody else has."""
    name = f"t-{uuid.uuid4().hex[:8]}"
    return Tenant(
        name=name,
        title="试点局",
        department="试点局",
        mlps_level=3,
        members=(Member(user=f"{name}-user", real_name="张伟"),),
        allotments=(
            Allotment(
                cloud="zhengwu",
                quota=Quota(cores=10, ram_gib=16, instances=4, volumes=4, networks=3),
                networks=(TenantNetwork(name="business", ipv4="10.111.1.0/24", ipv6="2001:db8:100:1111::/64"),),  # type: ignore[arg-type]
                security_groups=(SecurityGroup(name="web", rules=(SecurityRule(protocol="tcp", port_min=443, port_max=443),)),),
            ),
        ),
    )


class Meddler(ThreadingHTTPServer):
    """Stands before one service and spoils answers: `faults` are taken one by one by requests that `applies` to.

    A fault is a status with headers (the service is not asked), or `"after"`: the service acts, and the answer is lost.
    """

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Meddling)
        self.upstream = urlsplit(upstream)
        self.faults: list[tuple[int, dict[str, str]] | str] = []
        self.applies: Callable[[str, str], bool] = lambda method, path: True
        self.seen: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{self.upstream.path}"


class _Meddling(BaseHTTPRequestHandler):
    server: Meddler

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.faults.pop(0) if self.server.faults and self.server.applies(self.command, self.path) else None
        self.server.seen.append(f"{self.command} {self.path}")
        if isinstance(fault, tuple):
            self.send_response(fault[0])
            for name, value in {**fault[1], "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()
            return
        upstream = http.client.HTTPConnection(self.server.upstream.netloc, timeout=60)
        upstream.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k.lower() != "host"})
        answer = upstream.getresponse()
        content = answer.read()
        if fault == "after":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: pytest shows what was seen."""


@pytest.fixture
def meddler(root: Path, zhengwu: OpenStack) -> Iterator[Meddler]:
    """A meddler before neutron of the first cloud; clouds.yaml of `root` leads through it from here on."""
    endpoint = zhengwu._signed_in("test").network.get_endpoint()
    server = Meddler(endpoint)
    clouds = yaml.safe_load((root / "clouds.yaml").read_text())
    clouds["clouds"]["zhengwu"]["network_endpoint_override"] = server.url
    (root / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    yield server
    server.shutdown()


@pytest.fixture
def workspace_of(root: Path, external: str) -> Callable[..., Workspace]:
    """Makes a workspace value with the two clouds and the tenants given."""
    clouds = tuple(
        Cloud(name=name, title=name, external_network=external, cores=100, ram_gib=400, volume_gib=1000)
        for name in ("zhengwu", "xinchuang")
    )
    settings = Settings(version=1, name="trial", title="试", clouds=clouds)
    return lambda *tenants: Workspace(root=root, digest="sha256:test", settings=settings, tenants=tenants)
