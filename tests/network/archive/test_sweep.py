"""A sweep over real SSH: what is kept, what is masked, what a failure leaves, and who knows of it."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Callable

import pytest
from parts.guarded import SECRETS, Guarded

from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import ArchiveSettings
from yunwang.network.archive.archive import Archive, file_of, told
from yunwang.network.archive.history import history, text
from yunwang.network.archive.sweep import chosen

Type = Callable[..., None]


def git(town: Guarded, *words: str) -> str:
    return subprocess.run(["git", "-C", str(town.masked), *words], check=True, capture_output=True, text=True).stdout


def test_every_platform_is_archived_with_its_secrets_masked_and_only_they(town: Guarded, typed: Type) -> None:
    typed(*SECRETS)
    swept = town.swept(*SECRETS)
    assert swept.failures == ()
    assert set(swept.changed) == set(SECRETS)
    for name, (form, secret, _) in SECRETS.items():
        begin, end = form.split("{}")
        [line] = [line for line in town.archived(name).splitlines() if "<hmac:" in line]
        assert line.strip().startswith(f"{begin}<hmac:")
        assert line.endswith(f">{end}")
        shown = town.runs(name)
        assert secret in shown
        lost = {line for line in shown.splitlines() if line.strip()} - set(town.archived(name).splitlines())
        assert all(secret in line or "onfiguration" in line for line in lost), lost
    written = [town.root, town.city.workspace.state / "wire"]
    assert [found for found in town.spy.files(written) if "secret" not in found[0].name] == []


def test_a_sweep_is_one_commit_that_says_what_changed_by_whom(town: Guarded, typed: Type) -> None:
    first = town.swept("yz-agg-a", "yz-gw-a")
    again = town.swept("yz-agg-a", "yz-gw-a")
    assert again.changed == {}
    typed("yz-agg-a")
    third = town.swept("yz-agg-a", "yz-gw-a")
    assert third.changed == {"yz-agg-a": (2, 0)}, "the line, and the mark between it and the next part"
    assert git(town, "log", "--format=%H %an").split("\n")[:3] == [f"{one.commit} li-wei" for one in (third, again, first)]
    said = git(town, "log", "-1", "--format=%B")
    assert "2 of 2 devices read, 1 changed" in said
    assert "yz-agg-a.cfg: +2 -0" in said
    told = [entry for entry in town.journal.audit.entries() if entry.event == "archive.swept"]
    assert [(entry.operator, entry.result) for entry in told] == [("li-wei", one.commit) for one in (first, again, third)]
    assert json.loads(told[-1].details) == {"devices": 2, "changed": ["yz-agg-a"], "failed": []}


def test_a_secret_that_changed_shows_as_another_mask_and_one_that_came_back_as_the_first(town: Guarded, typed: Type) -> None:
    typed("dh-agg-b")
    town.swept("dh-agg-b")
    first = town.archived("dh-agg-b")
    town.by_hand("dh-agg-b", *town.secret("dh-agg-b", away=True), *town.secret("dh-agg-b", 1))
    assert town.swept("dh-agg-b").changed == {"dh-agg-b": (1, 1)}
    town.by_hand("dh-agg-b", *town.secret("dh-agg-b", 1, away=True), *town.secret("dh-agg-b", 0))
    town.swept("dh-agg-b")
    assert town.archived("dh-agg-b") == first
    changes = list(history(town.city.workspace, town.journal, "dh-agg-b", patches=True))
    assert [(one.added, one.removed) for one in changes[:2]] == [(1, 1), (1, 1)]
    assert "+snmp-server community <hmac:" in changes[0].patch
    assert text(town.city.workspace, "dh-agg-b", changes[2].commit) == first
    with pytest.raises(Refused, match="no nowhere"):
        text(town.city.workspace, "nowhere", "HEAD")
    with pytest.raises(Refused, match="no version yesterday"):
        text(town.city.workspace, "dh-agg-b", "yesterday")


def test_what_cannot_be_read_keeps_what_it_had_and_is_named(town: Guarded) -> None:
    town.swept("yz-agg-a", "yz-gw-a")
    had = town.archived("yz-agg-a")
    town.city.fault("yz-agg-a", refuse_login=True)
    swept = town.swept("yz-agg-a", "yz-gw-a")
    assert [(finding.code, finding.target) for finding in swept.failures] == [("not-archived", "device/yz-agg-a")]
    assert town.archived("yz-agg-a") == had
    assert "1 of 2 devices read" in git(town, "log", "-1", "--format=%s")


def test_what_was_read_while_a_run_was_at_work_on_it_is_said(town: Guarded) -> None:
    town.journal.leases.acquire("one", ["device/yz-gw-a"], owner="chen-jing", host="den", command="yunwang net apply")
    [finding] = town.swept("yz-gw-a").failures
    assert finding.message == "was read while run one was at work on it"


def test_two_sweeps_at_once_are_one(town: Guarded) -> None:
    with Archive.of(town.city.workspace, new=True).sweeping(), pytest.raises(Refused, match="another backup is at work"):
        town.swept("yz-gw-a")


def test_the_copies_are_for_who_has_the_key_and_whole_or_not_at_all(town: Guarded, typed: Type) -> None:
    typed("lx-acc-1")
    town.swept("lx-acc-1")
    workspace, device = town.city.workspace, town.city.device("lx-acc-1")
    key = workspace.state / "secrets" / "archive-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    archive = Archive.of(workspace)
    assert SECRETS["lx-acc-1"][1] in str(archive.copies.get("lx-acc-1", town.archived("lx-acc-1")))
    masked = town.archived("lx-acc-1")
    assert archive.masker(device).mask(str(archive.copies.get("lx-acc-1", masked))).text == masked
    [copy] = (town.root / "archive" / "full" / "lx-acc-1").iterdir()
    other = copy.with_name(f"{'0' * 64}.aes")
    other.write_bytes(copy.read_bytes())  # another version's content under this one's name
    with pytest.raises(Fatal, match="cannot be decrypted"):
        list(archive.copies.newest_first("lx-acc-1"))
    other.unlink()
    was = key.read_text()
    key.write_text("x" * 43)
    with pytest.raises(Refused, match="made with another key"):
        Archive.of(workspace)
    key.unlink()
    with pytest.raises(Refused, match="is gone"):
        town.swept("lx-acc-1")
    key.write_text(was)
    key.chmod(0o600)
    assert Archive.of(workspace).key_id == archive.key_id


def test_a_key_of_ones_own_comes_by_reference_and_is_none_that_can_be_guessed(
    town: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = town.city.workspace.settings
    named = settings.archive.model_copy(update={"key": "env://ARCHIVE_KEY"})
    workspace = town.city.workspace.revised(settings=settings.model_copy(update={"archive": named}))
    monkeypatch.setenv("ARCHIVE_KEY", "short")
    with pytest.raises(Refused, match="fewer than 32"):
        Archive.of(workspace, new=True)
    monkeypatch.setenv("ARCHIVE_KEY", "k" * 32)
    assert Archive.of(workspace, new=True).key_id
    assert not (workspace.state / "secrets" / "archive-key").exists()


def test_devices_that_left_the_workspace_leave_the_archives_next_version(town: Guarded) -> None:
    town.swept("yz-agg-a", "yz-gw-a")
    kept = tuple(device for device in town.city.workspace.devices if device.name == "yz-gw-a")
    smaller = town.city.workspace.revised(devices=kept)
    object.__setattr__(town.city, "workspace", smaller)
    town.swept("yz-gw-a")
    assert git(town, "ls-tree", "--name-only", "HEAD").split() == ["key-id", "yz-gw-a.cfg"]
    assert text(smaller, "yz-agg-a", "HEAD~1")


def test_a_device_tells_who_changed_it_when_its_header_does() -> None:
    assert (
        told("!\n! Last configuration change at 10:20:30 UTC Mon Nov 16 2026 by wang\n!\n")
        == "10:20:30 UTC Mon Nov 16 2026 by wang"
    )
    assert (
        told(
            "!Software Version V200R019\n!Last configuration was updated at 2026-11-16 10:20:30+08:00 by li-wei\n!Last "
            "configuration was saved at 2026-11-16 10:21:00+08:00 by chen\n"
        )
        == "2026-11-16 10:20:30+08:00 by li-wei"
    )
    assert told("hostname yz-gw-a\n") == ""


def test_devices_are_chosen_by_pattern(town: Guarded) -> None:
    workspace = town.city.workspace
    assert {device.name for device in chosen(workspace, ["device/yz-gw-*", "dh-agg-b"])} == {"yz-gw-a", "yz-gw-b", "dh-agg-b"}
    assert chosen(workspace, []) == workspace.devices
    with pytest.raises(Refused, match="no device matches"):
        chosen(workspace, ["device/none"])
    assert file_of("yz-gw-a") == "yz-gw-a.cfg"
    assert ArchiveSettings().folder == ".yunwang/archive"
