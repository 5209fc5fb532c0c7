"""known_hosts as OpenSSH reads it: names, hashes, patterns, revoked keys, several keys of one host."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import paramiko
import pytest

from yunwang.network.transport.known_hosts import ChangedKey, Keys, UnknownKey, named

HOST = named("10.0.0.1", 2222)


def key() -> paramiko.PKey:
    """A new host key."""
    made = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    return paramiko.Ed25519Key(data=paramiko.hostkeys.HostKeyEntry.from_line(f"x {made}").key.asbytes())  # type: ignore[union-attr]


OURS, OTHER = key(), key()


def line(hosts: str, host_key: paramiko.PKey = OURS, marker: str = "") -> str:
    return f"{marker}{hosts} {host_key.get_name()} {host_key.get_base64()} a comment\n"


def check(tmp_path: Path, text: str, shown: paramiko.PKey = OURS, *, learned: bool = False) -> str:
    """What becomes of a key that the host shows: the text of the file that learns."""
    known, new = tmp_path / "known_hosts", tmp_path / "new" / "known_hosts"
    known.write_text(text)
    Keys([known, new], HOST, new if learned else None).missing_host_key(paramiko.SSHClient(), HOST, shown)
    return new.read_text() if new.exists() else ""


@pytest.mark.parametrize(
    "hosts",
    [
        HOST,
        f"elsewhere,{HOST}",
        "[10.0.0.*]:2222",
        "[10.0.0.?]:*",
        "*,!10.0.0.9",
        pytest.param(paramiko.HostKeys.hash_host(HOST), id="hashed"),
    ],
)
def test_a_key_is_found_by_name_pattern_or_hash(tmp_path: Path, hosts: str) -> None:
    assert check(tmp_path, f"# ours\n\n{line('elsewhere', OTHER)}{line(hosts)}") == ""


@pytest.mark.parametrize(
    "hosts", ["10.0.0.1", "[10.0.0.1]:22", f"*,!{HOST}", pytest.param(paramiko.HostKeys.hash_host("10.0.0.1"), id="hashed")]
)
def test_a_key_of_another_name_or_port_is_not_the_hosts(tmp_path: Path, hosts: str) -> None:
    with pytest.raises(UnknownKey):
        check(tmp_path, line(hosts))


def test_one_of_several_keys_is_enough(tmp_path: Path) -> None:
    assert check(tmp_path, line(HOST, OTHER) + line(HOST)) == ""


def test_another_key_is_a_changed_one_also_where_new_ones_are_believed(tmp_path: Path) -> None:
    for learned in (False, True):
        with pytest.raises(ChangedKey):
            check(tmp_path, line(HOST, OTHER), learned=learned)


def test_a_revoked_key_is_refused_whoever_else_vouches_for_it(tmp_path: Path) -> None:
    with pytest.raises(ChangedKey):
        check(tmp_path, line(HOST) + line("*", OURS, "@revoked "), learned=True)


def test_an_authority_is_no_host_and_a_broken_line_no_key(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey):
        check(tmp_path, line(HOST, OURS, "@cert-authority ") + f"{HOST} ssh-ed25519 AAAA\n{HOST}\n")


def test_a_first_key_is_written_down_where_that_was_asked_for(tmp_path: Path) -> None:
    assert check(tmp_path, "", learned=True) == f"{HOST} ssh-ed25519 {OURS.get_base64()}\n"
    with pytest.raises(ChangedKey):
        check(tmp_path, "", OTHER, learned=True)
