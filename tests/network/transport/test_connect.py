"""Getting in: the host key always checked, the password never shown, each failure a verdict with a remedy."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import pytest
from parts.extranet import TIMEOUTS, Extranet

from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.network.transport import connect
from yunwang.network.transport.wire import WireLog, mask


def password(city: Extranet) -> str:
    return (city.folder / "device-password").read_text().strip()


def test_wrong_password_is_a_verdict_without_the_password(
    city: Extranet, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WRONG", "not-the-password")
    device = city.device(name, password="env://WRONG")
    with (
        pytest.raises(Fatal, match=r"refuses the password of yunwang \(env://WRONG\)") as caught,
        connect(device, city.workspace, wire=city.wire),
    ):
        pass
    assert caught.value.target == f"device/{name}"
    assert "env://WRONG" in caught.value.remedy
    assert "not-the-password" not in str(caught.value) + (city.wire / f"{name}.log").read_text()
    assert capfd.readouterr().err == ""


def test_unknown_host_key_is_refused_and_nothing_is_learned(city: Extranet, tmp_path: Path) -> None:
    empty = tmp_path / "known_hosts"
    empty.touch()
    device = city.device("yz-agg-a", known_hosts=str(empty))
    with pytest.raises(Fatal, match=r"host key of .* is not known") as caught, connect(device, city.workspace, wire=city.wire):
        pass
    assert "ssh-keyscan" in caught.value.remedy
    assert empty.read_text() == ""


def test_missing_known_hosts_file_is_an_unknown_key(city: Extranet, tmp_path: Path) -> None:
    device = city.device("yz-agg-a", known_hosts=str(tmp_path / "nowhere"))
    with pytest.raises(Fatal, match="is not known"), connect(device, city.workspace, wire=city.wire):
        pass


def test_changed_host_key_is_refused_with_both_fingerprints(city: Extranet, tmp_path: Path) -> None:
    heard = city.heard("yz-agg-a")
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    port = city.device("yz-agg-a").port
    forged = tmp_path / "known_hosts"
    forged.write_text(f"[127.0.0.1]:{port} {other}")
    device = city.device("yz-agg-a", known_hosts=str(forged))
    with (
        pytest.raises(Fatal, match=r"has changed: ssh-ed25519 SHA256:.*known is ssh-ed25519 SHA256:"),
        connect(device, city.workspace, wire=city.wire),
    ):
        pass
    assert city.heard("yz-agg-a") == heard


def test_refused_connection_is_worth_another_try(city: Extranet) -> None:
    device = city.device("yz-agg-a", port=1)
    with pytest.raises(Retryable, match="refuses the connection") as caught, connect(device, city.workspace, wire=city.wire):
        pass
    assert caught.value.target == "device/yz-agg-a"


def test_missing_secret_is_named_before_anything_is_opened(city: Extranet) -> None:
    device = city.device("yz-agg-a", password="env://NOBODY_SET_THIS", port=1)
    with pytest.raises(Fatal, match="env://NOBODY_SET_THIS is not set"), connect(device, city.workspace, wire=city.wire):
        pass


def test_wire_log_holds_the_session_and_no_secret(city: Extranet, name: str) -> None:
    with connect(city.device(name), city.workspace, wire=city.wire, timeouts=TIMEOUTS) as session:
        session.running()
    log = city.wire / f"{name}.log"
    text = log.read_text()
    assert name in text
    assert password(city) not in text
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (" local-user a password irreversible-cipher $1a$xyz$", " local-user a password ********"),
        ("snmp-agent community read cipher %^%#abc", "snmp-agent community ********"),
        ("enable secret 5 $1$abc", "enable secret ********"),
        (" neighbor 10.0.0.1 password hunter2", " neighbor 10.0.0.1 password ********"),
        (" ospf authentication-mode hmac-sha256 1 cipher abc", " ospf authentication-mode hmac-sha256 ********"),
        (" description of the password office", " description of the password ********"),
        (" ip address 10.0.0.1 255.255.255.0", " ip address 10.0.0.1 255.255.255.0"),
        ("login with s3cret-one", "login with ********"),
    ],
)
def test_secrets_of_configurations_are_masked(line: str, masked: str) -> None:
    assert mask(line, ["s3cret-one"]) == masked


def logged(tmp_path: Path, sent: str, *came: str) -> str:
    """The wire log of a session in which a line was sent and these pieces came, without times."""
    log = WireLog(tmp_path / "wire.log", ["s3cret-one"])
    log.sent(sent)
    for piece in came:
        log.write(piece)
    log.note("closed")
    log.close()
    return "".join(line.partition(" ")[2] for line in (tmp_path / "wire.log").read_text().splitlines(keepends=True))


def test_an_echoed_secret_is_masked_however_the_terminal_wraps_or_splits_it(tmp_path: Path) -> None:
    line = "local-user a password irreversible-cipher Very-Long-One"
    pieces = (
        "[H-aaa]local-user a password irreversible-ci",
        "pher Very-L\n",
        "ong-",
        "One\n[H-a",
        "aa]s3cre\n",
        "t-one or Very-Long\n-One\n",
    )
    text = logged(tmp_path, line, *pieces)
    assert text == "[H-aaa]local-user a password ********\n[H-aaa]******** or ********\n-- closed\n"


def test_what_only_begins_like_a_secret_is_written(tmp_path: Path) -> None:
    assert logged(tmp_path, "sysname s", "sysname s\n", "[s", "]\nends in s3\nand on\n") == (
        "sysname s\n[s]\nends in s3\nand on\n-- closed\n"
    )
