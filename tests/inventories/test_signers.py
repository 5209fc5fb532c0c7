"""allowed_signers as OpenSSH writes and reads it: every kind of key that ssh-keygen makes, and keys that belong to two."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from yunwang.cli import jobs
from yunwang.inventories.demo import PEOPLE
from yunwang.inventories.finding import Finding
from yunwang.inventories.reading.signers import KEY_TYPES, read_signers
from yunwang.inventories.roles import JOBS
from yunwang.inventories.workspace import Workspace

Edited = Callable[..., tuple[Finding, ...]]
SIGNERS = "policies/allowed_signers"


@pytest.mark.parametrize(("kind", "bits"), [("ed25519", ""), ("rsa", "2048"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521")])
def test_every_key_that_ssh_keygen_makes_is_read(tmp_path: Path, kind: str, bits: str) -> None:
    words = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "a comment", "-f", str(tmp_path / "key")]
    subprocess.run([*words, "-b", bits] if bits else words, check=True)
    public = (tmp_path / "key.pub").read_text().strip()
    text = f'# ours\n\n  li-wei,li-wei@yunzhou.example namespaces="git,yunwang-*",valid-after="20260101" {public}\n'
    (signer,), findings, place = read_signers(SIGNERS, text)
    assert findings == []
    assert signer.key_type in KEY_TYPES
    assert signer.principals == ("li-wei", "li-wei@yunzhou.example")
    assert [signer.key_type, signer.key] == public.split()[:2]
    assert place((0,)).line == 3


def test_one_key_is_not_two_people(edited: Edited, demo_city: Path) -> None:
    lines = (demo_city / SIGNERS).read_text().splitlines()
    copied = lines[1].replace("li-wei ", "chen-jing ", 1)
    (finding,) = edited(SIGNERS, lines[2], copied)
    assert (finding.code, finding.place) == ("signer", f"{SIGNERS}:3:1")
    assert "chen-jing and li-wei have the same key" in finding.message
    (finding,) = edited(SIGNERS, copied, f"{lines[2]}\n{lines[2]}")
    assert (finding.code, finding.line) == ("duplicate", 4)


def test_roles_without_any_key_are_said_person_by_person(edited: Edited, demo_city: Path) -> None:
    (demo_city / SIGNERS).unlink()
    findings = edited("README.md", None, "")
    assert {finding.code for finding in findings} == {"no-key"}
    assert len(findings) == len(PEOPLE)


def test_people_who_never_sign_need_no_key(edited: Edited) -> None:
    assert edited("policies/roles.yaml", "zhao-min]\nroles", "zhao-min, wang-fang]\nroles") == ()


def test_only_one_person_cannot_be_the_second_one(edited: Edited) -> None:
    (finding,) = edited("policies/roles.yaml", "people: [chen-jing]", "people: [li-wei]")
    assert "li-wei would have to approve their own plans" in finding.message


def test_the_demos_people_have_keys_of_their_own(sound: Workspace) -> None:
    assert sound.roles is not None
    assert sound.roles.people == PEOPLE
    assert [signer.principals for signer in sound.signers] == [(name,) for name in PEOPLE]
    assert len({signer.key for signer in sound.signers}) == len(PEOPLE)


def test_every_job_can_be_named_in_a_role() -> None:
    assert set(JOBS) == set(jobs.ALL)


def test_keys_and_roles_are_intent(demo_city: Path, sound: Workspace) -> None:
    from yunwang.inventories.reading import read

    for file in (SIGNERS, "policies/roles.yaml"):
        path = demo_city / file
        path.write_text(path.read_text() + "# changed\n")
        changed, findings = read(demo_city)
        assert changed is not None, findings
        assert changed.digest != sound.digest
