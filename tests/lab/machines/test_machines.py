"""Machines are real hosts over real SSH: each at home in its own folder, mended when broken, gone without a trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from parts.town import Town

from yunwang.inventories.lab import Lab, LabMachine, LabService
from yunwang.inventories.verdict import Fatal
from yunwang.lab import machines, sshd
from yunwang.lab.process import born


def test_a_session_is_at_home(quiet_town: Town) -> None:
    done = quiet_town.ssh("old-education", 'pwd; echo "$HOME"; python3 -c "import os; print(os.environ[\'YUNWANG_MACHINE\'])"')
    home = str(quiet_town.home("old-education"))
    assert done.stdout.splitlines() == [home, home, "old-education"]
    assert quiet_town.ssh("new-education", "pwd").stdout.strip() == str(quiet_town.home("new-education"))


def test_exit_code_and_output_come_through(quiet_town: Town) -> None:
    done = quiet_town.ssh("new-education", "echo out; echo err >&2; exit 7")
    assert (done.stdout, done.returncode) == ("out\n", 7)
    assert "err" in done.stderr


def test_a_host_with_another_key_is_refused(quiet_town: Town, tmp_path: Path) -> None:
    old, new, _ = quiet_town.known_hosts.read_text().splitlines()
    swapped = tmp_path / "known_hosts"
    swapped.write_text(f"{old.rpartition(' ssh-')[0]} ssh-{new.rpartition(' ssh-')[2]}\n")
    done = quiet_town.ssh("old-education", "true", swapped)
    assert done.returncode == 255
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in done.stderr


def test_nobody_gets_in_with_a_key_of_their_own(quiet_town: Town, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    end = quiet_town.ends["gateway"]
    quiet_town.ends["gateway"] = end.model_copy(update={"private_key": str(tmp_path / "key")})
    try:
        assert "Permission denied" in quiet_town.ssh("gateway", "true").stderr
    finally:
        quiet_town.ends["gateway"] = end


def test_rsync_and_sftp_start_at_home(quiet_town: Town, tmp_path: Path) -> None:
    *options, there = _options(quiet_town, "new-education")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "成绩.txt").write_text("92")
    port = options.index("-p")
    shell = tmp_path / "shell"  # as a program, because rsync splits at blanks
    shell.write_text(f'#!{sys.executable}\nimport os, sys\nos.execvp("ssh", ["ssh", *{options!r}, *sys.argv[1:]])\n')
    shell.chmod(0o755)
    subprocess.run(["rsync", "-a", "-e", shell, f"{tmp_path}/data", f"{there}:in/"], check=True)
    assert (quiet_town.home("new-education") / "in" / "data" / "成绩.txt").read_text() == "92"
    sftp = ["sftp", *options[:port], "-P", options[port + 1], *options[port + 2 :], "-b", "-", there]
    done = subprocess.run(sftp, input="pwd\nget in/data/成绩.txt\n", capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(quiet_town.home("new-education")) in done.stdout
    assert (tmp_path / "成绩.txt").read_text() == "92"


def test_a_second_up_changes_nothing(quiet_town: Town) -> None:
    before = quiet_town.pids()
    assert not quiet_town.up().changed
    assert quiet_town.said == []
    assert quiet_town.pids() == before


def test_services_answer_through_the_gateway(quiet_town: Town) -> None:
    health = quiet_town.through_the_gateway("school-roster")
    assert (health["service"], health["machine"], health["rows"]) == ("school-roster", "old-education", 40)


def test_one_dead_sshd_is_mended_and_the_others_stay(town: Town) -> None:
    before = town.pids()
    os.kill(before["new-education"][0], signal.SIGKILL)
    _gone(town, before["new-education"][0])
    assert town.dead() == ["new-education"]
    assert town.up().changed
    after = town.pids()
    assert town.dead() == []
    assert {name for name in after if after[name] != before[name]} == {"new-education"}
    assert town.ssh("new-education", "true").returncode == 0


def test_what_was_killed_runs_again_with_its_data_and_what_was_stopped_stays_stopped(town: Town) -> None:
    town.service("old-education", "exam-results", "stop")
    for pid in town.processes():
        os.kill(pid, signal.SIGKILL)
        _gone(town, pid)
    assert town.up().changed
    assert town.through_the_gateway("school-roster")["rows"] == 40
    assert town.service("old-education", "exam-results", "status")["running"] is False


def test_a_service_stays_where_it_was_moved_to(town: Town) -> None:
    old, new = (town.home(name) / "services" for name in ("old-education", "new-education"))
    town.service("old-education", "school-roster", "stop")
    new.mkdir()
    (old / "school-roster").rename(new / "school-roster")
    port = town.service("new-education", "school-roster", "start")["port"]
    done = town.ssh("gateway", f"python3 gateway/gateway.py set school-roster {town.ends['new-education'].host} {port}")
    assert done.returncode == 0, done.stderr
    town.down()
    town.up()
    assert town.through_the_gateway("school-roster")["machine"] == "new-education"
    assert not (old / "school-roster").exists()
    assert not town.up().changed


def test_a_port_that_a_stranger_took_is_left_to_them(town: Town) -> None:
    routes = town.home("gateway") / "gateway" / "routes.json"
    taken = json.loads(routes.read_text())["school-roster"]["listen"]
    seats = {end.port for end in town.ends.values()}
    town.down()
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", taken))
        stranger.listen()
        town.up()
        assert town.through_the_gateway("school-roster")["rows"] == 40
        on_loopback = town.ends["gateway"].host == "127.0.0.1"
        assert (json.loads(routes.read_text())["school-roster"]["listen"] != taken) == on_loopback
    assert {end.port for end in town.ends.values()} == seats


def test_a_state_file_that_makes_no_sense_is_found_out_anew(town: Town) -> None:
    for text in ("", '{"running": ["exam-res', '{"seeded": 7}'):
        (town.folder / "machines.json").write_text(text)
        town.up()
        assert town.dead() == [], text
        assert town.through_the_gateway("exam-results")["rows"] == 20
        assert len(town.processes()) == 6
    assert not town.up().changed


def test_a_machine_that_lost_its_configuration_is_started_anew(town: Town) -> None:
    for name in town.ends:
        (town.folder / "sshd" / name / "sshd_config").write_text("")
    assert town.up().changed
    assert town.dead() == []
    assert town.ssh("gateway", "pwd").stdout.strip() == str(town.home("gateway"))


def test_a_pid_that_is_somebody_elses_by_now_is_not_taken_for_the_service(town: Town) -> None:
    town.down()
    run = town.home("old-education") / "services" / "school-roster" / "run.json"
    run.write_text(json.dumps({**json.loads(run.read_text()), "pid": os.getpid()}))
    town.up()
    assert town.through_the_gateway("school-roster")["rows"] == 40
    assert json.loads(run.read_text())["pid"] != os.getpid()


def test_down_leaves_no_process_and_no_listener(town: Town) -> None:
    ends, before = dict(town.ends), town.processes()
    session = ["ssh", *_options(town, "new-education"), "echo here; exec sleep 600"]
    with subprocess.Popen(session, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as sleeper:
        assert sleeper.stdout
        assert sleeper.stdout.readline() == "here\n"
        assert town.down()
    assert town.processes() == []
    assert [pid for pid in before if _runs(pid)] == []
    assert [end for end in ends.values() if sshd.answers(end.host, end.port)] == []
    assert not town.down()


def test_a_machine_that_left_the_plan_is_stopped_and_one_that_joined_it_is_started(town: Town) -> None:
    lab = Lab(version=1, machines=(LabMachine(name="old-education", kind="old"), LabMachine(name="spare", kind="new")))
    kept = town.pids()["old-education"]
    town.up(lab)
    assert town.pids()["old-education"] == kept
    assert set(town.ends) == {"old-education", "spare"}
    assert town.ssh("spare", "pwd").stdout.strip() == str(town.home("spare"))
    assert town.pids()["new-education"] == ()
    assert not town.up(lab).changed


def test_a_service_on_a_machine_that_is_not_there_is_told(tmp_path: Path, quiet_town: Town) -> None:
    lab = Lab(version=1, services=(LabService(name="school-roster", machine="nowhere", rows=1),))
    with pytest.raises(Fatal, match="nowhere"):
        machines.up(lab, tmp_path / "lab", print)


def _options(town: Town, machine: str) -> list[str]:
    return machines.ssh_options(town.ends[machine], town.known_hosts)


def _runs(pid: int) -> bool:
    return born(pid) is not None


def _gone(town: Town, pid: int) -> None:
    while _runs(pid):
        pass
