"""What a child process of ours sees of our environment: nothing that could hold a secret. Never changes our own."""

from __future__ import annotations

import os

HARMLESS = ("HOME", "LANG", "LC_", "LOGNAME", "PATH", "SHELL", "SSL_CERT_", "TERM", "TMPDIR", "TZ", "USER", "XDG_")
"""How the names of variables begin that programs may need and that hold no secret."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy")
"""By these a program that is to reach other machines finds its way; they may hold a password."""


def environment(*prefixes: str) -> dict[str, str]:
    """Our environment, but only variables that are harmless, and those that this child needs: names that begin so."""
    return chosen(*HARMLESS, *prefixes)


def chosen(*prefixes: str) -> dict[str, str]:
    """Of our environment only variables whose names begin so, to stand beside others."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefixes)}
