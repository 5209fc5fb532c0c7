"""`yunwang net diff` and `yunwang net patch` as a person types them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from yunwang.cli.main import run

SWITCH = """vlan batch 10 20
interface Vlanif10
 ip address 10.0.10.1 24
interface GE0/0/1
 port link-type trunk
 port trunk allow-pass vlan 10 20
"""


def call(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, running: str, intended: str, *more: str
) -> tuple[int, str, str]:
    names = []
    for name, text in (("running.cfg", running), ("intended.cfg", intended)):
        (tmp_path / name).write_text(text)
        names.append(str(tmp_path / name))
    code = run(["net", command, "--platform", "huawei_vrp", *names, *more])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_lines_are_those_to_type_and_never_save(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    intended = SWITCH.replace("vlan batch 10 20", "vlan batch 10 20 40").replace(
        "allow-pass vlan 10 20", "allow-pass vlan 10 20 40"
    )
    code, out, _ = call(capsys, tmp_path, "patch", SWITCH, intended)
    assert code == 0
    assert out.splitlines() == [
        "system-view",
        "vlan batch 40",
        "interface GE0/0/1",
        "port trunk allow-pass vlan 40",
        "quit",
        "return",
    ]
    code, out, _ = call(capsys, tmp_path, "patch", SWITCH, intended, "--reverse")
    assert out.splitlines() == [
        "system-view",
        "interface GE0/0/1",
        "undo port trunk allow-pass vlan 40",
        "quit",
        "undo vlan batch 40",
        "return",
    ]


def test_nothing_to_do_prints_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert call(capsys, tmp_path, "patch", SWITCH, SWITCH.replace("10 20", "20 10"), "--detailed-exitcode") == (0, "", "")


def test_the_difference_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    intended = SWITCH.replace("vlan batch 10 20", "vlan batch 10 to 12").replace("10.0.10.1 24", "10.0.10.2 24")
    code, out, _ = call(capsys, tmp_path, "diff", SWITCH, intended, "--detailed-exitcode")
    assert code == 2
    assert out.splitlines() == [
        "- vlan batch 20",
        "+ vlan batch 11 to 12",
        "  interface Vlanif10",
        "-  ip address 10.0.10.1 255.255.255.0",
        "+  ip address 10.0.10.2 255.255.255.0",
    ]
    found = json.loads(call(capsys, tmp_path, "diff", SWITCH, intended, "--json")[1])
    assert found[0] == {"action": "~", "view": [], "command": "vlan batch", "old": "1 10 20", "new": "1 10 to 12"}


def test_questions_and_answers_are_in_the_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = call(capsys, tmp_path, "patch", "ipv6\nsysname a\n", "sysname a\n", "--json")
    assert (code, out) == (1, "")
    assert "--allow-disruptive" in err
    lines = json.loads(call(capsys, tmp_path, "patch", "ipv6\nsysname a\n", "sysname a\n", "--json", "--allow-disruptive")[1])
    assert [(line["text"], line["answer"]) for line in lines] == [("system-view", None), ("undo ipv6", "Y"), ("return", None)]


def test_two_stage_devices_commit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shown = "[~H]display current-configuration\n#\nsysname a\n#\nreturn\n"
    assert call(capsys, tmp_path, "patch", shown, "sysname b\n")[1].splitlines() == ["system-view", "sysname b", "return"]
    for running, commits in ((shown, True), (shown.replace("[~H]", "[H]"), False), ("sysname a\n", True)):
        names = [tmp_path / "a.cfg", tmp_path / "b.cfg"]
        names[0].write_text(running)
        names[1].write_text("sysname b\n")
        assert run(["net", "patch", "--platform", "huawei_vrpv8", *map(str, names)]) == 0
        assert ("commit" in capsys.readouterr().out.splitlines()) is commits


def test_a_fragment_is_not_taken_for_the_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    running = SWITCH + "".join(f"ip route-static 10.{n}.0.0 16 10.0.10.2\n" for n in range(60))
    code, out, err = call(capsys, tmp_path, "patch", running, SWITCH)
    assert (code, out) == (1, "")
    assert "60 of 66 lines" in err
    assert call(capsys, tmp_path, "patch", running, SWITCH, "--full")[0] == 0


def test_only_what_is_owned_is_taken_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text("# descriptions are ours\ninterface * > description *\n")
    running = SWITCH.replace("interface GE0/0/1", "interface GE0/0/1\n description old")
    out = call(capsys, tmp_path, "patch", running, "interface GE0/0/1\n", "--owned", str(rules))[1]
    assert out.splitlines() == ["system-view", "interface GE0/0/1", "undo description", "quit", "return"]
    rules.write_text("interface * >\n")
    code, _, err = call(capsys, tmp_path, "patch", running, running, "--owned", str(rules))
    assert code == 1
    assert f"{rules}:1" in err


def test_the_way_in_changes_last_and_only_when_allowed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    intended = "sysname b\n" + SWITCH.replace("10.0.10.1 24", "10.0.10.2 24")
    code, out, err = call(capsys, tmp_path, "patch", SWITCH, intended, "--management", "10.0.10.1")
    assert (code, out) == (1, "")
    assert "--allow-management-change" in err
    lines = json.loads(
        call(capsys, tmp_path, "patch", SWITCH, intended, "--management", "10.0.10.1", "--allow-management-change", "--json")[1]
    )
    assert [line["text"] for line in lines if line["management"]] == [
        "interface Vlanif10",
        "ip address 10.0.10.2 255.255.255.0",
        "quit",
    ]
    code, _, err = call(capsys, tmp_path, "patch", SWITCH, intended, "--management", "10.9.9.9")
    assert code == 1
    assert "no interface has" in err


@pytest.mark.parametrize(
    ("running", "intended", "code"),
    [("", SWITCH, "config-empty"), (SWITCH, "interface Vlan10\n no shutdown\n", "config-foreign")],
)
def test_what_is_no_configuration_of_the_platform_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, running: str, intended: str, code: str
) -> None:
    exit_code, out, err = call(capsys, tmp_path, "patch", running, intended)
    assert (exit_code, out) == (1, "")
    assert code in err


def test_standard_input_is_one_of_the_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.cfg").write_text("sysname a\n")
    stdin = io.TextIOWrapper(io.BytesIO(b"sysname b\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run(["net", "patch", "--platform", "huawei_vrp", str(tmp_path / "a.cfg"), "-"]) == 0
    assert capsys.readouterr().out == "system-view\nsysname b\nreturn\n"
    assert run(["net", "patch", "--platform", "huawei_vrp", "-", "-"]) == 1
    assert run(["net", "patch", "--platform", "huawei_vrp", "gone.cfg", str(tmp_path / "a.cfg")]) == 1
    assert "config-unreadable" in capsys.readouterr().err
