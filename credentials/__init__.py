"""References to secrets, resolved at the last moment. A value never leaves through a log, a message or a repr."""
