"""A reference to a secret, never the secret. Resolved at the last moment by yunwang.credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

FORMS = {
    "env": ("env://NAME", re.compile(r"[A-Za-z_][A-Za-z0-9_]*")),
    "file": ("file://PATH", re.compile(r"[^\0]+")),
    "keyring": ("keyring://SERVICE/USER", re.compile(r".+/[^/]+")),
    "ansible-vault": ("ansible-vault://FILE#KEY", re.compile(r"[^#\0]+(#.+)?")),
    "vault": ("vault://MOUNT/PATH#FIELD", re.compile(r"(?!\.)[^/#?]+(/(?!\.)[^/#?]+)+#[^#]+")),
}
"""Each scheme as it is written, and what may stand behind its `://`. docs/secrets.md says what each means."""


def _reference(value: str) -> str:
    """The value where it is a reference. Raises ValueError, which says how to write one and never quotes the value."""
    scheme, mark, rest = value.partition("://")
    if not mark or scheme not in FORMS:
        raise ValueError(f"write {', '.join(form for form, _ in FORMS.values())}; never the secret itself")
    form, pattern = FORMS[scheme]
    if not pattern.fullmatch(rest):
        raise ValueError(f"write it as {form}")
    return value


def is_reference(value: object) -> bool:
    """Whether it is a sound reference."""
    scheme, mark, rest = str(value).partition("://")
    return bool(isinstance(value, str) and mark and scheme in FORMS and FORMS[scheme][1].fullmatch(rest))


_CHECK = AfterValidator(_reference)
SecretRef = Annotated[str, _CHECK]
"""`env://NAME`, `file://PATH` (relative to the workspace, readable by the owner alone), `keyring://SERVICE/USER`, …"""


def holds_secret(field: FieldInfo) -> bool:
    """Whether a noun's field takes a reference to a secret."""
    return _CHECK in field.metadata or any(_CHECK in getattr(part, "__metadata__", ()) for part in get_args(field.annotation))


def references(noun: BaseModel, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], SecretRef]]:
    """Every reference in a noun and what is below it, each with its path; a noun in a list goes by its name."""
    for name, field in type(noun).model_fields.items():
        value = getattr(noun, name)
        if value is not None and holds_secret(field):
            yield (*path, name), value
        for index, part in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(part, BaseModel):
                label = (str(getattr(part, "name", index)),) if isinstance(value, tuple) else ()
                yield from references(part, (*path, name, *label))
