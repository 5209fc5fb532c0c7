"""Waves as a table: who needs whom, in which room, what comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from yunwang.inventories.migration import Dependency, System
from yunwang.inventories.workspace import Workspace
from yunwang.migration.schedule import booked_with
from yunwang.migration.waves import WavePlan, levels, plan_waves

Make = Callable[..., System]


def plan(make_system: Make, register: str, needs: str = "", *, gone: str = "", not_ready: str = "", most: int = 4) -> WavePlan:
    """`register` has a line per room (`health: a b c`); `needs` reads `b>a` (b strongly needs a) or `b~a` (weakly)."""
    systems = [
        make_system(name, room=room.strip())
        for line in register.strip().splitlines()
        for room, _, names in [line.partition(":")]
        for name in names.split()
    ]
    strong = [Dependency(system=a, needs=b) for a, b in (each.split(">") for each in needs.split() if ">" in each)]
    weak = [Dependency(system=a, needs=b, strength="weak") for a, b in (each.split("~") for each in needs.split() if "~" in each)]
    ready = frozenset(system.name for system in systems) - set(not_ready.split())
    return plan_waves(systems, [*strong, *weak], ready=ready, gone=frozenset(gone.split()), most=most)


def shown(planned: WavePlan) -> list[str]:
    return [" ".join(wave.systems) + (f" | empties {' '.join(wave.empties)}" if wave.empties else "") for wave in planned.waves]


CASES = [
    pytest.param("edu: roster results", "results>roster", {}, ["roster results | empties edu"], id="what is needed comes first"),
    pytest.param(
        "edu: a b\nfin: c", "", {}, ["c | empties fin", "a b | empties edu"], id="the room that takes the fewest moves first"
    ),
    pytest.param("edu: a b", "a>b b>a", {}, ["a b | empties edu"], id="a cycle moves together"),
    pytest.param(
        "edu: a b c", "a>b b>c c>a", {"most": 2}, ["a b c | empties edu"], id="a cycle is never parted, even above the limit"
    ),
    pytest.param("edu: a b c d e", "", {"most": 2}, ["a b", "c d", "e | empties edu"], id="at most so many a wave"),
    pytest.param(
        "edu: a b c", "a>b a>c", {"most": 2}, ["b c", "a | empties edu"], id="the limit never puts a system before its need"
    ),
    pytest.param(
        "edu: a b\nfin: x",
        "a>x",
        {},
        ["x | empties fin", "b a | empties edu"],
        id="what is needed from another room comes along or before",
    ),
    pytest.param(
        "edu: a\nfin: x y z", "a>x", {}, ["x a | empties edu", "y z | empties fin"], id="it comes along from a larger room"
    ),
    pytest.param("edu: a b", "a~b b~a", {"most": 1}, ["a", "b | empties edu"], id="weak dependencies may cross"),
    pytest.param("edu: a b\nfin: x", "", {"gone": "x"}, ["a b | empties edu"], id="what has gone is planned no more"),
    pytest.param("edu: a b", "b>a", {"gone": "a"}, ["b | empties edu"], id="what has gone is needed no more"),
    pytest.param("edu: a\nfin: x y", "", {"not_ready": "a"}, ["x y | empties fin"], id="what is not ready is left out"),
    pytest.param(
        "edu: a\nfin: x y z", "", {"not_ready": "y"}, ["a | empties edu", "x z"], id="a room that cannot be emptied comes last"
    ),
    pytest.param("edu: a b c", "c>b b>a", {"not_ready": "a"}, [], id="and so is all that needs it"),
    pytest.param("", "", {}, [], id="nothing to move"),
]


@pytest.mark.parametrize(("register", "needs", "facts", "expected"), CASES)
def test_waves(make_system: Make, register: str, needs: str, facts: dict[str, object], expected: list[str]) -> None:
    assert shown(plan(make_system, register, needs, **facts)) == expected  # type: ignore[arg-type]  # a table of keywords


def test_a_wave_says_why(make_system: Make) -> None:
    planned = plan(make_system, "edu: a b\nfin: x y z", "a>x b>a a>b")
    assert planned.waves[0].reason == "empties edu; x of fin comes along for a, b; a, b need each other"


def test_a_system_that_is_left_names_what_holds_it(make_system: Make) -> None:
    left = plan(make_system, "edu: a b c", "c>b b>a", not_ready="a").left
    assert {finding.target: finding.message for finding in left} == {
        "system/a": "is in no wave: it is not ready to move",
        "system/b": "is in no wave: it needs a, which does not move",
        "system/c": "is in no wave: it needs a, which does not move",
    }


def test_the_order_of_the_register_does_not_matter(make_system: Make) -> None:
    one = plan(make_system, "edu: a b c\nfin: x y", "a>x y>b", most=2)
    other = plan(make_system, "fin: y x\nedu: c b a", "y>b a>x", most=2)
    assert one == other


def test_two_thousand_systems_in_two_hundred_rooms_are_planned(make_system: Make) -> None:
    """Every dependency is honoured; the time is printed, not judged."""
    template = make_system("s-0")
    systems = [template.model_copy(update={"name": f"s-{number}", "room": f"room-{number % 200}"}) for number in range(2_000)]
    needs = [Dependency(system=f"s-{number}", needs=f"s-{number * 7919 % 2_000}") for number in range(0, 2_000, 3)]
    began = datetime.now()
    planned = plan_waves(systems, needs, ready=frozenset(system.name for system in systems), most=20)
    print(f"{len(planned.waves)} waves in {datetime.now() - began}")
    wave_of = {name: number for number, wave in enumerate(planned.waves) for name in wave.systems}
    assert wave_of.keys() == {system.name for system in systems}
    assert all(wave_of[each.needs] <= wave_of[each.system] for each in needs)


def test_levels_put_what_is_needed_first_and_a_cycle_on_one() -> None:
    needs = [Dependency(system=a, needs=b) for a, b in ("ba", "cb", "dc", "cd", "ed")]
    assert levels(["e", "d", "c", "b", "a"], needs) == {"e": 3, "d": 2, "c": 2, "b": 1, "a": 0}


def test_servers_of_systems_that_moved_earlier_stay_in_their_tenants_stack(
    make_system: Make, make_workspace: Callable[..., Workspace]
) -> None:
    systems = [make_system("roster"), make_system("results"), make_system("clinic", tenant="health"), make_system("library")]
    booked = booked_with(make_workspace(systems), ["results"], frozenset({"roster", "clinic"}))
    assert [system.name for system in booked] == ["roster", "results"]
