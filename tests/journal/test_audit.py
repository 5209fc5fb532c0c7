"""The audit: whatever is done to it afterwards is found, and the first bad entry named."""

from __future__ import annotations

import hashlib
import json
import socket
import socketserver
import sqlite3
import ssl
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parts.journals import NOON, Home, plan_for

from yunwang.inventories.noun import canonical_json
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal import anchor, export
from yunwang.journal.chain import Algorithm, Head, faults, seal
from yunwang.journal.records import Approval, ApprovalKind, AuditEntry, Phase, RunState, StepState
from yunwang.journal.store import AUDIT_HEAD, Journal

WANG = {"operator": "wang", "host": "desk", "command": "yunwang net apply"}


def links(count: int, algorithm: Algorithm = "sha256") -> list[AuditEntry]:
    """A sound chain."""
    made: list[AuditEntry] = []
    for seq in range(1, count + 1):
        told = {"event": "step.ended", **WANG, "plan_digest": "sha256:1", "run": "r", "target": f"device/{seq}", "result": "done"}
        before = made[-1].hash if made else ""
        entry = AuditEntry(seq=seq, at=f"2026-11-22T06:00:{seq:02}.000000Z", **told, details="{}", previous=before)
        made.append(seal(entry, algorithm))
    return made


def head_of(entries: list[AuditEntry]) -> Head:
    return Head(seq=entries[-1].seq, hash=entries[-1].hash)


few = settings(max_examples=40, deadline=None)
FIELDS = [name for name in AuditEntry.model_fields if name != "seq"]
POSITION = st.integers(0, 7)


@few
@given(POSITION, st.sampled_from(FIELDS), st.text(max_size=4))
def test_any_edit_of_any_field_is_found_at_its_entry(place: int, field: str, new: str) -> None:
    entries = links(8)
    former = getattr(entries[place], field)
    entries[place] = entries[place].model_copy(update={field: new if new != former else new + "x"})
    [found] = faults(entries)
    assert found.target == f"audit/{place + 1}"


@few
@given(POSITION)
def test_any_deletion_is_found_where_it_was(place: int) -> None:
    entries = links(8)
    head = head_of(entries)
    del entries[place]
    assert [finding.target for finding in faults(entries, [head])] == [f"audit/{place + 1}"]


@few
@given(POSITION, POSITION)
def test_any_two_entries_that_changed_places_are_found(one: int, other: int) -> None:
    entries = links(8)
    content = entries[one], entries[other]
    entries[one] = content[1].model_copy(update={"seq": one + 1})
    entries[other] = content[0].model_copy(update={"seq": other + 1})
    found = [finding.target for finding in faults(entries)]
    assert found == ([] if one == other else [f"audit/{min(one, other) + 1}"])


@few
@given(POSITION)
def test_any_truncation_is_found_by_the_anchor(left: int) -> None:
    entries = links(8)
    [found] = faults(entries[:left], [head_of(entries)])
    assert found.code == "audit-truncated"
    assert found.target == f"audit/{left + 1}"


@few
@given(POSITION, st.sampled_from(["operator", "result", "command", "at"]))
def test_a_chain_made_anew_after_an_edit_is_found_by_the_anchor(place: int, field: str) -> None:
    """Whoever can write the database can hash, too."""
    entries = links(8)
    head = head_of(entries)
    for at in range(place, 8):
        changes = {"previous": entries[at - 1].hash if at else ""} | ({field: "someone else"} if at == place else {})
        entries[at] = seal(entries[at].model_copy(update=changes), "sha256")
    assert not list(faults(entries))
    [found] = faults(entries, [head])
    assert found.code == "audit-rewritten"


@few
@given(POSITION)
def test_an_entry_put_in_between_is_found(place: int) -> None:
    entries = links(8)
    entries.insert(place, entries[place])
    assert list(faults(entries))


def test_a_sound_chain_has_no_faults_and_earlier_anchors_hold() -> None:
    entries = links(8)
    assert list(faults(entries, [head_of(entries), head_of(entries[:3])])) == []
    assert list(faults([])) == []


def test_sm3_chains_and_one_that_changed_its_algorithm() -> None:
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3")
    entries = links(3, "sm3")
    assert entries[0].hash.startswith("sm3:")
    assert list(faults(entries)) == []
    entries.append(seal(links(4)[3].model_copy(update={"previous": entries[-1].hash}), "sha256"))
    assert list(faults(entries)) == []
    # GB/T 32905-2016, example 1
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_openssl_without_sm3_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, *_: object, **__: object) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr("hashlib.new", without)
    with pytest.raises(Fatal, match="no SM3") as refusal:
        links(1, "sm3")
    assert "journal.chain" in refusal.value.remedy


