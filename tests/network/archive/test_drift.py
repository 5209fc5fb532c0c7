"""Drift: each kind is told from the others, with who it was; nothing that differs is missed, and no secret is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from parts.extranet import TIMEOUTS
from parts.guarded import SECRETS, Guarded

from yunwang.inventories.verdict import Refused
from yunwang.journal.records import RunState
from yunwang.network.archive.drift import Drift, Kind, as_finding, drift
from yunwang.network.archive.history import history
from yunwang.network.archive.restore import RestoreJob
from yunwang.network.vendors import vendor
from yunwang.operations.engine import Engine

Type = Callable[..., None]


def drifts(town: Guarded, name: str) -> dict[Kind, Drift]:
    """But for the intent that nobody applied in these tests."""
    found = drift(town.city.workspace, town.journal, [town.city.device(name)])
    return {one.kind: one for one in found if one.kind is not Kind.INTENT}


def test_what_was_archived_and_saved_has_not_drifted_but_from_intent(town: Guarded) -> None:
    town.swept("yz-gw-a")
    [found] = drift(town.city.workspace, town.journal, [town.city.device("yz-gw-a")])
    assert found.kind is Kind.INTENT
    assert "router ospf6" in found.lines


@pytest.mark.parametrize("name", SECRETS)
def test_what_somebody_typed_is_told_line_by_line_without_its_secret(town: Guarded, typed: Type, name: str) -> None:
    typed(name)
    town.swept(name)
    town.by_hand(name, *town.secret(name, away=True), save=False)
    town.by_hand(name, *town.secret(name, 1), save=False)
    found = drifts(town, name)
    shows = vendor(town.city.device(name).platform).session.show.saved
    assert set(found) == {Kind.BEHIND_THE_TOOL, *([Kind.UNSAVED] if shows else [])}
    for one in found.values():
        assert [line[0] for line in one.lines] == ["-", "+"]
        assert all("<hmac:" in line for line in one.lines)
        assert town.spy.within(as_finding(one).model_dump_json().encode()) == set()


def test_what_a_run_of_ours_did_is_told_from_what_somebody_did_beside_it(town: Guarded, typed: Type) -> None:
    typed("dh-agg-b")
    first = town.swept("dh-agg-b").commit
    town.by_hand("dh-agg-b", *town.secret("dh-agg-b", away=True))
    town.swept("dh-agg-b")
    job = RestoreJob(town.city.workspace, [f"dh-agg-b@{first}"], wire=town.root / "wire", timeouts=TIMEOUTS)
    engine = Engine(workspace=town.city.workspace, journal=town.journal, operator="wang", host="desk", command="x", say=print)
    run = engine.apply(engine.plan(job), job)
    assert run.state is RunState.SUCCEEDED, run
    found = drifts(town, "dh-agg-b")
    assert set(found) == {Kind.BY_RUN}
    assert run.id in found[Kind.BY_RUN].what
    town.by_hand("dh-agg-b", "ntp server 10.9.9.9")
    found = drifts(town, "dh-agg-b")
    assert set(found) == {Kind.BY_RUN, Kind.BEHIND_THE_TOOL}
    assert found[Kind.BEHIND_THE_TOOL].lines == ("+ ntp server 10.9.9.9",)
    town.by_hand("dh-agg-b", "no ntp server 10.9.9.9")
    town.swept("dh-agg-b")
    assert drifts(town, "dh-agg-b") == {}
    newest = next(history(town.city.workspace, town.journal, "dh-agg-b"))
    assert newest.runs == (f"run {run.id} by wang",)
    assert "by wang" in newest.sentence


def test_what_was_never_archived_or_does_not_answer_is_told(town: Guarded) -> None:
    with pytest.raises(Refused, match="nothing is archived yet"):
        drifts(town, "yz-gw-a")
    town.swept("yz-gw-a")
    assert set(drifts(town, "yz-gw-b")) == {Kind.NEVER_ARCHIVED}
    town.city.fault("yz-gw-a", refuse_login=True)
    assert set(drifts(town, "yz-gw-a")) == {Kind.UNREADABLE}
