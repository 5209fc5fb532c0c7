"""The commands that ntc-templates knows beside ours: its columns, their values in one spelling. Never checks more than it does."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from yunwang.network.facts.display import Table, Values
from yunwang.network.facts.model import Row


@cache
def tables(platform: str) -> dict[str, Table]:
    """By the words of the command, which the templates' files are called after."""
    names = (file.name.removesuffix(".textfsm") for file in (files("ntc_templates") / "templates").iterdir())
    return {
        name.removeprefix(f"{platform}_").replace("_", " "): Table(noun=Row, template=f"ntc:{name}", spaced=True, row=_columns)
        for name in names
        if name.startswith(f"{platform}_")
    }


def _columns(row: Values) -> Values:
    return {"values": {column: value for column, value in row.items() if value}}
