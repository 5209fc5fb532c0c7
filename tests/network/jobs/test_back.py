"""Going back days later: only from where the run left the device, only what the run changed, and what moved is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.verdict import Refused
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.jobs import DualStackJob
from yunwang.network.transport import connect
from yunwang.operations.engine import Engine

NAMES = ("yz-core-a", "yz-agg-a")
HEADER = "interface LoopBack0"


@pytest.fixture
def engine(city: Extranet) -> Iterator[Engine]:
    workspace = city.workspace.model_copy(update={"roles": None, "probes": ()})
    with closing(Journal.open(None, workspace.state)) as journal:
        yield Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="yunwang net apply", say=print)


def types(city: Extranet, name: str, *lines: str) -> None:
    """Somebody else configures a device, and saves."""
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        session.push([PatchLine(text=HEADER, enters_view=True), *(PatchLine(text=line, view=(HEADER,)) for line in lines)])
        session.commit()
        session.save()


def test_run_is_taken_back_later_unless_something_it_touched_has_moved(city: Extranet, engine: Engine) -> None:
    job = DualStackJob(engine.workspace, timeouts=TIMEOUTS)
    targets = tuple(f"device/{name}" for name in NAMES)
    before = {target: str(job.observe(target).facts["config"]) for target in targets}
    run = engine.apply(engine.plan(job, targets), job)
    assert run.state is RunState.SUCCEEDED, run.message

    types(city, "yz-agg-a", "undo ipv6 address 2001:db8:1ff::3/128")
    with pytest.raises(Refused, match="changed since") as caught:
        engine.rollback(run.id, job)
    assert {finding.target for finding in caught.value.findings} == {"device/yz-agg-a"}
    assert any("ipv6 address 2001:db8:1ff::3/128" in finding.message for finding in caught.value.findings)
    assert "2001:db8:1ff::1" in str(job.observe("device/yz-core-a").facts["config"]), "nothing was taken back anywhere"

    types(city, "yz-agg-a", "ipv6 address 2001:db8:1ff::3/128", "description of somebody else's")
    assert engine.rollback(run.id, job).state is RunState.ROLLED_BACK
    assert job.observe("device/yz-core-a").facts["config"] == before["device/yz-core-a"]
    theirs = before["device/yz-agg-a"].replace(" description management\n", " description of somebody else's\n")
    assert job.observe("device/yz-agg-a").facts["config"] == theirs, "what others changed is left"
    types(city, "yz-agg-a", "description management")
