"""Plans that wait for somebody's approval, so that their digest is enough to find them. Judges none, applies none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from yunwang.inventories.plan import Plan
from yunwang.inventories.verdict import Fatal
from yunwang.journal.database import Database
from yunwang.journal.tables import plans


class Plans:
    """The plans in one journal that were written to a file."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def keep(self, plan: Plan) -> None:
        """Keep a plan; the same plan twice is one."""
        with self._database.writing() as db:
            if db.scalar(select(plans.c.digest).where(plans.c.digest == plan.digest)) is None:
                db.execute(plans.insert().values(digest=plan.digest, plan=plan.to_json(), at=self._now()))

    def newest(self, job: str, intent: str) -> Plan | None:
        """The newest plan of a job that was made from the workspace's files as they are by that digest."""
        with self._database.reading() as db:
            for text in db.scalars(select(plans.c.plan).order_by(plans.c.at.desc(), plans.c.digest)):
                if f'"{intent}"' in text and (plan := Plan.model_validate_json(text)).job == job and plan.intent == intent:
                    return plan
        return None

    def named(self, digest: str) -> Plan:
        """The one plan whose digest begins so (`sha256:` may be left out). Raises Fatal when there is none or several."""
        start = digest if digest.startswith("sha256:") else f"sha256:{digest}"
        with self._database.reading() as db:
            found = db.scalars(select(plans.c.plan).where(plans.c.digest.startswith(start, autoescape=True))).all()
        if len(found) != 1:
            raise Fatal(
                f"{'no plan' if not found else 'several plans'} in the journal named {digest}",
                remedy="name the file that `plan -o` wrote, or the digest that `plan` shows",
            )
        return Plan.model_validate_json(found[0])
