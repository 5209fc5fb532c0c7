"""`net address`, `net design` and `net topology` as an operator calls them, on the demo city."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from yunwang.cli.main import app
from yunwang.inventories.demo import write
from yunwang.inventories.verdict import Refused


@pytest.fixture
def city(tmp_path: Path) -> Path:
    write(tmp_path / "demo")
    return tmp_path / "demo"


def yunwang(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


def new_site(city: Path) -> None:
    sites = city / "network" / "sites.yaml"
    text = sites.read_text(encoding="utf-8")
    sites.write_text(text + "  - name: nanshan\n    title: 南山县\n    level: county\n    parent: yunzhou\n", encoding="utf-8")


def test_a_new_site_gets_a_prefix_that_it_keeps(city: Path) -> None:
    assert "everything has its prefix" in yunwang("net", "address", "plan", "-w", city).output
    new_site(city)
    assert yunwang("net", "address", "check", "-w", city).exit_code == 1
    shown = yunwang("net", "address", "plan", "-w", city, "--detailed-exitcode")
    assert shown.exit_code == 2
    assert "2001:db8:130::/48" in shown.output
    assert not (city / "network" / "addresses.csv").exists()
    told = json.loads(yunwang("net", "address", "plan", "-w", city, "--write", "--json").output)
    assert told["written"] is True
    assert yunwang("net", "address", "check", "-w", city).exit_code == 0
    assert "2001:db8:130::/48" in yunwang("net", "address", "show", "-w", city).output
    assert yunwang("validate", "-w", city).exit_code == 0


def test_the_plan_is_shown_as_text_table_and_json(city: Path) -> None:
    text = yunwang("net", "address", "show", "-w", city).output
    assert re.search(r"2001:db8:100:110::/64 +vlan +yunzhou 110 +10.64.110.0/24", text)
    assert "county below yunzhou: 2 of 13 numbers in use" in text
    assert yunwang("net", "address", "show", "-w", city, "--csv").output.startswith("kind,name,vlan,ipv6,ipv4,title\n")
    shown = json.loads(yunwang("net", "address", "show", "-w", city, "--json").output)
    assert {
        "kind": "site",
        "name": "donghe",
        "ipv6": "2001:db8:110::/48",
        "ipv4": None,
        "vlan": None,
        "title": "东河县 Donghe",
    } in shown["entries"]
    assert json.loads(yunwang("net", "address", "check", "-w", city, "--json").output) == []


def test_a_table_goes_out_and_comes_back(city: Path, tmp_path: Path) -> None:
    table = tmp_path / "plan.csv"
    assert "prefixes" in yunwang("net", "address", "export", "-w", city, "--csv", table).output
    assert yunwang("net", "address", "import", "-w", city, "--csv", table).exit_code == 0
    new_site(city)
    table.write_text("kind,name,vlan,ipv6\nsite,nanshan,,2001:db8:1a0::/48\n", encoding="utf-8")
    assert "1 rows added" in yunwang("net", "address", "import", "-w", city, "--csv", table, "--write").output
    assert yunwang("net", "address", "check", "-w", city).exit_code == 0


def test_faulty_tables_and_calls_are_refused(city: Path, tmp_path: Path) -> None:
    table = tmp_path / "bad.csv"
    table.write_text("kind,name\nsite,x\n", encoding="utf-8")
    calls: list[list[str | Path]] = [
        ["--csv", table],
        ["--csv", tmp_path / "none.csv"],
        [],
        ["--csv", table, "--netbox", "http://x"],
    ]
    for words in calls:
        assert isinstance(yunwang("net", "address", "import", "-w", city, *words).exception, Refused)


def test_what_runs_becomes_a_design(city: Path, tmp_path: Path) -> None:
    called = yunwang("net", "design", "-w", city, "--from", city / "lab" / "devices", "-o", tmp_path / "out", "-q")
    assert called.exit_code == 0, called.output
    assert "ipv6 address 2001:db8:100:110::1/64" in (tmp_path / "out" / "lines" / "yz-acc-1.cfg").read_text(encoding="utf-8")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        *("addresses.csv", "findings.json", "intended", "intent.yaml", "lines")
    ]
    assert isinstance(yunwang("net", "design", "-w", city, "--from", city, "-o", tmp_path / "out").exception, Refused)
    assert isinstance(yunwang("net", "design", "-w", city, "--from", tmp_path / "none", "-o", tmp_path / "new").exception, Refused)


def test_what_is_found_is_taken_into_the_workspace_once(city: Path, tmp_path: Path) -> None:
    (city / "network" / "links.yaml").write_text("version: 1\nlinks: []\n", encoding="utf-8")
    words = ("net", "design", "-w", city, "--from", city / "lab" / "devices", "--write", "-q", "-o")
    assert "1 files written (network/links.yaml)" in yunwang(*words, tmp_path / "out").output
    assert "it has all of it already" in yunwang(*words, tmp_path / "again").output
    assert yunwang("validate", "-w", city).exit_code == 0


def test_devices_that_cannot_be_read_are_findings(city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUNWANG_DEVICE_PASSWORD", raising=False)
    called = yunwang("net", "design", "-w", city, "-o", tmp_path / "out", "--json", "-q")
    assert called.exit_code == 1
    codes = {finding["code"] for finding in json.loads(called.stdout)["findings"]}
    assert {"not-read", "no-configuration"} <= codes


def test_the_topology_is_checked_drawn_and_loaded(city: Path, tmp_path: Path) -> None:
    checked = yunwang("net", "topology", "check", "-w", city)
    assert checked.exit_code == 0, "what the demo has is warnings"
    assert "without plane a: sites without service: liuxi" in checked.output
    failures = json.loads(yunwang("net", "topology", "check", "-w", city, "--json").output)["failures"]
    assert {"element": ["plane", "b"], "sites": ["shiqiao"], "devices": []} in failures
    assert "yz-core-a" in yunwang("net", "topology", "show", "-w", city).output
    assert yunwang("net", "topology", "show", "-w", city, "--mermaid").output.startswith("flowchart TD")
    assert len(json.loads(yunwang("net", "topology", "show", "-w", city, "--json").output)["links"]) == 15
    yunwang("net", "topology", "show", "-w", city, "--svg", tmp_path / "t.svg")
    assert (tmp_path / "t.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "links want an upgrade (limit 70%)" in yunwang("net", "topology", "load", "-w", city).output
    worst = json.loads(yunwang("net", "topology", "load", "-w", city, "--json", "--limit", "0.5").output)
    assert worst[0]["wanted"] == 10000


def test_what_is_not_measured_is_not_taken_for_empty_without_a_word(city: Path) -> None:
    links = city / "network" / "links.yaml"
    text = links.read_text(encoding="utf-8")
    links.write_text(re.sub(r"    load_mbps: \d+\n", "", text, count=3), encoding="utf-8")
    assert "3 of 15 links are not measured" in yunwang("net", "topology", "load", "-w", city).output


@pytest.mark.parametrize(
    "words",
    [
        ("topology", "show", "--svg", "/nowhere/at/all.svg"),
        ("address", "export", "--csv", "/nowhere/at/all.csv"),
        ("design", "--from", "lab/devices", "-o", "/dev/null/out"),
    ],
)
def test_a_result_that_cannot_be_written_is_said(city: Path, words: tuple[str, ...]) -> None:
    called = yunwang("net", *(str(city / word) if word == "lab/devices" else word for word in words), "-w", city)
    assert isinstance(called.exception, Refused)
    assert "cannot be written" in called.exception.message


def test_two_shapes_at_once_are_a_wrong_call(city: Path) -> None:
    for words in (("topology", "show", "--mermaid", "--json"), ("address", "show", "--csv", "--json")):
        assert "exclude each other" in yunwang("net", *words, "-w", city).output


def test_a_faulty_plan_is_not_said_to_be_missing(city: Path) -> None:
    plan = city / "network" / "address-plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("2001:db8:100::/40", "2001:db8:100::/62"), encoding="utf-8")
    said = yunwang("validate", "-w", city).output
    assert "leave fewer than four for VLANs" in said
    assert "there is no address plan" not in said


def test_a_shared_risk_fails_the_check(city: Path) -> None:
    links = city / "network" / "links.yaml"
    text = links.read_text(encoding="utf-8")
    for name in ("yz-core-a-to-dh-agg-a", "yz-core-b-to-dh-agg-b"):
        text = text.replace(f"- name: {name}\n", f"- name: {name}\n    risks: [river-bridge]\n")
    links.write_text(text, encoding="utf-8")
    called = yunwang("net", "topology", "check", "-w", city)
    assert called.exit_code == 1
    assert "share the risk river-bridge" in called.output
