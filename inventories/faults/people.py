"""Roles and keys that do not fit together: people without a key, a key with two owners, jobs that nobody knows. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from yunwang.inventories.faults.facts import Facts, twice
from yunwang.inventories.finding import Finding
from yunwang.inventories.place import choose, shown
from yunwang.inventories.roles import JOBS, Right, Roles, keys_of

SIGNERS = "policies/allowed_signers"


def check(facts: Facts) -> Iterator[Finding]:
    """Every fault between policies/roles.yaml and policies/allowed_signers, and inside each."""
    yield from _shared_keys(facts)
    if (roles := facts.workspace.roles) is not None:
        yield from _people(facts, roles)
        yield from _roles(facts, roles)
        yield from _jobs(facts, roles)
        yield from _enough(facts, roles)


def _shared_keys(facts: Facts) -> Iterator[Finding]:
    """One key for two people would let one person be two."""
    people = set(facts.workspace.roles.people) if facts.workspace.roles else set()
    first: dict[str, int] = {}
    names: dict[str, set[str]] = {}
    for index, signer in enumerate(facts.workspace.signers):
        place = facts.place("signers", index)
        named = names.setdefault(signer.key, set())
        if set(signer.principals) <= named:
            yield twice(place, facts.place("signers", first[signer.key]), "this key", "remove one of the lines")
        first.setdefault(signer.key, index)
        named |= set(signer.principals)
        if len(shared := sorted(named & people)) > 1:
            message = f"{' and '.join(shared)} have the same key, so that one could be the other"
            yield place.finding("signer", message, "give each person a key of their own")


def _people(facts: Facts, roles: Roles) -> Iterator[Finding]:
    signing = roles.signing()
    first: dict[str, int] = {}
    for index, person in enumerate(roles.people):
        place = facts.place("roles", "people", index)
        if first.setdefault(person, index) != index:
            yield twice(place, facts.place("roles", "people", first[person]), shown(person), "remove one of them")
        elif person in signing and not keys_of(facts.workspace.signers, person) and "signers" not in facts.known.incomplete:
            known = {name for signer in facts.workspace.signers for name in signer.principals}
            remedy = choose(person, known - set(roles.people), f"add to {SIGNERS}: {person} and the line of their .pub file")
            yield place.finding("no-key", f"{person} has to sign and has no key", remedy)


def _roles(facts: Facts, roles: Roles) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, role in enumerate(roles.roles):
        if first.setdefault(role.name, index) != index:
            place, before = (facts.place("roles", "roles", number, "name") for number in (index, first[role.name]))
            yield twice(place, before, f"role {shown(role.name)}", "rename or remove one of them")
        for number, person in enumerate(role.people):
            if person not in roles.people:
                place = facts.place("roles", "roles", index, "people", number)
                remedy = choose(person, roles.people, "add them to people")
                yield place.finding("unknown-reference", f"there is no person {shown(person)}", remedy)


def _jobs(facts: Facts, roles: Roles) -> Iterator[Finding]:
    for part, scopes in (("roles", roles.roles), ("exempt", roles.exempt)):
        for index, scope in enumerate(scopes):
            for number, pattern in enumerate(scope.jobs):
                if not any(fnmatchcase(job, pattern) for job in JOBS):
                    place = facts.place("roles", part, index, "jobs", number)
                    yield place.finding(
                        "unknown-reference", f"there is no job {shown(pattern)}", choose(pattern, JOBS, "correct it")
                    )


def _enough(facts: Facts, roles: Roles) -> Iterator[Finding]:
    """Rules by which nothing could ever be applied."""
    approving, applying = roles.with_right(Right.APPROVE), roles.with_right(Right.APPLY)
    place = facts.place("roles", "approvals")
    if len(approving) < roles.approvals:
        message = f"a plan needs {roles.approvals} approvals, and {len(approving)} people may approve"
        yield place.finding("roles", message, "give more people the right to approve, or ask for fewer approvals")
    elif roles.approvals and not roles.self_approval and applying and applying == approving and len(applying) <= roles.approvals:
        message = f"{', '.join(sorted(applying))} would have to approve their own plans"
        yield place.finding("roles", message, "give somebody else the right to approve, or set self_approval: true")
    if not applying:
        yield facts.place("roles", "roles").finding("roles", "nobody may apply anything", "give somebody the right to apply")
