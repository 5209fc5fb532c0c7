"""`yunwang secrets`: the check names what fails and prints no secret; the rotation is for one at a time, and audited."""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pytest
import yaml
from parts.command import told, yunwang

from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.stacks.pulumi.automation import Stacks

SECRET = "device-password-9c1f"
STACK = "stack/zhengwu/finance"


def test_the_check_names_who_needs_what_fails_and_prints_no_secret(demo_city: Path) -> None:
    called = yunwang("secrets", "check", "-w", demo_city)
    assert called.returncode == 1
    assert "FAILS env://YUNWANG_DEVICE_PASSWORD" in called.stdout
    assert "15 more" in called.stdout
    assert "export YUNWANG_DEVICE_PASSWORD" in called.stdout
    called = yunwang("secrets", "check", "-w", demo_city, "--json", YUNWANG_DEVICE_PASSWORD=SECRET)
    assert called.returncode == 0
    assert {one["reference"]: one["fault"] for one in json.loads(called.stdout)} == {
        "env://YUNWANG_DEVICE_PASSWORD": "",
        "file://.yunwang/secrets/pulumi-passphrase": "",
    }
    assert SECRET not in called.stdout + called.stderr


def test_a_passphrase_in_place_of_a_reference_is_refused_and_not_repeated(demo_city: Path) -> None:
    called = yunwang("secrets", "rotate", "--from", "hunter2", "-w", demo_city)
    assert called.returncode == 1
    assert "no reference" in called.stderr
    assert "hunter2" not in called.stdout + called.stderr


def _program() -> None:
    pulumi.export("password", pulumi.Output.secret(SECRET))


def _read(folder: Path) -> Workspace:
    workspace, faults = read(folder)
    assert workspace is not None, faults
    return workspace


@pytest.mark.pulumi
def test_a_rotation_waits_for_nobody_who_works_on_a_stack_and_the_audit_tells_of_it(demo_city: Path) -> None:
    Stacks(_read(demo_city), lambda cloud: {}, lambda name, config: None).up(
        "tenants", "zhengwu.finance", "", _program, None, lambda line: None
    )
    former = "file://.yunwang/secrets/pulumi-passphrase"
    new = demo_city / ".yunwang" / "secrets" / "pulumi-2027"
    new.write_text("of 2027\n")
    new.chmod(0o600)
    settings = yaml.safe_load((demo_city / "yunwang.yaml").read_text())
    settings["pulumi"] = {"passphrase": "file://.yunwang/secrets/pulumi-2027"}
    (demo_city / "yunwang.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    journal = Journal.open(None, demo_city / ".yunwang")
    journal.leases.acquire("another", [STACK], owner="chen-jing", host="elsewhere", command="yunwang cloud apply")
    called = yunwang("secrets", "rotate", "--from", former, "-w", demo_city)
    assert called.returncode == 1
    assert "chen-jing on elsewhere" in called.stderr
    journal.leases.release("another")
    assert told("secrets", "rotate", "--from", former, "-w", demo_city) == ["tenants/zhengwu.finance"]
    told_of = [entry for entry in journal.audit.entries() if entry.event == "secrets.rotated"]
    assert [(entry.result, entry.operator) for entry in told_of] == [("begun", "li-wei"), ("done", "li-wei")]
    assert told("secrets", "rotate", "--from", former, "-w", demo_city) == []
    assert journal.leases.all() == ()
    journal.close()
