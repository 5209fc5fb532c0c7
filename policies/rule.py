"""What a rule is: which clause it comes from, and where a workspace or a plan breaks it. No rule of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from yunwang.inventories.finding import Severity
from yunwang.inventories.plan import Plan
from yunwang.inventories.workspace import Workspace


class Violation(NamedTuple):
    """One breach. `target` is KIND/NAME (`tenant/finance`, `system/oa`, `device/yz-acc-1`, `dedicated-network/health-net`)."""

    target: str
    message: str
    remedy: str
    clause: str = ""
    """More exactly than the rule's own."""


def _nothing(workspace: Workspace, plan: Plan) -> Iterable[Violation]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `clauses` are the plans' demands it serves (design/requirements: N7, M4 …)."""

    id: str
    title: str
    clauses: tuple[str, ...]
    severity: Severity = Severity.ERROR
    intent: Callable[[Workspace], Iterable[Violation]]
    """Breaches in what the workspace wants."""
    changes: Callable[[Workspace, Plan], Iterable[Violation]] = _nothing
    """Breaches that a plan would bring about, whatever the workspace says."""
