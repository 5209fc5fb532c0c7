"""Moving a real service between two hosts over SSH while a client writes to it: what a cutover promises, also when it fails."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from parts.moving_city import City

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.plan import Change
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.lab.service.writer import Writer
from yunwang.operations.engine import Engine
from yunwang.playbooks import runner

TARGET = "system/school-roster"


def planned(city: City) -> Change:
    draft = city.job.draft({TARGET: city.job.observe(TARGET)})
    assert draft.findings == ()
    return draft.changes[0]


def control(city: City, machine: str, word: str) -> dict[str, object]:
    """A control word, said on the machine itself and not by way of what is tested."""
    done = subprocess.run([sys.executable, "records.py", word], cwd=city.service(machine), capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def goes_on(writer: Writer) -> bool:
    """Whether writes are acknowledged (again)."""
    before, deadline = len(writer.acknowledged), time.monotonic() + 20
    while len(writer.acknowledged) < before + 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(writer.acknowledged) >= before + 5


def test_a_service_moves_and_comes_back_while_a_client_writes_and_no_acknowledged_write_is_lost(city: City) -> None:
    journal = Journal.open(None, city.job.workspace.state)
    said: list[str] = []
    engine = Engine(
        workspace=city.job.workspace,
        journal=journal,
        operator="li-wei",
        host="desk",
        command="yunwang migrate cutover",
        say=said.append,
    )
    before = city.job.observe(TARGET)
    with Writer(city.url) as writer:
        assert goes_on(writer)
        run = engine.apply(engine.plan(city.job), city.job)
        assert run.state is RunState.SUCCEEDED, run.message
        assert goes_on(writer)
        assert writer.refused, "no write fell into the move: the test shows nothing"
        assert writer.lost() == []
        moved = journal.steps(run.id)[0].evidence
        assert (moved["from"], moved["to"], moved["downtime_minutes"]) == ("old-education", "new-education", 60)
        assert any(line.startswith("school-roster: Turn writes off on old-education") for line in said)
        after = city.job.observe(TARGET)
        assert after.facts == {"at": "new", "old": "frozen", "new": "serving"}
        assert city.job.draft({TARGET: after}).changes == ()
        print(f"{moved['downtime_seconds']} s by the playbook's clock, {writer.longest_pause:.1f} s for a client")

        assert engine.rollback(run.id, city.job).state is RunState.ROLLED_BACK
        assert "those included that new-education had taken" in journal.steps(run.id)[-1].outcome
        assert goes_on(writer)
        assert writer.lost() == []
    assert city.job.observe(TARGET) == before
    assert not list(city.root.glob(".yunwang/ansible/*/transit")), "a department's data stays on the controller"
    journal.close()


def test_a_failure_in_the_switch_leaves_the_old_host_serving(city: City) -> None:
    before = city.job.observe(TARGET)
    change = planned(city)
    (city.service("new-education") / "origin.new").mkdir(parents=True)  # the copy arrives, but cannot be put in place
    with Writer(city.url) as writer:
        with pytest.raises(
            Fatal, match=r"^Put the data in place on new-education: .*school-roster stays on old-education"
        ) as failure:
            city.job.apply(change, lambda _: None)
        assert "Traceback" not in failure.value.message
        assert goes_on(writer)
        assert writer.lost() == []
    assert writer.refused, "it failed before writes were off: the rescue was not tried"
    assert city.job.observe(TARGET) == before


def test_a_new_host_that_dies_in_the_switch_is_given_up_by_undo(city: City) -> None:
    change = planned(city)

    def unplug_before_the_start(line: str) -> None:
        if "Put the data in place" in line:
            city.unplug("new-education")

    with Writer(city.url) as writer:
        with pytest.raises(Fatal, match="new-education"):
            city.job.apply(change, unplug_before_the_start)
        assert city.job.observe(TARGET).facts == {"at": "old", "old": "frozen", "new": "unreachable"}
        city.job.undo(change, lambda _: None)
        assert goes_on(writer)
        assert writer.lost() == []


def test_a_move_cut_off_before_writes_were_on_is_done_again_and_never_undone_over_writes_of_both_hosts(city: City) -> None:
    change = planned(city)
    city.job.apply(change, lambda _: None)
    control(city, "new-education", "freeze")  # as it is between switch and thaw
    assert city.job.observe(TARGET).facts == {"at": "new", "old": "frozen", "new": "frozen"}
    again = planned(city)
    city.job.apply(again, lambda _: None)
    assert city.job.verify(again) == ()

    control(city, "old-education", "thaw")
    assert ["takes writes that nobody will see" in finding.message for finding in city.job.verify(again)] == [True]
    with pytest.raises(Fatal, match="writes could be lost without a trace"):
        city.job.undo(again, lambda _: None)
    assert city.routes["school-roster"]["port"] == control(city, "new-education", "status")["port"]
    with Writer(city.url) as writer:
        assert goes_on(writer)


def test_a_move_that_would_last_longer_than_the_system_may_be_down_is_given_up(city: City) -> None:
    variables: JsonObject = {"service": "school-roster", "old": "old-education", "new": "new-education", "gateway": "gateway"}
    limits: JsonObject = {"staging": str(city.root / "transit"), "downtime_seconds": 1}
    with pytest.raises(Fatal, match=r"Check the downtime so far: .* \(1 s\)"):
        runner.run(
            "cutover.yml",
            inventory=[city.root / "machines.yaml"],
            variables={**variables, **limits},
            folder=city.root / "run",
            root=city.root,
            say=lambda _: None,
        )
    assert city.job.observe(TARGET).facts == {"at": "old", "old": "serving", "new": "stopped"}
