"""A real OpenStack for the lab: keystone, placement, glance, neutron, nova and cinder as plain processes on loopback ports.

A control plane with everything but packets and guests. Never needs root, and leaves nothing but its folder and the user's cache.
"""

from __future__ import annotations

from yunwang.lab.openstack.clouds import CloudEndpoint, ServiceStatus, down, status, up
from yunwang.lab.openstack.faults import Fault, fail

__all__ = ["CloudEndpoint", "Fault", "ServiceStatus", "down", "fail", "status", "up"]
