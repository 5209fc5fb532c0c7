"""Reading what VRP8 shows: as VRP5's, whose readers know both."""

from __future__ import annotations

from yunwang.network.vendors.huawei_vrp.parse import PARSE

__all__ = ["PARSE"]
