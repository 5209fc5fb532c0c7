"""Approvals of plans, as they were given. Judges none of them: whether one is valid is the engine's to say."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.engine import Connection

from yunwang.inventories.noun import digest
from yunwang.inventories.verdict import Refused
from yunwang.journal.audit import Audit, By
from yunwang.journal.database import Database
from yunwang.journal.records import Approval, ApprovalKind
from yunwang.journal.tables import approvals

EVENTS = {ApprovalKind.APPROVAL: "plan.approved", ApprovalKind.BREAK_GLASS: "plan.broken-glass"}


class Approvals:
    """The approvals in one journal."""

    def __init__(self, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    def add(self, approval: Approval, *, host: str = "", command: str = "") -> None:
        """Record an approval. Raises Refused where this very one is recorded already."""
        with self._audit.deed() as deed:
            if approval in self._of(deed.db, approval.plan_digest):
                raise Refused(f"this {approval.kind} of {approval.approver} is recorded already", remedy="nothing more is needed")
            deed.db.execute(approvals.insert().values(**approval.model_dump()))
            deed.tell(
                EVENTS.get(approval.kind, "plan.vouched"),
                By(approval.approver, host or socket.gethostname(), command),
                plan_digest=approval.plan_digest,
                result=approval.kind.value,
                details={"role": approval.role, "reason": approval.reason, "signature": digest(approval.signature)},
            )

    def of(self, plan_digest: str) -> tuple[Approval, ...]:
        """All approvals of a plan, oldest first."""
        with self._database.reading() as db:
            return self._of(db, plan_digest)

    def broken(self, plan_digests: Iterable[str]) -> frozenset[str]:
        """Those of these plans that somebody broke the glass for."""
        wanted = approvals.c.plan_digest.in_(set(plan_digests)), approvals.c.kind == ApprovalKind.BREAK_GLASS.value
        with self._database.reading() as db:
            return frozenset(db.scalars(select(approvals.c.plan_digest).where(*wanted)))

    def _of(self, db: Connection, plan_digest: str) -> tuple[Approval, ...]:
        rows = db.execute(select(approvals).where(approvals.c.plan_digest == plan_digest).order_by(approvals.c.number)).mappings()
        return tuple(Approval(**{name: value for name, value in row.items() if name != "number"}) for row in rows)
