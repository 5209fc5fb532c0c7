"""policies/allowed_signers, line by line, each fault at its place. Never verifies anything, never accepts what it does not know.

The format is OpenSSH's (ssh-keygen(1), ALLOWED SIGNERS); stricter here: people by their names, no patterns, no certificates.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Locator, Path, Place, choose, shown
from yunwang.inventories.roles import NAMESPACE, AllowedSigner

KEY_TYPES = (
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
)
_OPTIONS = ("namespaces", "valid-after", "valid-before")
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_OPTION = re.compile(r'([A-Za-z-]+)(?:="([^"]*)")?(?:,|$)')
_TIME = re.compile(r"\d{8}(\d{4}(\d{2})?)?Z?")
_SHAPE = "write: NAME KEYTYPE KEY, as in a public key file after the person's name"


class _Word(NamedTuple):
    """A word of a line and the column where it begins, from 1."""

    text: str
    column: int


def read_signers(file: str, text: str) -> tuple[tuple[AllowedSigner, ...], list[Finding], Locator]:
    """The sound lines, the faults of the others, and where each sound line stands."""
    signers: list[AllowedSigner] = []
    lines: list[int] = []
    findings: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [_Word(match.group(), match.start() + 1) for match in _WORD.finditer(line)]
        if not words or words[0].text.startswith("#"):
            continue
        faults = list(_faults(file, number, words))
        findings += faults
        if not any(fault.severity == "error" for fault in faults):
            key = _key_at(words)
            principals = tuple(words[0].text.strip('"').split(","))
            signers.append(
                AllowedSigner(principals=principals, key_type=words[key].text, key=words[key + 1].text, line=line.strip())
            )
            lines.append(number)

    def place(path: Path, *, key: bool = False) -> Place:
        return Place(file, lines[int(path[0])], 1) if path else Place(file)

    return tuple(signers), findings, place


def _key_at(words: list[_Word]) -> int:
    """Which word is the key's type: the second, or the third after options."""
    return 1 if len(words) < 3 or words[1].text in KEY_TYPES or words[2].text not in KEY_TYPES else 2


def _faults(file: str, number: int, words: list[_Word]) -> Iterator[Finding]:
    if len(words) < 3:
        yield Place(file, number, words[0].column).finding("signer", "the line has no key", _SHAPE)
        return
    yield from _principals(file, number, words[0])
    key = _key_at(words)
    kind = words[key]
    if kind.text not in KEY_TYPES:
        looks_like_options = "=" in kind.text or kind.text == "cert-authority"
        if looks_like_options and key == 1:
            yield from _options(file, number, kind)
            kind = words[2]
        if kind.text not in KEY_TYPES:
            place = Place(file, number, kind.column)
            yield place.finding("signer", f"{shown(kind.text)} is no type of key", choose(kind.text, KEY_TYPES, _SHAPE))
        return
    if key == 2:
        yield from _options(file, number, words[1])
    if len(words) <= key + 1:
        yield Place(file, number, kind.column).finding("signer", "the line has no key", _SHAPE)
    elif said := _blob(kind.text, words[key + 1].text):
        remedy = "copy the line of the .pub file again, whole"
        yield Place(file, number, words[key + 1].column).finding("signer", f"the key is damaged: {said}", remedy)


def _principals(file: str, number: int, word: _Word) -> Iterator[Finding]:
    column = word.column + word.text.startswith('"')
    for name in word.text.strip('"').split(","):
        place = Place(file, number, column)
        if set("*?![]") & set(name):
            remedy = "write each person's name: whoever has this key could sign in anybody's"
            yield place.finding("signer", f"{shown(name)} is a pattern", remedy)
        elif not name:
            yield place.finding("signer", "a name is empty", "remove the comma")
        column += len(name) + 1


def _options(file: str, number: int, word: _Word) -> Iterator[Finding]:
    position = 0
    while position < len(word.text):
        place = Place(file, number, word.column + position)
        match = _OPTION.match(word.text, position)
        if match is None:
            yield place.finding("signer", f"{shown(word.text[position:])} is no option", 'write NAME="VALUE", with commas between')
            return
        position = match.end()
        name, value = match.group(1).lower(), match.group(2)
        if name == "cert-authority":
            yield place.finding("signer", "certificates are not read here", "write each person's own key")
        elif name not in _OPTIONS or value is None:
            yield place.finding("signer", f"{shown(match.group(1))} is no option", choose(name, _OPTIONS, 'write NAME="VALUE"'))
        elif name == "namespaces":
            if not any(fnmatchcase(NAMESPACE, pattern) for pattern in value.split(",")):
                remedy = f'add it: namespaces="{value},{NAMESPACE}"'
                yield place.warning("signer", f"the key is not for {NAMESPACE}, so that it approves nothing", remedy)
        elif not _TIME.fullmatch(value):
            yield place.finding("signer", f"{shown(value)} is no time", "write YYYYMMDD or YYYYMMDDHHMM, with a Z for UTC")


def _blob(kind: str, key: str) -> str:
    """What is wrong with the base64 of a key, which begins with its type (RFC 4253 6.6)."""
    try:
        data = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return "it is not base64"
    fields: list[bytes] = []
    while data:
        length = int.from_bytes(data[:4])
        if len(data) < 4 + length:
            return "it ends too early"
        fields.append(data[4 : 4 + length])
        data = data[4 + length :]
    if not fields or fields[0] != kind.encode():
        inner = fields[0].decode("ascii", "replace") if fields else "nothing"
        return f"it says {shown(inner)} inside"
    if len(fields) < (3 if kind != "ssh-ed25519" else 2) or (kind == "ssh-ed25519" and len(fields[1]) != 32):
        return "it ends too early"
    return ""
