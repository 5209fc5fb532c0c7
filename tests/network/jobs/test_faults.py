"""What each misfortune on a device looks like in the run's report: which device, which line, and that it is as it was before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from parts.extranet import Extranet

from yunwang.journal.records import Phase, RunState, StepState
from yunwang.journal.store import Journal
from yunwang.network.jobs import DualStackJob
from yunwang.network.jobs import back as going_back
from yunwang.network.transport import Timeouts
from yunwang.network.transport import session as transport
from yunwang.operations.engine import Engine

VRP5, VRP8, COMWARE, RGOS, IOS, FRR = "yz-agg-a", "yz-core-a", "yz-core-b", "lx-acc-1", "dh-agg-b", "yz-gw-a"


HUNG_UP = r"hung up in mid-push; last line known accepted: '.+'; first unknown: '.+'"


@dataclass(frozen=True)
class Case:
    """A fault that strikes when the first wave begins; what the report says of what failed, and of the way back."""

    name: str
    fault: dict[str, Any]
    says: str
    phase: Phase = Phase.APPLY
    back: str = "taken back with"
    unsent: str = ""
    """What the device never received."""


CASES = {
    "rejects a line": Case(
        VRP5,
        {"reject": "(?i)^ipv6 address 2001:db8:1ff", "reject_message": "Error: The address conflicts."},
        r"the device rejects 'ipv6 address 2001:db8:1ff::3/128' in interface LoopBack0: Error: The address conflicts\.",
    ),
    "rejects a view": Case(
        COMWARE,
        {"reject": "^ospfv3 1$", "reject_message": "% The process cannot be created."},
        r"the device rejects 'ospfv3 1' in the system view: % The process cannot be created\.",
        unsent="router-id 10.64.255.2",
    ),
    "denies a command": Case(
        IOS,
        {"reject": "^ipv6 unicast-routing", "reject_message": "Command authorization failed.\n"},
        r"the device rejects 'ipv6 unicast-routing' in the system view: Command authorization failed\.",
    ),
    "asks what nobody foresaw": Case(
        VRP8, {"question": True}, r"asked what the plan does not answer: .*ontinue\? \[Y/N\]:; .*first unknown: '"
    ),
    "hangs up in mid-push": Case(RGOS, {"disconnect_after": 9}, HUNG_UP),
    "breaks off in half a line": Case(
        FRR,
        {"disconnect_after": 4, "half_prompt": True},
        HUNG_UP,
    ),
    "reboots": Case(
        IOS,
        {"disconnect_after": 8, "reboot": True},
        HUNG_UP,
        back="taken back with 0 lines",
    ),
    "falls silent": Case(
        VRP5, {"disconnect_after": 5, "falls_silent": True}, r"went silent in mid-push; last line .*; first unknown: '.+'"
    ),
    "has no VTY left": Case(RGOS, {"no_vty": True}, r"the device hung up at log-in", back="nothing was sent to it"),
    "cannot save": Case(
        COMWARE,
        {"full": True},
        r"the configuration was not saved: .*not enough storage space",
        phase=Phase.VERIFY,
        back="taken back, but the configuration was not saved",
    ),
}


@pytest.fixture
def journal(city: Extranet, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    monkeypatch.setattr(transport, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(going_back, "MARGIN_SECONDS", 0.0)
    with closing(Journal.open(None, city.workspace.state)) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_report_names_device_and_line_and_the_device_is_as_before(city: Extranet, journal: Journal, case: Case) -> None:
    workspace = city.workspace.model_copy(update={"roles": None, "probes": ()})
    target, struck = f"device/{case.name}", list[int]()

    def strike(line: str) -> None:
        if line.startswith("wave 1 of") and not struck:
            struck.append(len(city.heard(case.name)))
            city.fault(case.name, **case.fault)

    engine = Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="yunwang net apply", say=strike)
    job = DualStackJob(workspace, timeouts=Timeouts(connect=20, read=3))
    before = job.observe(target).facts
    plan = engine.plan(job, (target,))
    assert case.unsent in plan.changes[0].text
    run = engine.apply(plan, job)
    city.sound()

    assert run.state is RunState.FAILED
    assert target in run.message
    last = {step.phase: step for step in journal.steps(run.id)}
    assert last[case.phase].target == target
    assert last[case.phase].state is StepState.FAILED
    assert re.search(case.says, last[case.phase].outcome), last[case.phase].outcome
    assert last[Phase.UNDO].outcome.startswith(case.back), last[Phase.UNDO].outcome
    assert not case.unsent or case.unsent not in city.typed(case.name, struck[0])
    assert job.observe(target).facts == before
