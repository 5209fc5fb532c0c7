"""Approval as people type it: the real program, real keys, and no way around it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from parts.command import YUNWANG, yunwang
from parts.people import APPROVER, ON_CALL, OPERATOR, environment, key_of
from parts.shelf import Shelf

from yunwang.cli import jobs, session
from yunwang.inventories.plan import Action, Change, Observation, Plan, Wave
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import Approval, RunState
from yunwang.operations.engine import Engine

TARGETS = {"cloud": "stack/zhengwu/finance", "dual-stack": "device/yz-agg-a", "binding": "device/yz-acc-1", "cutover": "system/oa"}
APPLY = {
    ("cloud", "apply"): "cloud",
    ("net", "apply"): "dual-stack",
    ("bind", "apply"): "binding",
    ("migrate", "cutover"): "cutover",
    ("apply",): "dual-stack",
}


def planned(folder: Path, *names: str) -> Plan:
    """A plan of the demo city by its operator, as `plan -o` would write it; nobody answers at its targets."""
    workspace = session.load(folder)
    job = names[0] if names else "dual-stack"
    now = datetime.now(UTC)
    change = Change(id="one", target=TARGETS[job], action=Action.UPDATE, summary="one line more")
    return Plan(
        job=job,
        title="Trial",
        workspace=workspace.settings.name,
        intent=workspace.digest,
        operator=OPERATOR,
        created=now,
        expires=now + timedelta(hours=12),
        options={"systems": []} if job == "cutover" else {},
        observations=(Observation(target=change.target, digest="sha256:then"),),
        changes=(change,),
        waves=(Wave(name="all", changes=("one",)),),
    )


@pytest.fixture
def plan_file(demo_city: Path) -> Path:
    file = demo_city.parent / "p.plan"
    file.write_text(planned(demo_city).to_json() + planned(demo_city, "cloud").to_json())
    return file


def as_(folder: Path, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return yunwang(*arguments, "-w", folder, **environment(folder, name))


def recorded(folder: Path, file: Path) -> tuple[Approval, ...]:
    """What is recorded for the first plan of a file."""
    with session.journal(session.load(folder)) as journal:
        return journal.approvals.of(Plan.model_validate_json(file.read_text().splitlines()[0]).digest)


def test_a_second_person_approves_all_plans_of_a_file_and_everybody_sees_it(demo_city: Path, plan_file: Path) -> None:
    before = json.loads(as_(demo_city, OPERATOR, "approve", plan_file, "--show", "--json").stdout)
    assert [(plan["job"], plan["needed"], plan["approvals"]) for plan in before] == [("dual-stack", 1, []), ("cloud", 1, [])]
    called = as_(demo_city, APPROVER, "approve", plan_file, "--yes", "--reason", "window of tonight")
    assert called.returncode == 0, called.stderr
    assert "one line more" in called.stdout, "the plan is shown"
    assert called.stdout.count("approved by chen-jing; needed: 1") == 2
    shown = as_(demo_city, OPERATOR, "approve", plan_file, "--show", "--json")
    for plan in json.loads(shown.stdout):
        (given,) = plan["approvals"]
        assert (given["approver"], given["role"], given["reason"], given["fault"]) == (
            APPROVER,
            "approver",
            "window of tonight",
            "",
        )
    again = as_(demo_city, APPROVER, "approve", plan_file, "--yes")
    assert again.returncode == 0
    assert len(recorded(demo_city, plan_file)) == 1


def test_a_plan_that_was_written_to_a_file_is_found_by_its_digest(demo_city: Path) -> None:
    plan = planned(demo_city)
    with session.journal(session.load(demo_city)) as journal:
        journal.plans.keep(plan)
        journal.plans.keep(plan)
    for name in (plan.digest, plan.digest[7:19]):
        called = as_(demo_city, APPROVER, "approve", name, "--yes")
        assert called.returncode == 0, called.stderr
    called = as_(demo_city, APPROVER, "approve", "ffffffffffff", "--yes")
    assert called.returncode == 1
    assert "no plan in the journal named ffffffffffff" in called.stderr


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        (OPERATOR, (), "li-wei planned it, and nobody approves their own"),
        (ON_CALL, (), "zhao-min may approve nothing of it"),
        ("nobody", (), "nobody may approve nothing of it"),
        (APPROVER, ("--key", "nowhere"), "there is no key nowhere"),
        (APPROVER, ("--key", "OPERATOR"), "chen-jing may not sign with this key now"),
        (OPERATOR, ("--as", APPROVER), "chen-jing may not sign with this key now"),
    ],
)
def test_who_cannot_approve_is_told_why_and_nothing_is_recorded(
    demo_city: Path, plan_file: Path, name: str, options: tuple[str, ...], why: str
) -> None:
    words = [str(key_of(demo_city, OPERATOR)) if word == "OPERATOR" else word for word in options]
    called = as_(demo_city, name, "approve", plan_file, "--yes", *words)
    assert called.returncode == 1
    assert why in called.stderr
    assert "Traceback" not in called.stderr
    assert recorded(demo_city, plan_file) == ()


def test_nobody_approves_without_being_asked(demo_city: Path, plan_file: Path) -> None:
    called = as_(demo_city, APPROVER, "approve", plan_file)
    assert called.returncode == 1
    assert "nobody is there to say yes" in called.stderr


def test_a_machine_without_ssh_keygen_says_what_to_install(demo_city: Path, plan_file: Path) -> None:
    bare = {**environment(demo_city, APPROVER), "PATH": "/nonexistent"}
    called = yunwang("approve", plan_file, "--yes", "-w", demo_city, **bare)
    assert called.returncode == 1
    assert "ssh-keygen cannot be run" in called.stderr
    assert "openssh-client" in called.stderr


def test_a_key_with_a_passphrase_asks_for_it_on_the_terminal(demo_city: Path, plan_file: Path) -> None:
    key = key_of(demo_city, APPROVER)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "river-stone", "-f", str(key)], check=True)
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(environment(demo_city, APPROVER))
        os.environ.pop("SSH_AUTH_SOCK", None)
        os.execv(YUNWANG, [YUNWANG, "approve", str(plan_file), "-q", "-w", str(demo_city)])
    heard = b""
    answers = [(b"Approve 2 changes as chen-jing", b"y\n"), *[(b"Enter passphrase", b"river-stone\n")] * 2]
    while True:
        try:
            heard += os.read(terminal, 4096)
        except OSError:  # the terminal of a process that has ended
            break
        if answers and answers[0][0] in heard:
            os.write(terminal, answers[0][1])
            heard = heard.partition(answers.pop(0)[0])[2]
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, heard
    assert answers == []


@pytest.mark.parametrize("command", APPLY, ids=" ".join)
def test_no_command_applies_what_nobody_approved(demo_city: Path, command: tuple[str, ...]) -> None:
    roles = demo_city / "policies" / "roles.yaml"
    roles.write_text(roles.read_text().partition("exempt:")[0])
    file = demo_city.parent / "p.plan"
    plan = planned(demo_city, APPLY[command])
    file.write_text(plan.to_json())
    called = as_(demo_city, OPERATOR, *command, "--plan", file, "--yes")
    assert called.returncode == 1
    assert f"needs an approval by another person for {plan.changes[0].target}" in called.stderr
    assert "have chen-jing approve it" in called.stderr


def test_an_approved_plan_is_applied_by_who_may_and_proves_it_and_no_other(demo_city: Path, plan_file: Path) -> None:
    plan_file.write_text(planned(demo_city).to_json())
    words = ("net", "apply", "--plan", plan_file, "--yes")
    assert as_(demo_city, APPROVER, "approve", plan_file, "--yes").returncode == 0
    assert "chen-jing has no right to apply" in as_(demo_city, APPROVER, *words).stderr
    pretending = {"YUNWANG_OPERATOR": OPERATOR, "YUNWANG_KEY": str(key_of(demo_city, APPROVER))}
    assert "li-wei may not sign with this key now" in yunwang(*words, "-w", demo_city, **pretending).stderr
    called = as_(demo_city, OPERATOR, *words)
    assert called.returncode == 1
    assert "device/yz-agg-a" in called.stderr
    assert "approval" not in called.stderr, "now it is the target that does not answer"
    plan_file.write_text(planned(demo_city).model_copy(update={"title": "Another"}).to_json())
    assert "needs an approval" in as_(demo_city, OPERATOR, *words).stderr


def test_every_job_is_tried_above() -> None:
    assert set(APPLY.values()) == set(jobs.ORDER) == set(TARGETS)


def test_broken_glass_is_loud_and_is_for_who_may(demo_city: Path, plan_file: Path) -> None:
    plan_file.write_text(planned(demo_city).model_copy(update={"operator": ON_CALL}).to_json())
    words = ("net", "apply", "--plan", plan_file, "--yes", "--break-glass")
    called = as_(demo_city, OPERATOR, *words, "core is down")
    assert "li-wei has no right to break-glass" in called.stderr
    called = as_(demo_city, ON_CALL, *words, " ")
    assert "breaking the glass asks for a reason" in called.stderr
    called = as_(demo_city, ON_CALL, *words, "core is down")
    assert "BREAK-GLASS: this is applied without approval" in called.stderr
    assert "by zhao-min: core is down" in called.stderr
    assert "needs an approval" not in called.stderr
    assert [(one.kind, one.reason) for one in recorded(demo_city, plan_file)] == [("break-glass", "core is down")]


@pytest.fixture
def city(demo_city: Path) -> Workspace:
    return session.load(demo_city)


def test_the_engine_does_nothing_that_nobody_answers_for(city: Workspace) -> None:
    """Whoever calls it: the check is inside."""
    shelf = Shelf(jars={"salt": 1}, wanted={"salt": 2})
    with session.journal(city) as journal:
        engine = Engine(workspace=city, journal=journal, operator=OPERATOR, host="desk", command="python", say=lambda line: None)
        plan = engine.plan(shelf)
        with pytest.raises(Refused, match="nobody answers for this apply"):
            engine.apply(plan, shelf)
        run = journal.begin(plan, run=journal.new_run_id(), operator=OPERATOR, host="desk", command="python")
        journal.end(run.id, RunState.INTERRUPTED, "as if it had been approved")
        with pytest.raises(Refused, match="nobody answers for this resume"):
            engine.resume(run.id, shelf)
        with pytest.raises(Refused, match="nobody answers for this rollback"):
            engine.rollback(run.id, shelf)
    assert shelf.did("apply") == shelf.did("undo") == []
