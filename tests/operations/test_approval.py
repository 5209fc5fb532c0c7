"""Who answers for a plan: with real keys and the real ssh-keygen, over a real journal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from parts.people import with_key

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.plan import Action, Change, Plan, Wave
from yunwang.inventories.roles import AllowedSigner, Roles
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.journal.records import Approval, ApprovalKind
from yunwang.journal.store import Journal
from yunwang.operations import approval
from yunwang.operations.approval import Person

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROLES: dict[str, Any] = {
    "version": 1,
    "people": ["li-wei", "chen-jing", "sun-lei", "zhao-min"],
    "roles": [
        {"name": "operator", "people": ["li-wei", "sun-lei"], "may": ["plan", "apply"]},
        {"name": "approver", "people": ["chen-jing", "li-wei"], "may": ["approve"]},
        {"name": "clouds", "people": ["sun-lei"], "may": ["approve"], "targets": ["stack/*"]},
        {"name": "on-call", "people": ["zhao-min"], "may": ["break-glass"], "jobs": ["dual-stack"]},
    ],
}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Person, AllowedSigner]]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: with_key(folder, name) for name in [*ROLES["people"], "stranger"]}


@pytest.fixture
def city(tmp_path: Path, keys: dict[str, tuple[Person, AllowedSigner]]) -> Callable[..., Workspace]:
    """Makes a workspace with these rules; `without`: people whose key is not in allowed_signers."""

    def make(*, without: str = "", **rules: Any) -> Workspace:
        signers = tuple(signer for name, (_, signer) in keys.items() if name not in (without, "stranger"))
        return Workspace(
            root=tmp_path,
            digest="sha256:intent",
            settings=Settings(version=1, name="larder", title="Larder"),
            roles=Roles.model_validate({**ROLES, **rules}),
            signers=signers,
        )

    return make


@pytest.fixture
def people(keys: dict[str, tuple[Person, AllowedSigner]]) -> dict[str, Person]:
    return {name: person for name, (person, _) in keys.items()}


def planned(*targets: str, by: str = "li-wei", job: str = "dual-stack", action: Action = Action.UPDATE) -> Plan:
    names = targets or ("device/a",)
    return Plan(
        job=job,
        title="Jars",
        workspace="larder",
        intent="sha256:intent",
        operator=by,
        created=NOW,
        expires=NOW + 24 * HOUR,
        changes=tuple(Change(id=name, target=name, action=action, summary="one more") for name in names),
        waves=(Wave(name="all", changes=names),),
    )


def told(findings: tuple[Finding, ...], severity: Severity = Severity.ERROR) -> str:
    return "\n".join(finding.message for finding in findings if finding.severity is severity)


@pytest.fixture
def stands(city: Callable[..., Workspace], people: dict[str, Person], journal: Journal) -> Callable[..., str]:
    """What forbids that li-wei, who proves to be himself, applies the plan now."""

    def ask(plan: Plan, *, operator: str = "li-wei", now: datetime = NOW, workspace: Workspace | None = None) -> str:
        where = workspace or city()
        try:
            approval.vouch(plan, where, journal, people[operator], now, ApprovalKind.APPLY)
        except Refused as refused:
            return told(refused.findings)
        return told(approval.standing(plan, where, journal, operator, now))

    return ask


def test_a_second_persons_signature_lets_a_plan_be_applied(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan = planned()
    assert "needs an approval by another person for device/a" in stands(plan)
    given = approval.approve(plan, city(), journal, people["chen-jing"], NOW, "window of tonight")
    assert given.signature.startswith("-----BEGIN SSH SIGNATURE-----")
    assert given.role == "approver"
    assert stands(plan) == ""
    assert journal.approvals.of(plan.digest)[0] == given


def test_who_applies_has_to_prove_it_with_their_key(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal
) -> None:
    plan = planned()
    approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    assert "nobody has proved to be li-wei" in told(approval.standing(plan, city(), journal, "li-wei", NOW))
    pretender = Person("li-wei", people["chen-jing"].key)
    with pytest.raises(Refused, match="li-wei may not sign with this key"):
        approval.vouch(plan, city(), journal, pretender, NOW, ApprovalKind.APPLY)
    approval.vouch(plan, city(), journal, people["li-wei"], NOW, ApprovalKind.APPLY)
    assert approval.standing(plan, city(), journal, "li-wei", NOW) == ()
    assert "older than an hour" in told(approval.standing(plan, city(), journal, "li-wei", NOW + 2 * HOUR))
    believed = city(operator_proof="claimed")
    assert approval.standing(plan, believed, journal, "sun-lei", NOW) == ()


def test_nobody_approves_what_they_planned_or_apply(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    with pytest.raises(Refused, match="li-wei planned it, and nobody approves their own"):
        approval.approve(planned(), city(), journal, people["li-wei"], NOW)
    plan = planned(by="sun-lei")  # or so li-wei claimed when he planned it
    approval.approve(plan, city(), journal, people["li-wei"], NOW)
    assert "li-wei applies it, and nobody approves their own" in stands(plan)
    assert stands(plan, operator="sun-lei") == "", "somebody else proved to be the one who applies"
    trusting = city(self_approval=True)
    own = planned("device/b")
    approval.approve(own, trusting, journal, people["li-wei"], NOW)
    assert stands(own, workspace=trusting) == ""


def test_an_approval_ages_and_is_of_one_time(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan, where = planned(), city(approval_hours=8)
    for hours, signed in ((0, 1), (1, 1), (9, 2)):
        approval.approve(plan, where, journal, people["chen-jing"], NOW + hours * HOUR)
        assert len(journal.approvals.of(plan.digest)) == signed, "who approved it signs anew only where that has aged"
    plan = planned("device/b")
    approval.approve(plan, where, journal, people["chen-jing"], NOW)
    assert stands(plan, workspace=where, now=NOW + 7 * HOUR) == ""
    assert "older than 8 hours" in stands(plan, workspace=where, now=NOW + 9 * HOUR)
    assert "in the future" in stands(plan, workspace=where, now=NOW - HOUR)


def test_a_role_or_key_that_was_lost_takes_its_approvals_with_it(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan = planned()
    approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    rest = [role | {"people": [one for one in role["people"] if one != "chen-jing"] or ["li-wei"]} for role in ROLES["roles"]]
    assert "chen-jing may approve nothing of it" in stands(plan, workspace=city(roles=rest))
    assert "has no key of chen-jing" in stands(plan, workspace=city(without="chen-jing"))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "another"),
        ("at", "2026-11-22 08:03:00.000000"),
        ("approver", "li-wei"),
        ("signature", "-----BEGIN SSH SIGNATURE-----\nnonsense\n-----END SSH SIGNATURE-----\n"),
        ("signature", ""),
        ("plan_digest", "the other plan's"),
    ],
)
def test_a_stored_approval_that_was_tampered_with_does_not_count(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str], column: str, value: str
) -> None:
    plan, other = planned(by="sun-lei"), planned("device/b", by="sun-lei")
    approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    assert stands(plan, operator="sun-lei") == ""
    with closing(sqlite3.connect(city().state / "journal.sqlite")) as database, database:
        database.execute(f"UPDATE approvals SET {column} = ?", [other.digest if column == "plan_digest" else value])
    assert "its signature does not hold" in stands(other if column == "plan_digest" else plan, operator="sun-lei")


def test_an_approval_of_the_whole_takes_enough_people_with_the_right_to_each_part(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan = planned("stack/zhengwu/finance", "device/a", by="li-wei")
    approval.approve(plan, city(), journal, people["sun-lei"], NOW)
    assert stands(plan).startswith("the plan needs an approval by another person for device/a")
    approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    assert stands(plan) == ""
    assert "2 approvals by other people for device/a" in stands(plan, workspace=city(approvals=2))
    with pytest.raises(Refused, match="zhao-min may approve nothing of it"):
        approval.approve(plan, city(), journal, people["zhao-min"], NOW)


def test_who_may_neither_plan_nor_apply_is_told(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan = planned(by="zhao-min")
    with pytest.raises(Refused) as refused:
        approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    assert "zhao-min has no right to plan" in told(refused.value.findings)
    assert "chen-jing has no right to apply" in stands(planned(), operator="chen-jing")


def test_an_approver_signs_only_what_could_be_applied_here(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal
) -> None:
    for plan, why in [
        (planned().model_copy(update={"intent": "sha256:other"}), "other files"),
        (planned().model_copy(update={"workspace": "pantry"}), "of workspace pantry"),
        (planned().model_copy(update={"expires": NOW - HOUR}), "expired"),
        (planned().model_copy(update={"changes": (), "waves": ()}), "changes nothing"),
    ]:
        with pytest.raises(Refused, match=why):
            approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    with pytest.raises(Refused, match="so nobody is asked"):
        approval.approve(planned(), city().model_copy(update={"roles": None}), journal, people["chen-jing"], NOW)


def test_keys_hold_from_when_to_when_their_line_says(
    tmp_path: Path, city: Callable[..., Workspace], journal: Journal, stands: Callable[..., str]
) -> None:
    person, signer = with_key(tmp_path / "k", "chen-jing", options='valid-after="20261101",valid-before="20261122120000Z"')
    where = city().model_copy(update={"signers": (*(one for one in city().signers if one.principals != ("chen-jing",)), signer)})
    plan = planned()
    approval.approve(plan, where, journal, person, NOW)
    assert stands(plan, workspace=where) == ""
    assert "its signature does not hold" in stands(plan, workspace=where, now=NOW + 5 * HOUR)
    with pytest.raises(Refused, match="may not sign with this key now"):
        approval.approve(planned("device/b"), where, journal, person, NOW + 5 * HOUR)
    person, signer = with_key(tmp_path / "git", "chen-jing", options='namespaces="git"')
    with pytest.raises(Refused, match="may not sign with this key now"):
        approval.approve(plan, city().model_copy(update={"signers": (signer,)}), journal, person, NOW)


def test_exempt_plans_need_no_approval_but_a_proven_operator(city: Callable[..., Workspace], stands: Callable[..., str]) -> None:
    where = city(exempt=[{"jobs": ["binding"]}, {"jobs": ["dual-stack"], "at_most": 1}])
    assert stands(planned(), workspace=where) == "", "a canary alone"
    assert "needs an approval" in stands(planned("device/a", "device/b"), workspace=where)
    assert stands(planned("device/a", "device/b", job="binding"), workspace=where) == ""
    assert "needs an approval" in stands(planned(job="binding", action=Action.DELETE), workspace=where)
    assert "zhao-min has no right to apply" in stands(planned(job="binding"), workspace=where, operator="zhao-min")


def test_the_glass_is_broken_by_who_has_the_right_with_a_reason_and_never_silently(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, stands: Callable[..., str]
) -> None:
    plan = planned()
    with pytest.raises(Refused, match="asks for a reason"):
        approval.break_glass(plan, city(), journal, people["zhao-min"], NOW, "  ")
    with pytest.raises(Refused) as refused:
        approval.break_glass(plan, city(), journal, people["li-wei"], NOW, "core down")
    assert "li-wei has no right to break-glass" in told(refused.value.findings)
    broken = approval.break_glass(plan, city(), journal, people["zhao-min"], NOW, "core down")
    assert stands(plan, operator="zhao-min") == ""
    assert "needs an approval" in stands(plan), "one's broken glass is nobody else's"
    findings = approval.standing(plan, city(), journal, "zhao-min", NOW)
    assert told(findings, Severity.WARNING) == "zhao-min broke the glass: core down"
    (entry,) = [entry for entry in journal.audit.entries() if "glass" in entry.event]
    assert (entry.operator, json.loads(entry.details)["reason"]) == ("zhao-min", "core down")
    other = planned("device/b")
    journal.approvals.add(broken.model_copy(update={"plan_digest": other.digest}))
    assert stands(other, operator="zhao-min")


def test_resuming_asks_again_but_not_for_the_age_and_rolling_back_for_the_right_to_apply_alone(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal
) -> None:
    plan, later = planned(), NOW + 48 * HOUR
    with pytest.raises(Refused) as refused:
        approval.vouch(plan, city(), journal, people["sun-lei"], later, ApprovalKind.RESUME)
    assert "needs an approval" in told(refused.value.findings)
    approval.approve(plan, city(), journal, people["chen-jing"], NOW)
    for deed in (ApprovalKind.RESUME, ApprovalKind.ROLLBACK):
        assert "nobody has proved" in told(approval.standing(plan, city(), journal, "sun-lei", later, deed))
        approval.vouch(plan, city(), journal, people["sun-lei"], later, deed)
        assert approval.standing(plan, city(), journal, "sun-lei", later, deed) == ()
    unapproved = planned("device/b")
    approval.vouch(unapproved, city(), journal, people["sun-lei"], later, ApprovalKind.ROLLBACK)
    assert approval.standing(unapproved, city(), journal, "sun-lei", later, ApprovalKind.ROLLBACK) == ()
    with pytest.raises(Refused):
        approval.vouch(plan, city(), journal, people["zhao-min"], later, ApprovalKind.ROLLBACK)


def test_a_workspace_without_roles_asks_nobody(city: Callable[..., Workspace], people: dict[str, Person], journal: Journal) -> None:
    free = city().model_copy(update={"roles": None})
    assert approval.required(planned(), free) == 0
    assert approval.standing(planned(), free, journal, "anybody", NOW) == ()
    approval.vouch(planned(), free, journal, people["stranger"], NOW, ApprovalKind.APPLY)
    assert journal.approvals.of(planned().digest) == ()


def test_a_key_that_is_not_there_or_not_known_is_said(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    for person, why in [
        (Person("chen-jing"), "no key of chen-jing is in ssh-agent or in ~/.ssh"),
        (Person("chen-jing", tmp_path / "nowhere"), "there is no key"),
        (Person("chen-jing", people["stranger"].key), "may not sign with this key"),
    ]:
        with pytest.raises(Refused, match=why):
            approval.approve(planned(), city(), journal, person, NOW)
    with pytest.raises(Refused, match="has no key of chen-jing"):
        approval.approve(planned(), city(without="chen-jing"), journal, people["chen-jing"], NOW)
    assert journal.approvals.of(planned().digest) == ()


def test_a_key_in_the_usual_place_needs_no_naming(
    city: Callable[..., Workspace], people: dict[str, Person], journal: Journal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    key = people["chen-jing"].key
    assert key is not None
    (tmp_path / ".ssh").mkdir()
    for suffix in ("", ".pub"):
        (tmp_path / ".ssh" / f"id_ed25519{suffix}").write_text(Path(f"{key}{suffix}").read_text())
    (tmp_path / ".ssh" / "id_ed25519").chmod(0o600)
    assert approval.approve(planned(), city(), journal, Person("chen-jing"), NOW).approver == "chen-jing"


def test_what_is_signed_is_one_canonical_line(city: Callable[..., Workspace]) -> None:
    plan = planned()
    one = Approval(plan_digest=plan.digest, approver="chen-jing", role="approver", reason='said "yes"\n', at=NOW)
    assert approval.statement(one, plan) == (
        '{"at":"2026-11-22T08:00:00Z","by":"chen-jing","job":"dual-stack","kind":"approval",'
        f'"plan":"{plan.digest}","reason":"said \\"yes\\"\\n","workspace":"larder"}}\n'
    )
