"""Who is asked in a simulated world: with real keys and real signatures. Decides by the seed whether they say yes, and lawfully."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from parts.people import with_key

from yunwang.inventories.plan import Plan
from yunwang.inventories.roles import Roles
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.operations import approval

ROLES = Roles.model_validate(
    {
        "version": 1,
        "operator_proof": "claimed",
        "people": ["li-wei", "chen-jing"],
        "roles": [
            {"name": "operator", "people": ["li-wei"], "may": ["plan", "apply", "approve"]},
            {"name": "approver", "people": ["chen-jing"], "may": ["approve"]},
        ],
    }
)


class People:
    """li-wei operates, chen-jing approves."""

    def __init__(self, folder: Path) -> None:
        self._keys = {name: with_key(folder, name) for name in ROLES.people}

    def rule(self, workspace: Workspace, *, revoked: bool = False) -> Workspace:
        """The workspace, in which these are asked; `revoked`: chen-jing may no longer approve."""
        roles = ROLES.model_copy(update={"roles": ROLES.roles[:1]}) if revoked else ROLES
        return workspace.model_copy(update={"roles": roles, "signers": tuple(signer for _, signer in self._keys.values())})

    def answer(self, plan: Plan, workspace: Workspace, journal: Journal, now: datetime, random: Random) -> bool:
        """Whether the plan may be applied after what was signed for it: nothing, by its own planner, too long ago, or rightly."""
        if not plan.changes:
            return True
        how = random.choice(("rightly", "rightly", "nobody", "oneself", "long-ago"))
        who = self._keys["li-wei" if how == "oneself" else "chen-jing"][0]
        when = now - timedelta(hours=25) if how == "long-ago" else now
        if how != "nobody":
            try:
                approval.approve(plan, workspace, journal, who, when)
            except Refused:
                return False
        return how == "rightly"
