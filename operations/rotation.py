"""From one key of the stacks' state to another: nobody else changes a stack meanwhile, and the audit tells of it. Decides nothing.

It is no job: nothing on a cloud changes, and it does all stacks or none (stacks/pulumi/rotation.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from yunwang.inventories.noun import JsonObject
from yunwang.inventories.secret import is_reference
from yunwang.inventories.verdict import Refused
from yunwang.journal.records import Lease
from yunwang.operations.engine import Engine
from yunwang.operations.leases import held
from yunwang.stacks.pulumi import rotation
from yunwang.stacks.pulumi.backend import Backend
from yunwang.stacks.pulumi.key import PASSPHRASE, key_of
from yunwang.stacks.standing import target_of


def rotate(engine: Engine, former: str) -> tuple[str, ...]:
    """All stacks from `former` (a passphrase's reference, or a secrets provider) to the key of yunwang.yaml; which they are.

    Raises Refused where somebody works on a stack, Fatal with every stack as it was.
    """
    workspace, journal = engine.workspace, engine.journal
    team = former.startswith(rotation.TEAM_KEYS)
    if not team and not is_reference(former):  # never quoted: it may be the passphrase itself
        raise Refused("that is no reference to a passphrase", remedy="--from file://PATH, env://NAME … (docs/secrets.md)")
    key = key_of(workspace, former if team else PASSPHRASE, former)
    backend = Backend(workspace)
    backend.prepare(engine.say)
    targets = [target_of(project, name) for project, name in backend.stacks()]
    run = journal.new_run_id()
    details: JsonObject = {"from": former, "provider": backend.key.provider, "passphrase": workspace.settings.pulumi.passphrase}

    def ask() -> tuple[Lease, ...]:
        return journal.leases.acquire(run, targets, owner=engine.operator, host=engine.host, command=engine.command)

    def tell(result: str, stacks: Sequence[str], why: str = "") -> None:
        journal.audit.append(
            "secrets.rotated",
            operator=engine.operator,
            host=engine.host,
            command=engine.command,
            run=run,
            result=result,
            details={**details, "stacks": [*stacks], "reason": why},
        )

    with held(journal, run, ask, wait=0, clock=engine.clock, stop=engine.stop, say=engine.say):
        tell("begun", targets)
        try:
            changed = ["/".join(stack) for stack in rotation.rotate(backend, key, engine.say)]
        except BaseException as error:
            tell("failed", targets, getattr(error, "message", type(error).__name__))
            raise
        tell("done", changed)
    return tuple(changed)
