"""The switches of a lab cloud: an ML2 mechanism driver that binds every port itself, for want of agents. Carries no packet."""
# mypy: disable-error-code="import-not-found, misc"
# Reason: neutron is not installed where mypy runs.

from __future__ import annotations

from typing import Any

from neutron_lib import constants
from neutron_lib.plugins.ml2 import api


class Ports(api.MechanismDriver):
    """Entry point `lab` of `neutron.ml2.mechanism_drivers`."""

    def initialize(self) -> None:
        """Nothing to prepare."""

    def bind_port(self, context: Any) -> None:
        """Bound to the first segment that fits, and active."""
        segment = context.segments_to_bind[0]
        context.set_binding(segment[api.ID], "ovs", {"port_filter": True}, constants.PORT_STATUS_ACTIVE)
