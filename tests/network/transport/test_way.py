"""The ways to a device: keys, the agent, jump hosts, old algorithms, telnet, a console. Each by a real server."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from parts.doors import PASSWORD, USER, Door, jump_host

from yunwang.inventories.network import Device, Platform
from yunwang.inventories.verdict import Verdict
from yunwang.network.configuration.patch import PatchLine
from yunwang.network.transport import Session, Timeouts, connect
from yunwang.network.transport.algorithms import transport

TIMEOUTS = Timeouts(connect=20, read=20)
LINES = [
    PatchLine("interface LoopBack0", enters_view=True),
    *(PatchLine(f"description {word}", ("interface LoopBack0",), independent=True) for word in ("one", "two")),
    PatchLine("quit", ("interface LoopBack0",), leaves_view=True),
]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    yield made
    made.close()


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real ssh-agent that holds no key yet."""
    sock = f"/tmp/yunwang-agent-{os.getpid()}"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", sock], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not Path(sock).exists():
        assert time.monotonic() < deadline, "no agent"
        time.sleep(0.02)
    monkeypatch.setenv("SSH_AUTH_SOCK", sock)
    yield
    process.terminate()
    process.wait(30)
    Path(sock).unlink(missing_ok=True)


def host_of(door: Door, device: Device, **more: Any) -> str:
    """Log in, and say who it is."""
    with connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS, **more) as session:
        return session.host


def refusal_of(door: Door, device: Device) -> Verdict:
    """Try to log in, in vain."""
    with pytest.raises(Verdict) as caught, connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS):
        pass
    return caught.value


