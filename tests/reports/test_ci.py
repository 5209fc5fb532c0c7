"""Plans and runs for CI systems: what a comment and a test report hold, also of texts that try to break out of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as Xml

import pytest

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Action, Change, Observation, Plan, Wave
from yunwang.journal.records import Phase, Run, RunState, StepRecord, StepState
from yunwang.reports import ci

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def plan(*changes: Change, findings: tuple[Finding, ...] = (), seen: tuple[str, ...] = ()) -> Plan:
    return Plan(
        job="dual-stack",
        title="IPv6 | beside IPv4",
        workspace="w",
        intent="sha256:0",
        operator="li-wei",
        created=NOW,
        expires=NOW + timedelta(hours=1),
        observations=tuple(Observation(target=name, digest="sha256:1") for name in seen),
        changes=changes,
        waves=(Wave(name="all", changes=tuple(change.id for change in changes)),) if changes else (),
        findings=findings,
    )


def change(name: str, text: str) -> Change:
    return Change(id=name, target=f"device/{name}", action=Action.UPDATE, summary="one <line>", text=text)


def step(target: str, state: StepState, phase: Phase = Phase.APPLY, outcome: str = "said so") -> StepRecord:
    return StepRecord(
        number=1,
        run="r1",
        change="c",
        target=target,
        summary="s",
        wave="w",
        phase=phase,
        state=state,
        started=NOW,
        ended=NOW + timedelta(seconds=2),
        outcome=outcome,
    )


RUN = Run(id="r1", job="net", title="T", plan_digest="d", operator="li-wei", host="h", command="yunwang net apply", started=NOW)


def test_a_comment_has_each_change_its_text_and_how_to_approve_it() -> None:
    made = plan(change("a", "interface A\n ipv6 enable"), seen=("device/a",))
    text = ci.markdown([made])
    assert "### IPv6 \\| beside IPv4: 1 to change; 1 targets in 1 waves" in text
    assert "<code>~ device/a</code> one &lt;line&gt;" in text
    assert "```text\ninterface A\n ipv6 enable\n```" in text
    assert f"yunwang approve {made.digest[7:19]}" in text


def test_text_from_a_device_does_not_leave_its_fence() -> None:
    text = ci.markdown([plan(change("a", "banner ```\n<script>"))])
    assert "````text\nbanner ```\n<script>\n````" in text


def test_a_plan_without_changes_says_so_and_asks_for_no_approval() -> None:
    text = ci.markdown([plan(seen=("device/a",))])
    assert "nothing to do" in text
    assert "approve" not in text


def test_what_does_not_fit_is_counted_and_nothing_is_cut_through() -> None:
    changes = [change(f"d{number}", "line\n" * 50) for number in range(100)]
    text = ci.markdown([plan(*changes)], limit=3000)
    assert len(text) <= 3000
    assert text.count("<details>") == text.count("</details>")
    shown = text.count("<details>")
    assert 0 < shown < 100
    assert f"… and {100 - shown + 2} more parts" in text, "the changes that are left, and the two sentences after them"


@pytest.mark.parametrize("limit", [200, 500, 1000, 5000])
def test_a_comment_is_never_longer_than_its_limit(limit: int) -> None:
    assert len(ci.markdown([plan(*(change(f"d{number}", "x" * number) for number in range(40)))], limit=limit)) <= limit


def test_junit_has_a_case_for_each_target_and_a_failure_for_each_error() -> None:
    findings = (
        Finding(code="off", message="cannot be reached", remedy="look at it", target="device/b"),
        Finding(code="rule", message="forbidden", remedy="do not", file="tenants/x.yaml", line=3),
        Finding(code="hint", message="old", remedy="renew", target="device/a", severity=Severity.WARNING),
    )
    root = Xml.fromstring(ci.junit([plan(change("a", "text \x1b[1m"), findings=findings, seen=("device/a", "device/b"))]))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "0")
    cases = {case.get("name"): case for case in suite}
    assert cases["device/a"].find("failure") is None
    assert "text \N{REPLACEMENT CHARACTER}[1m" in (cases["device/a"].findtext("system-out") or "")
    assert cases["device/b"].find("failure").get("message") == "cannot be reached. look at it"  # type: ignore[union-attr]
    assert cases["tenants/x.yaml:3 forbidden"].find("failure") is not None


def test_a_run_tells_what_failed_what_was_taken_back_and_what_nobody_knows() -> None:
    steps = [
        step("device/a", StepState.DONE),
        step("device/b", StepState.FAILED, outcome="rejects 'x'"),
        step("device/c", StepState.STARTED),
        step("device/a", StepState.DONE, Phase.UNDO, "taken back"),
    ]
    suite = Xml.fromstring(ci.run_junit(RUN, steps)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "1")
    assert suite[1].find("failure").get("message") == "rejects 'x'"  # type: ignore[union-attr]
    assert suite[0].get("time") == "2.000"
    text = ci.run_markdown(RUN.model_copy(update={"state": RunState.FAILED, "message": "b | c"}), steps)
    assert "### T: failed" in text
    assert "| device/a | undo | done | taken back |" in text
    assert "| device/c | apply | **UNKNOWN** | said so |" in text
    assert "b \\| c" in text
