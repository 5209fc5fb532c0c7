"""file://PATH: a file that its owner alone can read, relative to the workspace. Never writes one."""

from __future__ import annotations

import os
import stat

from yunwang.credentials.scheme import Asked


def read(asked: Asked) -> str:
    """The file's text without white space around it. Raises Fatal."""
    path = asked.root / asked.rest
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise asked.fatal("can be read by others", f"chmod 600 {path}")
            return stream.read().decode().strip()
    except OSError as error:
        raise asked.fatal(f"cannot be read: {error.strerror}", f"write it to {path}, mode 600") from None
    except UnicodeDecodeError:
        raise asked.fatal("is not text in UTF-8", f"write it to {path} as text") from None
