"""What every command has in common: options, exit codes, errors that say what to do and never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from parts.command import YUNWANG, yunwang
from typer.testing import CliRunner

from yunwang.cli.main import USAGE, app


def commands(group: typer.Typer = app, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [(*before, command.name or str(getattr(command.callback, "__name__", ""))) for command in group.registered_commands]
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        found += commands(sub.typer_instance, (*before, str(sub.name)))
    return found


FILES_ALONE = {("net", "diff"), ("net", "parse"), ("net", "patch")}
"""Commands on files that are named: no workspace is needed."""
RESULT_ALONE = {
    ("schema",),
    ("show",),
    ("history", "head"),
    ("history", "tail"),
    ("net", "archive"),
    ("playbook", "list"),
    *FILES_ALONE,
}
"""Commands that print what was asked for and nothing else: there is nothing to be quiet about."""


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself_and_takes_the_common_options(command: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], terminal_width=200)
    assert shown.exit_code == 0
    wanted = set() if command in RESULT_ALONE else {"--quiet"}
    if command[0] not in ("init", "schema", "doctor", "demo") and command not in {*FILES_ALONE, ("playbook", "list")}:
        wanted |= {"--workspace"}
    if command[-1] in ("plan", "apply", "cutover"):
        wanted |= {"--json", "--verbose", "--detailed-exitcode"}
    if command[-1] in ("apply", "cutover"):
        wanted |= {"--yes", "--plan"}
    assert {option for option in wanted if option not in shown.output} == set()


def test_a_wrong_call_is_64_because_2_means_changes() -> None:
    for arguments in (["bogus"], ["cloud", "plan", "--target"], ["validate", "--format", "xml"]):
        called = yunwang(*arguments)
        assert called.returncode == USAGE
        assert "Traceback" not in called.stderr


def test_no_workspace_is_said(tmp_path: Path) -> None:
    called = yunwang("validate", "-w", tmp_path / "nowhere")
    assert called.returncode == 1
    assert "yunwang init" in called.stderr


def test_the_demo_city_has_no_faults_and_keeps_to_the_rules(demo_city: Path) -> None:
    assert yunwang("validate", "-w", demo_city).returncode == 0
    assert yunwang("policy", "check", "-w", demo_city).returncode == 0


def test_the_demo_city_with_faults_names_each_with_its_line_and_exits_1(tmp_path: Path) -> None:
    assert yunwang("init", tmp_path / "city", "--with-faults").returncode == 0
    called = yunwang("validate", "-w", tmp_path / "city", "--json")
    assert called.returncode == 1
    found = json.loads(called.stdout)
    assert len(found) >= 10
    assert [finding for finding in found if not (finding["file"] and finding["message"] and finding["remedy"])] == []
    sarif = json.loads(yunwang("validate", "-w", tmp_path / "city", "--format", "sarif").stdout)
    assert sarif["version"] == "2.1.0"
    assert len(sarif["runs"][0]["results"]) == len(found)


def test_a_faulty_workspace_is_not_planned(demo_city: Path) -> None:
    (demo_city / "rooms.csv").write_text("name,title\n")
    called = yunwang("net", "plan", "-w", demo_city)
    assert called.returncode == 1
    assert "rooms.csv" in called.stderr
    assert "yunwang validate" in called.stderr


def test_a_faulty_workspaces_lab_can_be_looked_at_and_stopped(demo_city: Path) -> None:
    (demo_city / "rooms.csv").write_text("name,title\n")
    (demo_city / "lab.yaml").write_text("[")
    assert json.loads(yunwang("lab", "status", "-w", demo_city, "--json").stdout)["parts"] == []
    called = yunwang("lab", "down", "-w", demo_city)
    assert (called.returncode, called.stdout) == (0, "the lab is down, its state is kept (--purge forgets it)\n")
    assert "rooms.csv" in yunwang("lab", "up", "-w", demo_city).stderr


def test_the_nearest_workspace_above_is_found(demo_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo_city / "network")
    assert yunwang("validate").returncode == 0


@pytest.mark.parametrize("content", [b"", b"nonsense", b"{}", b"[1,2]", b"\xff\xfe\x00", b'{"version": 2}', b"[" * 100_000])
def test_a_file_that_is_no_plan_is_refused(demo_city: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.plan").write_bytes(content)
    called = yunwang("net", "apply", "-w", demo_city, "--plan", tmp_path / "p.plan", "--yes")
    assert called.returncode == 1
    assert "plan" in called.stderr
    assert "Traceback" not in called.stderr


def test_schemas_are_printed_for_every_kind_of_file() -> None:
    kinds = yunwang("schema").stdout.split()
    assert "tenant" in kinds or "tenants" in kinds
    for kind in kinds:
        assert json.loads(yunwang("schema", kind).stdout)
    assert yunwang("schema", "bogus").returncode == 1


def test_colours_are_for_terminals_that_want_them(tmp_path: Path) -> None:
    yunwang("init", tmp_path / "city", "--with-faults")
    script = shutil.which("script")
    if script is None:
        pytest.skip("needs script(1) to play a terminal")
    command = f"{YUNWANG} validate -w {tmp_path / 'city'}"
    plain = {"NO_COLOR": "1", "TERM": "xterm"}
    for environment, coloured in (({"TERM": "xterm"}, True), (plain, False)):
        clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        shown = subprocess.run(
            [script, "-qec", command, "/dev/null"], capture_output=True, env=clean | environment, timeout=120, check=False
        )
        assert (b"\x1b[" in shown.stdout) is coloured


def test_doctor_tells_what_is_there() -> None:
    found = json.loads(yunwang("doctor", "--json").stdout)
    named = {program["name"]: program for program in found}
    assert {"git", "ssh", "pulumi", "ansible-playbook"} <= named.keys()
    assert named["git"]["needed"]
    assert not named["go"]["needed"]


def test_doctor_and_make_read_one_list_of_programs() -> None:
    lines = (Path(__file__).parents[2] / "tools" / "os-packages.txt").read_text().splitlines()
    listed = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert len(listed) > 5
    assert [program["name"] for program in json.loads(yunwang("doctor", "--json").stdout)][: len(listed)] == listed


def test_history_of_a_fresh_workspace_is_empty_and_an_unknown_run_is_said(demo_city: Path) -> None:
    assert json.loads(yunwang("history", "list", "-w", demo_city, "--json").stdout) == []
    called = yunwang("history", "show", "20200101", "-w", demo_city)
    assert called.returncode == 1
    assert "history list" in called.stderr


def test_the_report_of_a_city_that_has_done_nothing_says_so(demo_city: Path) -> None:
    figures = {kpi["id"]: kpi for kpi in json.loads(yunwang("report", "build", "-w", demo_city, "--json").stdout)}
    assert figures["dual-stack"]["part"] == 0
    assert figures["dual-stack"]["whole"] == 16
    assert figures["bindings"]["whole"] == 100
    assert figures["rooms"]["rate"] == 0
    assert yunwang("report", "build", "-w", demo_city).returncode == 0
    assert "上云率" in (demo_city / "report.html").read_text()
    assert yunwang("validate", "-w", demo_city).returncode == 0
