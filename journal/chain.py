"""The audit chain: how an entry is sealed, and what tells that entries were touched. Pure; no database, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from yunwang.inventories.finding import Finding
from yunwang.inventories.noun import Noun, canonical_json
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.journal.records import AuditEntry

Algorithm: TypeAlias = Literal["sha256", "sm3"]
"""SHA-256, or SM3 (GB/T 32905-2016), which an OpenSSL may lack."""


class Head(Noun):
    """The last entry's number and hash: whoever keeps it elsewhere can tell later that nothing before it was touched."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """From `57:sha256:…` as `history head` prints it. Raises Refused."""
        seq, _, digest = text.strip().partition(":")
        if not seq.isascii() or not seq.isdigit() or not digest.startswith(("sha256:", "sm3:")):
            raise Refused(f"not an audit head: {text.strip()[:80]!r}", remedy="give what `yunwang history head` printed")
        return cls(seq=int(seq), hash=digest)


def seal(entry: AuditEntry, algorithm: Algorithm) -> AuditEntry:
    """The entry with its hash: over its canonical JSON without `hash`. Raises Fatal where OpenSSL has no SM3."""
    return entry.model_copy(update={"hash": _hash(entry, algorithm)})


def _hash(entry: AuditEntry, algorithm: str) -> str:
    told = canonical_json(entry.model_dump(mode="json", exclude={"hash"})).encode()
    try:
        return f"{algorithm}:{hashlib.new(algorithm, told, usedforsecurity=True).hexdigest()}"
    except ValueError:
        raise Fatal(
            f"this machine's OpenSSL has no {algorithm.upper()}, which the audit chain is made with",
            remedy="use an OpenSSL that has it, or (for new entries) set journal.chain to sha256 in yunwang.yaml",
        ) from None


def faults(entries: Iterable[AuditEntry], anchors: Iterable[Head] = ()) -> Iterator[Finding]:
    """What is wrong with a chain, given from its first entry on: the first bad entry, and every anchor that does not hold."""
    waiting = {anchor for anchor in anchors if anchor.seq > 0}
    former: AuditEntry | None = None
    for entry in entries:
        if (fault := _fault(entry, former)) is not None:
            yield fault
            return  # nothing after it can be told from forgery
        for anchor in [anchor for anchor in waiting if anchor.seq == entry.seq]:
            waiting.discard(anchor)
            if anchor.hash != entry.hash:
                yield _finding("rewritten", entry.seq, f"is not the one that was anchored ({entry.event}; anchored: {anchor.hash})")
        former = entry
    last = former.seq if former is not None else 0
    for anchor in sorted(waiting, key=lambda anchor: anchor.seq):
        yield _finding("truncated", last + 1, f"is not there: the chain ends at {last}, and {anchor.seq} was anchored")


def _fault(entry: AuditEntry, former: AuditEntry | None) -> Finding | None:
    expected = former.seq + 1 if former is not None else 1
    if entry.seq != expected:
        return _finding("deleted", expected, f"is not there: entry {entry.seq} follows")
    algorithm = entry.hash.partition(":")[0]
    if algorithm not in ("sha256", "sm3") or _hash(entry, algorithm) != entry.hash:
        return _finding("edited", entry.seq, f"was changed after it was written ({entry.event} by {entry.operator}, {entry.at})")
    if entry.previous != (former.hash if former is not None else ""):
        return _finding("broken", entry.seq, f"does not follow the entry before it ({entry.event} by {entry.operator}, {entry.at})")
    return None


def _finding(what: str, seq: int, message: str) -> Finding:
    return Finding(
        code=f"audit-{what}",
        message=f"audit entry {seq} {message}",
        remedy="keep this database as evidence; compare it with the exported entries (`history export`) and with its backups",
        target=f"audit/{seq}",
    )
