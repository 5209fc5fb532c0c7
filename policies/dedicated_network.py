"""N6: no new dedicated network; those that exist move into the extranet. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from yunwang.inventories.workspace import Workspace
from yunwang.policies.rule import Rule, Violation

SINCE = 2023
"""The first year in which a dedicated network counts as new (the Suyu plan is of 2023)."""


def _networks(workspace: Workspace) -> Iterator[Violation]:
    for network in workspace.dedicated_networks:
        if network.built >= SINCE and network.state == "separate":
            message = f"{network.title} was built in {network.built}, after new dedicated networks were forbidden"
            yield Violation(f"dedicated-network/{network.name}", message, "carry its business in a VPN instance of the extranet")


NO_NEW_DEDICATED_NETWORK = Rule(
    id="new-dedicated-network", title="no new dedicated networks (不得新建专网)", clauses=("N6",), intent=_networks
)
