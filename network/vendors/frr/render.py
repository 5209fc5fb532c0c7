"""Writing FRR: the IPv6 half. A router binds no terminals."""

from __future__ import annotations

from yunwang.network.design import BindingLines, Bound, DualStack, Path
from yunwang.network.vendors import templates


def dual_stack(device: DualStack) -> str:
    """The lines of a device's IPv6 half."""
    return templates.dual_stack("frr", device)


def write(bound: Bound) -> Path | None:
    """None: FRR has no bindings."""


def read(path: Path) -> Bound | None:
    """None: FRR has no bindings."""


BINDINGS = BindingLines(write=write, read=read)
