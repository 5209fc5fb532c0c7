"""What VRP8 shows: VRP5's templates know both; the names of interfaces are its own."""

from __future__ import annotations

from yunwang.network.facts import ntc
from yunwang.network.facts.display import Parse, names
from yunwang.network.vendors.huawei_vrp.parse import TABLES
from yunwang.network.vendors.huawei_vrpv8.rules import RULES

PARSE = Parse(tables=TABLES, interface=names(RULES.full_name, slots=True), others=ntc.tables("huawei_vrp"))
