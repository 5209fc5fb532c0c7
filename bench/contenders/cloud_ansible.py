"""Tenants on a cloud by Ansible's openstack.cloud in its best setting. Runs in ansible's own environment.

A host a tenant, so that they go side by side; strategy free, pipelining, nothing gathered; each module does as much as it can
at once (all quotas, the router with its interfaces, the security group with its rules).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.stopwatch import timed, told

TASK = told()
ROOT = Path(TASK["root"])
SETTINGS = {
    "ANSIBLE_FORKS": str(TASK["workers"]),
    "ANSIBLE_STRATEGY": "free",
    "ANSIBLE_PIPELINING": "True",
    "ANSIBLE_GATHERING": "explicit",
    "ANSIBLE_HOME": str(ROOT / "ansible"),
    "OS_CLIENT_CONFIG_FILE": TASK["config"],
}
PROJECT = "{{ tenant.name }}"
FIELDS = ("cores", "ram", "instances", "volumes", "gigabytes", "networks", "ports")
TASKS: list[dict[str, Any]] = [
    {"openstack.cloud.project": {"name": PROJECT, "description": "{{ tenant.title }}", "domain": "default"}},
    {
        "openstack.cloud.identity_user": {
            "name": "{{ item.user }}",
            "description": "{{ item.real_name }}",
            "password": "{{ lookup('password', '/dev/null') }}",
            "update_password": "on_create",
            "domain": "default",
        },
        "loop": "{{ tenant.members }}",
    },
    {
        "openstack.cloud.role_assignment": {"user": "{{ item.user }}", "role": "{{ item.role }}", "project": PROJECT},
        "loop": "{{ tenant.members }}",
    },
    {"openstack.cloud.quota": {"name": PROJECT, **{field: f"{{{{ quota.{field} }}}}" for field in FIELDS}}},
    {"openstack.cloud.network": {"name": "{{ tenant.network }}", "project": PROJECT}},
    {
        "openstack.cloud.subnet": {
            "name": "{{ item.name }}",
            "network": "{{ tenant.network }}",
            "project": PROJECT,
            "ip_version": "{{ item.version }}",
            "cidr": "{{ item.cidr }}",
            "gateway_ip": "{{ item.gateway }}",
            "ipv6_ra_mode": "{{ item.mode or omit }}",
            "ipv6_address_mode": "{{ item.mode or omit }}",
        },
        "loop": "{{ tenant.subnets }}",
    },
    {
        "openstack.cloud.router": {
            "name": PROJECT,
            "project": PROJECT,
            "interfaces": "{{ tenant.subnets | map(attribute='name') | list }}",
        }
    },
    {
        "openstack.cloud.security_group": {
            "name": "{{ tenant.group }}",
            "project": PROJECT,
            "security_group_rules": "{{ tenant.ansible_rules }}",
        }
    },
]


def tenants() -> int:
    """All of them; how many tasks changed something."""
    binary = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [binary, "-i", ROOT / "inventory.json", ROOT / "play.json"],
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(" ".join((done.stdout + done.stderr).split()[-80:]))
    return sum(int(line.partition("changed=")[2].split()[0]) for line in done.stdout.splitlines() if "changed=" in line)


def rule(one: dict[str, Any]) -> dict[str, Any]:
    """As the module spells it."""
    return {
        "direction": one["direction"],
        "ether_type": one["ethertype"],
        "protocol": one["protocol"],
        "port_range_min": one["portMin"],
        "port_range_max": one["portMax"],
        "remote_ip_prefix": one["remote"],
    }


hosts = {
    one["name"]: {
        "tenant": {**one, "ansible_rules": list(map(rule, one["rules"]))},
        "quota": one["quota"]["compute"] | one["quota"]["volume"] | one["quota"]["network"],
    }
    for one in TASK["tenants"]
}
shared = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
(ROOT / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": shared}}))
defaults = {"group/openstack.cloud.openstack": {"cloud": TASK["cloud"]}}
(ROOT / "play.json").write_text(json.dumps([{"hosts": "all", "module_defaults": defaults, "tasks": TASKS}]))
timed(tenants)
