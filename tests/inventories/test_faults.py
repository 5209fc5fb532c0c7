"""Faults of one file and between files, each planted in the demo city: what is said, and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.reading import read

Edited = Callable[..., tuple[Finding, ...]]

PLANTED = yaml.safe_load(Path(__file__).with_name("planted.yaml").read_text(encoding="utf-8"))
HERE = "▸"


@pytest.mark.parametrize("case", PLANTED, ids=[f"{case['file']}-{case['code']}-{case['message']}" for case in PLANTED])
def test_a_planted_fault_is_said_at_its_place(edited: Edited, demo_city: Path, case: dict[str, str]) -> None:
    place = case.get("at") or expected_place(case["file"], demo_city, case["old"], case["new"])
    findings = edited(case["file"], case["old"], case["new"].replace(HERE, ""))
    told = {(finding.code, finding.place): finding for finding in findings}
    assert (case["code"], place) in told, [(finding.code, finding.place, finding.message) for finding in findings]
    finding = told[(case["code"], place)]
    assert case["message"] in finding.message
    assert case["remedy"] in finding.remedy


def expected_place(file: str, folder: Path, old: str, new: str) -> str:
    before = (folder / file).read_text(encoding="utf-8").replace(old, new).partition(HERE)[0]
    return f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_a_misspelt_field_is_one_finding_not_two(edited: Edited) -> None:
    assert [finding.code for finding in edited("tenants/health.yaml", "department:", "departement:")] == ["unknown-field"]


def test_a_faulty_tenant_is_not_missed_by_those_who_name_it(edited: Edited) -> None:
    (finding,) = edited("tenants/education.yaml", "mlps_level: 2", "mlps_level: two")
    assert finding.file == "tenants/education.yaml"


def test_faulty_settings_do_not_orphan_every_cloud(edited: Edited) -> None:
    (finding,) = edited("yunwang.yaml", "title: 云州市 Yunzhou", "titel: 云州市 Yunzhou")
    assert finding.remedy == 'did you mean "title"?'


def test_a_broken_table_does_not_orphan_what_names_its_rows(edited: Edited) -> None:
    (finding,) = edited("rooms.csv", "name,title", "nmae,title")[:1]
    assert finding.code == "unknown-field"
    assert {each.file for each in edited("README.md", None, "")} == {"rooms.csv"}


def test_a_fault_in_a_groups_variables_is_said_once(edited: Edited) -> None:
    assert len(edited("network/group_vars/all.yaml", "env://YUNWANG_DEVICE_PASSWORD", "plain")) == 1


def test_a_secret_in_the_wrong_place_is_never_repeated(edited: Edited) -> None:
    for wrong in ("Yunzhou-2026", "20262026"):
        for finding in edited("network/group_vars/all.yaml", None, f"ansible_user: x\nyunwang_password: {wrong}\n"):
            assert wrong not in finding.model_dump_json()


def test_secure_yaml_has_to_be_the_owners_alone(demo_city: Path) -> None:
    secure = demo_city / "secure.yaml"
    secure.write_text("clouds: {}\n")
    secure.chmod(0o644)
    (finding,) = read(demo_city)[1]
    assert (finding.code, finding.remedy) == ("secret", "chmod 600 secure.yaml")


@pytest.mark.parametrize(
    ("file", "remedy"),
    [
        ("tenants/finance.yml", ".yaml"),
        ("tenents/finance.yaml", '"tenants"'),
        ("system.csv", '"systems.csv"'),
        ("yunwang.yml", '"yunwang.yaml"'),
        ("network/terminal.csv", '"terminals.csv"'),
        ("policies/waiver.yaml", '"waivers.yaml"'),
        ("network/group_vars/role_acess.yaml", '"role_access"'),
    ],
)
def test_a_misnamed_file_is_a_warning(edited: Edited, demo_city: Path, file: str, remedy: str) -> None:
    (finding,) = edited(file, None, "a: 1\n")
    assert finding.severity is Severity.WARNING
    assert remedy in finding.remedy
    assert read(demo_city)[0] is not None, "a warning stops nothing"


@pytest.mark.parametrize(
    "file", ["notes.md", "Makefile", "tenants/README.md", "tenants/.finance.yaml.swp", "tenants/finance.yaml~", "docs/x.yaml"]
)
def test_other_files_are_welcome(edited: Edited, file: str) -> None:
    assert edited(file, None, "x") == ()


def test_quotas_beyond_a_clouds_capacity_are_a_warning(edited: Edited) -> None:
    (finding,) = edited("tenants/housing.yaml", "cores: 16", "cores: 160")
    assert (finding.code, finding.severity, finding.place) == ("over-capacity", Severity.WARNING, "yunwang.yaml:10:12")
    assert "228 cores, it has 96" in finding.message


def test_telnet_is_a_warning_said_once_where_it_is_written(edited: Edited) -> None:
    line = "yunwang_known_hosts: network/known_hosts\n"
    (finding,) = edited("network/group_vars/all.yaml", line, f"{line}yunwang_transport: telnet\n")
    assert (finding.code, finding.severity) == ("management-in-clear", Severity.WARNING)
    assert finding.place == "network/group_vars/all.yaml:5:20"
    assert finding.remedy


def test_a_site_may_lie_in_its_parents_share(edited: Edited) -> None:
    assert edited("network/sites.yaml", "2001:db8:111::/48", "2001:db8:110:8000::/52") == ()


def test_waivers_name_what_is_there(edited: Edited) -> None:
    row = "version: 1\nwaivers:\n  - {policy: p, target: TARGET, owner: o, reason: r, until: UNTIL}\n"
    for target, until, expected in [
        ("tenant/finance", "2027-01-01", []),
        ("tenant/finanse", "2027-01-01", ["unknown-reference"]),
        ("finance", "2027-01-01", ["wrong-value"]),
        ("tenant/finance", "soon", ["wrong-value"]),
    ]:
        found = edited("policies/waivers.yaml", None, row.replace("TARGET", target).replace("UNTIL", f"'{until}'"))
        assert [finding.code for finding in found] == expected


def test_the_digest_follows_the_intent_and_nothing_else(demo_city: Path) -> None:
    def digest() -> str:
        workspace, findings = read(demo_city)
        assert workspace is not None, findings
        return workspace.digest

    before = digest()
    for other in (".yunwang/journal.sqlite", "README.md", ".git/HEAD", "secure.yaml"):
        path = demo_city / other
        path.parent.mkdir(exist_ok=True)
        path.write_text("changed")
        path.chmod(0o600)
        assert digest() == before, other
    seen = {before}
    for intent in ("tenants/finance.yaml", "network/known_hosts", "network/hosts.yaml", "lab/devices/yz-gw-a.cfg"):
        path = demo_city / intent
        path.write_text(path.read_text() + "# changed\n")
        assert digest() not in seen, intent
        seen.add(digest())