# --- in the database


def work(journal: Journal) -> str:
    """A run from its leases to its end."""
    plan, run = plan_for("device/a"), journal.new_run_id()
    approval = Approval(
        plan_digest=plan.digest, approver="chen-jing", role="approver", kind=ApprovalKind.BREAK_GLASS, reason="火灾", at=NOON
    )
    journal.approvals.add(approval)
    assert journal.leases.acquire(run, ["device/a"], owner="wang", host="desk", command="yunwang net apply") == ()
    journal.begin(plan, run=run, **WANG)
    journal.observe(run, plan.observations)
    step = journal.intend(run, plan.changes[0], "plane a", Phase.APPLY)
    journal.settle(step, StepState.UNKNOWN, "connection lost")
    journal.settle(step, StepState.DONE, "it is there")
    journal.end(run, RunState.SUCCEEDED, "1 change")
    return run


def test_every_deed_is_told_by_whom_where_how_and_what_came_of_it(home: Home) -> None:
    journal = home.open()
    run = work(journal)
    entries = list(journal.audit.entries())
    assert [(entry.event, entry.result) for entry in entries] == [
        ("journal.made", ""),
        ("plan.broken-glass", "break-glass"),
        ("lease.acquired", ""),
        ("run.begun", ""),
        ("run.observed", ""),
        ("step.begun", ""),
        ("step.ended", "unknown"),
        ("step.ended", "done"),
        ("run.ended", "succeeded"),
        ("lease.released", ""),
    ]
    assert {(entry.operator, entry.host, entry.command, entry.run) for entry in entries[2:]} == {(*WANG.values(), run)}
    assert {entry.plan_digest for entry in entries[3:9]} == {plan_for("device/a").digest}
    assert json.loads(entries[7].details)["outcome"] == "it is there"
    assert journal.audit.verify([journal.audit.head()]) == ()


def test_the_head_is_kept_outside_the_database(home: Home) -> None:
    journal = home.open()
    work(journal)
    assert anchor.read(home.state / AUDIT_HEAD) == journal.audit.head()
    assert anchor.given(str(home.state / AUDIT_HEAD)) == anchor.given(str(journal.audit.head())) == journal.audit.head()


def test_the_kept_head_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / AUDIT_HEAD
    late, early = head_of(links(8)), head_of(links(3))
    anchor.advance(path, late)
    anchor.advance(path, early)
    assert anchor.read(path) == late
    path.write_text("nothing of the kind")
    anchor.advance(path, late)
    with pytest.raises(Refused, match="not an audit head"):
        anchor.read(path)


def test_a_head_that_cannot_be_kept_stops_the_run_before_the_deed(file_home: Home) -> None:
    journal = file_home.open()
    (file_home.state / AUDIT_HEAD).unlink()
    (file_home.state / AUDIT_HEAD).mkdir()
    with pytest.raises(Fatal, match="audit head cannot be kept"):
        work(journal)


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        ("UPDATE audit SET operator = 'li-wei' WHERE seq = 4", "audit/4"),
        ("UPDATE audit SET details = '{' WHERE seq = 5", "audit/5"),
        ("UPDATE audit SET result = x'ff' WHERE seq = 6", "audit/6"),
        ("UPDATE audit SET result = cast(x'ff' as text) WHERE seq = 6", "audit/6"),
        ("DELETE FROM audit WHERE seq = 3", "audit/3"),
        ("DELETE FROM audit WHERE seq > 7", "audit/8"),
        ("DELETE FROM audit", "audit/1"),
        ("UPDATE audit SET seq = -5 WHERE seq = 1", "audit/1"),
    ],
)
def test_who_gets_around_the_database_is_found(file_home: Home, deed: str, found: str) -> None:
    journal = file_home.open()
    work(journal)
    with closing(sqlite3.connect(file_home.state / "journal.sqlite")) as db:
        for trigger in ("audit_no_update", "audit_no_delete"):
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(deed)
        db.commit()
    assert [finding.target for finding in journal.audit.verify()] == [found]


def test_a_journal_put_back_from_an_old_copy_is_found(file_home: Home) -> None:
    journal = file_home.open()
    with (
        closing(sqlite3.connect(file_home.state / "journal.sqlite")) as db,
        closing(sqlite3.connect(file_home.state / "copy")) as copy,
    ):
        db.backup(copy)
        work(journal)
        copy.backup(db)
    [finding] = journal.audit.verify()
    assert finding.code == "audit-truncated"


def test_the_chain_goes_on_in_sm3_when_it_is_configured_so(home: Home) -> None:
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3")
    work(home.open())
    later = home.open(chain="sm3")
    later.audit.append("trial", operator="wang", host="desk", command="")
    assert later.audit.head().hash.startswith("sm3:")
    assert later.audit.verify() == ()


