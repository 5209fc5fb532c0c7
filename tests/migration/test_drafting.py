"""What the cutover job plans from what it saw: bookings first, needs in order, nothing that must not move. Touches no machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.migration import System
from yunwang.inventories.plan import Action, Change, Draft, Observed, Outcome, Wave
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.migration.cutover import CutoverJob
from yunwang.operations.job import Job, Say

STACK = "stack/zhengwu/education-servers"
MakeSystem = Callable[..., System]
MakeWorkspace = Callable[..., Workspace]


class Bookings:
    """Servers that are there or not, in memory; notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def targets(self) -> tuple[str, ...]:
        return (STACK,)

    def observe(self, target: str) -> Observed:
        self.asked.append(("observe", target))
        return Observed(target=target, facts={"servers": 0})

    def draft(self, observed: Mapping[str, Observed]) -> Draft:
        change = Change(id="servers/education", target=STACK, action=Action.CREATE, summary="book 2 servers")
        return Draft(changes=(change,), waves=(Wave(name="zhengwu", changes=(change.id,)),)) if observed else Draft()

    def apply(self, change: Change, say: Say) -> Outcome:
        self.asked.append(("apply", change.target))
        return Outcome(summary="booked")

    def verify(self, change: Change) -> tuple[Finding, ...]:
        self.asked.append(("verify", change.target))
        return ()

    def undo(self, change: Change, say: Say) -> Outcome:
        self.asked.append(("undo", change.target))
        return Outcome(summary="released")


def at(place: str, old: str = "serving", new: str = "stopped") -> dict[str, str]:
    return {"at": place, "old": old, "new": new}


def drafted(job: CutoverJob, facts: Mapping[str, dict[str, str]]) -> Draft:
    seen = {f"system/{name}": Observed(target=f"system/{name}", facts=dict(each)) for name, each in facts.items()}
    stacks = {target: job.observe(target) for target in job.targets() if target.startswith("stack/")}
    return job.draft({**stacks, **seen})


def test_servers_are_booked_before_systems_move_and_a_needed_system_moves_before_what_needs_it(
    make_system: MakeSystem, make_workspace: MakeWorkspace
) -> None:
    workspace = make_workspace([make_system("results"), make_system("roster")], [("results", "roster")])
    job = CutoverJob(workspace, ["results", "roster"], today=date(2026, 11, 22), booking=Bookings())
    as_the_engine_sees_it: Job = job
    assert as_the_engine_sees_it.targets() == (STACK, "system/results", "system/roster")
    draft = drafted(job, {"results": at("old"), "roster": at("old")})
    assert draft.findings == ()
    assert [(wave.name, wave.changes) for wave in draft.waves] == [
        ("book", ("servers/education",)),
        ("cutover-1", ("cutover/roster",)),
        ("cutover-2", ("cutover/results",)),
    ]
    requires = {change.id: change.requires for change in draft.changes}
    assert requires["cutover/results"] == ("servers/education", "cutover/roster")
    assert requires["cutover/roster"] == ("servers/education",)


def test_what_has_moved_needs_nothing_and_what_was_cut_off_is_done_again(
    make_system: MakeSystem, make_workspace: MakeWorkspace
) -> None:
    workspace = make_workspace([make_system(name) for name in ("moved", "cut-off", "unknown")])
    job = CutoverJob(workspace, ["moved", "cut-off", "unknown"], today=date(2026, 11, 22))
    draft = drafted(job, {"moved": at("new", "frozen", "serving"), "cut-off": at("new", "frozen", "frozen")})
    assert [change.id for change in draft.changes] == ["cutover/cut-off"]


@pytest.mark.parametrize(
    ("facts", "seen", "message"),
    [
        ({"mlps_level": 3}, at("old"), "crypto assessment is missing"),
        ({"classified": True}, at("old"), "is not to be moved: retain"),
        ({}, at("old", old="stopped"), "old-education is stopped"),
        ({}, at("old", new="unreachable"), "new-education does not answer over SSH"),
        ({}, at("elsewhere"), "the gateway leads roster elsewhere"),
    ],
)
def test_a_system_that_must_not_move_gets_an_error_and_does_not_pass_for_moved(
    make_system: MakeSystem, make_workspace: MakeWorkspace, facts: dict[str, object], seen: dict[str, str], message: str
) -> None:
    job = CutoverJob(make_workspace([make_system("roster", **facts)]), ["roster"], today=date(2026, 11, 22))
    draft = drafted(job, {"roster": seen})
    assert [change.id for change in draft.changes] == ["cutover/roster"]  # without one, the journal would take it for moved
    assert any(finding.severity is Severity.ERROR for finding in draft.findings)
    assert message in " / ".join(finding.message for finding in draft.findings)
    assert all(finding.remedy and finding.target == "system/roster" for finding in draft.findings)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"service": None}, "the register has no service for it"),
        ({"new_host": "nowhere"}, "the inventory of machines has no nowhere"),
    ],
)
def test_what_the_runbook_cannot_reach_is_said_without_trying(
    make_system: MakeSystem, make_workspace: MakeWorkspace, facts: dict[str, object], message: str
) -> None:
    job = CutoverJob(make_workspace([make_system("roster", **facts)]), ["roster"], today=date(2026, 11, 22))
    draft = job.draft({"system/roster": job.observe("system/roster")})
    assert message in draft.findings[-1].message


def test_stacks_are_the_bookings_business(make_system: MakeSystem, make_workspace: MakeWorkspace) -> None:
    bookings = Bookings()
    job = CutoverJob(make_workspace([make_system("roster")]), ["roster"], today=date(2026, 11, 22), booking=bookings)
    change = Change(id="servers/education", target=STACK, action=Action.CREATE, summary="book 2 servers")
    job.observe(STACK)
    job.apply(change, lambda _: None)
    job.verify(change)
    job.undo(change, lambda _: None)
    assert bookings.asked == [(word, STACK) for word in ("observe", "apply", "verify", "undo")]


def test_a_stranger_is_refused(make_system: MakeSystem, make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace([make_system("roster")])
    with pytest.raises(Refused, match="no system ghost in the register"):
        CutoverJob(workspace, ["ghost"], today=date(2026, 11, 22))
    with pytest.raises(Refused, match="nothing here books"):
        CutoverJob(workspace, ["roster"], today=date(2026, 11, 22)).observe(STACK)
