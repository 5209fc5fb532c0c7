"""The audit for others to keep: JSON lines, and syslog messages (RFC 5424), written or sent. Never changes the audit."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from yunwang.inventories.noun import canonical_json
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import AuditEntry, RunState, StepState

AUDIT = 13
"""Facility `log audit` (RFC 5424, 6.2.1)."""
ALERT, WARNING, NOTICE = 1, 4, 5
"""Severities: alert for what was done without approval, warning for what did not work, notice for the rest."""
SD_ID = "yunwang@32473"
"""Structured data's name. 32473 is the enterprise number for examples (RFC 5612): the project has none of its own."""
BAD = {RunState.FAILED, RunState.ABANDONED, RunState.INTERRUPTED, StepState.FAILED, StepState.UNKNOWN}
SECONDS = 10
"""To wait for the log host."""


def json_line(entry: AuditEntry) -> str:
    """Canonical JSON: without its `hash`, it is what the hash is over."""
    return canonical_json(entry.model_dump(mode="json"))


def syslog(entry: AuditEntry) -> str:
    """An RFC 5424 message: every field as structured data, and a sentence. One line: control characters become spaces."""
    severity = ALERT if entry.event == "plan.broken-glass" else WARNING if entry.result in BAD else NOTICE
    told = entry.model_dump(mode="json", exclude={"at"})
    data = " ".join(f'{_sd_name(name)}="{_sd_value(str(value))}"' for name, value in told.items() if value != "")
    words = " ".join(filter(None, (entry.event, entry.target, entry.result, f"by {entry.operator}" if entry.operator else "")))
    header = f"<{AUDIT * 8 + severity}>1 {entry.at} {_printable(entry.host, 255)} yunwang - {_printable(entry.event, 32)}"
    return f"{header} [{SD_ID} {data}] \ufeff{_one_line(words)}"


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """TLS that checks the log host's certificate and name: by these authorities (PEM), or by those that the system trusts."""
    try:
        return ssl.create_default_context(cafile=authorities)
    except (OSError, ssl.SSLError) as error:
        raise Refused(f"{authorities} has no certificates: {error}", remedy="name a PEM file with --ca") from None


def send(messages: Iterable[str], where: str, tls: ssl.SSLContext | None = None) -> int:
    """Send syslog messages to HOST:PORT; returns how many.

    With `tls` as RFC 5425 has it, else over TCP with octet counting (RFC 6587, 3.4.1), which is the same without encryption.
    """
    host, _, port = where.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise Refused(f"{where} is no address to send to", remedy="write HOST:PORT, an IPv6 address as [ADDRESS]:PORT")
    sent = 0
    try:
        with ExitStack() as stack:
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=SECONDS))
            if tls is not None:
                connection = stack.enter_context(tls.wrap_socket(connection, server_hostname=host))
            for message in messages:
                octets = message.encode()
                connection.sendall(b"%d %b" % (len(octets), octets))
                sent += 1
            if isinstance(connection, ssl.SSLSocket):
                connection = connection.unwrap()  # close_notify (RFC 5425, 4.4): that nothing was cut off
            connection.shutdown(socket.SHUT_WR)
    except OSError as error:
        raise Fatal(
            f"{where} took {sent} messages, then: {getattr(error, 'verify_message', '') or error.strerror or error}",
            remedy="see that a syslog server listens there (octet counting; with --tls under that name), then go on with --after",
        ) from None
    return sent


def _sd_name(name: str) -> str:
    return name.replace("_", "-")


def _sd_value(value: str) -> str:
    """RFC 5424, 6.3.3: a quotation mark, a backslash and a closing bracket are escaped."""
    return re.sub(r'(["\\\]])', r"\\\1", _one_line(value))


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text)


def _printable(text: str, length: int) -> str:
    """A header field: printable ASCII without spaces; `-` where there is nothing to say."""
    return re.sub(r"[^\x21-\x7e]", "?", text)[:length] or "-"