# --- for others to keep


NASTY = AuditEntry(
    seq=7,
    at="2026-11-22T06:00:00.000000Z",
    event="step.ended",
    operator='li "wei" \\ ]x',
    host="办公室 1",
    command="yunwang\n<34>1 forged",
    plan_digest="sha256:1",
    run="r",
    target="device/a",
    result="failed",
    details=canonical_json({"outcome": 'a "b"'}),
    previous="",
)


def test_a_syslog_message_is_rfc_5424_whatever_is_in_it() -> None:
    message = export.syslog(seal(NASTY, "sha256"))
    header, _, rest = message.partition(" [")
    assert header.split(" ") == ["<108>1", "2026-11-22T06:00:00.000000Z", "????1", "yunwang", "-", "step.ended"]
    assert rest.startswith('yunwang@32473 seq="7" event="step.ended" operator="li \\"wei\\" \\\\ \\]x" ')
    assert 'details="{\\"outcome\\":\\"a \\\\\\"b\\\\\\"\\"}"' in message
    assert "\n" not in message
    assert message.endswith('] \ufeffstep.ended device/a failed by li "wei" \\ ]x')


@pytest.mark.parametrize(
    ("event", "result", "priority"),
    [("plan.broken-glass", "break-glass", 105), ("run.ended", "abandoned", 108), ("run.ended", "succeeded", 109)],
)
def test_what_went_without_approval_is_an_alert_and_what_failed_a_warning(event: str, result: str, priority: int) -> None:
    assert export.syslog(NASTY.model_copy(update={"event": event, "result": result})).startswith(f"<{priority}>1 ")


def test_a_json_line_without_its_hash_is_what_the_hash_is_over() -> None:
    told = json.loads(export.json_line(seal(NASTY, "sha256")))
    digest = told.pop("hash")
    assert digest == "sha256:" + hashlib.sha256(canonical_json(told).encode()).hexdigest()


class LogHost(socketserver.BaseRequestHandler):
    """Reads octet-counted messages (RFC 6587, 3.4.1) as a syslog server would."""

    heard: list[str]

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        while length := b"".join(iter(lambda: stream.read(1), b" ")) if stream.peek(1) else b"":
            self.heard.append(stream.read(int(length)).decode())


def test_messages_arrive_at_a_log_host_whole_and_in_their_order(home: Home) -> None:
    journal = home.open()
    work(journal)
    heard: list[str] = []
    handler = type("Handler", (LogHost,), {"heard": heard})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        count = export.send(map(export.syslog, journal.audit.entries()), f"127.0.0.1:{server.server_address[1]}")
        thread.join(timeout=30)
    assert heard == [export.syslog(entry) for entry in journal.audit.entries()]
    assert count == len(heard) == 10


@pytest.fixture
def certified(tmp_path: Path) -> Path:
    """A certificate of `localhost` that vouches for itself, with its key."""
    words = [
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=log host",
        "-addext",
        "subjectAltName=DNS:localhost",
    ]
    file = tmp_path / "log-host.pem"
    subprocess.run(["openssl", "req", *words, "-keyout", str(file), "-out", str(file)], check=True, capture_output=True)
    return file


def test_over_tls_messages_go_to_who_proves_the_name_and_to_nobody_else(home: Home, certified: Path) -> None:
    journal = home.open()
    work(journal)
    messages = [*map(export.syslog, journal.audit.entries())]
    heard: list[str] = []
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certified)
    with socketserver.TCPServer(("127.0.0.1", 0), type("Handler", (LogHost,), {"heard": heard})) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # what a client that turns away makes of it
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.server_address[1]
        try:
            with pytest.raises(Fatal, match="took 0 messages, then: self-signed certificate"):
                export.send(messages, f"localhost:{port}", export.trusting(None))
            with pytest.raises(Fatal, match="IP address mismatch"):
                export.send(messages, f"127.0.0.1:{port}", export.trusting(certified))
            assert heard == []
            assert export.send(messages, f"localhost:{port}", export.trusting(certified)) == len(messages)
        finally:
            server.shutdown()
            thread.join(timeout=30)
    assert heard == messages
    with pytest.raises(Refused, match="no certificates"):
        export.trusting(Path("/dev/null"))


def test_a_log_host_that_is_not_there_is_said() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Fatal, match="refused") as refusal:
            export.send(["x"], f"127.0.0.1:{unused.getsockname()[1]}")
    assert "syslog server" in refusal.value.remedy
    for wrong in ("here", "here:", ":514", "here:99999"):
        with pytest.raises(Refused):
            export.send([], wrong)
