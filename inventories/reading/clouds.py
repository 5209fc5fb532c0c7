"""clouds.yaml: openstacksdk's own format, every cloud there, no secret in it. Never reads what secure.yaml says.

https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
"""

from __future__ import annotations

import stat
from collections.abc import Iterator

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place, nearest, shown
from yunwang.inventories.reading.ansible import load
from yunwang.inventories.reading.files import Folder
from yunwang.inventories.reading.yaml_tree import Document, Node
from yunwang.inventories.secret import is_reference

FILE = "clouds.yaml"
SECURE = "secure.yaml"
_SECRETS = frozenset({"password", "token", "application_credential_secret", "client_secret", "passcode", "access_token", "secret"})


def read_clouds(folder: Folder, findings: list[Finding]) -> tuple[Document | None, frozenset[str]]:
    """Check the file; which clouds it has."""
    findings += _secure(folder)
    document = load(folder, FILE, findings)
    if document is None or document.root is None:
        return document, frozenset()
    root = document.root
    clouds = root.value.get("clouds") if isinstance(root.value, dict) else None
    if clouds is None or not isinstance(clouds.value, dict):
        place = Place(FILE, root.line, root.column) if clouds is None else Place(FILE, clouds.line, clouds.column)
        remedy = "write `clouds:` and below it each cloud by its name"
        findings.append(place.finding("clouds", f"{FILE} has no mapping `clouds`", remedy))
        return document, frozenset()
    for name, cloud in clouds.value.items():
        findings += _cloud(name, cloud, Place(FILE, *clouds.keys[name]))
    findings += _secrets(root)
    return document, frozenset(clouds.value)


def _secure(folder: Folder) -> Iterator[Finding]:
    if not folder.exists(SECURE):
        return
    try:
        mode = (folder.root / SECURE).stat().st_mode
    except OSError as error:
        yield Place(SECURE).finding("unreadable", f"{SECURE} cannot be read: {error.strerror}", "write it anew, mode 600")
        return
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Place(SECURE).finding("secret", f"{SECURE} holds secrets and can be read by others", f"chmod 600 {SECURE}")


def _cloud(name: str, cloud: Node, place: Place) -> Iterator[Finding]:
    if not isinstance(cloud.value, dict):
        yield place.finding("clouds", f"cloud {shown(name)} has to be a mapping", "write auth, region_name … below it")
        return
    auth = cloud.value.get("auth")
    if auth is not None and not isinstance(auth.value, dict):
        here = Place(FILE, auth.line, auth.column)
        yield here.finding("clouds", "`auth` has to be a mapping", "write auth_url, username, project_name … below it")
    for key in ("auth_url", "username", "project_name"):
        if key in cloud.value:
            yield Place(FILE, *cloud.keys[key]).finding("clouds", f"{key} belongs below `auth`", "indent it below `auth:`")
    for key in cloud.keys:
        if (match := nearest(key, ("auth", "region_name"))) and key not in {match, "auth_type", "regions", "region"}:
            yield Place(FILE, *cloud.keys[key]).warning(
                "unknown-field", f"{shown(key)} is not openstacksdk's", f"did you mean {match}?"
            )


def _secrets(root: Node) -> Iterator[Finding]:
    todo = [root]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.value, list):
            todo += node.value
        elif isinstance(node.value, dict):
            todo += node.value.values()
            for key in sorted(node.keys.keys() & _SECRETS):
                if key in node.value and node.value[key].value is not None and not is_reference(node.value[key].value):
                    remedy = f"move it to {SECURE} (same structure, mode 600, not in git), or write a reference (env://NAME …)"
                    yield Place(FILE, *node.keys[key]).finding("secret", f"{key} stands in a file that git keeps", remedy)
