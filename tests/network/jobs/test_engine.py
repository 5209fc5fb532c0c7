"""The jobs in the engine's hands: planned, applied, taken back; a device that refuses fails its wave and nothing stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.network.jobs import BindingJob, DualStackJob
from yunwang.operations.engine import Engine
from yunwang.operations.job import Job

ROUTERS = ("device/yz-core-a", "device/yz-agg-a", "device/yz-gw-a", "device/xl-agg-a")


@pytest.fixture
def engine(city: Extranet) -> Iterator[Engine]:
    journal = Journal.open(None, city.workspace.state)
    workspace = city.workspace.model_copy(update={"roles": None})  # nobody is asked: approval has tests of its own
    yield Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="yunwang net apply", say=print)
    journal.close()


def test_plane_is_rolled_out_and_rolled_back(city: Extranet, engine: Engine) -> None:
    job: Job = DualStackJob(city.workspace, timeouts=TIMEOUTS)
    before = {target: job.observe(target) for target in ROUTERS}
    plan = engine.plan(job, ROUTERS)
    assert plan.waves[0].name == "canary xl-agg-a"
    run = engine.apply(plan, job)
    assert run.state is RunState.SUCCEEDED, run
    assert engine.plan(job, ROUTERS).changes == ()
    assert engine.rollback(run.id, job).state is RunState.ROLLED_BACK
    assert {target: job.observe(target) for target in ROUTERS} == before


def test_device_that_refuses_takes_its_wave_back_and_nothing_follows(city: Extranet, engine: Engine) -> None:
    job: Job = DualStackJob(city.workspace, timeouts=TIMEOUTS)
    before = {target: job.observe(target) for target in ROUTERS}
    plan = engine.plan(job, ROUTERS)
    city.fault("yz-agg-a", reject="(?i)address 2001:db8:1fe::")
    run = engine.apply(plan, job)
    assert run.state is RunState.FAILED
    assert "2001:db8:1fe::" in run.message
    city.sound()
    for target in ("device/yz-agg-a", "device/yz-gw-a"):
        assert job.observe(target) == before[target]
    engine.rollback(run.id, job)
    assert {target: job.observe(target) for target in ROUTERS} == before


def test_device_that_hangs_up_is_read_again_and_taken_back(city: Extranet, engine: Engine) -> None:
    job: Job = BindingJob(city.workspace, timeouts=TIMEOUTS)
    target = ("device/yz-acc-2",)
    before = job.observe(target[0])
    plan = engine.plan(job, target)
    city.fault("yz-acc-2", disconnect_after=20)
    run = engine.apply(plan, job)
    assert run.state is RunState.FAILED
    assert "hung up in mid-push" in run.message
    assert job.observe(target[0]) == before
