"""Jobs whose targets hang together: waves are proved, and verified as a whole; what a rule left alone is not taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from parts.shelf import Shelf, fails

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Change, Draft, Plan
from yunwang.inventories.verdict import Refused
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine

Make = Callable[..., Engine]


@dataclass
class Stacked(Shelf):
    """Jars that stand on each other: `apart` may not be filled at once, and `tipped` fall when all of their wave is filled."""

    apart: set[str] = field(default_factory=set)
    tipped: set[str] = field(default_factory=set)

    def prove(self, plan: Plan) -> tuple[Finding, ...]:
        wrong = [wave for wave in plan.waves if self.apart and self.apart <= set(wave.changes)]
        return tuple(Finding(code="tips", message=f"wave {wave.name} tips over", remedy="part them") for wave in wrong)

    def look_again(self, change: Change) -> tuple[Finding, ...]:
        self.deeds.append(("look again", change.id))
        fallen = [Finding(code="fell", message="it fell", remedy="", target=change.target)]
        return tuple(fallen) if change.id in self.tipped else self.verify(change)


def stacked(*waves: tuple[str, ...]) -> Stacked:
    names = [name for wave in waves for name in wave]
    return Stacked(jars=dict.fromkeys(names, 0), wanted=dict.fromkeys(names, 3), waves=waves, parallel=2)


def refuses() -> None:
    raise Refused("left alone: it stands alone")


def test_wave_that_must_not_be_is_named_and_refused_also_in_a_plan_that_someone_wrote_over(make_engine: Make) -> None:
    engine, jars = make_engine(), stacked(("a",), ("b",))
    plan = engine.plan(jars)
    jars.apart = {"a", "b"}
    together = plan.waves[0].model_copy(update={"changes": ("a", "b")})
    with pytest.raises(Refused) as caught:
        engine.apply(plan.model_copy(update={"waves": (together,)}), jars)
    assert [finding.message for finding in caught.value.findings] == ["wave w1 tips over"]
    assert jars.did("apply") == []


def test_plan_says_itself_what_is_wrong_with_its_waves(make_engine: Make) -> None:
    jars = stacked(("a", "b"))
    jars.apart = {"a", "b"}
    assert [finding.code for finding in make_engine().plan(jars).findings] == ["tips"]


def test_wave_is_verified_again_once_all_of_it_is_applied(make_engine: Make) -> None:
    engine, jars = make_engine(), stacked(("a", "b"), ("c",))
    assert engine.apply(engine.plan(jars), jars).state is RunState.SUCCEEDED
    assert sorted(jars.did("look again")) == ["a", "b"]
    first = jars.deeds.index(("look again", jars.did("look again")[0]))
    assert {("apply", "a"), ("apply", "b")} <= set(jars.deeds[:first])


def test_what_falls_when_all_of_its_wave_is_applied_is_taken_back_and_nothing_follows(make_engine: Make) -> None:
    engine, jars = make_engine(), stacked(("a", "b"), ("c",))
    jars.tipped = {"a"}
    run = engine.apply(engine.plan(jars), jars)
    assert run.state is RunState.FAILED
    assert "it fell" in run.message
    assert jars.jars == {"a": 0, "b": 0, "c": 0}


def test_what_is_left_alone_is_not_taken_back_and_the_others_go_on_within_the_budget(make_engine: Make) -> None:
    engine, jars = make_engine(failures={"wave": 1}), stacked(("a", "b"), ("c", "d"))
    jars.breaks["apply", "a"] = refuses
    jars.requires["c"] = ("a",)
    run = engine.apply(engine.plan(jars), jars)
    assert run.state is RunState.FAILED
    assert jars.did("undo") == []
    assert jars.jars == {"a": 0, "b": 3, "c": 0, "d": 3}
    assert "left alone: it stands alone" in run.message
    assert "0 taken back, 1 left alone, within the failure budget; 2 applied and verified" in run.message


def test_target_that_needs_a_change_and_gets_none_is_not_in_line(make_engine: Make, journal: Journal) -> None:
    class Picky(Shelf):
        def draft(self, observed: object) -> Draft:
            return Draft(left_alone=("jar/a",))

    make_engine().plan(Picky(jars={"a": 0, "b": 3}, wanted={"a": 3, "b": 3}))
    standings = {one.target: one.in_line for one in journal.standings("shelf").values()}
    assert standings == {"jar/a": False, "jar/b": True}


def test_target_that_cannot_be_read_is_left_out_where_the_workspace_says_so(make_engine: Make) -> None:
    jars = stacked(("a", "b"))
    jars.breaks["observe", "a"] = fails("nobody answers")
    plan = make_engine(unobserved="skip").plan(jars)
    assert [(finding.code, finding.severity) for finding in plan.findings] == [("unobserved", Severity.WARNING)]
    assert make_engine(unobserved="skip").apply(plan, jars).state is RunState.SUCCEEDED
    assert jars.jars == {"a": 0, "b": 3}
