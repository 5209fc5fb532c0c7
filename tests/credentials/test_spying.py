"""The search that the canary relies on finds what it is there for."""

from __future__ import annotations

import base64
import gzip
import json
import os
import sqlite3
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest
from parts.spying import Spy, Watch

SECRET = "p-/+&=\"'é云 ss"
ENCODED = {
    "plain": SECRET.encode(),
    "json": json.dumps({"a": SECRET}).encode(),
    "json in json": json.dumps({"a": json.dumps({"b": SECRET})}).encode(),
    "url": urllib.parse.urlencode({"a": SECRET}).encode(),
    "hex": SECRET.encode().hex().encode(),
    "utf-16": f"x{SECRET}".encode("utf-16"),
    **{f"base64 at {n}": base64.b64encode(b"x" * n + SECRET.encode() + b"yz") for n in range(4)},
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_a_secret_is_found_in_every_encoding(data: bytes) -> None:
    spy = Spy({"it": SECRET, "another": "not-there-at-all"})
    assert spy.within(b"before " + data + b" after") == {"it"}
    assert spy.within(b"nothing to see") == set()


def test_it_is_found_in_files_their_names_gzipped_logs_and_rows(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(gzip.compress(SECRET.encode())[:-6])
    (tmp_path / "name-abc").write_text("")
    with sqlite3.connect(tmp_path / "rows.sqlite") as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (SECRET,))
    spy = Spy({"it": SECRET, "name": "name-abc"})
    assert [path.name for path, _ in spy.files([tmp_path])] == ["a.log", "name-abc", "rows.sqlite"]
    assert list(spy.rows(tmp_path / "rows.sqlite")) == [("t", "it")]


def test_the_watch_sees_arguments_and_environments_of_all_but_the_trusted() -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(1)"]
    nested = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(1)', 'inner'])"
    with Watch(Spy({"it": SECRET})) as watch:
        leaky = [
            subprocess.Popen([*sleep, SECRET]),
            subprocess.Popen([*sleep, "outer"], env=os.environ | {"LEAK": SECRET}),
            subprocess.Popen([sys.executable, "-c", nested], env=os.environ | {"LEAK": SECRET}),
        ]
        watch.trusted.add(leaky[2].pid)
        for process in leaky:
            process.wait()
    found = {(where, program.rpartition(" ")[2]) for where, program, _ in watch.told}
    assert {("environment, LEAK", "outer"), ("environment, LEAK", "inner")} <= found
    assert any(where == "arguments" for where, _ in found)
    assert not any("subprocess.run" in program for _, program, _ in watch.told)
