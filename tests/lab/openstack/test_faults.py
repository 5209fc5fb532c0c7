"""Failing on purpose: the rules, and the front of a service that obeys them, without a cloud."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from yunwang.inventories.verdict import Fatal
from yunwang.lab.openstack import Fault, fail
from yunwang.lab.openstack.serving.lab_service import Front

Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask a healthy neutron in front of which the faults of cloud "c" stand; the status line."""
    (tmp_path / "c").mkdir()
    front = Front(healthy, tmp_path / "c/faults.json", "neutron")

    def ask(path: str, method: str = "GET") -> str:
        statuses: list[str] = []
        b"".join(front({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda status, headers: statuses.append(status)))
        return statuses[0]

    return ask


def healthy(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b"{}"]


def test_as_many_matching_requests_fail_as_were_asked_for(tmp_path: Path, ask: Ask) -> None:
    fail(tmp_path, "c", Fault(service="neutron", path="/networks", status=503, times=2))
    assert [ask("/v2.0/networks") for _ in range(3)] == ["503 Service Unavailable", "503 Service Unavailable", "200 OK"]


def test_other_paths_methods_and_services_do_not_fail(tmp_path: Path, ask: Ask) -> None:
    fail(
        tmp_path,
        "c",
        Fault(service="neutron", path="/networks$", method="POST", times=None),
        Fault(service="keystone", path="", times=None),
    )
    assert ask("/v2.0/networks") == ask("/v2.0/networks/1", "POST") == "200 OK"
    assert ask("/v2.0/networks", "POST") == "500 Internal Server Error"


def test_the_same_fault_set_again_counts_anew(tmp_path: Path, ask: Ask) -> None:
    for _ in range(2):
        fail(tmp_path, "c", Fault(service="neutron", status=401))
        assert ask("/") == "401 Unauthorized"
        assert ask("/") == "200 OK"


def test_without_faults_it_works_again(tmp_path: Path, ask: Ask) -> None:
    fail(tmp_path, "c", Fault(service="neutron", times=None))
    assert ask("/") == "500 Internal Server Error"
    fail(tmp_path, "c")
    assert ask("/") == "200 OK"


def test_a_failing_service_still_says_that_it_runs(tmp_path: Path, ask: Ask) -> None:
    fail(tmp_path, "c", Fault(service="neutron", times=None))
    assert ask("/.lab") == "200 OK"


def test_a_cloud_that_is_not_there_cannot_fail(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="no lab cloud missing"):
        fail(tmp_path, "missing", Fault(service="nova"))


@pytest.mark.parametrize("wrong", [{"service": "swift"}, {"service": "nova", "path": "("}, {"service": "nova", "status": 200}])
def test_a_senseless_fault_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Fault(**wrong)


@pytest.mark.parametrize(("service", "most"), [("keystone", 1), ("nova", 2)])
def test_writes_to_keystone_go_one_after_the_other(tmp_path: Path, service: str, most: int) -> None:
    together, lock, seen = [0], threading.Lock(), []
    met = threading.Barrier(2)

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        with lock:
            together[0] += 1
            seen.append(together[0])
        try:
            met.wait(timeout=0.5)  # breaks where the second is not let in
        except threading.BrokenBarrierError:
            time.sleep(0)
        with lock:
            together[0] -= 1
        return []

    front = Front(slow, tmp_path / "faults.json", service)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: front({"PATH_INFO": "/", "REQUEST_METHOD": "POST"}, lambda *_: None), range(2)))
    assert max(seen) == most


def test_the_front_says_which_process_answers(tmp_path: Path) -> None:
    front = Front(healthy, tmp_path / "faults.json", "nova")
    assert b"".join(front({"PATH_INFO": "/.lab", "REQUEST_METHOD": "GET"}, lambda *_: None)) == str(os.getpid()).encode()
