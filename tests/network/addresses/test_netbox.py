"""The plan in NetBox and back, through pynetbox and a real HTTP server that speaks NetBox's ipam/prefixes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Network
from typing import Any

import pytest

from yunwang.inventories.network import AddressRecord
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.network.addresses import netbox
from yunwang.network.addresses.book import Entry

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class NetBox(ThreadingHTTPServer):
    """Its prefixes, as its REST API shows them; answers a page of two rows."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rows: list[dict[str, Any]] = []
        self.writes: list[tuple[str, int]] = []
        self.broken = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, **fields: Any) -> None:
        number = len(self.rows) + 1
        self.rows.append({"id": number, "url": f"{self.url}/api/ipam/prefixes/{number}/", "description": "", **fields})


class Handler(BaseHTTPRequestHandler):
    server: NetBox

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", "4.2")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refused(self) -> bool:
        if self.headers.get("Authorization") != f"Token {TOKEN}":
            self._answer(403, {"detail": "Invalid token"})
            return True
        if self.server.broken:
            self._answer(500, {"detail": "database is gone"})
            return True
        return False

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        if self._refused():
            return
        path, _, query = self.path.partition("?")
        assert path == "/api/ipam/prefixes/"
        assert "family=6" in query
        offset = int(query.partition("offset=")[2].partition("&")[0] or 0)
        page = self.server.rows[offset : offset + 2]
        more = offset + 2 < len(self.server.rows)
        following = f"{self.server.url}{path}?family=6&limit=2&offset={offset + 2}" if more else None
        self._answer(200, {"count": len(self.server.rows), "next": following, "previous": None, "results": page})

    def do_POST(self) -> None:
        if self._refused():
            return
        asked = self._body()
        assert isinstance(asked, list)
        self.server.writes.append(("POST", len(asked)))
        before = len(self.server.rows)
        for row in asked:
            self.server.add(**row | {"status": {"value": row["status"]}})
        self._answer(201, self.server.rows[before:])

    def do_PATCH(self) -> None:
        if self._refused():
            return
        number = int(self.path.rstrip("/").rpartition("/")[2])
        row = self.server.rows[number - 1]
        row |= self._body()
        self.server.writes.append(("PATCH", number))
        self._answer(200, row)


@pytest.fixture
def server() -> Iterator[NetBox]:
    with NetBox() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


ENTRIES = (
    Entry(kind="site", name="donghe", ipv6=IPv6Network("2001:db8:110::/48")),
    Entry(kind="vlan", name="donghe", vlan=210, ipv6=IPv6Network("2001:db8:110:210::/64")),
    Entry(kind="link", name="a-to-b", ipv6=IPv6Network("2001:db8:1fe::/127")),
    Entry(kind="loopback", name="d LoopBack0", ipv6=IPv6Network("2001:db8:1ff::1/128")),
)


def test_a_plan_is_written_once_and_read_back_as_rows(server: NetBox) -> None:
    assert netbox.push(ENTRIES, server.url, TOKEN) == (4, 0)
    assert netbox.push(ENTRIES, server.url, TOKEN) == (0, 0), "a second time changes nothing"
    assert server.writes == [("POST", 4)]
    assert server.rows[0]["status"] == {"value": "container"}
    assert netbox.pull(server.url, TOKEN) == (
        AddressRecord(kind="site", name="donghe", ipv6=ENTRIES[0].ipv6),
        AddressRecord(kind="vlan", name="donghe", vlan=210, ipv6=ENTRIES[1].ipv6),
        AddressRecord(kind="link", name="a-to-b", ipv6=ENTRIES[2].ipv6),
    )


def test_ours_are_corrected_and_others_left_alone(server: NetBox) -> None:
    server.add(prefix="2001:db8:110::/48", status={"value": "active"}, description="yunwang site old-name")
    server.add(prefix="2001:db8:110:210::/64", status={"value": "active"}, description="of the network office")
    assert netbox.push(ENTRIES[:2], server.url, TOKEN) == (0, 1)
    assert [row["description"] for row in server.rows] == ["yunwang site donghe", "of the network office"]


def test_prefixes_of_others_are_known_by_their_site_and_vlan(server: NetBox) -> None:
    server.add(prefix="2001:db8:120::/48", scope_type="dcim.site", scope={"slug": "xiling"}, vlan=None)
    server.add(prefix="2001:db8:120:7::/64", site={"slug": "xiling"}, vlan={"vid": 7})
    server.add(prefix="2001:db8:900::/48", scope_type="dcim.region", scope={"slug": "north"}, vlan=None)
    server.add(prefix="2001:db8:1ff::1/128", description="yunwang loopback d LoopBack0")
    assert [(row.kind, row.name, row.vlan) for row in netbox.pull(server.url, TOKEN)] == [
        ("site", "xiling", None),
        ("vlan", "xiling", 7),
    ]


def test_a_wrong_token_and_a_broken_netbox_are_told_without_the_token(server: NetBox) -> None:
    with pytest.raises(Fatal, match="403") as caught:
        netbox.push(ENTRIES, server.url, "f" * 40)
    assert "f" * 40 not in f"{caught.value} {caught.value.remedy}"
    server.broken = True
    with pytest.raises(Fatal, match="500"):
        netbox.pull(server.url, TOKEN)


def test_nobody_there_may_be_tried_again(server: NetBox) -> None:
    url = server.url
    server.server_close()
    with pytest.raises(Retryable, match="not reached"):
        netbox.pull(url, TOKEN)


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(Fatal, match="no NetBox"):
        netbox.pull("nonsense", TOKEN)
