"""A workspace of an older version becomes one of this version: yunwang.yaml is edited as a person would. Writes no file."""

from __future__ import annotations

import re
from urllib.parse import unquote

import yaml

from yunwang.inventories.noun import Noun
from yunwang.inventories.verdict import Refused
from yunwang.inventories.workspace import WORKSPACE_VERSION

PASSWORD_FILE = ".yunwang/secrets/journal-password"
BY_HAND = "mend yunwang.yaml by hand: version: 2, no password in journal.url, journal.password a reference to it"
_VERSION = re.compile(r"^(version[ \t]*:[ \t]*)1\b", re.MULTILINE)
_URL = re.compile(
    r"""(?P<before>(?P<lead>[^\n]*?)\burl[ \t]*:[ \t]*(?P<quote>['"]?)[^\s:/]+://[^\s:@/]*):(?P<secret>[^\s@/'"]*)@(?P<after>[^\s,}'"]*)(?P=quote)"""
)


class Upgraded(Noun):
    """yunwang.yaml as it will be, and in words what is done. `password`: to be written to PASSWORD_FILE, mode 600."""

    text: str
    deeds: tuple[str, ...] = ()
    password: str | None = None


def upgraded(text: str) -> Upgraded:
    """The upgrade of a yunwang.yaml, comments kept; no deeds: it is of this version. Raises Refused where that cannot be done."""
    was = _parsed(text)
    new, wanted, deeds = text, dict(was), list[str]()
    if was.get("version") == 1:
        new = _VERSION.sub(rf"\g<1>{WORKSPACE_VERSION}", text, count=1)
        wanted["version"] = WORKSPACE_VERSION
        deeds.append(f"yunwang.yaml: version 1 becomes {WORKSPACE_VERSION}")
    elif was.get("version") != WORKSPACE_VERSION:
        raise Refused(f"yunwang.yaml has version {was.get('version')}", remedy=f"this yunwang reads 1 to {WORKSPACE_VERSION}")
    journal = was.get("journal")
    found = _URL.search(new) if isinstance(journal, dict) and "password" not in journal else None
    if found is not None and isinstance(journal, dict):
        reference = f"file://{PASSWORD_FILE}"
        url = f"{found['before']}@{found['after']}{found['quote']}"
        flow = "{" in found["lead"]
        lead = "" if flow else re.sub(r"[^ ]", " ", found["lead"])
        new = new.replace(found[0], f"{url}, password: {reference}" if flow else f"{url}\n{lead}password: {reference}", 1)
        wanted["journal"] = journal | {"url": str(journal["url"]).replace(f":{found['secret']}@", "@", 1), "password": reference}
        deeds.append(f"yunwang.yaml: the password in journal.url moves to {PASSWORD_FILE}, mode 600")
    if _parsed(new) != wanted:
        raise Refused("yunwang.yaml is written in a way that cannot be edited safely", remedy=BY_HAND)
    return Upgraded(text=new, deeds=tuple(deeds), password=unquote(found["secret"]) if found is not None else None)


def _parsed(text: str) -> dict[str, object]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = None
    if not isinstance(value, dict):
        raise Refused("yunwang.yaml cannot be read", remedy="`yunwang validate` shows what is wrong with it")
    return value
