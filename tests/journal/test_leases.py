"""Leases: all or nothing, never from the living, never from a run in the middle."""

from __future__ import annotations

from datetime import timedelta
from typing import TypedDict

import pytest
from parts.journals import ELSEWHERE, Home, plan_for

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal import process
from yunwang.journal.records import Lease, Phase, RunState, StepState
from yunwang.journal.store import Journal


class Who(TypedDict):
    owner: str
    host: str
    command: str


WANG = Who(owner="wang", host="desk", command="yunwang net apply")
LI = Who(owner="li-wei", host="laptop", command="yunwang cloud apply")
OTHER = "third-boot/pid:[1]/7/7"
TTL = timedelta(seconds=60)


def ask(journal: Journal, run: str, *targets: str, who: Who = WANG) -> tuple[Lease, ...]:
    return journal.leases.acquire(run, targets, **who, ttl=TTL)


def begin(journal: Journal, run: str, *targets: str, who: Who = WANG) -> None:
    assert ask(journal, run, *targets, who=who) == ()
    journal.begin(plan_for(*targets, job=run), run=run, operator=who["owner"], host=who["host"], command=who["command"])


def test_who_comes_second_is_told_who_where_since_when_and_gets_none_of_them(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    assert ask(first, "one", "device/b", "device/a") == ()
    home.clock.turn(seconds=5)
    [lease] = ask(second, "two", "device/b", "device/c", who=LI)
    assert (lease.target, lease.owner, lease.host, lease.command) == ("device/b", "wang", "desk", "yunwang net apply")
    assert [lease.target for lease in second.leases.all()] == ["device/a", "device/b"]


def test_targets_of_others_are_free(home: Home) -> None:
    assert ask(home.open(), "one", "device/a") == ()
    assert ask(home.open(OTHER), "two", "device/b") == ()


def test_a_run_that_says_that_it_lives_keeps_its_leases(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    ask(first, "one", "device/a")
    for _ in range(5):
        home.clock.turn(seconds=50)
        assert first.leases.renew("one")
    assert ask(second, "two", "device/a", who=LI) != ()


def test_the_silent_lease_of_a_run_that_never_began_passes_on(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    ask(first, "one", "device/a")
    home.clock.turn(seconds=61)
    assert ask(second, "two", "device/a", who=LI) == ()
    assert not first.leases.renew("one")


def test_the_silent_lease_of_a_run_in_the_middle_does_not(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    begin(first, "one", "device/a")
    home.clock.turn(hours=10)
    [lease] = ask(second, "two", "device/a", who=LI)
    assert second.leases.lapsed(lease)


def test_it_passes_on_when_the_run_was_given_up_and_the_dead_do_not_come_back(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    begin(first, "one", "device/a")
    with pytest.raises(Refused, match="still at work: wang on desk"):
        second.leases.give_up("one", operator="li-wei", reason="the desk burnt")
    home.clock.turn(seconds=61)
    second.leases.give_up("one", operator="li-wei", reason="the desk burnt")
    assert second.run("one").state is RunState.ABANDONED
    assert "the desk burnt" in second.run("one").message
    assert ask(second, "two", "device/a", who=LI) == ()
    assert not first.leases.renew("one")
    with pytest.raises(Fatal, match="abandoned"):
        first.intend("one", plan_for("device/a").changes[0], "wave", Phase.APPLY)


def test_a_run_is_taken_over_from_the_silent_alone_and_by_one_alone(home: Home) -> None:
    first, second, third = home.open(), home.open(OTHER), home.open("fourth/pid:[1]/9/9")
    begin(first, "one", "device/a", "device/b")
    with pytest.raises(Refused, match="still at work: wang on desk"):
        second.leases.take_over("one", **LI)
    home.clock.turn(seconds=61)
    assert second.leases.take_over("one", **LI) == ()
    with pytest.raises(Refused, match="still at work: li-wei on laptop"):
        third.leases.take_over("one", **WANG)
    assert {lease.owner for lease in second.leases.all()} == {"li-wei"}
    with pytest.raises(Fatal, match="is leased to run one by li-wei"):  # the first was not dead after all
        first.intend("one", plan_for("device/a").changes[0], "wave", Phase.APPLY)
    assert second.intend("one", plan_for("device/a").changes[0], "wave", Phase.APPLY)


def test_an_interrupted_run_keeps_its_targets_and_is_taken_over_at_once(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    begin(first, "one", "device/a")
    first.end("one", RunState.INTERRUPTED, "Ctrl-C")
    first.leases.release("one")
    assert [lease.target for lease in ask(second, "two", "device/a", who=LI)] == ["device/a"]
    assert second.leases.take_over("one", **LI) == ()
    assert second.run("one").state is RunState.RUNNING


def test_a_run_of_the_time_before_leases_is_taken_over(home: Home) -> None:
    journal = home.open()
    journal.begin(plan_for("device/a"), run="old", operator="wang", host="desk", command="x")
    assert journal.leases.take_over("old", **LI) == ()
    assert [lease.target for lease in journal.leases.all()] == ["device/a"]


@pytest.mark.parametrize("state", [state for state in RunState if state.ended])
def test_the_end_of_a_run_frees_its_targets(home: Home, state: RunState) -> None:
    first, second = home.open(), home.open(OTHER)
    begin(first, "one", "device/a")
    first.end("one", state)
    assert ask(second, "two", "device/a", who=LI) == ()
    with pytest.raises(Refused, match="has ended"):
        second.leases.take_over("one", **LI)


def test_a_take_back_that_died_in_a_step_keeps_its_target(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    begin(first, "one", "device/a")
    first.end("one", RunState.SUCCEEDED)
    ask(first, "one", "device/a")
    step = first.intend("one", plan_for("device/a").changes[0], "rollback", Phase.UNDO)
    home.clock.turn(seconds=61)
    assert ask(second, "two", "device/a", who=LI) != ()
    assert ask(second, "one", "device/a", who=LI) == ()  # the same take-back, by someone else
    second.settle(step, StepState.DONE, "as it was")


def test_two_processes_on_one_run_are_told_apart(home: Home) -> None:
    first, second = home.open(), home.open(OTHER)
    ask(first, "one", "device/a")
    assert ask(second, "one", "device/a") != ()


def test_a_dead_process_of_this_machine_is_known_at_once(home: Home) -> None:
    mine = process.identity()
    machine = mine.rpartition("/")[0].rpartition("/")[0]
    dead = home.open(f"{machine}/999999999/1")
    ask(dead, "one", "device/a")
    [lease] = dead.leases.all()
    assert dead.leases.lapsed(lease)
    ask(home.open(mine), "two", "device/b")
    assert [home.open().leases.lapsed(lease) for lease in dead.leases.all()] == [True, False]
    assert not process.dead(ELSEWHERE)
    assert not process.dead("")


def test_nothing_is_given_up_that_is_not_there(home: Home) -> None:
    with pytest.raises(Refused, match="no run nine"):
        home.open().leases.give_up("nine", operator="wang", reason="")
