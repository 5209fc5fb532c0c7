"""No file can make the reader fail, hang or leave the workspace: it says what is wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yunwang.inventories import demo
from yunwang.inventories.finding import Finding
from yunwang.inventories.reading import read


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


DEEP = {
    "flow": "[" * 100_000,
    "block": "".join(" " * level + "a:\n" for level in range(3000)),
    "laughs": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*{p}, *{p}]\n" for i, p in enumerate(["a", *(f"b{n}" for n in range(60))])),
    "snake": "&a [*a]",
}


@pytest.mark.parametrize("name", DEEP)
def test_bottomless_yaml_is_one_finding(demo_city: Path, name: str) -> None:
    (demo_city / "policies/waivers.yaml").write_text(DEEP[name])
    assert only(read(demo_city)[1]).code in {"yaml-depth", "yaml-aliases"}


def test_aliases_within_reason_are_read(demo_city: Path) -> None:
    path = demo_city / "tenants/housing.yaml"
    text = path.read_text().replace("cores: 16", "cores: &few 10").replace("floating_ips: 2", "floating_ips: *few")
    path.write_text(text)
    workspace, findings = read(demo_city)
    assert workspace is not None, findings
    assert workspace.tenant("housing").allotments[0].quota.floating_ips == 10


def giant(path: Path) -> None:
    path.touch()
    os.truncate(path, 100 * 2**20)


PLACES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "pipe": ("not-a-file", lambda path: os.mkfifo(path)),
    "folder": ("not-a-file", lambda path: path.mkdir()),
    "link out": ("link-outside", lambda path: path.symlink_to("/etc/hostname")),
    "link up": ("link-outside", lambda path: path.symlink_to("../../../other.csv")),
    "link nowhere": ("unreadable", lambda path: path.symlink_to("nowhere")),
    "link to itself": ("unreadable", lambda path: path.symlink_to(path.name)),
    "giant": ("too-large", giant),
    "binary": ("binary", lambda path: path.write_bytes(bytes(range(256)) * 8)),
    "utf-16": ("encoding", lambda path: path.write_text("name,title", encoding="utf-16")),
    "latin": ("encoding", lambda path: path.write_bytes(b"name,title\ncaf\xe9")),
}


@pytest.mark.parametrize("file", ["dedicated-networks.csv", "network/address-plan.yaml", "requests/health-2026-records.yaml"])
@pytest.mark.parametrize("name", PLACES)
def test_what_is_not_a_plain_text_file_is_said_so(demo_city: Path, name: str, file: str) -> None:
    code, make = PLACES[name]
    path = demo_city / file
    path.unlink()
    make(path)
    finding = only(read(demo_city)[1])
    assert (finding.code, finding.file) == (code, file)
    assert file in finding.message
    assert finding.remedy


def test_gbk_is_recognised_at_its_first_character(demo_city: Path) -> None:
    path = demo_city / "rooms.csv"
    path.write_bytes(path.read_text().encode("gbk"))
    finding = only(read(demo_city)[1])
    assert (finding.code, finding.place) == ("encoding", "rooms.csv:2:14")
    assert "GBK" in finding.message
    assert "iconv -f GB18030 -t UTF-8 rooms.csv" in finding.remedy


def test_a_byte_order_mark_and_crlf_change_nothing(demo_city: Path) -> None:
    for file in ("rooms.csv", "yunwang.yaml", "network/hosts.yaml", "network/terminals.csv"):
        path = demo_city / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(demo_city)[1] == ()


def test_a_folder_that_leads_out_is_not_followed(demo_city: Path, tmp_path: Path) -> None:
    shutil.move(demo_city / "tenants", tmp_path / "elsewhere")
    (demo_city / "tenants").symlink_to(tmp_path / "elsewhere")
    assert only(read(demo_city)[1]).code == "link-outside"


def test_a_link_inside_the_workspace_is_followed(demo_city: Path) -> None:
    (demo_city / "rooms.csv").rename(demo_city / "survey.csv")
    (demo_city / "rooms.csv").symlink_to("survey.csv")
    assert read(demo_city)[1] == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_locked_file_is_said_so(demo_city: Path) -> None:
    (demo_city / "rooms.csv").chmod(0)
    assert only(read(demo_city)[1]).code == "unreadable"


def test_a_name_that_is_not_text_is_said_printably(demo_city: Path) -> None:
    Path(os.fsdecode(os.fsencode(demo_city / "tenants") + b"/\xff\x1b[31m.yaml")).touch()
    finding = only(read(demo_city)[1])
    assert finding.code == "file-name"
    assert finding.file.isprintable()
    finding.model_dump_json()


def test_escape_sequences_in_values_do_not_reach_the_terminal(demo_city: Path) -> None:
    path = demo_city / "yunwang.yaml"
    path.write_text(path.read_text().replace("name: yunzhou", 'name: "\\e[31mred"'))
    for finding in read(demo_city)[1]:
        assert (finding.message + finding.remedy).isprintable()


@pytest.mark.parametrize("root", ["nothing", "file"])
def test_a_root_that_is_no_folder_is_a_finding(tmp_path: Path, root: str) -> None:
    (tmp_path / "file").touch()
    workspace, findings = read(tmp_path / root)
    assert workspace is None
    assert only(findings).code == "no-workspace"


def test_an_empty_folder_is_no_workspace(tmp_path: Path) -> None:
    workspace, findings = read(tmp_path)
    assert workspace is None
    assert only(findings).code == "no-workspace"


FILES = sorted(path.relative_to(demo.FILES).as_posix() for path in demo.FILES.rglob("*") if path.suffix in {".yaml", ".csv"})

SNIPPETS = st.sampled_from(
    [
        *rb"""\t|: |- |&a |*a|<<: |"|'|,|[|{|!!int |null|no|1e999|::/0|0.0.0.0/0|---|%YAML 1.1|#|? """.split(b"|"),
        *(b"\n", b"\t", b"\r", b"\0", b"\xff", b"\xe5\x8e", b"|\n", b"9" * 400, b"\n---\n"),
    ]
)


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "demo"
    demo.write(folder)
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(file=st.sampled_from(FILES), data=st.data())
def test_no_content_makes_the_reader_fail(playground: Path, file: str, data: st.DataObject) -> None:
    original = (demo.FILES / file).read_bytes()
    mutated = bytearray(original)
    if data.draw(st.booleans()):
        mutated = bytearray(data.draw(st.binary(max_size=300)))
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(mutated)))
            length = data.draw(st.sampled_from([0, 1, 2, 5, 40]))
            mutated[start : start + length] = data.draw(st.one_of(SNIPPETS, st.binary(max_size=4)))
    path = playground / file
    path.write_bytes(mutated)
    try:
        workspace, findings = read(playground)
        assert (workspace is None) == any(finding.severity == "error" for finding in findings)
        for finding in findings:
            assert finding.message
            assert finding.remedy
            assert finding.file.isprintable()
            finding.model_dump_json()
            assert not any(char < " " or char == "\x7f" for char in finding.message + finding.remedy), finding
    finally:
        path.write_bytes(original)
