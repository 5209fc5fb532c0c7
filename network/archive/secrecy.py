"""What of a configuration is secret, and masks for it: equal secrets of a device have equal masks. Never writes anything.

A row of the table says where a secret stands and what may follow it. A line that no row knows and that has a word by which a
secret may stand is masked from there to its end; what looks like a hash or a ciphertext is masked wherever it stands. So a mask may
hide more than it has to.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from yunwang.inventories.network import Platform

MASK = re.compile(r"<hmac:[0-9a-f]{20}>")
"""80 bits: two secrets of one device do not meet, and without the key nobody can try a word."""

# In a row: `*` a secret word, `**` a secret to the line's end, `_` any word, `#` a small number, `...` any words, `<a|b>` one of
# these, `[a|b]` one of these or none, `~a|b` at the end: nothing more, or what one of these begins. Without `*`: no secret.
_HUAWEI = (
    # Huawei VRP, Security and SNMP command references; `display current-configuration` of V200R and V800R
    "snmp-agent community complexity-check ...",
    "snmp-agent community <read|write> [cipher|simple] * ~acl|alias|mib-view",
    "snmp-agent target-host ... params securityname [cipher|simple] * ~v1|v2c|v3|private-netmanager|ext-vb|notify-filter-profile",
    "snmp-agent usm-user v3 _ [_] [group|role] [_]",
    "snmp-agent usm-user v3 _ <authentication-mode|privacy-mode> _ [cipher|simple] *",
    "snmp-agent usm-user v3 ... authentication-mode _ [cipher|simple] * privacy-mode _ [cipher|simple] * ~acl",
    "local-user _ password [cipher|irreversible-cipher|simple] * ~privilege|access-limit|state|service-type|idle-timeout",
    "local-user _ password-force-change ...",
    "local-aaa-user password policy ...",
    "password <alert|expire|history|min-length|policy|recovery|score> ...",
    "ssh <server|client> <cipher|hmac|key-exchange|publickey|dh-exchange> ...",
    "ssh user _ ...",
    "authentication-mode <aaa|none|password|scheme|local|radius|hwtacacs|ldap> ...",
    "... authentication-mode keychain _ ...",
)
_COMWARE = (
    # H3C Comware 7, User Access and SNMP command references
    *_HUAWEI,
    "snmp-agent community <read|write> [cipher|simple] * ~context|ipv6-acl",
    "key #",
    "key <authentication|accounting|authorization> [cipher|simple] *",
    "password-control ...",
    "ssh2 algorithm ...",
    "<primary|secondary> <authentication|accounting|authorization> _ [_] key [cipher|simple] * ~test-profile|vpn-instance|weight",
)
_CISCO = (
    # Cisco IOS 15, Security and SNMP command references; RGOS shows the same
    "snmp-server community [0|7|8] * ~ro|rw|RO|RW|view|ipv6",
    "snmp-server host _ ... version <1|2c> * ...",
    "snmp-server host _ ... version 3 <auth|noauth|priv> * ...",
    "snmp-server host _ [traps|informs] **",
    "snmp-server user _ _ <v1|v2c|v3>",
    "snmp-server user _ _ ... auth <md5|sha> * priv ... * ~access",
    "snmp-server user _ _ ... auth <md5|sha> * ~access",
    "crypto isakmp key [0|6|7] * <address|hostname> ...",
    "ntp authentication-key _ md5 * [0|7]",
    "key chain _ ...",
    "key #",
    "ip ssh ...",
    "aaa authentication ...",
    "... authentication <message-digest|null|key-chain|mode> ...",
)
ROWS: Mapping[Platform, tuple[str, ...]] = {
    Platform.HUAWEI_VRP: _HUAWEI,
    Platform.HUAWEI_VRPV8: _HUAWEI,
    Platform.HP_COMWARE: _COMWARE,
    Platform.RUIJIE_OS: _CISCO,
    Platform.CISCO_IOS: _CISCO,
    Platform.CISCO_XE: _CISCO,
    Platform.FRR: _CISCO,
}
_BY_WHICH = re.compile(
    r"(?:^|(?<=\s))(?:"
    r"passw(?:or)?d|pass-?phrase|secret|(?:irreversible-)?cipher|key-string|key|shared-key|pre-shared-key|\S*psk|credentials?|token"
    r"|authentication-key|message-digest-key|md5-password|area-password|domain-password|authentication-mode|securityname"
    r"|(?:standby|vrrp|glbp|nhrp|rip|isis|ospf|ospf6|eigrp)\s(?:\S+\s)*?authentication"
    r"|snmp\S*\s(?:\S+\s)*?(?:community|usm-user|user|host)"
    r")(?=\s)",
    re.IGNORECASE,
)
"""A word by which a secret may stand."""
_KIND = (
    r"(?:\s+(?:cipher|irreversible-cipher|simple|plain|plaintext|hash|encrypted|clear|text|string|ascii|read|write"
    r"|md5|sha\S*|hmac-\S*|keyed-\S*|usual|nonstandard|v[123]c?|\d{1,3})(?=\s))*"
)
_BEHIND = re.compile(rf"(?P<kinds>{_KIND})\s+(?P<secret>\S.*)", re.IGNORECASE)
_LOOKS_SECRET = re.compile(
    r"<hmac:\S*"  # what a person wrote to look like a mask
    r"|%[\^@$#+]{1,2}[%#]{1,2}\S{4,}"  # VRP: %^%#…%^%#, %@%@…, %+%##…
    r"|\$[0-9A-Za-z]{1,3}\$\S{6,}"  # $1a$…, $c$3$…, $h$6$…, $9$…
    r"|\S{16,}!!"  # VRP of old
    r"|(?<![\w:.-])[0-9a-fA-F]{32,}(?![\w:.-])"  # a digest or key in hexadecimal
    r"|(?<![\w:.-])(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?![A-Za-z-]+\d[\d/.:]*(?:\s|$))"
    r"[A-Za-z0-9+/]{28,}={0,2}(?!\S)"  # base64, and no interface's name
)
_MAYBE = re.compile(
    r"passw|phrase|secret|cipher|key|psk|snmp|authentication|securityname|credential|token|<hmac:|[%$]|!!|[A-Za-z0-9+/]{28}",
    re.IGNORECASE,
)
"""What a line must have for anything in it to be masked: most have nothing of the kind, and are passed over fast."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with masks in it, and what each stands for."""

    text: str
    secrets: dict[str, str] = field(repr=False)


