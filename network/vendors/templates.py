"""Finds and fills the vendors' Jinja2 templates. Knows nothing about what is in them; a name that is missing is an error."""

from __future__ import annotations

from ipaddress import IPv4Address

from jinja2 import Environment, PackageLoader, StrictUndefined

from yunwang.network.design.model import DualStack


def area_number(area: IPv4Address) -> str:
    """An OSPF area as a number where it fits one octet (0, 1 … 255), else dotted."""
    return str(int(area)) if int(area) < 256 else str(area)


def dscp_number(name: str) -> int:
    """A code point's number by its name: class selectors (RFC 2474), AF (RFC 2597), EF (RFC 3246)."""
    if name.startswith("af"):
        return 8 * int(name[2]) + 2 * int(name[3])
    return {"default": 0, "ef": 46}[name] if not name.startswith("cs") else 8 * int(name[2])


_ENVIRONMENT = Environment(
    loader=PackageLoader("yunwang.network.vendors", ""),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701  # device configurations, no HTML
)
_ENVIRONMENT.filters |= {"area_number": area_number, "dscp_number": dscp_number}


def dual_stack(platform: str, device: DualStack, **more: object) -> str:
    """The template `<platform>/dual_stack.j2` over a device's IPv6 half."""
    return _ENVIRONMENT.get_template(f"{platform}/dual_stack.j2").render(device=device, **more)
