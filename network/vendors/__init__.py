"""The platforms, one line each; a platform is a folder of data. The engine never names one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from yunwang.inventories.network import Platform
from yunwang.network.configuration.table import Rules
from yunwang.network.design.model import BindingLines, DualStack, Lack, Prerequisite
from yunwang.network.design.words import Words
from yunwang.network.facts.display import Parse
from yunwang.network.session import Session

REGISTRY = {
    Platform.HUAWEI_VRP: "huawei_vrp",
    Platform.HUAWEI_VRPV8: "huawei_vrpv8",
    Platform.HP_COMWARE: "hp_comware",
    Platform.RUIJIE_OS: "ruijie_os",
    Platform.CISCO_IOS: "cisco_ios",
    Platform.CISCO_XE: "cisco_xe",
    Platform.FRR: "frr",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A platform's folder as a value."""

    platform: Platform
    rules: Rules
    session: Session
    parse: Parse
    ipv4: Words
    """How it says in IPv4 what its IPv6 half shall do."""
    dual_stack: Callable[[DualStack], str]
    """Configuration lines of a device's IPv6 half."""
    lacks: Mapping[str, Lack]
    """Features of `DualStack` that are not written for it."""
    unverified: Mapping[str, str]
    """Features whose words no document at hand shows, and the words."""
    prerequisites: tuple[Prerequisite, ...]
    bindings: BindingLines
    """How bindings are written and read back."""

    def lacking(self, header: Iterable[str]) -> dict[str, str]:
        """Features that are not written for a device whose configuration begins so, and why."""
        begins = "\n".join(header)
        return {name: one.why for name, one in self.lacks.items() if not (one.unless and re.search(one.unless, begins))}


@cache
def vendor(platform: Platform) -> Vendor:
    """The vendor of a platform; read once."""
    folder = f"{__name__}.{REGISTRY[platform]}"
    rules, session, parse, ipv4, render = (
        import_module(f"{folder}.{part}") for part in ("rules", "session", "parse", "ipv4", "render")
    )
    return Vendor(
        platform=platform,
        rules=rules.RULES,
        session=session.SESSION,
        parse=parse.PARSE,
        ipv4=ipv4.WORDS,
        dual_stack=render.dual_stack,
        lacks=render.LACKS,
        unverified=render.UNVERIFIED,
        prerequisites=render.PREREQUISITES,
        bindings=render.BINDINGS,
    )
