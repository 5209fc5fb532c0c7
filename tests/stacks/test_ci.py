"""The templates for CI systems: their scripts are run as a CI runs them, on a real cloud; their files are what the systems read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import yaml
from parts.command import yunwang

from yunwang.inventories.cloud import Tenant
from yunwang.inventories.workspace import Workspace
from yunwang.operations.approval import Person
from yunwang.stacks.openstack.session import OpenStack

FOLDER = Path(__file__).parents[2] / "docs" / "ci"
SCRIPTS = ("preview.sh", "apply.sh")


def ci(script: str, root: Path, key: Path) -> subprocess.CompletedProcess[str]:
    """A job of the CI: the script, in the workspace's folder, as its person."""
    mine = {"YUNWANG_OPERATOR": "li-wei", "YUNWANG_KEY": str(key), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", str(FOLDER / script)], cwd=root, env=os.environ | mine, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.lab
@pytest.mark.pulumi
def test_a_merge_request_is_previewed_and_main_applies_what_was_approved(
    city: Workspace, tenant: Tenant, root: Path, zhengwu: OpenStack, people: dict[str, Person]
) -> None:
    key = people["li-wei"].key
    assert key is not None
    previewed = ci("preview.sh", root, key)
    assert previewed.returncode == 0, previewed.stderr
    out = root / "ci-out"
    comment = (out / "plan.md").read_text()
    assert f"stack/zhengwu/{tenant.name}" in comment
    assert Xml.parse(out / "plan.xml").getroot().find(f".//testcase[@name='stack/zhengwu/{tenant.name}']") is not None
    assert json.loads((out / "plan.sarif").read_text())["version"] == "2.1.0"
    assert zhengwu.list("identity", "projects", "look", name=tenant.name) == [], "a preview changes nothing"

    early = ci("apply.sh", root, key)
    assert early.returncode == 1
    assert "approv" in early.stderr
    named = re.search(r"yunwang approve ([0-9a-f]{12})", comment)
    assert named is not None
    chen = people["chen-jing"]
    approved = yunwang("approve", named[1], "--yes", "-w", root, YUNWANG_OPERATOR=chen.name, YUNWANG_KEY=str(chen.key))
    assert approved.returncode == 0, approved.stderr

    applied = ci("apply.sh", root, key)
    try:
        assert applied.returncode == 0, applied.stderr
        assert len(zhengwu.list("identity", "projects", "look", name=tenant.name)) == 1
        assert "succeeded" in (out / "run.md").read_text()
        assert Xml.parse(out / "run.xml").getroot().find("testsuite[@failures='0'][@errors='0']") is not None
        again = ci("apply.sh", root, key)
        assert again.returncode == 0, again.stderr
        assert "has applied the plan of these files already" in again.stderr
        assert "nothing to do" in ci("preview.sh", root, key).stdout
        file = root / "tenants" / f"{tenant.name}.yaml"
        file.write_text(file.read_text() + "# a line that nobody previewed\n")
        stranger = ci("apply.sh", root, key)
        assert stranger.returncode == 1
        assert "no stored plan of cloud was made from exactly these files" in stranger.stderr
    finally:
        (root / "policies" / "roles.yaml").unlink()
        file = root / "tenants" / f"{tenant.name}.yaml"
        file.unlink()
        gone = yunwang("cloud", "apply", "--yes", "--allow-deletes", "99", "-w", root)
        assert gone.returncode == 0, gone.stderr


def test_files_with_faults_fail_the_preview_and_say_where(demo_city: Path) -> None:
    (demo_city / "yunwang.yaml").write_text("version: 2\nname: [\n")
    previewed = ci("preview.sh", demo_city, demo_city / "none")
    assert previewed.returncode == 1
    assert "yunwang.yaml:" in previewed.stdout
    results = json.loads((demo_city / "ci-out" / "validate.sarif").read_text())["runs"][0]["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "yunwang.yaml"
    assert not (demo_city / "ci-out" / "change.plan").exists()


@pytest.mark.parametrize("name", ["gitlab-ci.yml", "github-actions.yml"])
def test_the_templates_run_the_scripts(name: str) -> None:
    made = yaml.safe_load((FOLDER / name).read_text())
    jobs = made.get("jobs", made)
    for job, script in zip(("preview", "apply"), SCRIPTS, strict=True):
        steps = [step["run"] for step in jobs[job]["steps"] if "run" in step] if "steps" in jobs[job] else jobs[job]["script"]
        assert f"sh ci/{script}" in steps


def test_the_jenkinsfile_runs_the_scripts() -> None:
    made = (FOLDER / "Jenkinsfile").read_text()
    assert all(made.count(f"sh 'sh ci/{script}'") == 1 for script in SCRIPTS)
    assert made.count("{") == made.count("}")
