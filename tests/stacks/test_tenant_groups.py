"""Tenants of one group share a stack: applied, verified, watched and taken back together. A real engine, a cloud of paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from parts.paper import Shelf, applied, loaded, write_tenant

from yunwang.inventories.finding import Severity
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.stacks.adoption import AdoptJob, edits
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.drift import Kind, adoptable, drift
from yunwang.stacks.job import CloudJob
from yunwang.stacks.partition import TenantGroup, groups

TARGET = "stack/paper/offices"


@pytest.fixture
def root(paper_city: Path) -> Path:
    """A city on paper with two tenants of a group, and one alone."""
    write_tenant(paper_city, "finance", group="offices")
    write_tenant(paper_city, "health", group="offices")
    write_tenant(paper_city, "police")
    return paper_city


def desk(workspace: Workspace, journal: Journal) -> Engine:
    return Engine(workspace=workspace, journal=journal, operator="wang", host="desk", command="x", say=print)


def job_of(root: Path, shared: Clouds | None = None) -> tuple[Workspace, CloudJob]:
    """What the files say now, on the same clouds."""
    workspace = loaded(root)
    shared = shared or Clouds(workspace)
    shared.workspace = workspace
    return workspace, CloudJob(workspace, shared)


def projects(job: CloudJob) -> set[str]:
    shelf: Shelf = job.clouds.session("paper")
    return {sheet["name"] for sheet in shelf.all("Project").values()}


def test_a_stack_is_named_after_the_group_or_the_tenant_alone(root: Path) -> None:
    made = groups(loaded(root))
    assert {name: group.tenants for (_, name), group in made.items()} == {"offices": ("finance", "health"), "police": ("police",)}


def test_a_group_with_the_name_of_a_tenant_is_a_fault(root: Path) -> None:
    write_tenant(root, "health", group="police")
    with pytest.raises(AssertionError, match="group-named-as-tenant"):
        loaded(root)


def test_a_partition_of_an_earlier_version_is_a_group_of_one(root: Path) -> None:
    alone = groups(loaded(root))["paper", "police"]
    (partition,) = alone.partitions
    assert TenantGroup.model_validate(partition.model_dump(mode="json")) == alone


@pytest.mark.pulumi
def test_a_tenant_comes_into_a_group_and_leaves_it_and_the_others_stay(root: Path, paper_journal: Journal) -> None:
    workspace, job = job_of(root)
    assert job.targets() == (TARGET, "stack/paper/police")
    assert applied(job, workspace, paper_journal) is RunState.SUCCEEDED
    assert projects(job) == {"finance", "health", "police"}
    assert job.clouds.stacks.names("tenants") == ("paper.offices", "paper.police")
    before = str(sorted(sheet["name"] for sheet in job.clouds.session("paper").all("Project").values()))

    (root / "tenants" / "health.yaml").unlink()
    workspace, job = job_of(root, job.clouds)
    shelf: Shelf = job.clouds.session("paper")
    (health,) = shelf.all("Project", name="health")
    theirs = shelf.add("SecurityGroup", project=health, name="theirs", rules=[])
    draft = desk(workspace, paper_journal).plan(job)
    assert draft.changes == ()
    assert [(one.code, one.message) for one in draft.findings] == [
        ("still-holds", "tenant health is to be removed and still holds security groups theirs")
    ]

    shelf.sheets.pop(theirs)
    plan = desk(workspace, paper_journal).plan(job)
    (change,) = plan.changes
    assert {step.what.rpartition(" ")[2].partition("/")[0] for step in change.steps} == {"health"}
    theirs = shelf.add("SecurityGroup", project=health, name="theirs", rules=[])
    with pytest.raises(Refused, match="tenant health on cloud paper still holds security groups theirs"):
        job.apply(change, print)
    assert projects(job) == {"finance", "health", "police"}, "refused before anything went"
    shelf.sheets.pop(theirs)
    run = desk(workspace, paper_journal).apply(plan, job)
    assert run.state is RunState.SUCCEEDED
    assert projects(job) == {"finance", "police"}
    assert job.verify(change) == ()
    own = dict(shelf.sheets)
    shelf.add("ComputeQuota", project=shelf.add("Project", name="health", description="again"), cores=1)
    assert ["health is still there" in one.message for one in job.verify(change)] == [True]
    shelf.sheets = own
    assert desk(workspace, paper_journal).rollback(run.id, job).state is RunState.ROLLED_BACK
    assert str(sorted(sheet["name"] for sheet in shelf.all("Project").values())) == before


@pytest.mark.pulumi
def test_a_tenant_does_not_change_its_group_while_it_stands(root: Path, paper_journal: Journal) -> None:
    write_tenant(root, "health")
    workspace, job = job_of(root)
    desk(workspace, paper_journal).plan(job)  # which leaves an empty stack behind
    write_tenant(root, "health", group="offices")
    workspace, job = job_of(root, job.clouds)
    assert applied(job, workspace, paper_journal) is RunState.SUCCEEDED
    write_tenant(root, "health")
    workspace, job = job_of(root, job.clouds)
    findings = [one for one in desk(workspace, paper_journal).plan(job).findings if one.severity is Severity.ERROR]
    assert ("other-stack", TARGET) in {(one.code, one.target) for one in findings}
    with pytest.raises(Refused):
        applied(job, workspace, paper_journal)
    assert projects(job) == {"finance", "health", "police"}


@pytest.mark.pulumi
def test_drift_names_the_tenant_of_a_group_and_is_taken_into_its_file(root: Path, paper_journal: Journal) -> None:
    workspace, job = job_of(root)
    assert applied(job, workspace, paper_journal) is RunState.SUCCEEDED
    assert drift(job, workspace, paper_journal, job.targets()) == ()
    shelf: Shelf = job.clouds.session("paper")
    (health,) = shelf.all("Project", name="health")
    (quota,) = shelf.all("ComputeQuota", project=health).values()
    quota["cores"] = 6
    shelf.add("SecurityGroup", project=health, name="ops", rules=[])
    found = drift(job, workspace, paper_journal, job.targets())
    assert [(one.kind, one.target) for one in found] == [(Kind.BEHIND_THE_TOOL, TARGET), (Kind.UNMANAGED, TARGET)]
    assert "health/health" in found[0].what
    assert found[1].what == "health: no stack knows these security groups"

    before = str(shelf.sheets)
    written = edits(job.clouds, adoptable(found))
    assert {path.name for path in written} == {"health.yaml"}
    for path, text in written.items():
        path.write_text(text)
    workspace, job = job_of(root, job.clouds)
    assert applied(AdoptJob(workspace, [TARGET], job.clouds), workspace, paper_journal) is RunState.SUCCEEDED
    assert str(shelf.sheets) == before
    assert drift(job, workspace, paper_journal, job.targets()) == ()
    (root / "tenants" / "finance.yaml").unlink()
    (root / "tenants" / "health.yaml").unlink()
    workspace, job = job_of(root, job.clouds)
    strangers = [one for one in drift(job, workspace, paper_journal, job.targets()) if one.kind is Kind.UNMANAGED_TENANT]
    assert strangers == [], "a stack that the files do not name any more still has its tenants"
