"""Bindings on the demo city's access switches over real SSH, and what is really plugged in laid beside the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.plan import Observed
from yunwang.network.binding import Verdict
from yunwang.network.jobs import BindingJob


def say(text: str) -> None:
    """Nobody listens."""


@pytest.fixture
def job(city: Extranet) -> BindingJob:
    return BindingJob(city.workspace, timeouts=TIMEOUTS)


def observe(job: BindingJob) -> dict[str, Observed]:
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(job.targets(), pool.map(job.observe, job.targets()), strict=True))


def test_a_hundred_terminals_bound_verified_reconciled_and_back(city: Extranet, job: BindingJob) -> None:
    before = observe(job)
    draft = job.draft(before)
    assert {change.target for change in draft.changes} == set(job.targets())
    for change in draft.changes:
        job.apply(change, say)
        assert job.verify(change) == ()
    assert job.draft(observe(job)).changes == ()
    found = job.reconcile()
    assert not found.missing
    assert {verdict: count for verdict, count in found.counts.items() if count} == {
        Verdict.BOUND: 97,
        Verdict.MAC_CHANGED: 1,
        Verdict.IP_CHANGED: 1,
        Verdict.UNPLUGGED: 1,
        Verdict.UNKNOWN: 1,
    }
    for change in draft.changes:
        job.undo(change, say)
    assert observe(job) == before


def test_before_anything_is_bound_all_is_missing(city: Extranet, job: BindingJob) -> None:
    found = job.reconcile()
    assert len(found.missing) >= len(city.workspace.terminals)
    assert not found.bound


def test_terminal_without_a_switch_is_not_a_target(job: BindingJob) -> None:
    assert set(job.targets()) == {
        f"device/{name}" for name in ("yz-acc-1", "yz-acc-2", "dh-acc-1", "dh-acc-2", "lx-acc-1", "sq-acc-1")
    }
