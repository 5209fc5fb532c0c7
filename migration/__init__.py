"""From a survey of systems to their cutover: assessment, waves, placement, the cutover job, retirement of server rooms.

All of it is pure except `cutover.py`, which runs playbooks and books servers, and only through the engine.
"""
