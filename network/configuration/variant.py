"""Which of its dialects a device speaks, where the platform's name does not tell. Never guesses against what is shown.

The prompt decides before the version: S-V600 and CE switches may be set to one stage (`system-view immediately`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yunwang.inventories.network import Platform
from yunwang.network.session import Session

_STAGED_PROMPT = re.compile(r"^\[[~*][\w.-]")
_PLAIN_PROMPT = re.compile(r"^\[(?!V\d)[\w.-]+(?:-[\w./-]+)?\](?:display|$)")
_VERSION = re.compile(r"\bV(\d)00R0(\d\d)C\d\d")
_CE = re.compile(r"\bCE ?\d{4,}|\bV(?:100|200|300)R0(?:0[1-9]|1\d|2[0-3])C\d\d.*\bCE|\bCloudEngine", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A dialect. Words are those that switch the feature on at an interface."""

    two_stage: bool
    """Does `commit` make what was typed running?"""
    send_advertisements: str = ""
    """Router advertisements on an interface; "": as the platform's templates say."""
    source_guard: tuple[str, ...] = ()
    """IP source guard, for IPv4 and (where there is one) for IPv6."""

    def of(self, session: Session) -> Session:
        """The platform's session in this dialect."""
        return session if self.two_stage else replace(session, commit=None, commit_clean_prompt=None)


def variant(platform: Platform, session: Session, header: Iterable[str], lines: Iterable[str] = ()) -> Variant:
    """The dialect of a configuration, by what stood before it (versions, prompts) and by the words in it."""
    if platform not in (Platform.HUAWEI_VRP, Platform.HUAWEI_VRPV8):
        return Variant(two_stage=session.commit is not None)
    shown = [line.strip() for line in header]
    staged = any(_STAGED_PROMPT.match(line) for line in shown)
    plain = any(_PLAIN_PROMPT.match(line) for line in shown)
    used = {line.removeprefix("undo ") for line in lines}
    version = next((match for line in shown if (match := _VERSION.search(line))), None)
    is_s600 = version is not None and version[1] == "6"
    is_ce = any(_CE.search(line) for line in shown) or "ipv6 nd ra halt disable" in used
    new_guard = is_s600 or is_ce or "ipv4 source check user-bind enable" in used
    return Variant(
        two_stage=staged or (session.commit is not None and not plain),
        send_advertisements="ipv6 nd ra halt disable" if is_ce else "undo ipv6 nd ra halt",
        source_guard=(
            ("ipv4 source check user-bind enable", *(("ipv6 source check user-bind enable",) if not is_ce else ()))
            if new_guard
            else ("ip source check user-bind enable",)
        ),
    )
