"""Another kind of cloud: stacks.cloud is all that plans, drift and adoption ask for. A real engine, no OpenStack."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from parts.paper import PaperCloud, Shelf, applied, loaded, write_tenant

from yunwang.inventories.cloud import Cloud
from yunwang.inventories.verdict import Fatal
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.operations.engine import Engine
from yunwang.stacks.adoption import AdoptJob, edits, tenant_file
from yunwang.stacks.clouds import Clouds
from yunwang.stacks.drift import Kind, adoptable, drift
from yunwang.stacks.job import CloudJob, StackJob
from yunwang.stacks.partition import TenantGroup
from yunwang.stacks.pulumi.automation import Preview

TARGET = "stack/paper/finance"


@pytest.fixture(autouse=True)
def root(paper_city: Path) -> Path:
    """A workspace on disk with one tenant, finance."""
    write_tenant(paper_city, "finance")
    return paper_city


@pytest.mark.pulumi
def test_a_tenant_is_planned_applied_verified_watched_and_taken_over_on_another_kind_of_cloud(
    root: Path, paper_journal: Journal
) -> None:
    workspace = loaded(root)
    shared = Clouds(workspace)
    job = CloudJob(workspace, shared)
    assert applied(job, workspace, paper_journal) is RunState.SUCCEEDED
    shelf: Shelf = shared.session("paper")
    assert {sheet["name"] for sheet in shelf.all("SecurityGroup").values()} == {"web", "default"}
    assert drift(job, workspace, paper_journal, [TARGET]) == ()

    (quota,) = shelf.all("ComputeQuota").values()
    quota["cores"] = 6
    (project,) = shelf.all("Project")
    shelf.add("SecurityGroup", project=project, name="ops", rules=[])
    shelf.add("Project", name="stranger", description="谁")
    found = drift(job, workspace, paper_journal, [TARGET])
    assert [one.kind for one in found] == [Kind.BEHIND_THE_TOOL, Kind.UNMANAGED, Kind.UNMANAGED_TENANT]

    before = str(shelf.sheets)
    for path, text in edits(shared, adoptable(found)).items():
        path.write_text(text)
    after = loaded(root)
    shared.workspace = after
    assert applied(AdoptJob(after, [TARGET], shared), after, paper_journal) is RunState.SUCCEEDED
    assert str(shelf.sheets) == before
    again = CloudJob(after, shared)
    assert [one.kind for one in drift(again, after, paper_journal, [TARGET])] == [Kind.UNMANAGED_TENANT]
    assert again.draft({TARGET: again.observe(TARGET)}).changes == ()


@pytest.mark.pulumi
def test_before_an_apply_the_engine_is_asked_again_only_where_something_moved(
    root: Path, paper_journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = loaded(root)
    job = CloudJob(workspace)
    asked: list[str] = []

    def counted(cloud: str, tenant: str, intent: TenantGroup | None) -> Preview:
        asked.append(tenant)
        return StackJob.preview(job, cloud, tenant, intent)

    monkeypatch.setattr(job, "preview", counted)
    assert applied(job, workspace, paper_journal) is RunState.SUCCEEDED
    assert len(asked) == 1  # for the plan, and not before the apply
    seen = job.observe(TARGET)
    assert (job.glance(TARGET), len(asked)) == (seen, 2)
    (quota,) = job.clouds.session("paper").all("ComputeQuota").values()
    quota["cores"] = 6
    assert job.glance(TARGET).summary == "1 to update"
    assert len(asked) == 3
    quota["cores"] = 4
    assert job.observe(TARGET) == seen
    job.clouds.stacks.forget("tenants", "paper.finance")  # what is live stays as it is
    assert job.glance(TARGET).summary.endswith(" to create")
    assert len(asked) == 5


@pytest.mark.pulumi
def test_what_the_cloud_has_and_the_state_does_not_know_is_not_verified(root: Path, paper_journal: Journal) -> None:
    workspace = loaded(root)
    job = CloudJob(workspace)
    engine = Engine(workspace=workspace, journal=paper_journal, operator="wang", host="desk", command="x", say=print)
    plan = engine.plan(job)
    assert engine.apply(plan, job).state is RunState.SUCCEEDED
    (change,) = plan.changes
    assert job.verify(change) == ()
    backend = job.clouds.stacks.backend
    state = backend.export("tenants", "paper.finance")
    resources = state["deployment"]["resources"]
    state["deployment"]["resources"] = [one for one in resources if not one["urn"].endswith("::web")]
    backend.put("tenants", "paper.finance", state)
    assert ["SecurityGroup web is on the cloud" in finding.message for finding in job.verify(change)] == [True]


def test_a_tenant_of_another_kind_of_cloud_becomes_a_file() -> None:
    shelf = Shelf("paper")
    project = shelf.add("Project", name="finance", description="财政局")
    shelf.add("SecurityGroup", project=project, name="web", rules=[{"protocol": "icmp"}])
    said = yaml.safe_load(tenant_file(PaperCloud(shelf), "finance", "财政局", 2))
    assert said["title"] == "财政局"
    assert said["allotments"][0]["security_groups"] == [{"name": "web", "rules": [{"protocol": "icmp"}]}]


def test_a_kind_that_nobody_brought_is_refused(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.undo()
    workspace = loaded(root)
    other = Cloud.model_construct(name="paper", kind="paper")
    settings = workspace.settings.model_copy(update={"clouds": (other,)})
    with pytest.raises(Fatal, match="no kind of cloud named paper"):
        Clouds(workspace.revised(settings=settings)).cloud("paper")
    with pytest.raises(Fatal, match=r"yunwang\.yaml has no cloud nowhere"):
        Clouds(workspace).cloud("nowhere")
