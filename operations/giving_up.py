"""Giving up a run that nobody will resume: by who may, signed where the workspace asks for keys. Never changes a target.

Who may apply, or break the glass, at each target that the run holds may say that it is over.
"""

from __future__ import annotations

import socket
from datetime import UTC, datetime

from yunwang.inventories.noun import JsonObject, canonical_json
from yunwang.inventories.roles import JOBS, Right, Roles
from yunwang.inventories.verdict import Fatal, Refused
from yunwang.inventories.workspace import Workspace
from yunwang.journal.store import Journal
from yunwang.operations.approval import Person, listed, signed

RIGHTS = (Right.APPLY, Right.BREAK_GLASS)


def give_up(
    run: str, workspace: Workspace, journal: Journal, person: Person, now: datetime, *, reason: str, force: bool = False
) -> None:
    """Free the targets of a run. Raises Refused where the run still lives (unless `force`), and where the person may not."""
    if not reason.strip():
        raise Refused("giving up a run asks for a reason", remedy="write why nobody will resume it: everybody reads it")
    roles, signature = workspace.roles, ""
    if roles is not None:
        if beyond := _beyond(roles, person.name, journal, run):
            able = ", ".join(sorted(roles.with_right(*RIGHTS))) or "nobody"
            raise Refused(
                f"{person.name} may not give up run {run}: no right to apply, nor to break the glass, for {listed(beyond)}",
                remedy=f"by policies/roles.yaml these have one of them: {able}",
            )
        if roles.operator_proof == "key":
            signature = signed(_statement(run, workspace, person, now, reason, force), workspace, person, now)
    journal.leases.give_up(
        run,
        operator=person.name,
        reason=reason,
        host=socket.gethostname(),
        command=person.command,
        force=force,
        signature=signature,
    )


def _beyond(roles: Roles, person: str, journal: Journal, run: str) -> tuple[str, ...]:
    """The targets at which the person has neither right. Of a run that never began the job is not known: any job's will do."""
    try:
        jobs: tuple[str, ...] = (journal.run(run).job,)
        targets = dict.fromkeys(change.target for change in journal.plan_of(run).changes)
    except Fatal:
        jobs = JOBS
        targets = dict.fromkeys(lease.target for lease in journal.leases.all() if lease.run == run)
    return tuple(
        target for target in targets if not any(roles.role(person, right, job, target) for right in RIGHTS for job in jobs)
    )


def _statement(run: str, workspace: Workspace, person: Person, now: datetime, reason: str, force: bool) -> str:
    """What is signed: one line of canonical JSON."""
    at = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told: JsonObject = {"at": at, "by": person.name, "forced": force, "kind": "give-up", "reason": reason, "run": run}
    return canonical_json(told | {"workspace": workspace.settings.name}) + "\n"
