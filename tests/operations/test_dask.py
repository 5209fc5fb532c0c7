"""The same steps on a Dask cluster: a real scheduler and real workers, in processes of their own, of which one is killed."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from parts.shed import Shed, talks

from yunwang.inventories import demo
from yunwang.inventories.plan import Change
from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal, Refused, Retryable, Unknown, Verdict
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.migration.cutover import CutoverJob
from yunwang.network.jobs.binding import BindingJob
from yunwang.network.jobs.dual_stack import DualStackJob
from yunwang.network.transport import HungUp, LineRejected
from yunwang.operations.engine import Engine
from yunwang.operations.executor import Cluster, Threads, region, steps_at
from yunwang.stacks.job import CloudJob

TESTS = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds: a watchdog."""


@dataclass
class Dask:
    """A scheduler at `url`, and its workers' processes by region."""

    url: str
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)


def start(folder: Path, what: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(folder / "scheduler.json"), *options]
    with (folder / f"{what}.log").open("ab") as log:
        path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": path})


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Whoever kills a worker comes last in this file."""
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    folder = tmp_path_factory.mktemp("dask")
    scheduler = start(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    its = {
        name: start(folder, "worker", "--no-nanny", "--no-dashboard", "--nthreads", "2", "--resources", f"region:{name}=1")
        for name in ("east", "west")
    }
    try:
        eventually((folder / "scheduler.json").exists)
        url = json.loads((folder / "scheduler.json").read_text())["address"].replace("tcp://", "dask://")
        eventually(lambda: (folder / "worker.log").read_text().count("Registered to") == 2)
        yield Dask(url, its)
    finally:
        for process in (*its.values(), scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def engine_on(workspace: Workspace, journal: Journal) -> Iterator[Callable[..., Engine]]:
    opened: list[Cluster] = []

    def make(url: str, say: Callable[[str], None] = lambda line: None) -> Engine:
        opened.append(Cluster.from_url(url, workspace))
        return Engine(
            workspace=workspace, journal=journal, operator="li-wei", host="desk", command="test", say=say, steps=opened[-1]
        )

    yield make
    for cluster in opened:
        cluster.close()


def test_steps_run_in_their_region_and_verdicts_and_words_come_back(
    dask: Dask, tmp_path: Path, engine_on: Callable[..., Engine], journal: Journal
) -> None:
    shed = Shed(tmp_path / "shed", ("east/a", "west/b", "nowhere/c"), refuses="stack/west/b")
    shed.fill()
    said: list[str] = []
    engine = engine_on(dask.url, said.append)
    run = engine.apply(engine.plan(shed), shed)
    assert run.state is RunState.FAILED
    assert "it will not (ask again)" in run.message
    assert shed.by("stack/east/a")[0] == dask.workers["east"].pid
    assert set(shed.by("stack/west/b")) == {dask.workers["west"].pid}
    assert [line for line in said if "stack/west/b" in line][:2] == ["stack/west/b: first word", "stack/west/b: second word"]


def test_what_was_begun_once_is_not_begun_again(dask: Dask, workspace: Workspace) -> None:
    from yunwang.operations import executor

    cluster = Cluster.from_url(dask.url, workspace)
    try:
        client = cluster._client
        work = partial(executor._once, str, executor.Told(), "a ticket that is gone")
        done, _ = client.submit(work, pure=False).result(PATIENCE)
        assert isinstance(done, Unknown)
    finally:
        cluster.close()


def test_without_an_executor_steps_run_here(workspace: Workspace) -> None:
    assert isinstance(steps_at(None, workspace), Threads)
    assert Threads().run(os.getpid, target="") == os.getpid()


@pytest.mark.parametrize(("url", "words"), [("ray://here:1", "no executor"), ("dask://127.0.0.1:9", "no Dask scheduler answers")])
def test_what_is_no_cluster_is_refused(url: str, words: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("yunwang.operations.executor.CONNECTS_SECONDS", 1)
    with pytest.raises(Refused, match=words):
        steps_at(url, workspace)


def test_without_dask_it_is_said_what_to_install(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused) as refusal:
        steps_at("dask://127.0.0.1:8786", workspace)
    assert "yunwang[dask]" in refusal.value.remedy


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("demo") / "city"
    demo.write(folder)
    workspace, _ = read(folder)
    assert workspace is not None
    return workspace


def test_every_job_travels(city: Workspace) -> None:
    jobs = (
        CloudJob(city),
        DualStackJob(city),
        BindingJob(city),
        CutoverJob(city, [city.systems[0].name], today=date(2026, 11, 22)),
    )
    for job in jobs:
        again = pickle.loads(pickle.dumps(job))
        assert (again.name, again.targets()) == (job.name, job.targets())


def test_no_secret_travels_with_a_job(city: Workspace) -> None:
    secret = (city.state / "secrets" / "pulumi-passphrase").read_bytes().strip()
    for job in (CloudJob(city), DualStackJob(city)):
        assert secret not in pickle.dumps(job)


@pytest.mark.parametrize(
    "verdict",
    [
        Fatal("no", remedy="yes", target="device/a"),
        Retryable("later", delay=3.0),
        Unknown("who knows", target="device/a"),
        Refused("not this", remedy="that"),
        HungUp("device/a", accepted=("a",), unknown="b"),
        LineRejected("device/a", line="x", view="system", answer="Error", accepted=("a",)),
    ],
    ids=lambda verdict: type(verdict).__name__,
)
def test_every_verdict_travels(verdict: Verdict) -> None:
    again = pickle.loads(pickle.dumps(verdict))
    assert type(again) is type(verdict)
    assert vars(again) == vars(verdict)


def test_where_targets_are(city: Workspace) -> None:
    device, system = city.devices[0], next(system for system in city.systems if system.room)
    assert region(city, f"device/{device.name}") == device.site
    assert region(city, "stack/zhengwu/finance") == "zhengwu"
    assert region(city, f"system/{system.name}") == system.room
    assert region(city, "device/unknown") == ""


def test_a_job_says_with_what_it_is_given_on_the_worker(dask: Dask, workspace: Workspace) -> None:
    cluster = Cluster.from_url(dask.url, workspace)
    said: list[str] = []
    change = Change(id="a", target="stack/east/a", action="+", summary="")  # type: ignore[arg-type]
    try:
        outcome = cluster.run(partial(talks, change, said.append), target=change.target)
    finally:
        cluster.close()
    assert (outcome.summary, said) == ("said", [str(number) for number in range(20)])


def test_a_worker_killed_in_mid_wave_loses_nothing_and_nothing_is_done_twice(
    dask: Dask, tmp_path: Path, engine_on: Callable[..., Engine], journal: Journal
) -> None:
    shed = Shed(tmp_path / "shed", ("east/a", "east/b", "west/c", "west/d"), stuck="stack/east/a")
    shed.fill()
    engine = engine_on(dask.url)
    east, west = dask.workers["east"].pid, dask.workers["west"].pid
    plan = engine.plan(shed)
    with ThreadPoolExecutor(1) as pool:
        applying = pool.submit(engine.apply, plan, shed)
        eventually(lambda: (tmp_path / "shed/stack/east/a/holds").read_text() == "half" and shed.did("stack/west/d"))
        os.kill(east, signal.SIGKILL)
        run = applying.result(PATIENCE)
    assert run.state is RunState.SUCCEEDED
    assert {target: (tmp_path / "shed" / target / "holds").read_text() for target in shed.targets()} == dict.fromkeys(
        shed.targets(), "new"
    )
    assert shed.did("stack/east/a") == ["apply", "undo", "apply"]  # seen to be half, brought back, done again by who is left
    assert shed.by("stack/east/a") == [east, west, west]
    for target in ("stack/west/c", "stack/west/d"):
        assert (shed.did(target), shed.by(target)) == (["apply"], [west])
    steps = [(step.phase, step.state) for step in journal.steps(run.id) if step.target == "stack/east/a"]
    assert steps[0] == (Phase.APPLY, StepState.UNKNOWN)
    assert steps[-2:] == [(Phase.APPLY, StepState.DONE), (Phase.VERIFY, StepState.DONE)]
    assert engine.plan(shed).changes == ()
