"""Both patches by annet, as its `file-patch` command does it. Runs in annet's own environment; its rulebook is read beforehand."""

from __future__ import annotations

from typing import Any

from annet import hardware, patching, rulebook  # type: ignore[import-not-found]  # not in ours
from annet.annlib.netdev.views.hardware import HardwareView  # type: ignore[import-not-found]
from annet.api import patch_from_pre  # type: ignore[import-not-found]
from annet.vendors import registry_connector, tabparser  # type: ignore[import-not-found]

from bench.stopwatch import timed, told

TASK = told()
rulebook.rulebook_provider_connector.set(rulebook.DefaultRulebookProvider)
hardware.hardware_connector.set(hardware.AnnetHardwareProvider)
HARDWARE = HardwareView("Huawei", "")
RULES = rulebook.get_rulebook(HARDWARE)
FORMATTER = registry_connector.get().match(HARDWARE).make_formatter(indent="")


def patch(old: Any, new: Any) -> list[str]:
    """One way."""
    diff = patching.strip_unchanged(patching.make_diff(old, new, RULES, []))
    text: str = FORMATTER.patch(patch_from_pre(patching.make_pre(diff), HARDWARE, RULES, add_comments=False))
    return text.splitlines()


def patches() -> list[list[str]]:
    """Forward and reverse."""
    old, new = (tabparser.parse_to_tree(text=TASK[name], splitter=FORMATTER.split) for name in ("running", "intended"))
    return [patch(old, new), patch(new, old)]


timed(patches)
