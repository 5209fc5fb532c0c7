"""What a foreign engine may do under an approved plan: its steps, with its values, on its stack. No cloud and no engine here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from yunwang.inventories.plan import Action, Change, Plan
from yunwang.inventories.verdict import Refused
from yunwang.stacks.pulumi.guard import BLINDED, PLAN, Guard
from yunwang.stacks.pulumi.steps import LATER, Difference, StackStep

STACK = "urn:pulumi:zhengwu.finance::tenants::yunwang:index:Tenant$"
NETWORK, QUOTA, SUBNET, USER = (
    f"{STACK}yunwang:index:{kind}" for kind in ("Network::app", "ComputeQuota::q", "Subnet::s", "User::u")
)


def step(op: str, urn: str, **properties: tuple[Any, Any]) -> StackStep:
    kind, name = urn.rpartition("$")[2].split("::")
    differences = tuple(Difference(property=name, old=old, new=new) for name, (old, new) in properties.items())
    return StackStep(op=op, type=kind, name=name, differences=differences)


STEPS = (
    step("create", NETWORK, name=(None, "app"), project=(None, LATER)),
    step("create", USER, name=(None, "u"), password=(None, BLINDED)),
    step("update", QUOTA, cores=(10, 12)),
    step("replace", SUBNET, cidr=("10.0.0.0/24", "10.0.1.0/24")),
)


@pytest.fixture
def config(demo_city: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo city's clouds.yaml, with a plan for one of its stacks named in the environment."""
    now = datetime.now(UTC)
    change = Change(
        id="one",
        target="stack/zhengwu/finance",
        action=Action.UPDATE,
        summary="",
        forward={"steps": [each.model_dump(mode="json") for each in STEPS]},
    )
    plan = Plan(
        job="cloud",
        title="",
        workspace="yunzhou",
        intent="",
        operator="li-wei",
        created=now,
        expires=now + timedelta(1),
        changes=(change,),
    )
    file = demo_city / "p.plan"
    file.write_text(plan.to_json())
    monkeypatch.setenv(PLAN, str(file))
    return demo_city / "clouds.yaml"


@pytest.fixture
def done() -> list[str]:
    """What the guard wrote down before it was done."""
    return []


@pytest.fixture
def guard(done: list[str]) -> Guard:
    return Guard(lambda workspace, plan: None, lambda workspace, plan, target, what: done.append(f"{target}: {what}"))


def test_the_steps_of_the_plan_are_let_through_and_written_down(guard: Guard, config: Path, done: list[str]) -> None:
    guard(config, "create", NETWORK, {"name": "app", "project": "4711"}, {})
    guard(config, "create", USER, {"name": "u", "password": "Yunzhou-2026"}, {})
    guard(config, "update", QUOTA, {"cores": 12, "project": "4711"}, {"cores": 10, "project": "4711"})
    guard(config, "delete", SUBNET, {}, {"cidr": "10.0.0.0/24"})
    guard(config, "create", SUBNET, {"cidr": "10.0.1.0/24", "project": "4711"}, {})
    assert [line.partition(": ")[2] for line in done] == [
        "create yunwang:Network app",
        "create yunwang:User u",
        "update yunwang:ComputeQuota q",
        "delete yunwang:Subnet s",
        "create yunwang:Subnet s",
    ]
    assert "Yunzhou-2026" not in "".join(done)


@pytest.mark.parametrize(
    ("deed", "urn", "new", "old", "why"),
    [
        ("create", NETWORK, {"name": "other", "project": "4711"}, {}, "another name"),
        ("create", NETWORK, {"name": "app", "project": "4711", "shared": True}, {}, "another shared"),
        ("update", QUOTA, {"cores": 99}, {"cores": 10}, "another cores"),
        ("update", QUOTA, {"cores": 12, "project": "1"}, {"cores": 10, "project": "2"}, "another project"),
        ("create", SUBNET, {"cidr": "10.0.2.0/24"}, {}, "another cidr"),
        ("delete", NETWORK, {}, {}, "does not delete yunwang:Network app"),
        ("update", NETWORK, {"name": "app"}, {}, "does not update yunwang:Network app"),
        ("create", NETWORK.replace("app", "extra"), {}, {}, "does not create yunwang:Network extra"),
        ("create", NETWORK.replace("finance", "health"), {}, {}, "of stack zhengwu.health"),
        ("create", NETWORK.replace("::tenants::", "::servers::"), {}, {}, "does not create"),
    ],
)
def test_anything_else_is_refused(
    guard: Guard, config: Path, done: list[str], deed: str, urn: str, new: dict[str, Any], old: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        guard(config, deed, urn, new, old)
    assert "yunwang approve" in refused.value.remedy
    assert done == []


def test_without_a_plan_or_with_something_else_nothing_is_done(
    config: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("[1]\n")
    empty = tmp_path / "empty"
    empty.write_text("")
    for name, why in [
        ("", "asks for an approved plan"),
        (str(nonsense), "is no plan"),
        (str(empty), "holds 0 plans"),
        ("x", "no plan"),
    ]:
        monkeypatch.setenv(PLAN, name)
        with pytest.raises(Refused, match=why):
            guard(config, "delete", NETWORK, {}, {})


def test_what_is_not_approved_is_said_with_all_its_reasons(config: Path) -> None:
    def refuse(workspace: object, plan: object) -> None:
        raise Refused("nobody answers for it", remedy="ask")

    with pytest.raises(Refused, match="nobody answers for it"):
        Guard(refuse, lambda *told: None)(config, "create", NETWORK, {}, {})


def test_a_workspace_may_permit_plain_pulumi_or_ask_nobody(guard: Guard, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PLAN)
    roles = config.parent / "policies" / "roles.yaml"
    roles.write_text(roles.read_text().replace("pulumi_up: refuse", "pulumi_up: permit"))
    guard(config, "delete", NETWORK, {}, {})


def test_the_rules_are_those_of_the_workspace_whose_clouds_are_signed_in_to(
    guard: Guard, config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(PLAN)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(config))
    with pytest.raises(Refused, match="asks for an approved plan"):
        guard(None, "delete", NETWORK, {}, {})
    elsewhere = tmp_path / "elsewhere" / "clouds.yaml"
    with pytest.raises(Refused, match="nobody can say whether this is approved"):
        guard(elsewhere, "delete", NETWORK, {}, {})
    monkeypatch.setenv("YUNWANG_WORKSPACE", str(config.parent))
    with pytest.raises(Refused, match="asks for an approved plan"):
        guard(elsewhere, "delete", NETWORK, {}, {})
    (config.parent / "rooms.csv").write_text("name,title\n")
    with pytest.raises(Refused, match="is faulty"):
        guard(config, "delete", NETWORK, {}, {})
