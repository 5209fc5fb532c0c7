"""`yunwang lock`: who holds what, and giving up a run that nobody will resume."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from parts.journals import plan_for
from parts.people import APPROVER, ON_CALL, OPERATOR, key_of

from yunwang.cli.main import run
from yunwang.journal.store import Journal

ROLES = """
version: 1
operator_proof: claimed
people: [li-wei, chen-jing]
roles:
- {name: operator, people: [li-wei], may: [plan, apply], jobs: [binding]}
- {name: approver, people: [chen-jing], may: [approve]}
"""
BORROWED = "20261122-060000-abcdef"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert run(["init", str(tmp_path / "city"), "-q"]) == 0
    return tmp_path / "city"


@pytest.fixture
def other(workspace: Path) -> Iterator[Journal]:
    """The workspace's journal, as a living process on another machine has it, which holds a device."""
    journal = Journal.open(None, workspace / ".yunwang", me="another machine/1/1")
    journal.leases.acquire(BORROWED, ["device/yz-agg-a"], owner="chen-jing", host="den", command="yunwang net apply")
    yield journal
    journal.close()


def test_nothing_is_held_in_a_new_workspace(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lock", "list", "-w", str(workspace)]) == 0
    assert capsys.readouterr().out == "No run holds a target.\n"


def test_the_list_says_who_where_since_when_and_with_which_command(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lock", "list", "-w", str(workspace)]) == 0
    line = capsys.readouterr().out
    for word in ("device/yz-agg-a", "chen-jing on den since", "(alive)", BORROWED, "yunwang net apply"):
        assert word in line
    assert run(["lock", "list", "--json", "-w", str(workspace)]) == 0
    [lease] = json.loads(capsys.readouterr().out)
    assert (lease["target"], lease["owner"], lease["lapsed"]) == ("device/yz-agg-a", "chen-jing", False)


def test_who_lives_is_given_up_with_force_alone_and_the_audit_tells_who_and_why(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUNWANG_OPERATOR", "li-wei")
    give_up = ["lock", "break", "yz-agg-a", "--reason", "its desk burnt down", "-w", str(workspace)]
    assert run([*give_up, "--yes"]) == 1
    assert "is still at work: chen-jing on den" in capsys.readouterr().err
    assert run([*give_up, "--force"]) == 1  # nobody is there to say yes
    assert len(other.leases.all()) == 1
    assert run([*give_up, "--force", "--yes"]) == 0
    assert other.leases.all() == ()
    [entry] = [entry for entry in other.audit.entries() if entry.event == "run.given-up"]
    assert (entry.operator, entry.run) == ("li-wei", BORROWED)
    assert json.loads(entry.details) == {"reason": "its desk burnt down", "forced": True}


def test_giving_up_asks_for_a_reason_and_for_something_that_is_held(
    workspace: Path, other: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lock", "break", "yz-agg-a", "-w", str(workspace)]) == 64
    assert run(["lock", "break", "yz-agg-b", "--reason", "x", "--yes", "-w", str(workspace)]) == 1
    assert "no run in the journal named yz-agg-b" in capsys.readouterr().err


def test_where_roles_are_it_takes_who_may_apply_there_or_break_the_glass_and_their_key(
    demo_city: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Journal.open(None, demo_city / ".yunwang", me="another machine/1/1")) as journal:
        journal.leases.acquire(BORROWED, ["device/yz-agg-a"], owner="li-wei", host="den", command="yunwang net apply")
        give_up = ["lock", "break", "yz-agg-a", "--reason", "its desk burnt down", "--force", "--yes", "-w", str(demo_city)]

        def called_by(person: str, key: str) -> str:
            monkeypatch.setenv("YUNWANG_OPERATOR", person)
            monkeypatch.setenv("YUNWANG_KEY", str(key_of(demo_city, key)))
            assert run(give_up) == 1
            assert len(journal.leases.all()) == 1
            return capsys.readouterr().err

        said = called_by(APPROVER, APPROVER)
        assert "chen-jing may not give up run" in said
        assert "for device/yz-agg-a" in said
        assert "li-wei, zhao-min" in said
        assert "zhao-min may not sign with this key" in called_by(ON_CALL, APPROVER)
        monkeypatch.setenv("YUNWANG_KEY", str(key_of(demo_city, ON_CALL)))
        assert run(["lock", "break", "yz-agg-a", "--reason", " ", *give_up[5:]]) == 1
        assert "asks for a reason" in capsys.readouterr().err
        assert run(give_up) == 0
        assert journal.leases.all() == ()
        [entry] = [entry for entry in journal.audit.entries() if entry.event == "run.given-up"]
        assert entry.operator == ON_CALL
        assert json.loads(entry.details)["signature"].startswith("-----BEGIN SSH SIGNATURE-----")


def test_of_a_run_that_began_its_own_job_counts(demo_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = demo_city / "policies" / "roles.yaml"
    roles.write_text(ROLES)
    monkeypatch.setenv("YUNWANG_OPERATOR", OPERATOR)
    with closing(Journal.open(None, demo_city / ".yunwang", me="another machine/1/1")) as journal:
        for job, code in (("cutover", 1), ("binding", 0)):
            plan = plan_for("device/yz-agg-a", job=job)
            journal.leases.acquire(job, ["device/yz-agg-a"], owner="chen-jing", host="den", command="yunwang")
            journal.begin(plan, run=job, operator="chen-jing", host="den", command="yunwang")
            assert run(["lock", "break", job, "--reason", "lost", "--force", "--yes", "-w", str(demo_city)]) == code
            journal.leases.give_up(job, operator="chen-jing", reason="lost", force=True)
