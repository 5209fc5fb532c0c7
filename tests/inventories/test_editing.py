"""A file edited as a person would: what is not meant stays to the letter, and a file that cannot be edited safely is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from yunwang.inventories import demo
from yunwang.inventories.editing import edited
from yunwang.inventories.verdict import Refused

TEXT = """\
# the bureau
name: finance   # 财政局
members:
  - { user: an, role: manager }   # since spring
quota:
  cores: 4
  ram_gib: 8 # enough

networks:
  - name: app
    ipv4: 10.72.1.0/24
groups: []
"""


def changed(**values: Any) -> list[str]:
    """The lines that are new in the text when these values are wanted."""
    said = yaml.safe_load(TEXT)
    new = edited(TEXT, said | values, "tenants/finance.yaml")
    assert yaml.safe_load(new) == said | values
    return [line for line in new.splitlines() if line not in TEXT.splitlines()]


def test_a_value_changes_and_its_comment_stays() -> None:
    assert changed(quota={"cores": 6, "ram_gib": 16}) == ["  cores: 6", "  ram_gib: 16 # enough"]


def test_what_is_added_stands_at_the_end_of_its_list_or_mapping() -> None:
    assert changed(members=[{"user": "an", "role": "manager"}, {"user": "bo"}]) == ["  - {user: bo}"]
    more = [{"name": "app", "ipv4": "10.72.1.0/24", "routed": False}, {"name": "lab"}]
    assert changed(networks=more) == ["    routed: false", "  - {name: lab}"]
    assert changed(title="财政局") == ["title: 财政局"]
    assert changed(groups=[{"name": "web"}]) == ["groups: [{name: web}]"]


def test_a_list_that_loses_a_member_is_written_anew_and_nothing_else() -> None:
    text = "rules:\n  - { port: 1 }\n  - { port: 2 }\nrest: 1 # stays\n"
    assert edited(text, {"rules": [{"port": 2}], "rest": 1}, "f") == "rules:\n  - {port: 2}\nrest: 1 # stays\n"


def test_a_file_that_says_it_already_is_left_as_it_is(tmp_path: Path) -> None:
    demo.write(tmp_path / "demo")
    for path in (tmp_path / "demo" / "tenants").glob("*.yaml"):
        assert edited(path.read_text(), yaml.safe_load(path.read_text()), path.name) == path.read_text()


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: [1\n", ""])
def test_what_cannot_be_edited_safely_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(Refused, match="cannot be edited safely") as refused:
        edited(text, {"a": 2, "b": 1}, "f.yaml")
    assert "{a: 2, b: 1}" in refused.value.remedy
