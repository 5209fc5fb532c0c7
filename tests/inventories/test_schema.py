"""The schemas that editors use accept what the reader accepts and refuse the plainest mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own

from yunwang.inventories.file_kinds import KINDS
from yunwang.inventories.schema import kinds, schema


@pytest.mark.parametrize("name", kinds())
def test_every_schema_is_one_and_is_json(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(json.dumps(schema(name))))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.form != "table"], ids=lambda kind: kind.name)
def test_the_demos_files_fit_their_schema(demo_city: Path, kind: object) -> None:
    name, path = getattr(kind, "name", ""), getattr(kind, "path", "")
    files = sorted(demo_city.glob(path))
    assert files
    for file in files:
        # BaseLoader would make everything text; YAML 1.1's dates are the one thing to undo.
        value = json.loads(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")), default=str))
        assert list(Draft202012Validator(schema(name)).iter_errors(value)) == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("settings", {"version": 1, "name": "x", "titel": "x"}),
        ("tenant", {"version": 2}),
        ("devices", {"all": {"host": {}}}),
        ("devices", {"all": {"hosts": {"a": {"yunwang_platfrom": "frr"}}}}),
        ("devices", {"all": {"children": {"g": {"vars": {"yunwang_platform": "vrp"}}}}}),
        ("machines", {"all": {"hosts": {"a": {"ansible_port": "x"}}}}),
        ("clouds", {"cloud": {}}),
    ],
)
def test_mistakes_do_not_fit(name: str, wrong: object) -> None:
    assert list(Draft202012Validator(schema(name)).iter_errors(wrong))


def test_an_unknown_kind_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema("nothing")
