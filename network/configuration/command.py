"""A line of a configuration as a row of the rule table reads it. Never knows the lines beside it, nor another row."""

from __future__ import annotations

import re
from typing import NamedTuple

from yunwang.network.configuration.rule import Rule

NEGATED = "undo"
"""The value of a line that switches something off and is shown as such (`undo portswitch`, `no ipv6 nd suppress-ra`)."""

_KINDS = {
    "": r"\S+",
    "...": r".+",
    "digits": r"\d+",
    "match": r"match-a(?:ll|ny)",
    "aaa": r"authentication|authorization|accounting",
    "family": r"ip|ipv6",
    "layer": r"mac|expert",
    "vrrp": r"priority|advertisement-interval",
    "stub": r"stub|nssa",
    "discard": r"blackhole|reject|[Nn]ull0",
    "port": r"(?!(?:tag|label|table|onlink|nexthop-vrf|vrf|color|segments|bfd)(?: |$))[A-Za-z]\S*",
    "number": r"\d+(?:/\d+)*(?:\.\d+)?",
    "name": r"[A-Za-z]\S*",
    "ipv4": r"\d+\.\d+\.\d+\.\d+",
    "ipv6": r"[0-9a-f]*:[0-9a-f:.]*",
    "address": r"[\d.]+|[0-9a-f]*:[0-9a-f:.]*",
    "logical...": r"(?i:vlan|loop|tunnel|eth-trunk|bridge-agg|route-agg|port-channel|aggregateport"
    r"|bdi|bvi|vbdif|vsi-interface|dialer|nve|virtual-template|virtual-ethernet|multilink|ve-group|mp-group)"
    r"[A-Za-z-]* ?\d\S*|(?=.*\.)\S+(?: \S+)?\.\d+",
    "default...": r"0\.0\.0\.0(?: 0\S*|/0)|::(?: |/)0",
    "interface...": r"\S+(?: \d\S*)?",
    "hop...": r"(?:vpn-instance \S+ )?(?:\d*[A-Z]\S*(?: (?:[\d.]+|[0-9a-f:.]*:\S*))?|[\d.]+|[0-9a-f:.]*:\S*)(?: public)?",
}
_WORD = re.compile(r"(?P<bracket>[{<])(?P<name>\w+)(?::(?P<kind>\w+))?(?P<rest>\.\.\.)?[}>]")
_TOKEN = re.compile(r"\[[^\]]+\]|\S+")


class Form(NamedTuple):
    """A rule made ready: the whole pattern, and its beginning up to the first held word, as it stands after a negation."""

    rule: Rule
    begin: str
    """The words before the first that may vary: looked at before the regular expressions."""
    within: str
    """The longest words after it that must be there, likewise."""
    full: re.Pattern[str]
    stem: re.Pattern[str] | None
    """None: the beginning alone does not say which command it is, or which VLANs."""
    key: str
    """What identifies it, `%s` for a word of the line."""
    undo: str
    words: tuple[str, ...]
    names: tuple[str, ...]
    """The words that identify it."""
    held: tuple[str, ...]
    social: bool
    """Has it to do with the lines beside it: makes a set of VLANs with them, or is a member of one, wipes some or stops some?"""
    calm: bool
    """It asks nothing and interrupts nothing, neither coming nor going."""
    simple: bool
    """Moreover, typing it is all: it opens nothing, moves nothing else, and replaces what is there."""


def _regex(text: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        kind = _KINDS[(match["kind"] or "") + (match["rest"] or "")]
        parts += [re.escape(text[at : match.start()]), f"(?P<{match['name']}>{kind})"]
        at = match.end()
    return "".join([*parts, re.escape(text[at:])])


def form_of(rule: Rule) -> Form:
    """Compile a row. Raises KeyError for an unknown kind of word: a fault in a table."""
    full, stem, key, undo = "", "", "", ""
    held: list[str] = []
    names: list[str] = []
    for token in _TOKEN.findall(rule.pattern):
        optional = token.startswith("[")
        inner = token.strip("[]")
        space = " " if full else ""
        full_space = "[ \n]" if full and "..." in inner else space  # a block goes on in the next line
        full += f"(?:{full_space}{_regex(inner)})?" if optional else full_space + _regex(inner)
        held += [match["name"] for match in _WORD.finditer(inner) if match["bracket"] == "<"]
        if optional:
            continue
        names += [match["name"] for match in _WORD.finditer(inner) if match["bracket"] == "{"]
        key += (" " if key else "") + _WORD.sub(lambda match: "%s" if match["bracket"] == "{" else "", inner)
        if not held:
            named = _WORD.sub(lambda match: f"{{{match['name']}}}" if match["bracket"] == "{" else "", inner)
            stem, undo = stem + space + _regex(inner), undo + space + named
    whole = re.compile(full, re.DOTALL)
    calm = not (rule.asks or rule.undo_asks or rule.disruptive or rule.undo_disruptive)
    return Form(
        rule=rule,
        begin=literal(rule.pattern).rstrip(),
        within=max(re.split(r" ?\[[^\]]+\]|[{<][^}>]+[}>]", rule.pattern)[1:] or [""], key=len).strip(),
        full=whole,
        stem=re.compile(stem) if stem and stem.count("(?P<") == len(names) and not rule.vlans else None,
        key=key.rstrip(),
        undo=rule.undo or (undo if held else "{line}"),
        words=tuple(whole.groupindex),
        names=tuple(names),
        held=tuple(held),
        social=bool(rule.vlans or rule.member_of or rule.wipes or rule.stops),
        calm=calm,
        simple=calm
        and rule.change == "overwrite"
        and not (rule.opens or rule.vlans or rule.words or rule.used_by or rule.out_first),
    )


def literal(pattern: str) -> str:
    """A pattern's words before the first that may vary."""
    return re.split(r"[\[{<]", pattern, maxsplit=1)[0]


class Command(NamedTuple):
    """A line as a rule reads it."""

    text: str
    form: Form
    rule: Rule
    """The row that knows it."""
    key: str
    """What identifies it among its neighbours."""
    value: str
    """What it holds; `undo` when it is a negated line."""
    groups: tuple[str | None, ...]
    """The pattern's words as they stand in the line, or in its beginning; None for one that is not there."""

    @property
    def words(self) -> dict[str, str]:
        """The pattern's words that are there."""
        return {name: word for name, word in zip(self.form.words, self.groups, strict=False) if word is not None}

    @property
    def hidden(self) -> bool:
        """Is it the default that a device does not show?"""
        return self.value == self.rule.absent
