"""No secret leaves: the demo's whole job with secrets of every kind planted, going well and badly; everything is searched.

Searched are plans, output with -vv, wire logs, Pulumi's state and logs, the journal's file and rows, the report, runbooks'
artefacts, temporary files, and of every process that was started its arguments and its environment.
"""

from __future__ import annotations

import json
import os
import pty
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from parts.bao import serving
from parts.command import YUNWANG
from parts.people import APPROVER, OPERATOR, with_key
from parts.spying import Spy, Watch
from platformdirs import user_cache_dir

from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.lab import devices
from yunwang.lab.openstack.faults import Fault, fail
from yunwang.stacks.pulumi.backend import Backend

pytestmark = [pytest.mark.lab, pytest.mark.pulumi, pytest.mark.root]
SWITCH = "lx-acc-1"
STACKS = ("--target", "stack/zhengwu/education", "--target", "stack/xinchuang/archives")
"""One a cloud, of ten that do the same; what moves later moves to the first."""
ROLES = f"""
version: 1
people: [{OPERATOR}, {APPROVER}]
roles:
- {{name: operator, people: [{OPERATOR}], may: [plan, apply]}}
- {{name: approver, people: [{APPROVER}], may: [approve]}}
exempt:
- jobs: [cloud, binding, cutover]
- {{jobs: [dual-stack], at_most: 1}}
"""
"""The operator proves by key whatever they apply or take back; a second person approves the roll-out."""
AWKWARD = "-/+&=\"'é云 "
"""What encodings change."""


@dataclass
class Planted:
    """A workspace whose secrets are known. `said` is all that commands printed."""

    root: Path
    lab: Path
    keys: Path
    environment: dict[str, str]
    secrets: dict[str, str]
    watch: Watch
    said: bytes = b""

    def call(self, *arguments: str | Path, ends: int | None = 0, **environment: str) -> str:
        """The installed program with -vv; it has to end so (None: however it does, this test is not about that)."""
        command = [YUNWANG, *map(str, arguments), "-w", str(self.root), "-vv"]
        with self.watch.blind:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self.environment | environment,
            )
            self.watch.trusted.add(process.pid)
        with process:
            said = process.communicate(timeout=300)[0]
        self._told(said, process.returncode, ends)
        return said.decode()

    def approve(self, plan: Path, passphrase: str, ends: int = 0) -> None:
        """The second person at a terminal of their own, where ssh-keygen asks for their key's passphrase."""
        theirs = {"YUNWANG_OPERATOR": APPROVER, "YUNWANG_KEY": str(self.keys / APPROVER)}
        with self.watch.blind:
            process, terminal = pty.fork()
            if process == 0:
                words = [YUNWANG, "approve", str(plan), "--yes", "-w", str(self.root), "-vv"]
                os.execve(YUNWANG, words, self.environment | theirs)
            self.watch.trusted.add(process)
        said, answer = b"", f"{passphrase}\n".encode()
        with suppress(OSError):  # the terminal of a process that has ended
            while heard := os.read(terminal, 4096):
                said += heard
                if answer and b"Enter passphrase" in said:
                    os.write(terminal, answer)
                    answer = b""
        os.close(terminal)
        assert b"Enter passphrase" in said, said.decode()
        self._told(said, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), ends)

    def _told(self, said: bytes, ended: int, ends: int | None) -> None:
        self.said += said
        assert ends is None or ended == ends, said.decode()
        assert b"Traceback" not in said, said.decode()[-3000:]


def _edit(path: Path, change: Any) -> None:
    content = yaml.safe_load(path.read_text()) or {}
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True))


