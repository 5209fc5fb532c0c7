"""What a session adds to a command's output, taken off again: echo, prompts, a pager's remnants, log lines. Reads no table."""

from __future__ import annotations

import re

# A pager's prompt, and what it was wiped out with; without that, the one blank that follows it.
_MORE = re.compile(
    r"[ \t]*<?-+ ?\(?[Mm]ore\)?(?: \d+%)? ?-+>?"
    r"(?:[ \t]*(?:\x1b\[\d*D[ \t]*\x1b\[\d*D|\r+[ \t]*\r+(?!\n)|[\x08 ]*\x08)| (?=\S))?(?:[ \t]*(?=\n))?"
)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x00|\x07")
_OVERTYPED = re.compile(r"[^\n]*\x08|[^\n]*\r(?=[^\n])")
_DATE = r"[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d"
_ASIDE = re.compile(
    rf"^(?:(?:<\d+>)?(?:\d+: )?(?:%@\d+)?[*%#.]?{_DATE}"  # a log line of VRP, Comware, IOS, RGOS
    r"|%[A-Z][\w-]*-\d-\w+:"  # … without a time
    r"|\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z\d]+:"  # … of FRR
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.+ ]\S*)*$"  # VRP8 prints the time before every table
    r"|Load for \S+ secs|Time source is )"  # `terminal exec prompt timestamp` on IOS
)
_HOST = r"(?:(?:HRP_[MS]|RBM_[PS])?<[\w.~*/ -]+>|\[[~*]?[\w./-]+\]|[\w.@/-]+(?::[~/\w.-]+)?(?:\([\w/ -]+\))?[#>$])"
_COMMAND = r"(?:do )?(?:di\w*|sh\w*|ip)(?: [\w/:.|*-]+)+"
_ECHO = re.compile(rf"^(?:{_HOST} ?)?{_COMMAND}$")
_TYPED = re.compile(rf"^{_HOST} ?(?:{_COMMAND}|(?:screen-length|terminal) [\w ]+)$")
_PROMPT = re.compile(rf"^{_HOST}(?: ?(?:quit|exit|logout|return|end))?$")


def cleaned(text: str, *, blank: bool = False, width: int = 0) -> list[str]:
    """The lines that the command printed: without all that, and (unless `blank`) without blank ones.

    `width`: a line of so many characters goes on in the next (0: none does).
    """
    lines = _raw(text)
    for index in range(len(lines) - 2, -1, -1) if width else ():
        if len(lines[index]) == width:
            lines[index] += lines.pop(index + 1)
    lines = [line.expandtabs() if blank else line.rstrip().expandtabs() for line in lines]
    lines = [line for line in lines if (blank or line) and not _ASIDE.match(line.lstrip())]
    typed = [index for index, line in enumerate(lines) if _TYPED.match(line.strip())]
    if typed:
        lines = lines[typed[-1] + 1 :]
    elif lines and _ECHO.match(lines[0].strip()):
        lines = lines[1:]
    while lines and (not lines[-1].strip() or _PROMPT.match(lines[-1].strip())):
        lines.pop()
    return lines


def widest(text: str) -> int:
    """How many characters the longest line has: where a terminal may have wrapped it."""
    return max(map(len, _raw(text)))


def ended(text: str) -> bool:
    """Did the device come back with its prompt, so that the output is whole?"""
    lines = [line.strip() for line in _raw(text) if line.strip() and not _ASIDE.match(line.lstrip())]
    return bool(lines) and _PROMPT.match(lines[-1]) is not None


def _raw(text: str) -> list[str]:
    text = _MORE.sub("", re.sub(r"\r+\n", "\n", text))
    return _OVERTYPED.sub("", _ESCAPE.sub("", text)).replace("\r", "").split("\n")
