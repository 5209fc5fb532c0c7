"""What pydantic's errors mean for the person who wrote the file: a code, a sentence, a remedy. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from yunwang.inventories.place import nearest, shown

Words: TypeAlias = tuple[str, str, str]
"""Code, message, remedy."""

_SECRET = re.compile("password|passphrase|secret|token|role_id")
_SHAPES = {
    "model": "a mapping (lines of `key: value`)",
    "dict": "a mapping (lines of `key: value`)",
    "tuple": "a list (lines that begin with -)",
}
_BOUNDS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}
_ADDRESSES = {
    "IPv4Address": ("an IPv4 address", "10.64.0.1"),
    "IPv6Address": ("an IPv6 address", "2001:db8::1"),
    "IPv4Interface": ("an IPv4 address with its prefix length", "10.64.0.1/24"),
    "IPv6Interface": ("an IPv6 address with its prefix length", "2001:db8::1/64"),
    "IPv4Network": ("an IPv4 prefix", "10.64.0.0/24"),
    "IPv6Network": ("an IPv6 prefix", "2001:db8:100::/48"),
}


def explain(detail: ErrorDetails, field: str, holder: type[BaseModel], annotation: object, spelling: Mapping[str, str]) -> Words:
    """One error in words.

    `field` is the nearest field as the file spells it, `holder` the noun that has (or lacks) it, `annotation` what it takes.
    """
    if detail["type"] == "missing":
        return "missing-field", f"{shown(field)} is missing", f"add {field}: {_expected(annotation)}"
    if detail["type"] == "extra_forbidden":
        known = sorted(spelling.get(name, name) for name in holder.model_fields)
        near = nearest(field, known)
        remedy = f"did you mean {shown(near)}?" if near else f"remove it (known: {', '.join(known)})"
        return "unknown-field", f"there is no field {shown(field)} here", remedy
    name = shown(field) if field else "this"
    why = str(detail.get("ctx", {}).get("error", ""))
    if why.startswith("holds a password"):
        beside = "`password` beside it (`yunwang upgrade` does that)" if field == "url" else f"`{field}_password` beside it"
        return "secret", f"{name} {why}", f"name a reference to it in {beside}"
    if _SECRET.search(field):
        # Never quoted: what should be a reference may be the secret itself.
        return "secret", f"{name} is not a reference to a secret", why or "write env://NAME or file://PATH, never the secret itself"
    return "wrong-value", *_value(detail, name, annotation)


def _value(detail: ErrorDetails, name: str, annotation: object) -> tuple[str, str]:
    """Message and remedy for a value that does not fit its field."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    shape = kind.partition("_")[0]
    if shape in _SHAPES:
        return f"{name} has to be {_SHAPES[shape]}", "write it so, or remove it"
    if addresses := [each for each in _names(annotation) if each in _ADDRESSES]:
        return _address(value, name, addresses)
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{name} is {shown(value)}, it has to be {words} {context[key]}", "correct the number"
    if kind == "string_pattern_mismatch":
        slug = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")
        return (
            f"{shown(value)} is not a name (lower-case letters, digits, single hyphens)",
            f"write {shown(slug)}" if slug else "choose one",
        )
    if kind in {"enum", "literal_error"}:
        options = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
        near = nearest(str(value), options)
        return f"{name} cannot be {shown(value)}", f"did you mean {shown(near)}?" if near else f"write {' or '.join(options)}"
    if kind == "value_error":
        return f"{name}: {context.get('error', detail['msg'])}", "correct it"
    if kind == "string_too_long":
        return f"{name} is longer than {context['max_length']} characters", "shorten it"
    if kind == "too_short":
        return f"{name} is empty", f"write at least {context['min_length']}"
    for beginning, what, remedy in (
        ("date_", "not a date", "write it as year-month-day: 2026-12-31"),
        ("int_", "not a whole number", "write digits, without quotes in YAML"),
        ("bool_", "neither true nor false", "write true or false"),
        ("string_", "not text", "put it in quotes"),
    ):
        if kind.startswith(beginning):
            return f"{name} is {_given(value)}, {what}", remedy
    return f"{name}: {detail['msg']}", "correct it"


def _address(value: object, name: str, addresses: list[str]) -> tuple[str, str]:
    if all(each.endswith("Network") for each in addresses) and (network := _network(str(value))) not in (None, value):
        return f"{shown(value)} is not a prefix: bits behind its length are set", f"did you mean {network}?"
    words, examples = zip(*(_ADDRESSES[each] for each in addresses), strict=True)
    return f"{name} is {_given(value)}, not {' or '.join(words)}", f"write it like {' or '.join(examples)}"


def _network(text: str) -> str | None:
    """The prefix that an address with a length lies in."""
    try:
        return str(ipaddress.ip_network(text, strict=False)) if "/" in text else None
    except ValueError:
        return None


def _given(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list, tuple)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f"the text {shown(value)}" if isinstance(value, str) else shown(value).strip('"')


def _expected(annotation: object) -> str:
    """What belongs in a field, in a word or two."""
    if get_origin(annotation) is Literal:
        return " | ".join(str(option) for option in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " | ".join(str(option.value) for option in annotation)
    words = {str: "text", int: "a number", bool: "true | false", date: "2026-12-31"}
    if isinstance(annotation, type) and annotation in words:
        return words[annotation]
    return next((_ADDRESSES[name][1] for name in _names(annotation) if name in _ADDRESSES), "…")


def _names(annotation: object) -> Iterator[str]:
    """Names of the classes in an annotation such as `IPv4Network | IPv6Network | None`."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation.__name__
    for part in get_args(annotation):
        yield from _names(part)
