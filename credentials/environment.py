"""env://NAME: a variable of the process's environment. Children of ours do not see it (`children.environment`)."""

from __future__ import annotations

import os

from yunwang.credentials.scheme import Asked


def read(asked: Asked) -> str:
    """The variable's value. Raises Fatal."""
    try:
        return os.environ[asked.rest]
    except KeyError:
        raise asked.fatal("is not set", f"export {asked.rest}=… in the shell that runs yunwang") from None
