"""Restoring: a plan like any other, which holds masks alone, sends what they stand for, and never a mask."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from parts.extranet import TIMEOUTS
from parts.guarded import SECRETS, Guarded

from yunwang.inventories.verdict import Refused
from yunwang.journal.records import Run, RunState
from yunwang.network.archive.restore import RestoreJob
from yunwang.network.archive.secrecy import MASK
from yunwang.operations.engine import Engine

Type = Callable[..., None]


@pytest.fixture
def engine(town: Guarded) -> Engine:
    return Engine(
        workspace=town.city.workspace, journal=town.journal, operator="wang", host="desk", command="yunwang net restore", say=print
    )


def job(town: Guarded, *of: str) -> RestoreJob:
    return RestoreJob(town.city.workspace, of, wire=town.root / "wire", timeouts=TIMEOUTS)


def restored(engine: Engine, town: Guarded, *of: str) -> Run:
    plan = engine.plan(job(town, *of))
    assert town.spy.within(plan.to_json().encode()) == set()
    assert MASK.search(plan.to_json())
    return engine.apply(plan, job(town, *of))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip("!# ") and "onfiguration" not in line]


@pytest.mark.parametrize("name", SECRETS)
def test_every_platform_gets_its_secret_back_and_gives_it_up_again(town: Guarded, typed: Type, engine: Engine, name: str) -> None:
    typed(name)
    town.swept(name)
    before = town.runs(name)
    town.by_hand(name, *town.secret(name, away=True))
    town.by_hand(name, *town.secret(name, 1))
    after = town.runs(name)
    run = restored(engine, town, name)
    assert run.state is RunState.SUCCEEDED, run
    assert lines(town.runs(name)) == lines(before)
    assert engine.plan(job(town, name)).changes == ()
    assert engine.rollback(run.id, job(town, name)).state is RunState.ROLLED_BACK
    assert lines(town.runs(name)) == lines(after), "what somebody typed in between comes back with its secret"
    assert list(town.spy.rows(town.root / "state" / "journal.sqlite")) == []
    assert list(town.spy.files([town.root / "wire", town.root / "archive"])) == []
    assert not MASK.search(town.city.heard(name)), "no device has ever got a mask"


def test_what_somebody_has_not_saved_is_told_and_goes(town: Guarded, typed: Type, engine: Engine) -> None:
    typed("yz-agg-a")
    town.swept("yz-agg-a")
    town.by_hand("yz-agg-a", *town.secret("yz-agg-a", 1), save=False)
    plan = engine.plan(job(town, "yz-agg-a"))
    [told] = [finding for finding in plan.findings if finding.code == "unsaved"]
    assert "<hmac:" in told.message
    assert town.spy.within(plan.to_json().encode()) == set()
    assert engine.apply(plan, job(town, "yz-agg-a")).state is RunState.SUCCEEDED
    assert SECRETS["yz-agg-a"][2] not in town.runs("yz-agg-a")
    assert SECRETS["yz-agg-a"][1] in town.city.saved("yz-agg-a")
    assert SECRETS["yz-agg-a"][2] not in town.city.saved("yz-agg-a")


def test_a_site_goes_back_to_a_version_of_before(town: Guarded, typed: Type, engine: Engine) -> None:
    both = ("yz-gw-a", "yz-gw-b")
    first = town.swept(*both).commit
    typed("yz-gw-a")
    town.swept(*both)
    site = town.city.device("yz-gw-a").site
    with pytest.raises(Refused, match="the archive has no"):
        job(town, f"{site}@{first}")
    plan = engine.plan(job(town, f"yz-gw-*@{first}"))
    assert [change.target for change in plan.changes] == ["device/yz-gw-a"]
    assert plan.options["of"] == [f"{name}@{first}" for name in both]
    town.swept(*both)
    assert engine.apply(plan, job(town, *(f"{name}@{first}" for name in both))).state is RunState.SUCCEEDED
    assert SECRETS["yz-gw-a"][1] not in town.runs("yz-gw-a")


def test_without_the_copy_that_knows_a_secret_nothing_is_sent(town: Guarded, typed: Type, engine: Engine) -> None:
    typed("dh-agg-b")
    town.swept("dh-agg-b")
    town.by_hand("dh-agg-b", *town.secret("dh-agg-b", away=True))
    before = town.runs("dh-agg-b")
    plan = engine.plan(job(town, "dh-agg-b"))
    shutil.rmtree(town.root / "archive" / "full")
    run = engine.apply(plan, job(town, "dh-agg-b"))
    assert run.state is RunState.FAILED
    assert "is in no copy of the archive" in run.message
    assert town.runs("dh-agg-b") == before
    assert not MASK.search(town.city.heard("dh-agg-b"))


def test_without_its_key_nothing_is_planned_or_sent(town: Guarded, engine: Engine) -> None:
    with pytest.raises(Refused, match="nothing is archived yet"):
        job(town, "yz-gw-a")
    town.swept("yz-gw-a")
    (town.city.workspace.state / "secrets" / "archive-key").unlink()
    with pytest.raises(Refused, match="is gone"):
        job(town, "yz-gw-a")


def test_a_line_that_the_device_refuses_is_told_without_its_secret(town: Guarded, typed: Type, engine: Engine) -> None:
    typed("yz-agg-a")
    town.swept("yz-agg-a")
    town.by_hand("yz-agg-a", *town.secret("yz-agg-a", away=True))
    town.city.fault("yz-agg-a", reject="snmp-agent community")
    run = restored(engine, town, "yz-agg-a")
    town.city.sound()
    assert run.state is RunState.FAILED
    assert "snmp-agent community" in run.message
    assert town.spy.within(run.message.encode()) == set()
    assert list(town.spy.rows(town.root / "state" / "journal.sqlite")) == []


def test_what_is_asked_for_has_to_be_there(town: Guarded) -> None:
    town.swept("yz-gw-a")
    for of, why in (
        (["nobody"], "no device and no site"),
        ([], "no device was named"),
        (["yz-gw-a@nothing"], "no version nothing"),
    ):
        with pytest.raises(Refused, match=why):
            job(town, *of)
