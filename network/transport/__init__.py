"""Talking to devices over SSH: the only room that knows netmiko. Decides nothing about what is sent.

`connect` gives a `Session`: read the running configuration, ask for a display, push lines, commit, save. Errors are verdicts.
"""

from yunwang.network.transport.connect import Timeouts, connect
from yunwang.network.transport.faults import HungUp, LineRejected, Sent, Silent, UnexpectedQuestion
from yunwang.network.transport.session import Pushed, Session

__all__ = ["HungUp", "LineRejected", "Pushed", "Sent", "Session", "Silent", "Timeouts", "UnexpectedQuestion", "connect"]
