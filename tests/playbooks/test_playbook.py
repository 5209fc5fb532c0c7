"""`yunwang playbook` on hosts and devices that answer over real SSH; a gateway's rules in a namespace of its own, by nftables."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from parts.command import told, yunwang

from yunwang.inventories.workspace import Workspace
from yunwang.lab import namespaces
from yunwang.playbooks.catalogue import CATALOGUE


def test_the_list_tells_which_playbooks_change_hosts() -> None:
    assert {one["name"]: one["changes"] for one in told("playbook", "list")} == {one.name: one.changes for one in CATALOGUE}


def test_hosts_are_checked_and_what_was_found_is_handed_over_and_told_to_the_audit(city: Workspace) -> None:
    root = city.root
    found = told("playbook", "run", "host-check", "--host", "*-education", "-w", root)["hosts"]
    assert set(found) == {"old-education", "new-education"}
    assert found["old-education"]["memory_mib"] > 0
    assert found["old-education"]["missing"] == []
    port = city.machines[0].port
    assert port in found["old-education"]["listening"], "its own sshd"
    own = {**found["old-education"], "listening": [port]}  # without a namespace it shows the whole computer's, which come and go
    (root / "before.json").write_text(json.dumps({"host_check_before": own}))
    again = yunwang("playbook", "run", "host-check", "--host", "old-education", "--vars", root / "before.json", "-w", root)
    assert again.returncode == 0, again.stderr
    entries = [json.loads(line) for line in yunwang("history", "tail", "--json", "-w", root).stdout.splitlines()]
    assert [entry["result"] for entry in entries if entry["event"] == "playbook.ran"][-2:] == ["ok", "ok"]


def test_everything_that_is_wrong_with_a_host_is_said_at_once(city: Workspace) -> None:
    asked = (
        "--var",
        'host_check_programs=["sh","no-such-program"]',
        "--var",
        "host_check_disk_mib=99999999",
        "--var",
        "host_check_listening=[1]",
    )
    done = yunwang("playbook", "run", "host-check", "--host", "old-education", *asked, "-w", city.root)
    assert done.returncode == 1
    for words in ("old-education: there is no no-such-program", "99999999 are needed", "nothing listens on TCP port 1"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_devices_of_every_platform_tell_typed_facts(city: Workspace) -> None:
    names = ("yz-agg-a", "yz-core-b", "lx-acc-1", "dh-agg-b", "yz-gw-a")
    hosts = [word for name in names for word in ("--host", name)]
    found = told("playbook", "run", "device-check", *hosts, "-w", city.root)["devices"]
    assert set(found) == set(names)
    assert all(set(facts) == {"ipv6_interfaces", "ospfv3_peers", "neighbors"} for facts in found.values())
    lonely = yunwang(
        "playbook", "run", "device-check", "--host", "yz-agg-a", "--var", "device_check_ospfv3_peers=9", "-w", city.root
    )
    assert lonely.returncode == 1
    assert "0 full OSPFv3 neighbours, 9 are needed" in lonely.stderr


def test_a_wrong_call_is_told_what_is_right(city: Workspace) -> None:
    unknown = yunwang("playbook", "run", "no-such", "-w", city.root)
    assert unknown.returncode == 1
    assert "playbooks are: host-check" in unknown.stderr
    nobody = yunwang("playbook", "run", "host-check", "--host", "nobody", "-w", city.root)
    assert nobody.returncode == 1
    assert "no host of host-check matches nobody" in nobody.stderr
    assert yunwang("playbook", "run", "gateways", "--var", "gateway_phase=apply", "-w", city.root).returncode == 64
    looks = yunwang("playbook", "plan", "host-check", "-w", city.root)
    assert looks.returncode == 1
    assert "changes nothing, so there is nothing to plan" in looks.stderr


@pytest.fixture
def gateway(city: Workspace, tmp_path: Path) -> Workspace:
    """The city, its gateway's rules written into machines.yaml: SSH from everywhere, the service from two networks."""
    file = city.root / "machines.yaml"
    written = yaml.safe_load(file.read_text())
    port = next(machine.port for machine in city.machines if machine.name == "gateway")
    written["all"]["children"]["linux"]["children"]["gateways"]["vars"] = {
        "gateway_become": False,
        "gateway_file": str(tmp_path / "yunwang.nft"),
        "gateway_watchdog_seconds": 20,
        "gateway_inbound": [
            {"protocol": "tcp", "ports": [str(port)]},
            {"protocol": "tcp", "ports": ["80", "8000-8080"], "from": ["10.64.0.0/16", "2001:db8:100::/40"]},
        ],
    }
    file.write_text(yaml.safe_dump(written))
    return city