class Masker:
    """Masks what is secret in a device's configuration, with a key; of another device the same secret has another mask."""

    def __init__(self, key: bytes, device: str, platform: Platform) -> None:
        self._key, self._device = key, device.encode()
        self._rows = _compiled(platform)

    def mask(self, text: str) -> Masked:
        """The text, line by line."""
        found: dict[str, str] = {}
        lines = (self._line(line, found) if _MAYBE.search(line) else line for line in text.split("\n"))
        return Masked("\n".join(lines), found)

    def _line(self, line: str, found: dict[str, str]) -> str:
        return "".join(
            self._put(part, found) if secret else _LOOKS_SECRET.sub(lambda match: self._put(match[0], found), part)
            for part, secret in self._parts(line)
        )

    def _put(self, secret: str, found: dict[str, str]) -> str:
        told = hmac.digest(self._key, self._device + b"\0" + secret.encode("utf-8", "surrogatepass"), "sha256").hex()
        mask = f"<hmac:{told[:20]}>"
        found[mask] = secret
        return mask

    def _parts(self, line: str) -> Iterable[tuple[str, bool]]:
        """The line in parts, each secret or not."""
        bare = line.rstrip()
        for row in self._rows:
            if match := row.fullmatch(bare):
                return _cut(line, [match.span(number) for number in range(1, row.groups + 1)])
        word = _BY_WHICH.search(bare)
        behind = _BEHIND.match(bare, word.end()) if word else None
        return _cut(line, [behind.span("secret")] if behind else [])


def unmask(text: str, secret_of: Callable[[str], str]) -> str:
    """The text with what the masks stand for."""
    return MASK.sub(lambda match: secret_of(match[0]), text)


def _cut(line: str, spans: Iterable[tuple[int, int]]) -> Iterable[tuple[str, bool]]:
    at = 0
    for begin, end in spans:
        yield line[at:begin], False
        yield line[begin:end], True
        at = end
    yield line[at:], False


@cache
def _compiled(platform: Platform) -> tuple[re.Pattern[str], ...]:
    return tuple(map(_row, ROWS[platform]))


def _row(row: str) -> re.Pattern[str]:
    words = (_word(word) for word in row.split(" "))
    return re.compile(r"\s*(?:(?:undo|no)\s+)?" + "".join(words).removeprefix(r"\s+"))


def _word(word: str) -> str:
    match word:
        case "*":
            return r"\s+(\S+)"
        case "**":
            return r"\s+(\S.*)"
        case "_":
            return r"\s+\S+"
        case "#":
            return r"\s+\d{1,3}"
        case "...":
            return r"(?:\s+\S+)*?"
        case _ if word[0] == "<":
            return rf"\s+(?:{word[1:-1]})"
        case _ if word[0] == "[":
            return rf"(?:\s+(?:{word[1:-1].replace('_', chr(92) + 'S+')}))?"
        case _ if word[0] == "~":
            return rf"(?:\s+(?:{word[1:]})(?:\s.*)?)?"
        case _:
            return r"\s+" + re.escape(word)
