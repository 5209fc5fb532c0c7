"""Who signs at this terminal, and the operator's signature before something is changed. No logic."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from yunwang.cli import session, show
from yunwang.inventories.plan import Plan
from yunwang.journal.records import ApprovalKind

if TYPE_CHECKING:
    from yunwang.operations.approval import Person
    from yunwang.operations.engine import Engine

KEY = "YUNWANG_KEY"
"""Names the key that the operator signs with; else it is found in ssh-agent or in ~/.ssh."""


def person(name: str | None = None, key: Path | None = None) -> Person:
    """Who sits here (or says to be), and the key that they named."""
    from yunwang.operations.approval import Person

    named = os.environ.get(KEY)
    return Person(name or session.operator(), key or (Path(named) if named else None), " ".join(["yunwang", *sys.argv[1:]]))


def vouch(engine: Engine, plan: Plan, deed: ApprovalKind = ApprovalKind.APPLY, glass: str | None = None) -> None:
    """The operator proves who they are, where the workspace asks for it; with `glass`, breaks it for that reason.

    Raises Refused where they may not do this to the plan now, before anybody is asked anything.
    """
    from yunwang.operations import approval

    me, now = person(engine.operator), engine.clock.now()
    if glass is not None:
        approval.break_glass(plan, engine.workspace, engine.journal, me, now, glass)
        show.broken_glass(me.name, glass)
    approval.vouch(plan, engine.workspace, engine.journal, me, now, deed)
