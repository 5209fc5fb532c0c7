"""The journal keeps what it was told, and says clearly when it cannot."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yunwang.inventories.plan import Action, Change, Plan
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal

CHANGE = Change(id="a", target="device/a", action=Action.UPDATE, summary="two lines")
PLAN = Plan(
    job="dual-stack",
    title="Dual stack",
    workspace="w",
    intent="sha256:0",
    operator="li-wei",
    created=datetime.now(UTC),
    expires=datetime.now(UTC) + timedelta(hours=1),
    changes=(CHANGE,),
)


def test_what_is_written_is_there_for_the_next_process(tmp_path: Path) -> None:
    journal = Journal.open(None, tmp_path)
    run = journal.begin(PLAN, operator="li-wei", host="desk", command="yunwang net apply")
    step = journal.intend(run.id, CHANGE, "plane a", Phase.APPLY)
    journal.close()
    again = Journal.open(None, tmp_path)
    assert [found.id for found in again.runs()] == [run.id]
    assert again.run(run.id[:-2]).state is RunState.RUNNING
    assert again.plan_of(run.id) == PLAN
    assert again.steps(run.id)[0].state is StepState.STARTED
    again.settle(step, StepState.DONE, "2 lines sent", {"lines": 2})
    ended = again.end(run.id, RunState.SUCCEEDED, "1 change")
    assert ended.ended is not None
    assert ended.ended.tzinfo is UTC
    assert again.steps(run.id)[0].evidence == {"lines": 2}


def test_a_run_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Fatal) as refusal:
        Journal.open(None, tmp_path).run("2020")
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


def test_a_journal_of_another_schema_is_refused(tmp_path: Path) -> None:
    Journal.open(None, tmp_path).close()
    with sqlite3.connect(tmp_path / "journal.sqlite") as db:
        db.execute("update schema_version set version = 99")
    with pytest.raises(Fatal, match="has schema 99"):
        Journal.open(None, tmp_path)


def test_standings_keep_the_last_word(tmp_path: Path) -> None:
    journal = Journal.open(None, tmp_path)
    journal.stand("dual-stack", {"device/a": False, "device/b": True})
    journal.stand("dual-stack", {"device/a": True}, {"device/a": {"lines": 3}})
    seen = journal.standings("dual-stack")
    assert {target: standing.in_line for target, standing in seen.items()} == {"device/a": True, "device/b": True}
    assert seen["device/a"].facts == {"lines": 3}
