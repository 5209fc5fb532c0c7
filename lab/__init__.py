"""The embedded lab: a real OpenStack, devices over SSH, real FRR and Linux hosts. Imports the nouns alone."""

from __future__ import annotations


def __getattr__(name: str) -> object:
    """`Embedded`, imported when it is asked for: a program of one part of the lab does not need all the others."""
    if name == "Embedded":
        from yunwang.lab.embedded import Embedded

        return Embedded
    raise AttributeError(name)
