"""The lines to every device by Ansible: network_cli over libssh, the vendor's own module. Runs in ansible's own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.stopwatch import timed, told

TASK = told()
ROOT = Path(TASK["root"])
PASSWORD = (ROOT / TASK["password"].removeprefix("file://")).read_text().strip()
MODULE, SYSTEM = {
    "cisco_ios": ("cisco.ios.ios_config", "cisco.ios.ios"),
    "huawei_vrpv8": ("community.network.ce_config", "community.network.ce"),
}[TASK["platform"]]
SHARED = {
    "ansible_connection": "ansible.netcommon.network_cli",
    "ansible_network_os": SYSTEM,
    "ansible_network_cli_ssh_type": "libssh",
    "ansible_host_key_checking": False,
    "ansible_password": PASSWORD,
    "ansible_command_timeout": 60,
}


def everywhere() -> str:
    """All devices: log in, send the lines (its fastest way: as a file, nothing read before), log out; the recap."""
    environment = {**os.environ, "ANSIBLE_FORKS": str(TASK["workers"]), "ANSIBLE_HOME": str(ROOT / "ansible")}
    binary = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [binary, "-i", ROOT / "inventory.json", ROOT / "play.json"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout.rpartition("PLAY RECAP")[2]


hosts = {
    device["name"]: {"ansible_host": device["host"], "ansible_port": device["port"], "ansible_user": device["username"]}
    for device in TASK["devices"]
}
(ROOT / "lines.cfg").write_text(TASK["text"])
(ROOT / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": SHARED}}))
task = {"name": "Push", MODULE: {"src": str(ROOT / "lines.cfg"), "match": "none"}}
(ROOT / "play.json").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
timed(everywhere)
