"""Who answered for what was applied, as the report tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from yunwang.inventories.plan import Plan
from yunwang.inventories.reading import read
from yunwang.journal.records import Approval, ApprovalKind, RunState
from yunwang.journal.store import Journal
from yunwang.reports.build import html


def test_the_report_names_approvers_and_is_loud_about_broken_glass(demo_city: Path) -> None:
    workspace, findings = read(demo_city)
    assert workspace is not None, findings
    journal = Journal.open(None, workspace.state)
    now = datetime.now(UTC)
    before = html(workspace, journal, now)
    assert "break-glass" not in before
    for title, kind, who, reason in (
        ("Calm evening", ApprovalKind.APPROVAL, "chen-jing", ""),
        ("Bad night", ApprovalKind.BREAK_GLASS, "zhao-min", "core <down>"),
    ):
        plan = Plan(
            job="dual-stack",
            title=title,
            workspace="yunzhou",
            intent="",
            operator="li-wei",
            created=now,
            expires=now + timedelta(1),
        )
        journal.approvals.add(Approval(plan_digest=plan.digest, approver=who, role="r", kind=kind, reason=reason, at=now))
        journal.approvals.add(Approval(plan_digest=plan.digest, approver="li-wei", role="r", kind=ApprovalKind.APPLY, at=now))
        run = journal.begin(plan, run=journal.new_run_id(), operator="li-wei", host="desk", command="yunwang")
        journal.end(run.id, RunState.SUCCEEDED)
    told = html(workspace, journal, now)
    journal.close()
    loud = told.partition('id="break-glass"')[2].partition("</table>")[0]
    assert "zhao-min" in loud
    assert "core &lt;down&gt;" in loud
    assert "Bad night" in loud
    assert "Calm evening" not in loud
    runs = told.partition("<h2>Runs</h2>")[2]
    assert runs.count("<td>chen-jing</td>") == 1
    assert runs.count("nobody: break-glass") == 1
