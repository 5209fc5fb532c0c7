"""XPL filters and lists as VRP8 takes them: whole, with their closing words. Never judges what they say.

Source: NE40E V800R012 configuration guide, XPL; annet's cases, in which the closing words are left out.
"""

from __future__ import annotations

_ENDS = {"route-filter": "end-filter"}
_INNER = ("elseif ", "else")


def written(text: str) -> str:
    """A filter or list in one spelling: a space per level, `endif` where an `if` ends, `end-filter` or `end-list` last."""
    header, *lines = text.split("\n")
    end = _ENDS.get(header.split()[1], "end-list")
    body = [line for line in lines if line.strip() and line.strip() != end]
    closes = not any(line.strip() == "endif" for line in body)
    out = [header]
    open_at: list[int] = []
    for line in body:
        word, indent = line.strip(), len(line) - len(line.lstrip())
        inner = word.startswith(_INNER)
        while closes and open_at and (indent < open_at[-1] or (indent == open_at[-1] and not inner)):
            open_at.pop()
            out.append(" " * (len(open_at) + 1) + "endif")
        if word == "endif" and open_at:
            open_at.pop()
        out.append(" " * (len(open_at) + (0 if inner else 1)) + word)
        if word.startswith("if "):
            open_at.append(indent)
    for depth in range(len(open_at), 0, -1):
        out.append(" " * depth + "endif")
    return "\n".join([*out, f" {end}"])
