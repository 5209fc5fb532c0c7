"""Simulated network devices over real SSH, each with its vendor's grammar. Never imports what it is there to test."""

from yunwang.lab.devices.faults import Faults
from yunwang.lab.devices.lifecycle import DeviceEndpoint, DevicesStatus, down, fault, status, up

__all__ = ["DeviceEndpoint", "DevicesStatus", "Faults", "down", "fault", "status", "up"]