@pytest.fixture
def planted(trial: Path, demo_lab: Workspace, tmp_path: Path) -> Iterator[Planted]:
    """Each secret of the lab behind another kind of reference; all of them, and some that nobody needs, in the environment."""
    token = secrets.token_hex(16)
    temporary, home, keys = tmp_path / "tmp", tmp_path / "home", tmp_path / "keys"
    for folder in (temporary, home):
        folder.mkdir()
    phrase = f"key{AWKWARD}{secrets.token_urlsafe(12)}"
    signers = [with_key(keys, OPERATOR)[1], with_key(keys, APPROVER, passphrase=phrase)[1]]
    (trial / "policies" / "allowed_signers").write_text("".join(f"{signer.line}\n" for signer in signers))
    (trial / "policies" / "roles.yaml").write_text(ROLES)
    auth = {name: cloud["auth"] for name, cloud in yaml.safe_load((trial / "secure.yaml").read_text())["clouds"].items()}
    device_password = trial / ".yunwang" / "lab" / "device-password"
    inventory = trial / ".yunwang" / "lab" / "inventory.yaml"
    key = next(
        Path(host["ansible_ssh_private_key_file"])
        for host in yaml.safe_load(inventory.read_text())["all"]["hosts"].values()
        if "ansible_ssh_private_key_file" in host
    )
    known = {
        "device password": device_password.read_text().strip(),
        "wrong device password": f"wrong{AWKWARD}{secrets.token_urlsafe(12)}",
        "password on zhengwu": auth["zhengwu"]["password"],
        "password on xinchuang": auth["xinchuang"]["password"],
        "wrong cloud password": f"wrong{AWKWARD}{secrets.token_urlsafe(12)}",
        "stacks' passphrase": f"phrase{AWKWARD}{secrets.token_urlsafe(12)}",
        "archive's key": f"key{AWKWARD}{secrets.token_urlsafe(24)}",
        "ansible-vault password": f"vault{AWKWARD}{secrets.token_urlsafe(12)}",
        "vault token": token,
        "machines' SSH key": key.read_text().splitlines()[3],
        "operator's signing key": (keys / OPERATOR).read_text().splitlines()[4],  # of five lines that which begins its secret half
        "approver's signing key": (keys / APPROVER).read_text().splitlines()[4],
        "approver's passphrase": phrase,
        "somebody else's token": f"else{secrets.token_urlsafe(24)}",
    }
    with serving(tmp_path, token=token) as vault:
        kv = vault.client.secrets.kv.v2
        kv.create_or_update_secret("net", {"right": known["device password"], "wrong": known["wrong device password"]})
        (trial / "av").write_text(known["ansible-vault password"])
        (trial / "clouds.vault.yml").write_text(yaml.safe_dump({"xinchuang": known["password on xinchuang"]}))
        ansible_vault = Path(sys.executable).with_name("ansible-vault")
        command = [str(ansible_vault), "encrypt", "clouds.vault.yml", "--vault-password-file", "av"]
        subprocess.run(command, cwd=trial, check=True, capture_output=True)
        (trial / "av").unlink()
        device_password.unlink()
        (device_password.parent / key.name).unlink(missing_ok=True)  # a copy; the inventory names the lab's own
        auth["zhengwu"]["password"] = "env://CANARY_ZHENGWU"
        auth["xinchuang"]["password"] = "ansible-vault://clouds.vault.yml#xinchuang"
        _edit(trial / "secure.yaml", lambda file: [file["clouds"][name]["auth"].update(auth[name]) for name in auth])
        settings = {
            "secrets": {"ansible_vault_password": "env://CANARY_AV", "vault": {"address": vault.address}},
            "pulumi": {"passphrase": "env://CANARY_PHRASE"},
            "archive": {"key": "env://CANARY_ARCHIVE"},
        }
        _edit(trial / "yunwang.yaml", lambda file: file.update(settings))
        _devices_password(trial, "right")
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "USER", "LOGNAME") if name in os.environ},
            "YUNWANG_OPERATOR": OPERATOR,
            "YUNWANG_KEY": str(keys / OPERATOR),
            "TMPDIR": str(temporary),
            "HOME": str(home),
            "XDG_CACHE_HOME": str(Path(user_cache_dir("yunwang")).parent),
            "VAULT_TOKEN": token,
            "CANARY_ZHENGWU": known["password on zhengwu"],
            "CANARY_AV": known["ansible-vault password"],
            "CANARY_PHRASE": known["stacks' passphrase"],
            "CANARY_ARCHIVE": known["archive's key"],
            **dict.fromkeys(("OS_PASSWORD", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"), known["somebody else's token"]),
        }
        spy = Spy(known)
        with Watch(spy) as watch:
            watch.trusted.add(vault.pid)  # it has its own root token
            yield Planted(trial, demo_lab.state / "lab", keys, environment, known, watch)


def _devices_password(root: Path, field: str) -> None:
    def point(inventory: Any) -> None:
        for host in inventory["all"]["hosts"].values():
            if "yunwang_password" in host:
                host["yunwang_password"] = f"vault://secret/net#{field}"

    _edit(root / ".yunwang" / "lab" / "inventory.yaml", point)


def _badly(planted: Planted) -> None:
    """A wrong password, a cloud that refuses it, a cloud that answers 500, a device that hangs up in mid-push."""
    _devices_password(planted.root, "wrong")
    planted.call("net", "plan", ends=1)
    _devices_password(planted.root, "right")
    planted.call(
        "cloud", "plan", "--target", "stack/zhengwu/education", ends=1, CANARY_ZHENGWU=planted.secrets["wrong cloud password"]
    )
    planted.call("secrets", "check", ends=1, CANARY_AV=planted.secrets["wrong cloud password"])
    clouds = planted.lab / "openstack"
    fail(clouds, "zhengwu", Fault(service="neutron", method="POST", path="subnets", times=None))
    try:
        planted.call("cloud", "apply", "--yes", "--target", "stack/zhengwu/finance", ends=1)
    finally:
        fail(clouds, "zhengwu")
    devices.fault(planted.lab, SWITCH, disconnect_after=5)
    try:
        planted.call("net", "apply", "--yes", "--target", f"device/{SWITCH}", ends=1)
    finally:
        devices.fault(planted.lab, SWITCH)


def _well(planted: Planted) -> None:
    """The demo's job."""
    planted.call("validate")
    planted.call("policy", "check")
    planted.call("secrets", "check")
    for group, targets in (("cloud", STACKS), ("net", ()), ("bind", ())):
        planted.call(group, "plan", "-o", planted.root / f"{group}.plan", *targets)
        if group == "net":
            planted.call(group, "apply", "--yes", "--plan", planted.root / "net.plan", ends=1)
            planted.approve(planted.root / "net.plan", "not-the-passphrase", ends=1)
            planted.approve(planted.root / "net.plan", planted.secrets["approver's passphrase"])
        planted.call(group, "apply", "--yes", "--plan", planted.root / f"{group}.plan")
    planted.call("net", "verify", ends=None)
    planted.call("net", "backup")
    planted.call("net", "drift")
    planted.call("bind", "reconcile", ends=None)
    for step in ("assess", "waves"):
        planted.call("migrate", step)
    planted.call("migrate", "cutover", "--yes")
    planted.call("migrate", "rooms")
    planted.call("report", "build")


def _taken_back(planted: Planted) -> None:
    """Everything that was done, last first: others use the lab too."""
    for run in json.loads(_plain(planted.call("history", "list", "--json"))):
        planted.call("history", "show", run["id"])
        if run["state"] == "succeeded":
            planted.call("rollback", run["id"], "--yes")


def _plain(said: str) -> str:
    """The JSON in what was said."""
    return said[said.index("[") : said.rindex("]") + 1]


def _made_by_the_stacks(planted: Planted) -> dict[str, str]:
    """Secrets that came into being on the way: the tenants' first passwords, which stand in Pulumi's state."""
    workspace, faults = read(planted.root)
    assert workspace is not None, faults
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY_PHRASE", planted.secrets["stacks' passphrase"])
        backend = Backend(workspace)
        backend.prepare(print)
        found: dict[str, str] = {}
        for project, name in backend.stacks():
            state = json.loads(backend.call(project, "stack", "export", "--show-secrets", "--stack", name))
            for resource in state["deployment"].get("resources", ()):
                for key, value in resource.get("outputs", {}).items():
                    if isinstance(value, dict) and "plaintext" in value:
                        found[f"{name} {resource['urn'].rpartition('::')[2]} {key}"] = json.loads(value["plaintext"])
    return found


@pytest.mark.timeout(1200)
def test_no_secret_is_in_anything_written_or_seen_by_another_process(planted: Planted, tmp_path: Path) -> None:
    spy = planted.watch._spy
    _badly(planted)
    _well(planted)
    made = _made_by_the_stacks(planted)
    assert made, "tenants have members, who get a first password"
    _taken_back(planted)
    assert planted.watch.told == set()
    seen = "\n".join(planted.watch.programs)
    programs = ("pulumi", "ansible-playbook", "ssh", "ssh-keygen -Y sign")
    assert all(program in seen for program in programs), "the watch saw who could have leaked"
    for name, secret in made.items():
        spy.add(name, secret)
    assert spy.within(planted.said) == set()
    written = [tmp_path / "trial", tmp_path / "tmp", tmp_path / "home"]
    assert sorted(spy.files(written)) == []
    assert list(spy.rows(planted.root / ".yunwang" / "journal.sqlite")) == []
    assert [path for path in (tmp_path / "tmp").rglob("*") if path.is_file()] == [], "temporary files are gone"
