"""`yunwang history`: what was done, what nobody approved, what is unknown, and whether the record was touched."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from parts.journals import NOON, plan_for

from yunwang.cli.main import run
from yunwang.inventories import demo
from yunwang.journal.chain import Head
from yunwang.journal.records import Approval, ApprovalKind, Phase, RunState, StepState
from yunwang.journal.store import Journal


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A workspace with a run that was not approved, and died with a step in flight."""
    root = tmp_path / "city"
    demo.write_empty(root, "city")
    with closing(Journal.open(None, root / ".yunwang")) as journal:
        plan = plan_for("device/a", "device/b")
        broken = Approval(plan_digest=plan.digest, approver="wang", role="operator", kind=ApprovalKind.BREAK_GLASS, at=NOON)
        journal.approvals.add(broken.model_copy(update={"reason": "flood"}))
        journal.leases.acquire("20261122-one", ["device/a"], owner="wang", host="desk", command="yunwang net apply")
        journal.begin(plan, run="20261122-one", operator="wang", host="desk", command="yunwang net apply --break-glass flood")
        done, lost = (journal.intend("20261122-one", change, "wave", Phase.APPLY) for change in plan.changes)
        journal.settle(done, StepState.DONE, "two lines")
        journal.settle(lost, StepState.UNKNOWN, "the connection was lost")
    return root


def history(city: Path, *arguments: str) -> int:
    return run(["history", arguments[0], "-w", str(city), *arguments[1:]])


def test_list_is_loud_about_what_was_not_approved(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(city, "list") == 0
    assert "BREAK-GLASS: applied without approval" in capsys.readouterr().out
    assert history(city, "list", "--json") == 0
    [told] = json.loads(capsys.readouterr().out)
    assert (told["id"], told["state"], told["break_glass"]) == ("20261122-one", "running", True)


def test_show_tells_who_answered_what_is_held_and_what_is_unknown(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(city, "show", "20261122", "-v") == 0
    said = capsys.readouterr().out
    assert "BREAK-GLASS by wang (operator), 2026-11-22 12:00 UTC: flood" in said
    assert "holds device/a: wang on desk" in said
    assert "UNKNOWN, look at them or let `yunwang resume` do it: device/b" in said
    assert history(city, "show", "20261122", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unknown"] == ["device/b"]
    assert [step["state"] for step in told["steps"]] == ["done", "unknown"]
    assert told["approvals"][0]["reason"] == "flood"
    assert told["plan"]["job"] == "dual-stack"


def test_tail_shows_the_last_and_follows_what_comes(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(city, "tail", "-n", "2") == 0
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["step.ended", "step.ended"]
    call = [sys.executable, "-m", "yunwang.cli.main", "history", "tail", "-w", str(city), "-f", "-n", "1", "--json"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as following:
        try:
            assert following.stdout is not None
            assert json.loads(following.stdout.readline())["event"] == "step.ended"
            with closing(Journal.open(None, city / ".yunwang")) as journal:
                journal.end("20261122-one", RunState.INTERRUPTED, "Ctrl-C")
            assert json.loads(following.stdout.readline())["result"] == "interrupted"
        finally:
            following.send_signal(signal.SIGINT)
        assert following.wait(timeout=60) == 130


def test_verify_says_that_it_is_whole_and_with_an_anchor_kept_elsewhere_too(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(city, "head") == 0
    printed = capsys.readouterr().out.strip()
    (city / "kept").write_text(printed + "\n")
    assert history(city, "verify", "--anchor", printed, "--anchor", str(city / "kept")) == 0
    assert "The audit is whole: 8 entries" in capsys.readouterr().out
    assert history(city, "verify", "--anchor", "99:sha256:00") == 1
    assert "entry 9 is not there" in capsys.readouterr().out
    assert history(city, "verify", "--anchor", "nothing") == 1
    assert "history head" in capsys.readouterr().err


def test_verify_names_the_first_entry_that_was_touched(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(city / ".yunwang" / "journal.sqlite")) as db:
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("UPDATE audit SET operator = 'chen-jing' WHERE operator = 'wang'")
        db.commit()
    assert history(city, "verify", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["whole"]
    assert [finding["target"] for finding in told["findings"]] == ["audit/2"]


def test_export_writes_what_others_can_check(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert history(city, "export", "-o", str(city / "out.jsonl")) == 0
    entries = [json.loads(line) for line in (city / "out.jsonl").read_text().splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(1, 9))
    assert str(Head(seq=8, hash=entries[-1]["hash"])) in capsys.readouterr().err
    assert history(city, "export", "--format", "syslog", "--after", "7", "-q") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("<108>1 ")
    assert history(city, "export", "-o", "/proc/none/x") == 1
    assert history(city, "export", "--send", "127.0.0.1:1") == 64


def test_the_url_of_a_journal_has_no_password(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (city / "yunwang.yaml").open("a") as file:
        file.write("journal: {url: 'postgresql+psycopg://wang:hunter2@127.0.0.1/journal'}\n")
    assert history(city, "list") == 1
    assert run(["validate", "-w", str(city)]) == 1
    said = capsys.readouterr()
    assert "holds a password" in said.out
    assert "yunwang upgrade" in said.out
    assert "hunter2" not in said.out + said.err
