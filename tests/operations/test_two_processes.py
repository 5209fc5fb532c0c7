"""Real processes on one journal: one wins, or they take turns; what a killed one held passes on through resume. And Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parts.jars_on_disk import DiskShelf, workspace

from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("salt", "tea"):
        (tmp_path / name).write_text("0")
    Journal.open(None, workspace(tmp_path).state).close()
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "parts.jars_on_disk", str(folder), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "YUNWANG_OPERATOR": f"operator-{len(running)}"},
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()


def said(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=60)
    return output.strip()


def until(true: Callable[[], object]) -> None:
    while not true():
        time.sleep(0.01)  # pytest's timeout is the watchdog


def begun(folder: Path) -> list[Path]:
    return list(folder.glob("begun-*"))


def test_of_processes_with_one_plan_exactly_one_applies_it(folder: Path, start: Start) -> None:
    here = workspace(folder)
    journal = Journal.open(None, here.state)
    engine = Engine(workspace=here, journal=journal, operator="li-wei", host="desk", command="", say=lambda line: None)
    (folder / "plan").write_text(engine.plan(DiskShelf(folder, ["salt", "tea"])).to_json())
    results = [said(one) for one in [start("salt", "tea", "--plan", str(folder / "plan"), "--wait", "30") for _ in range(3)]]
    journal.close()
    assert results.count("succeeded") == 1
    assert sum("was applied already" in one for one in results) == 2
    assert sorted((folder / "log").read_text().split()) == ["salt=3", "tea=3"]


def test_of_two_plans_for_one_target_the_second_is_told_who_holds_it(folder: Path, start: Start) -> None:
    (folder / "stuck").touch()
    first = start("salt")
    until(lambda: begun(folder))
    assert "held by operator-0 on " in said(start("salt", "tea"))
    (folder / "stuck").unlink()
    assert said(first) == "succeeded"


def test_who_waits_sees_what_the_first_one_did_and_does_not_do_it_again(folder: Path, start: Start) -> None:
    (folder / "stuck").touch()
    first = start("salt")
    until(lambda: begun(folder))
    second = start("salt", "--wait", "60")
    time.sleep(0.5)  # whether it waits by now or comes later, it ends the same
    (folder / "stuck").unlink()
    assert said(first) == "succeeded"
    assert said(second) in ("Refused: what the plan was made from has moved since", "succeeded")
    assert (folder / "log").read_text().split() == ["salt=3"]


def test_processes_with_different_targets_work_at_the_same_time(folder: Path, start: Start) -> None:
    (folder / "stuck").touch()
    both = [start("salt"), start("tea")]
    until(lambda: len(begun(folder)) == 2)
    (folder / "stuck").unlink()
    assert [said(one) for one in both] == ["succeeded", "succeeded"]


def test_what_a_killed_process_held_passes_on_through_resume_alone_and_at_once(folder: Path, start: Start) -> None:
    (folder / "stuck").touch()
    first = start("salt", "tea")
    until(lambda: begun(folder))
    first.send_signal(signal.SIGKILL)
    first.wait()
    (folder / "stuck").unlink()
    assert "held by operator-0" in said(start("salt"))
    journal = Journal.open(None, workspace(folder).state)
    [run] = journal.runs()
    assert run.state is RunState.RUNNING
    assert said(start("salt", "tea", "--resume", run.id)) == "succeeded"
    assert journal.leases.all() == ()
    journal.close()
    assert (folder / "log").read_text().split() == ["salt=3", "tea=3"]


def test_ctrl_c_drains_the_step_in_flight_and_ends_before_the_next(folder: Path, start: Start) -> None:
    (folder / "stuck").touch()
    process = start("salt", "tea")
    until(lambda: begun(folder))
    process.send_signal(signal.SIGINT)
    (folder / "stuck").unlink()
    output = said(process)
    assert "ending after the steps in flight" in output
    assert output.endswith("interrupted")
    assert (folder / "log").read_text().split() == ["salt=3"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_ctrl_c_ends_at_once_and_says_exactly_which_targets_stay_unknown(
    folder: Path, start: Start, number: signal.Signals
) -> None:
    (folder / "stuck").touch()
    process = start("salt", "tea")
    until(lambda: begun(folder))
    process.send_signal(number)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(number)
    rest = said(process)
    assert process.returncode == 130
    assert "once more ends at once" in first
    assert "jar/salt: apply was in flight, its outcome is UNKNOWN" in rest
    assert "jar/tea" not in rest
    (folder / "stuck").unlink()
    journal = Journal.open(None, workspace(folder).state)
    [run] = journal.runs()
    journal.close()
    assert said(start("salt", "tea", "--resume", run.id)) == "succeeded"
