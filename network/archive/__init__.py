"""The archive: what devices run, masked in git for people, encrypted beside it for restoring; drift from it and from intent.

Reads devices; changes one only through a job of the engine (`restore`).
"""
