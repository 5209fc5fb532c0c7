"""Who may plan, approve and apply what, and with which keys they sign: policies/roles.yaml, policies/allowed_signers. Pure.

Never verifies a signature and never decides whether a plan is approved: that is the engine's work.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from yunwang.inventories.noun import Name, Noun
from yunwang.inventories.plan import Action, Plan

JOBS = (
    "cloud",
    "dual-stack",
    "binding",
    "cutover",
    "restore",
    "playbook",
    "cloud-import",
    "cloud-refresh",
    "cloud-destroy",
    "cloud-state",
)
"""Names of the engine's jobs, for the patterns in roles.yaml."""

NAMESPACE = "yunwang-plan@1"
"""What our signatures are for, so that one over a commit or a file is none over a plan (ssh-keygen -Y sign -n)."""

Principal = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$", max_length=128)]
"""A person (or a CI) as allowed_signers names it: an account name or a mail address, no pattern."""


class Right(StrEnum):
    """What a role lets its people do."""

    PLAN = "plan"
    APPROVE = "approve"
    APPLY = "apply"
    BREAK_GLASS = "break-glass"


class Scope(Noun):
    """Jobs and targets by shell patterns (`cloud`, `stack/zhengwu/*`); all of them where nothing is said."""

    jobs: tuple[str, ...] = Field(default=("*",), min_length=1)
    targets: tuple[str, ...] = Field(default=("*",), min_length=1)

    def covers(self, job: str, target: str) -> bool:
        """Whether a target of a job is meant."""
        return _any(job, self.jobs) and _any(target, self.targets)


class Role(Scope):
    """People who may do the same things to the same targets."""

    name: Name
    people: tuple[Principal, ...] = Field(min_length=1)
    may: tuple[Right, ...] = Field(min_length=1)


class Exemption(Scope):
    """Plans that need no approval: all their targets are covered, they have `at_most` so many changes, and delete nothing."""

    at_most: int | None = Field(default=None, ge=1)
    """1: a canary alone. None: as many as there are."""

    def frees(self, plan: Plan) -> bool:
        """Whether a plan needs no approval. A plan that deletes or replaces anything always does."""
        if self.at_most is not None and len(plan.changes) > self.at_most:
            return False
        if {Action.DELETE, Action.REPLACE} & plan.count().keys():
            return False
        return all(self.covers(plan.job, change.target) for change in plan.changes)


class Roles(Noun):
    """policies/roles.yaml. A workspace without it asks nobody."""

    version: Literal[1]
    approvals: int = Field(default=1, ge=0)
    """How many people, other than who planned and who applies, have to approve each target of a plan."""
    approval_hours: int = Field(default=24, ge=1)
    """How old an approval may be when the plan is applied."""
    self_approval: bool = False
    """Whether who planned or applies may be the one who approves."""
    operator_proof: Literal["key", "claimed"] = "key"
    """How we know who applies: they sign with their key, or are believed."""
    pulumi_up: Literal["refuse", "permit"] = "refuse"
    """Whether plain `pulumi up` may change a stack without an approved plan."""
    people: tuple[Principal, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = Field(min_length=1)
    exempt: tuple[Exemption, ...] = ()

    def role(self, person: str, right: Right, job: str, target: str) -> Role | None:
        """The first role that gives a person a right on a target of a job."""
        return next((role for role in self.roles if right in role.may and person in role.people and role.covers(job, target)), None)

    def beyond(self, person: str, right: Right, plan: Plan) -> tuple[str, ...]:
        """The targets of a plan on which a person does not have a right."""
        return tuple(
            dict.fromkeys(change.target for change in plan.changes if not self.role(person, right, plan.job, change.target))
        )

    def with_right(self, *rights: Right) -> frozenset[str]:
        """Everybody who has one of these rights on anything."""
        return frozenset(person for role in self.roles if set(rights) & set(role.may) for person in role.people)

    def signing(self) -> frozenset[str]:
        """Everybody who has to have a key."""
        proven = (Right.APPLY, Right.BREAK_GLASS) if self.operator_proof == "key" else ()
        return self.with_right(Right.APPROVE, *proven)


class AllowedSigner(Noun):
    """One line of allowed_signers (ssh-keygen(1), ALLOWED SIGNERS): whose key it is. `line` is the line as it is written."""

    principals: tuple[str, ...]
    key_type: str
    key: str
    """Base64, as in a public key file: what tells whether two lines are one key."""
    line: str


def keys_of(signers: Iterable[AllowedSigner], person: str) -> tuple[AllowedSigner, ...]:
    """The lines that name a person."""
    return tuple(signer for signer in signers if person in signer.principals)


def _any(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