def make_key(folder: Path, *, kind: str = "ed25519", passphrase: str = "") -> str:
    """A key file `key` there; its public half."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", str(folder / "key")], check=True)
    return (folder / "key.pub").read_text()


@pytest.mark.parametrize(("kind", "passphrase"), [("ed25519", ""), ("ecdsa", "open sesame"), ("rsa", "")])
def test_a_key_file_opens_the_door(door: Door, monkeypatch: pytest.MonkeyPatch, kind: str, passphrase: str) -> None:
    port = door.ssh(authorized=make_key(door.root, kind=kind, passphrase=passphrase))
    monkeypatch.setenv("KEY_PASSWORD", passphrase)
    more = {"ssh_key_password": "env://KEY_PASSWORD"} if passphrase else {}
    assert host_of(door, door.device(port, password=None, ssh_key="key", **more)) == door.name


def test_what_is_wrong_with_a_key_is_said_before_anything_is_opened(door: Door) -> None:
    make_key(door.root, passphrase="open sesame")
    closed = door.device(1, password=None, ssh_key="key")
    assert "cannot be opened" in refusal_of(door, closed).message
    (door.root / "key").chmod(0o644)
    assert "chmod 600" in refusal_of(door, closed).remedy
    assert "the private key nowhere cannot be read" in refusal_of(door, door.device(1, ssh_key="nowhere")).message


def test_a_key_that_is_not_taken_is_named(door: Door) -> None:
    make_key(door.root)
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    verdict = refusal_of(door, door.device(door.ssh(authorized=other), password=None, ssh_key="key"))
    assert verdict.message == f"the device refuses the key of {USER} (key)"


def test_the_agents_keys_open_the_door_and_an_empty_agent_does_not(door: Door, agent: None) -> None:
    public = make_key(door.root)
    device = door.device(door.ssh(authorized=public), password=None, ssh_agent=True)
    assert "the agent's keys of operator (SSH_AUTH_SOCK)" in refusal_of(door, device).message
    subprocess.run(["ssh-add", "-q", str(door.root / "key")], check=True)
    assert host_of(door, device) == door.name


def test_the_agent_is_not_asked_unless_the_inventory_says_so(door: Door, agent: None) -> None:
    subprocess.run(["ssh-add", "-q", str(door.root / "key")], check=make_key(door.root) != "")
    device = door.device(door.ssh(authorized=(door.root / "key.pub").read_text()))
    assert "it takes publickey" in refusal_of(door, device).message


def test_jump_hosts_lead_to_the_device_and_every_host_key_is_checked(door: Door, tmp_path: Path) -> None:
    port = door.ssh()
    known = door.root / "known_hosts"
    with jump_host(tmp_path / "jump", door) as hop:
        through = door.device(port, proxy_jump=[hop.model_dump()])
        twice = door.device(port, proxy_jump=[hop.model_dump()] * 2)
        assert host_of(door, through) == host_of(door, twice) == door.name
        assert f"through {hop.username}@127.0.0.1 port {hop.port}" in (door.root / "wire" / f"{door.name}.log").read_text()
        lost = refusal_of(door, door.device(1, proxy_jump=[hop.model_dump()]))
        assert "127.0.0.1 port 1 (through 127.0.0.1) cannot be reached" in lost.message
        device, jump = known.read_text().splitlines()
        known.write_text(f"{jump}\n")
        assert f"the host key of 127.0.0.1 port {port} (through 127.0.0.1) is not known" in refusal_of(door, through).message
        known.write_text(f"{device}\n")
        assert f"the host key of the jump host 127.0.0.1 port {hop.port} is not known" in refusal_of(door, through).message
        known.write_text(f"{device}\n{jump}\n")
        stranger = hop.model_copy(update={"username": "nobody-here"})
        assert "the jump host 127.0.0.1" in refusal_of(door, door.device(port, proxy_jump=[stranger.model_dump()])).message


def test_a_cipher_that_authenticates_itself_goes_first_and_is_not_needed(door: Door) -> None:
    assert "-gcm@" in transport((), ())._preferred_ciphers[0]
    for cipher in ("aes256-gcm@openssh.com", "aes256-ctr"):
        assert host_of(door, door.device(door.ssh(encryption_algs=[cipher]))) == door.name


OLD = [
    ("diffie-hellman-group14-sha1", "aes128-cbc", "hmac-sha1"),
    ("diffie-hellman-group-exchange-sha1", "aes256-cbc", "hmac-sha1-96"),
    ("diffie-hellman-group1-sha1", "3des-cbc", "hmac-md5"),
]


@pytest.mark.parametrize(("kex", "cipher", "mac"), OLD)
def test_old_algorithms_are_used_only_where_the_inventory_names_each(door: Door, kex: str, cipher: str, mac: str) -> None:
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    port = door.ssh(key=key, only="ssh-rsa", kex_algs=[kex], encryption_algs=[cipher], mac_algs=[mac])
    needed = [name for name in (kex, "ssh-rsa", cipher, mac) if name != "hmac-sha1"]
    assert host_of(door, door.device(port, legacy_algorithms=needed)) == door.name
    for left_out in needed:
        verdict = refusal_of(door, door.device(port, legacy_algorithms=[name for name in needed if name != left_out]))
        assert "no algorithm in common" in verdict.message
        assert "yunwang_legacy_algorithms" in verdict.remedy


def test_an_old_device_takes_an_rsa_key_by_its_old_signature(door: Door) -> None:
    public = make_key(door.root, kind="rsa")
    port = door.ssh(authorized=public, signature_algs=["ssh-rsa"])
    device = door.device(port, password=None, ssh_key="key")
    assert refusal_of(door, device).message
    assert host_of(door, device.model_copy(update={"legacy_algorithms": ("ssh-rsa",)})) == door.name


def test_a_new_host_key_is_believed_once_where_the_inventory_says_so_and_a_changed_one_never(door: Door) -> None:
    known, learned = door.root / "known_hosts", door.root / ".yunwang" / "known_hosts"
    device = door.device(door.ssh(), host_keys="accept-new")
    known.write_text("")
    assert host_of(door, device) == host_of(door, device) == door.name
    assert known.read_text() == ""
    (line,) = learned.read_text().splitlines()
    assert line.startswith(f"[127.0.0.1]:{device.port} ssh-ed25519 ")
    assert "is not known" in refusal_of(door, device.model_copy(update={"host_keys": "known"})).message
    door.vouch(device.port, asyncssh.generate_private_key("ssh-ed25519"))
    learned.unlink()
    assert "has changed" in refusal_of(door, device).message
    assert not learned.exists()


def test_telnet_carries_a_push_and_its_log_no_password(door: Door) -> None:
    device = door.device(door.telnet(), transport="telnet")
    with connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS) as session:
        assert session.push(LINES).lines == tuple(line.text for line in LINES)
        assert "description two" in session.running()
    assert PASSWORD not in (door.root / "wire" / f"{door.name}.log").read_text()


def test_a_password_that_telnet_does_not_take_is_said_once(door: Door) -> None:
    (door.root / "password").write_text("wrong-one")
    assert (
        refusal_of(door, door.device(door.telnet(), transport="telnet")).message
        == "the device refuses the username or the password"
    )


def test_a_console_is_woken_written_to_line_by_line_and_left_logged_out(door: Door) -> None:
    device = door.device(door.telnet(console=True), transport="console")
    with connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS) as session:
        session.push(LINES)
    door.await_heard(r"'quit\r\n'")
    assert r" < 'description one\r\n'" in door.heard()


def test_a_console_that_somebody_left_in_a_view_is_taken_out_of_it(door: Door) -> None:
    device = door.device(door.telnet(console=True), transport="console")

    def abandon(session: Session) -> None:
        session.enter()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS) as session:
        abandon(session)
    with connect(device, door.workspace, wire=door.root / "wire", timeouts=TIMEOUTS) as session:
        assert session.display("display version")


@pytest.mark.parametrize("right", [True, False])
def test_the_enable_secret_is_given_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: bool) -> None:
    door = Door(tmp_path, Platform.CISCO_IOS, enable="sesame-7")
    monkeypatch.setenv("ENABLE", "sesame-7" if right else "wrong-7")
    device = door.device(door.ssh(), enable_password="env://ENABLE")
    if right:
        assert host_of(door, device) == door.name
    else:
        assert "not let in as an operator" in refusal_of(door, device).message
    assert os.environ["ENABLE"] not in (door.root / "wire" / f"{door.name}.log").read_text()
    door.close()
