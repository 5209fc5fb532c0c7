"""Backends that a team shares: a real PostgreSQL and S3 (moto's server), used by the real engine, each with a secret to get in."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from parts import bucket
from parts.engine import TENANTS
from parts.postgres import NoServer, Postgres
from parts.processes import command_line, descendants
from parts.spying import Spy, Watch

from yunwang.inventories.reading import read
from yunwang.inventories.verdict import Fatal, Retryable
from yunwang.inventories.workspace import Settings, Workspace
from yunwang.stacks.openstack.kinds import KINDS
from yunwang.stacks.pulumi import rotation
from yunwang.stacks.pulumi.automation import Stacks
from yunwang.stacks.pulumi.backend import Backend
from yunwang.stacks.pulumi.key import key_of
from yunwang.stacks.pulumi.store import Store, store_at

pytestmark = pytest.mark.pulumi
FINANCE = ("tenants", "zhengwu.finance")
SECRET = "state-secret-7f3a"


@dataclass
class Shared:
    """A backend, as yunwang.yaml names it, and the secret by which it is reached."""

    settings: dict[str, str]
    secret: str
    folders: list[Path] = field(default_factory=list)

    def workspace(self, root: Path, **pulumi_: str) -> Workspace:
        """A workspace that keeps its stacks there, with a passphrase of its own choice."""
        root.mkdir(exist_ok=True)
        for name, text in {"backend": self.secret, "old": "passphrase-old", "new": "passphrase-new"}.items():
            (root / name).write_text(text + "\n")
            (root / name).chmod(0o600)
        said = {"passphrase": "file://old", **self.settings, "backend_password": "file://backend", **pulumi_}
        return Workspace(
            root=root, digest="", settings=Settings.model_validate({"version": 2, "name": "t", "title": "t", "pulumi": said})
        )


@pytest.fixture(scope="module", params=["postgres", "s3"])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    if request.param == "postgres":
        try:
            server = Postgres()
        except NoServer as missing:
            pytest.skip(str(missing))
        server.start()
        where = server.database().removeprefix("postgresql+psycopg://")
        yield Shared({"backend": f"postgres://{where}?sslmode=disable"}, server.password)
        server.remove()
    else:
        folder = tmp_path_factory.mktemp("s3")
        with bucket.serving(folder, "stacks") as address:
            query = f"endpoint={address}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1"
            yield Shared({"backend": f"s3://stacks/city?{query}", "backend_user": "AKIDTEST"}, "s3-secret-5e1d", [folder])


def stacks_of(workspace: Workspace) -> Stacks:
    return Stacks(workspace, lambda cloud: {}, lambda name, config: None)


def program() -> None:
    pulumi.export("password", pulumi.Output.secret(SECRET))


def silent(line: str) -> None:
    """Tells nobody."""


def store(stacks: Stacks) -> Store:
    stacks.prepare(silent)
    return store_at(stacks.backend.reach)


def test_two_machines_share_stacks_and_nobody_else_sees_the_secrets(backend: Shared, tmp_path: Path) -> None:
    here = stacks_of(backend.workspace(tmp_path / "here"))
    spy = Spy({"backend": backend.secret, "state": SECRET, "passphrase": "passphrase-old"})
    with Watch(spy) as watch:
        here.up(*FINANCE, "", program, None, silent)
        assert here.ids("tenants", "nobody") == frozenset()
    assert any("pulumi" in one for one in watch.programs)
    assert watch.told == set()
    there = stacks_of(backend.workspace(tmp_path / "there"))
    assert there.names("tenants") == ("zhengwu.finance",)
    assert SECRET in there.backend.call("tenants", "stack", "output", "--show-secrets", "--stack", FINANCE[1])
    assert list(spy.files([tmp_path / "here" / ".yunwang", tmp_path / "there" / ".yunwang", *backend.folders])) == []
    raw = store(there)
    assert [key for key in raw.keys(".pulumi/stacks/") if key.endswith(".json")] == [".pulumi/stacks/tenants/zhengwu.finance.json"]
    content = raw.read(".pulumi/stacks/tenants/zhengwu.finance.json")
    assert content is not None
    assert json.loads(content)["checkpoint"]["latest"]["resources"]
    assert spy.within(content) == set()
    assert raw.read("nothing") is None
    there.destroy(*FINANCE, "", silent)
    assert here.names("tenants") == ()


def test_the_lock_of_an_engine_that_was_killed_is_told_and_taken_away(backend: Shared, tmp_path: Path) -> None:
    workspace = backend.workspace(tmp_path)
    stuck = (
        "import pickle, sys, time; from yunwang.stacks.pulumi.automation import Stacks;"
        "stacks = Stacks(pickle.load(sys.stdin.buffer), lambda cloud: {}, lambda name, config: None);"
        "stacks.up('tenants', 'zhengwu.finance', '', lambda: (print('up', flush=True), time.sleep(600)), None, print)"
    )
    tool = subprocess.Popen([sys.executable, "-c", stuck], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert tool.stdin is not None
    assert tool.stdout is not None
    tool.stdin.write(pickle.dumps(workspace))
    tool.stdin.close()
    assert tool.stdout.readline()
    stacks = stacks_of(workspace)
    with pytest.raises(Retryable, match=r"being changed by somebody else \(.* on .*, process \d+, since 20"):
        stacks.up(*FINANCE, "", program, None, silent)
    family = [tool.pid, *descendants(tool.pid)]
    for one in family:
        os.kill(one, signal.SIGKILL)
    tool.wait()
    end = time.monotonic() + 60
    while any(command_line(one) for one in family) and time.monotonic() < end:  # a zombie has none
        time.sleep(0.05)
    assert len(store(stacks).keys(".pulumi/locks/organization/tenants/zhengwu.finance/")) == 1, "it could not tidy up"
    stacks.up(*FINANCE, "", program, None, silent)
    assert store(stacks).keys(".pulumi/locks/") == ()
    stacks.destroy(*FINANCE, "", silent)


def test_all_stacks_go_to_a_new_passphrase(backend: Shared, tmp_path: Path) -> None:
    stacks = stacks_of(backend.workspace(tmp_path))
    stacks.up(*FINANCE, "", program, None, silent)
    new = Backend(backend.workspace(tmp_path, passphrase="file://new"))
    new.prepare(silent)
    former = key_of(stacks.backend.workspace, "passphrase", "file://old")
    assert rotation.rotate(new, former, silent) == (FINANCE,)
    assert rotation.opens(new, FINANCE, new.key)
    assert not rotation.opens(new, FINANCE, former)
    stacks_of(new.workspace).destroy(*FINANCE, "", silent)


def test_no_passphrase_is_made_up_for_stacks_that_others_have_made(backend: Shared, tmp_path: Path) -> None:
    mine = stacks_of(backend.workspace(tmp_path / "mine"))
    mine.up(*FINANCE, "", program, None, silent)
    theirs = backend.workspace(tmp_path / "theirs", passphrase="file://.yunwang/secrets/pulumi-passphrase")
    with pytest.raises(Fatal, match=r"passphrase .* is gone"):
        stacks_of(theirs).prepare(silent)
    mine.destroy(*FINANCE, "", silent)
    stacks_of(theirs).prepare(silent)
    assert (tmp_path / "theirs/.yunwang/secrets/pulumi-passphrase").exists()


def test_a_wrong_secret_ends_in_a_sentence_without_it(backend: Shared, tmp_path: Path) -> None:
    workspace = backend.workspace(tmp_path)
    (tmp_path / "backend").write_text("wrong-secret-9c\n")
    if workspace.settings.pulumi.backend_user:
        pytest.skip("moto's server asks for no signature")
    with pytest.raises(Fatal, match="password authentication failed") as refused:
        stacks_of(workspace).names("tenants")
    assert "wrong-secret-9c" not in refused.value.message


def test_plain_pulumi_is_held_to_an_approved_plan_there_too(backend: Shared, demo_city: Path) -> None:
    """The workspace asks for one; its clouds are never spoken to."""
    settings = backend.workspace(demo_city).settings.pulumi.model_dump(mode="json", exclude_defaults=True)
    with (demo_city / "yunwang.yaml").open("a") as file:
        file.write(yaml.safe_dump({"pulumi": settings}))
    workspace, faults = read(demo_city)
    assert workspace is not None, faults
    stacks = stacks_of(workspace)
    raw = store(stacks)

    def pulumi_(*words: str | Path, cwd: Path = TENANTS) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", *words, "--stack", FINANCE[1], "--non-interactive"]
        return subprocess.run(command, cwd=cwd, env=stacks.backend.environment(), capture_output=True, text=True, check=False)

    made = pulumi_("stack", "init", cwd=stacks.backend.project("tenants"))  # a stack's settings are written where it is made
    assert made.returncode == 0, made.stderr
    refused = pulumi_("up", "--yes", "--config-file", demo_city / "Pulumi.trial.yaml", "-c", f"workspace={demo_city}")
    assert refused.returncode != 0
    assert "asks for an approved plan before a stack is changed" in refused.stdout + refused.stderr
    state = json.loads(raw.read(".pulumi/stacks/tenants/zhengwu.finance.json") or b"")
    kinds = {one["type"] for one in state["checkpoint"]["latest"]["resources"]}
    assert not kinds & {f"yunwang:index:{kind}" for kind in KINDS}, "nothing was made"
    stacks.destroy(*FINANCE, "", silent)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"backend": "postgres://u:hush@db/pulumi"}, "holds a password"),
        ({"backend": "postgres://db/pulumi?user=u&password=hush"}, "holds a password"),
        ({"backend": "postgres://u@db/pulumi", "backend_password": "hush"}, "write env://NAME"),
    ],
)
def test_a_secret_in_the_settings_is_refused_and_not_quoted(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Settings.model_validate({"version": 2, "name": "t", "title": "t", "pulumi": said})
