"""A secret from the process that started us, where it said to ask there: over a socket that only this user can reach."""

from __future__ import annotations

import json
import socket

from yunwang.inventories.verdict import Fatal

ASK = "YUNWANG_SECRETS"
"""The variable that tells a child where to ask (`broker.serving`)."""
ANSWER_SECONDS = 60.0
LONGEST = 64 * 1024


def ask(path: str, reference: str) -> str:
    """The secret behind a reference, from the one who serves there. Raises Fatal as `resolve` does."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
            channel.settimeout(ANSWER_SECONDS)
            channel.connect(path)
            channel.sendall(json.dumps(reference).encode() + b"\n")
            with channel.makefile("rb") as answers:
                answer = json.loads(answers.readline(LONGEST))
    except (OSError, ValueError) as error:
        raise Fatal(
            f"the secret {reference} cannot be asked for: {error}", remedy="has the command that started this ended?"
        ) from None
    if "secret" not in answer:
        raise Fatal(answer["message"], remedy=answer["remedy"])
    return str(answer["secret"])
