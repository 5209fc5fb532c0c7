"""`pulumi-resource-yunwang`: the provider as a plug-in of plain Pulumi, held to approved plans. No logic."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from yunwang.cli import session, signing
from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace

if TYPE_CHECKING:
    from yunwang.operations.approval import Person


def main() -> None:
    """The console script that a Pulumi engine starts. What it prints on standard output is for that engine."""
    from yunwang.stacks.clouds import kind_named
    from yunwang.stacks.pulumi.guard import Guard
    from yunwang.stacks.pulumi.provider import Provider
    from yunwang.stacks.pulumi.servicer import serve

    guard, kind = Guard(_admit, _record), kind_named("openstack")
    serve(Provider(kind.resources, kind.session, version("yunwang"), guard.owner, guard), version("yunwang"))


def _person() -> Person:
    return replace(signing.person(), command="pulumi")


def _admit(workspace: Workspace, plan: Plan) -> None:
    from yunwang.operations import outside
    from yunwang.stacks.job import CloudJob

    with session.journal(workspace) as journal:
        outside.admit(plan, CloudJob(workspace), workspace, journal, _person(), datetime.now(UTC), lambda line: None)


def _record(workspace: Workspace, plan: Plan, target: str, what: str) -> None:
    from yunwang.operations import outside

    with session.journal(workspace) as journal:
        outside.record(plan, journal, _person(), socket.gethostname(), target, what)
