"""Both patches by hier_config, as its documentation does it. Runs in hier_config's own environment."""

from __future__ import annotations

from hier_config import Platform, WorkflowRemediation, get_hconfig  # type: ignore[import-not-found]  # not in ours

from bench.stopwatch import timed, told

TASK = told()


def patches() -> list[list[str]]:
    """Remediation and rollback."""
    work = WorkflowRemediation(*(get_hconfig(Platform.HUAWEI_VRP, TASK[name]) for name in ("running", "intended")))
    return [
        [line.cisco_style_text() for line in config.all_children_sorted()]
        for config in (work.remediation_config, work.rollback_config)
    ]


timed(patches)
