"""The journal keeps what it was told, and says clearly when it cannot."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from parts.journals import Home, plan_for

from yunwang.inventories.plan import Observation
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import Approval, ApprovalKind, Phase, RunState, StepState
from yunwang.journal.store import Journal

PLAN = plan_for("device/a")
[CHANGE] = PLAN.changes


def begin(journal: Journal, run: str = "20261122-run") -> str:
    return journal.begin(PLAN, run=run, operator="li-wei", host="desk", command="yunwang net apply").id


def test_what_is_written_is_there_for_the_next_process(home: Home) -> None:
    journal = home.open()
    run = begin(journal)
    step = journal.intend(run, CHANGE, "plane a", Phase.APPLY)
    journal.close()
    again = home.open()
    assert [found.id for found in again.runs()] == [run]
    assert again.run(run[:-2]).state is RunState.RUNNING
    assert again.plan_of(run) == PLAN
    assert again.steps(run)[0].state is StepState.STARTED
    again.settle(step, StepState.DONE, "2 lines sent", {"lines": 2})
    ended = again.end(run, RunState.SUCCEEDED, "1 change")
    assert ended.ended is not None
    assert ended.ended.tzinfo is UTC
    assert ended.ended == home.clock()
    assert again.steps(run)[0].evidence == {"lines": 2}


def test_a_plan_is_begun_once_whatever_became_of_it(home: Home) -> None:
    journal = home.open()
    begin(journal)
    with pytest.raises(Refused, match="run 20261122-run by li-wei, running") as refusal:
        begin(journal, "another")
    assert refusal.value.remedy == "yunwang resume 20261122-run"
    journal.end("20261122-run", RunState.ROLLED_BACK)
    with pytest.raises(Refused, match="rolled-back") as refusal:
        begin(journal, "another")
    assert refusal.value.remedy == "make a new plan"


def test_a_known_outcome_is_not_written_over_but_an_unknown_one_may_become_known(home: Home) -> None:
    journal = home.open()
    step = journal.intend(begin(journal), CHANGE, "wave", Phase.APPLY)
    journal.settle(step, StepState.UNKNOWN, "the connection was lost")
    assert journal.story("20261122").unknown == ("device/a",)
    journal.settle(step, StepState.DONE, "it is there")
    assert journal.story("20261122").unknown == ()
    with pytest.raises(Fatal, match="ended already"):
        journal.settle(step, StepState.FAILED, "no")


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.INTERRUPTED, RunState.ABANDONED])
def test_nothing_is_applied_for_a_run_that_is_not_running(home: Home, state: RunState) -> None:
    journal = home.open()
    journal.end(begin(journal), state)
    with pytest.raises(Fatal, match="no longer to be walked"):
        journal.intend("20261122-run", CHANGE, "wave", Phase.APPLY)


def test_what_devices_and_terminals_say_is_kept_whatever_is_in_it(home: Home) -> None:
    nasty = "\0 \udc80 双栈 \x1b[31m"
    journal = home.open()
    journal.begin(PLAN, run="r", operator=nasty, host=nasty, command=nasty)
    step = journal.intend("r", CHANGE, nasty, Phase.APPLY)
    journal.settle(step, StepState.FAILED, nasty, {"said": nasty})
    assert journal.steps("r")[0].outcome == "\ufffd ? 双栈 \x1b[31m"
    assert journal.audit.verify() == ()


def test_what_was_seen_at_the_apply_is_kept(home: Home) -> None:
    journal = home.open()
    run = begin(journal)
    seen = [Observation(target=f"device/{name}", digest=f"sha256:{name}", summary=name) for name in "ab"]
    journal.observe(run, seen)
    journal.observe(run, [seen[0].model_copy(update={"summary": "later"})])
    assert [one.summary for one in journal.observations(run)] == ["later", "b"]


def test_approvals_of_a_plan_are_kept_in_their_order_and_each_once(home: Home) -> None:
    journal = home.open()
    first = Approval(plan_digest=PLAN.digest, approver="chen-jing", role="approver", signature="-----BEGIN", at=home.clock())
    home.clock.turn(hours=1)
    glass = Approval(
        plan_digest=PLAN.digest, approver="wang", role="", kind=ApprovalKind.BREAK_GLASS, reason="火灾", at=home.clock()
    )
    for one in (first, glass):
        journal.approvals.add(one)
    assert journal.approvals.of(PLAN.digest) == (first, glass)
    assert journal.approvals.of("sha256:other") == ()
    assert journal.approvals.broken([PLAN.digest, "sha256:other"]) == {PLAN.digest}
    with pytest.raises(Refused, match="recorded already"):
        journal.approvals.add(first)


def test_a_run_that_is_not_there_is_refused_with_what_to_do(home: Home) -> None:
    journal = home.open()
    for deed in (lambda: journal.run("2020"), lambda: journal.intend("2020", CHANGE, "wave", Phase.APPLY)):
        with pytest.raises(Fatal) as refusal:
            deed()
        assert "history list" in refusal.value.remedy


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(Fatal, match="the journal cannot be used"):
        Journal.open(None, tmp_path)


@pytest.mark.parametrize("url", ["nonsense", "oracle://x", "sqlite:////proc/none/journal.sqlite"])
def test_a_wrong_url_is_said(tmp_path: Path, url: str) -> None:
    with pytest.raises(Fatal) as refusal:
        Journal.open(url, tmp_path)
    assert "journal.url" in refusal.value.remedy


def test_standings_keep_the_last_word(home: Home) -> None:
    journal = home.open()
    journal.stand("dual-stack", {"device/a": False, "device/b": True})
    journal.stand("dual-stack", {"device/a": True}, {"device/a": {"lines": 3}})
    seen = journal.standings("dual-stack")
    assert {target: standing.in_line for target, standing in seen.items()} == {"device/a": True, "device/b": True}
    assert seen["device/a"].facts == {"lines": 3}
