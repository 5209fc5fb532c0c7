"""What was found on devices, as the workspace's own files say it. Changes no line that somebody wrote, opens no file."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from textwrap import indent

import yaml

from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.workspace import Workspace

LINKS = "network/links.yaml"
HOST_VARS = "network/host_vars"
_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_EMPTY = re.compile(r"^links: *\[ *\] *$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Interfaces by device and links, as plain values; what the workspace had before is not among them."""

    interfaces: Mapping[str, list[dict[str, object]]]
    links: list[dict[str, object]]

    @classmethod
    def between(cls, before: Workspace, after: Workspace) -> Found:
        """What `brownfield.complete` added."""
        known = {device.name: {one.name for one in device.interfaces} for device in before.devices}
        interfaces = {
            device.name: [
                one.model_dump(mode="json", exclude_defaults=True)
                for one in device.interfaces
                if one.name not in known[device.name]
            ]
            for device in after.devices
        }
        old = {link.name for link in before.links}
        links = [
            link.model_dump(mode="json", exclude_defaults=True, exclude={"ipv6"}) for link in after.links if link.name not in old
        ]
        return cls(interfaces={name: ones for name, ones in interfaces.items() if ones}, links=links)

    def text(self) -> str:
        """All of it in one document, to look at."""
        return _yaml({"yunwang_interfaces": dict(self.interfaces), "links": self.links})

    def files(self, before: Workspace, there: Container[str], links: str | None) -> tuple[dict[str, str], tuple[Finding, ...]]:
        """The workspace's files to write, by path, and what has to be taken over by hand.

        `there`: hosts that have variables of their own in network/host_vars. `links`: the text of links.yaml, None: no file.
        """
        files: dict[str, str] = {}
        odd: list[Finding] = []
        for name, ones in self.interfaces.items():
            file = f"{HOST_VARS}/{name}.yaml"
            if name in there or before.device(name).interfaces:
                message = f"{name} has intent of its own, which {len(ones)} interfaces that were found are missing from"
                odd.append(_by_hand(message, f"device/{name}"))
            else:
                files[file] = f"# Read off the device.\n{_yaml({'yunwang_interfaces': ones})}"
        if self.links:
            text = "version: 1\nlinks:\n" if links is None else _EMPTY.sub("links:", links)
            items = _ITEM.search(text)
            text = f"{text.rstrip()}\n{indent(_yaml(self.links), items[1] if items else '  ')}"
            if _links(text) == [*_links(links or ""), *self.links]:
                files[LINKS] = text
            else:
                odd.append(_by_hand(f"{LINKS} is not written so that {len(self.links)} links could follow at its end", LINKS))
        return files, tuple(odd)


def _links(text: str) -> list[object]:
    try:
        return (yaml.safe_load(text) or {}).get("links") or []
    except (yaml.YAMLError, AttributeError):
        return []


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def _by_hand(message: str, target: str) -> Finding:
    remedy = "take them over by hand: intent.yaml beside the lines has them"
    return Finding(code="intent-by-hand", severity=Severity.WARNING, message=message, remedy=remedy, target=target)
