"""The ansible-runner front: what it says, keeps, hides and refuses. Plays on this machine alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from parts.processes import command_line, descendants

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.verdict import Fatal
from yunwang.playbooks import runner

PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
"""
SECRET = "correct-horse-battery"


def play(folder: Path, tasks: str, said: list[str] | None = None, **variables: str) -> runner.PlaybookResult:
    playbook, inventory = folder / "play.yml", folder / "machines.yaml"
    playbook.write_text(PLAY + tasks)
    inventory.write_text(
        "all: {hosts: {nobody: {ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_common_args: -F /dev/null}}}\n"
    )
    given: JsonObject = dict(variables)
    say = said.append if said is not None else print
    return runner.run(str(playbook), inventory=[inventory], variables=given, folder=folder / "run", root=folder, say=say)


def test_what_a_playbook_hands_over_comes_back_and_each_done_task_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    tasks = """
    - name: Add
      ansible.builtin.command: {argv: [expr, "{{ one }}", +, "2"]}
      register: sum
      changed_when: false
    - name: Never
      ansible.builtin.command: "false"
      when: false
    - name: Hand over
      ansible.builtin.set_stats: {data: {sum: "{{ sum.stdout | int }}"}}
"""
    result = play(tmp_path, tasks, said, one="40")
    assert result.data == {"sum": 42}
    assert result.stats["ok"] == {"localhost": 2}
    assert [line.split(" (")[0] for line in said] == ["Add"]
    assert list((result.artefacts / "job_events").glob("*.json"))


def test_a_failure_is_one_verdict_that_names_task_host_and_reason(tmp_path: Path) -> None:
    tasks = """
    - name: Stop here
      ansible.builtin.assert: {that: false, fail_msg: the disk is full}
"""
    with pytest.raises(Fatal, match=r"^Stop here: the disk is full$") as failure:
        play(tmp_path, tasks)
    assert Path(failure.value.remedy.removeprefix("see ")).is_file()


def test_what_a_playbook_gives_up_with_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match=r"^nothing was moved$"):
        play(tmp_path, "    - {name: Give up, ansible.builtin.fail: {msg: nothing was moved}}\n")


def test_a_failure_that_was_rescued_or_ignored_is_none(tmp_path: Path) -> None:
    tasks = """
    - name: Rescued
      block: [{name: Fail, ansible.builtin.command: "false"}]
      rescue: [{name: Mend, ansible.builtin.command: "true"}]
    - {name: Ignored, ansible.builtin.command: "false", ignore_errors: true}
"""
    assert play(tmp_path, tasks).stats["rescued"] == {"localhost": 1}


def test_a_host_that_does_not_answer_is_named(tmp_path: Path) -> None:
    tasks = """
    - {name: Reach it, ansible.builtin.command: "true", delegate_to: nobody}
"""
    with pytest.raises(Fatal, match=r"^Reach it: .*127.0.0.1 port 1: [Cc]onnection refused"):
        play(tmp_path, tasks)


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ("    - nonsense: {}\n", "nonsense"),
        ("    - : [\n", "YAML"),
        ('    - {name: Ask, ansible.builtin.debug: {msg: "{{ nobody_said }}"}}\n', "'nobody_said' is undefined"),
    ],
)
def test_a_faulty_playbook_is_a_verdict_too(tmp_path: Path, tasks: str, message: str) -> None:
    with pytest.raises(Fatal, match=message) as failure:
        play(tmp_path, tasks)
    assert "Traceback" not in failure.value.message


def test_neither_the_users_environment_nor_their_ansible_cfg_reaches_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PASSWORD", SECRET)
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "False")
    monkeypatch.setenv("ANSIBLE_FORKS", "77")
    (tmp_path / "ansible.cfg").write_text("[defaults]\nforks = 78\nhost_key_checking = False\n")
    tasks = """
    - {name: Look, ansible.builtin.command: env, register: seen, changed_when: false}
    - name: Hand over
      ansible.builtin.set_stats:
        data:
          env: "{{ seen.stdout }}"
          forks: "{{ lookup('config', 'DEFAULT_FORKS') }}"
          checked: "{{ lookup('config', 'HOST_KEY_CHECKING') }}"
"""
    result = play(tmp_path, tasks)
    assert SECRET not in str(result.data["env"])
    assert (result.data["forks"], result.data["checked"]) == (5, True)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET in path.read_text(errors="replace")]
    assert kept == []


def test_variables_are_in_a_file_for_the_owner_and_not_in_the_process_list(tmp_path: Path) -> None:
    result = play(tmp_path, '    - {name: Nothing, ansible.builtin.command: "true"}\n', colour="viridian")
    assert "viridian" not in (result.artefacts / "command").read_text()
    assert (tmp_path / "run" / "env" / "extravars").stat().st_mode & 0o077 == 0


def test_a_playbook_ends_with_the_tool_that_began_it(tmp_path: Path) -> None:
    marker = tmp_path / "begun"
    (tmp_path / "play.yml").write_text(
        f"{PLAY}    - ansible.builtin.file: {{path: {marker}, state: touch}}\n    - ansible.builtin.wait_for: {{timeout: 300}}\n"
    )
    (tmp_path / "machines.yaml").write_text("all: {}\n")
    program = (
        "import sys, pathlib; from yunwang.playbooks import runner; root = pathlib.Path(sys.argv[1]);"
        "play = str(root / 'play.yml'); hosts = [root / 'machines.yaml'];"
        "runner.run(play, inventory=hosts, variables={}, folder=root / 'run', root=root, say=print)"
    )
    tool = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.DEVNULL)
    while not marker.exists():
        assert tool.poll() is None
        time.sleep(0.1)
    playbook = next(pid for pid in descendants(tool.pid) if "play.yml" in command_line(pid))
    tool.kill()
    tool.wait()
    while "play.yml" in command_line(playbook):  # pytest's timeout watches
        time.sleep(0.1)
