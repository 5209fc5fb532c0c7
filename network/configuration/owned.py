"""What a caller answers for in a configuration: only that may be taken out. Never says what is to be put in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yunwang.inventories.finding import Finding
from yunwang.inventories.verdict import Refused


@dataclass(frozen=True)
class Owned:
    """Command paths, one a string: the views around a line and the line, ` > ` between them.

    `*` stands for any text within one command, `**` alone for any number of views: `interface * > ipv6 *` covers the IPv6 lines
    of every interface. A view that is covered is covered with all that is in it.
    """

    paths: tuple[str, ...]
    _all: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make one regular expression of them."""
        object.__setattr__(self, "_all", re.compile("|".join(f"(?:{_regex(path)})" for path in self.paths) or "(?!)"))

    def covers(self, path: tuple[str, ...]) -> bool:
        """May the line at this path (views, then the line) be taken out?"""
        return self._all.fullmatch("\n".join(path)) is not None


def read_owned(text: str, file: str) -> Owned:
    """A rules file: a path each line, `#` before a remark, blank lines. Raises Refused with a finding for each faulty line."""
    paths: list[str] = []
    found: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        path = line.strip()
        if not path or path.startswith("#"):
            continue
        paths.append(path)
        parts = [part.strip() for part in path.split(">")]
        wrong = (
            "a view or command is missing"
            if "" in parts
            else "`**` stands for views: a command follows it"
            if parts[-1] == "**"
            else ""
        )
        if wrong or " > ".join(parts) != " > ".join(part.strip() for part in path.split(" > ")):
            found.append(
                Finding(
                    code="owned-path",
                    message=f"{path!r}: {wrong or 'views are separated by a > between spaces'}",
                    remedy="write `view > view > command`, for example `interface * > ipv6 *`",
                    file=file,
                    line=number,
                )
            )
    if not paths:
        found.append(Finding(code="owned-path", message="it owns nothing", remedy="name what may be taken out, or `*`", file=file))
    if found:
        raise Refused("the rules of what is owned are faulty", findings=tuple(found))
    return Owned(tuple(paths))


def _regex(path: str) -> str:
    commands = [command.strip() for command in path.split(" > ")]
    parts = [
        r"(?:[^\n]*\n)*" if command == "**" else ".*".join(re.escape(part) for part in command.split("*")) + r"\n"
        for command in commands
    ]
    return "".join(parts).removesuffix(r"\n") + r"(?:\n[^\n]*)*"