def nft(city: Workspace, *words: str) -> str:
    """nft in the gateway's namespace; "" where it fails."""
    start = namespaces.prefix(city.state / "lab")
    space = next(name for name in namespaces.existing(start) if name.endswith("gateway"))
    done = subprocess.run(namespaces.inside(space, "nft", *words), capture_output=True, text=True, check=False)
    return done.stdout


def rules(city: Workspace) -> str:
    """What the kernel has, "" for nothing."""
    return nft(city, "list", "table", "inet", "yunwang")


@pytest.mark.root
def test_a_gateways_rules_are_planned_applied_verified_and_taken_back_and_by_itself_where_they_lock_us_out(
    gateway: Workspace,
) -> None:
    root = gateway.root
    planned = yunwang("playbook", "plan", "gateways", "--detailed-exitcode", "-v", "-w", root)
    assert planned.returncode == 2, planned.stderr
    assert "ip saddr 10.64.0.0/16 tcp dport { 80, 8000-8080 } accept" in planned.stdout
    assert rules(gateway) == "", "a plan changes nothing"

    applied = yunwang("playbook", "run", "gateways", "--yes", "-w", root)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "ip6 saddr 2001:db8:100::/40" in rules(gateway)
    assert yunwang("playbook", "plan", "gateways", "--detailed-exitcode", "-w", root).returncode == 0

    nft(gateway, "add", "rule", "inet", "yunwang", "input", "tcp", "dport", "9999", "accept")
    behind = yunwang("playbook", "run", "gateways", "--yes", "-w", root)
    assert behind.returncode == 0, behind.stdout + behind.stderr
    assert "9999" in behind.stdout, "a change behind the tool is in the plan"
    assert "9999" not in rules(gateway)
    back = yunwang("rollback", "latest", "--yes", "-w", root)
    assert back.returncode == 0, back.stdout + back.stderr
    good = rules(gateway)
    assert "9999" in good, "as it was before"

    file = root / "machines.yaml"
    written = yaml.safe_load(file.read_text())
    written["all"]["children"]["linux"]["children"]["gateways"]["vars"]["gateway_inbound"] = [{"protocol": "tcp", "ports": ["80"]}]
    file.write_text(yaml.safe_dump(written))
    failed = yunwang("playbook", "run", "gateways", "--yes", "-w", root)
    assert failed.returncode == 1
    assert "Come in anew" in failed.stdout + failed.stderr
    assert rules(gateway) == good


def test_commands_of_ours_run_inside_a_playbook_with_the_secrets_that_the_workspace_names(city: Workspace) -> None:
    root = city.root
    password = (city.state / "lab" / "device-password").read_text().strip()
    one = ("playbook", "run", "backup", "--host", "yz-gw-a", "-w", root)
    done = yunwang(*one)
    assert done.returncode == 0, done.stderr
    assert "read by li-wei" in yunwang("net", "archive", "yz-gw-a", "-w", root).stdout
    assert yunwang("bind", "plan", "-o", root / "b.plan", "--target", "yz-acc-1", "-w", root).returncode == 0
    applied = yunwang("playbook", "run", "bindings", "--var", f"plan={root / 'b.plan'}", "-w", root)
    assert applied.returncode == 0, applied.stderr
    assert told("history", "list", "-w", root)[0]["job"] == "binding"
    files = [path for path in (city.state / "ansible").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if password in path.read_text(errors="replace")]
