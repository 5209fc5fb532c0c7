"""`yunwang net parse`: facts as JSON on standard output; what is not understood on standard error, with exit code 1."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import run

import pytest
from pydantic import ValidationError

from yunwang.network.facts.model import InterfaceIpv6, Neighbor

TABLE = "IPv6 Address                              Age Link-layer Addr State Interface\nFE80::2   0 0000.5E32.B800  REACH Gi0/1\n"


def parse(command: str, text: str, file: str = "-") -> tuple[int, str, str]:
    words = [str(Path(sys.executable).with_name("yunwang")), "net", "parse", "--platform", "cisco_ios", "--command", command, file]
    done = run(words, input=text, capture_output=True, text=True, check=False)  # our own program
    return done.returncode, done.stdout, done.stderr


def test_an_abbreviated_command_gives_json_on_standard_output(tmp_path: Path) -> None:
    file = tmp_path / "shown.txt"
    file.write_text(TABLE, encoding="utf-8")
    code, out, _ = parse("sh ipv6 nei", "", str(file))
    assert code == 0
    assert json.loads(out) == [
        {
            "address": "fe80::2",
            "mac": "00:00:5e:32:b8:00",
            "interface": "GigabitEthernet0/1",
            "vlan": None,
            "state": "REACH",
            "static": False,
            "own": False,
            "vpn": None,
        }
    ]


@pytest.mark.parametrize(
    ("command", "text", "quoted"),
    [
        ("show ipv6 neighbors", TABLE[:-20], "FE80::2"),
        ("show frobnication", TABLE, "no reader"),
        ("show ipv6 neighbors", "\x00\xff garbage", "garbage"),
    ],
)
def test_what_cannot_be_read_is_quoted_without_a_traceback(command: str, text: str, quoted: str) -> None:
    code, out, said = parse(command, text)
    assert (code, out) == (1, "")
    assert quoted in said
    assert "Traceback" not in said


def test_a_file_that_is_not_there_is_said() -> None:
    code, _, said = parse("show arp", "", "/nowhere/at/all")
    assert code == 1
    assert "cannot be read" in said


def test_values_are_typed_and_closed() -> None:
    with pytest.raises(ValidationError):
        Neighbor.model_validate({"address": "2001:db8::g"})
    with pytest.raises(ValidationError):
        InterfaceIpv6.model_validate({"name": "Vlan1", "up": True, "colour": "green"})
