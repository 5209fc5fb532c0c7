"""How far a run may go, as pure functions say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yunwang.inventories.plan import Action, Change, Draft, Plan, Step, Wave
from yunwang.inventories.workspace import FailureBudget
from yunwang.operations import budgets

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def change(
    name: str, action: Action = Action.UPDATE, *, group: str = "", requires: tuple[str, ...] = (), steps: str = ""
) -> Change:
    parts = tuple(Step(action=Action(one), what="a thing") for one in steps)
    return Change(id=name, target=f"jar/{name}", group=group, action=action, summary="", requires=requires, steps=parts)


def plan(*changes: Change, waves: tuple[Wave, ...] = ()) -> Plan:
    return Plan(
        job="shelf", title="", workspace="larder", intent="", operator="", created=NOON, expires=NOON, changes=changes, waves=waves
    )


def names(waves: tuple[Wave, ...]) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(wave.name, wave.changes, wave.canary) for wave in waves]


def test_without_a_canary_the_waves_stay_as_the_job_has_them() -> None:
    draft = Draft(changes=(change("a"), change("b")), waves=(Wave(name="all", changes=("a", "b")),))
    assert budgets.with_canary(draft, 0) == draft.waves
    assert budgets.with_canary(Draft(), 3) == ()


def test_the_canary_is_cut_from_the_first_wave_and_every_change_stays_in_one_wave_in_order() -> None:
    draft = Draft(
        changes=(change("a"), change("b"), change("c"), change("d", requires=("b",))),
        waves=(Wave(name="base", changes=("a", "b", "c"), parallel=3), Wave(name="top", changes=("d",))),
    )
    assert names(budgets.with_canary(draft, 2)) == [
        ("canary of base", ("a", "b"), True),
        ("base", ("c",), False),
        ("top", ("d",), False),
    ]


def test_a_first_wave_that_is_small_enough_is_the_canary() -> None:
    draft = Draft(changes=(change("a"), change("b")), waves=(Wave(name="one", changes=("a",)), Wave(name="two", changes=("b",))))
    assert names(budgets.with_canary(draft, 2)) == [("one", ("a",), True), ("two", ("b",), False)]


def test_a_jobs_own_canary_is_made_smaller_not_replaced() -> None:
    draft = Draft(changes=(change("a"), change("b")), waves=(Wave(name="canary", changes=("a", "b"), canary=True),))
    assert names(budgets.with_canary(draft, 1)) == [("canary", ("a",), True), ("rest of canary", ("b",), False)]


def test_a_removal_is_no_canary_where_something_else_could_be() -> None:
    draft = Draft(changes=(change("a", Action.DELETE), change("b")), waves=(Wave(name="all", changes=("a", "b")),))
    assert budgets.with_canary(draft, 1)[0].changes == ("b",)


@pytest.mark.parametrize(
    ("flying", "next_one"),
    [
        ([], "a"),
        (["east"], "b"),  # no second one of the east beside it
        (["east", "west"], "d"),  # that has no group
        (["east", "west", ""], None),  # three at a time
    ],
)
def test_only_so_many_of_a_group_fly_at_a_time(flying: list[str], next_one: str | None) -> None:
    ahead = [change("a", group="east"), change("b", group="west"), change("c", group="east"), change("d")]
    chosen = budgets.next_of(ahead, [change(f"x{n}", group=group) for n, group in enumerate(flying)], 3, 1)
    assert (chosen.id if chosen else None) == next_one


def test_without_a_limit_groups_do_not_matter() -> None:
    east = change("a", group="east")
    assert budgets.next_of([east], [change("b", group="east")], 2, None) == east


@pytest.mark.parametrize(
    ("canary", "failed", "wave", "run", "spent"),
    [
        (False, (), 0, None, False),
        (False, ("a",), 0, None, True),
        (False, ("a",), 1, None, False),
        (False, ("a", "b"), 1, None, True),
        (False, ("a", "z"), 1, None, False),  # z is of another wave
        (False, ("a", "z"), 1, 1, True),
        (False, (), 1, 0, False),
        (True, ("a",), 5, 5, True),
    ],
)
def test_a_failure_budget_counts_by_wave_and_by_run(
    canary: bool, failed: tuple[str, ...], wave: int, run: int | None, spent: bool
) -> None:
    now = Wave(name="now", changes=("a", "b", "c"), canary=canary)
    assert budgets.spent(now, failed, FailureBudget(wave=wave, run=run)) is spent


def test_what_requires_a_failed_change_is_barred_through_all_waves() -> None:
    made = plan(
        change("a"),
        change("b", requires=("a",)),
        change("c", requires=("b",)),
        change("d"),
        waves=(Wave(name="1", changes=("a", "d")), Wave(name="2", changes=("b",)), Wave(name="3", changes=("c",))),
    )
    assert budgets.barred(made, {"a"}) == {"a", "b", "c"}
    assert budgets.barred(made, set()) == set()


def test_deletions_count_steps_and_changes_without_steps() -> None:
    made = plan(change("a", steps="+--∓~"), change("b", Action.DELETE), change("c", Action.REPLACE), change("d"))
    assert budgets.deletions(made) == 5


@pytest.mark.parametrize(("minutes", "left"), [(0, 10), (4, 6), (10, 0), (600, 0), (-600, 10)])
def test_a_wave_soaks_once_and_never_longer_than_said_wherever_the_clock_was_turned(minutes: int, left: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    assert budgets.soak_left(NOON, now, timedelta(minutes=10)) == timedelta(minutes=left)
