"""YAML as version 1.2 means it, with the place of every value."""

from __future__ import annotations

import pytest

from yunwang.inventories.reading.yaml_tree import compose


def value(text: str) -> object:
    document = compose("f.yaml", text)
    assert document.root is not None, document.findings
    assert document.findings == []
    return document.root.plain()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("10:20:30:40:50:59", "10:20:30:40:50:59"),
        ("2026-12-31", "2026-12-31"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("|\n   12\n", "12\n"),
        ("=", "="),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, meant: object) -> None:
    assert value(f"a: {text}") == {"a": meant}


def test_every_value_and_key_knows_its_place() -> None:
    document = compose("f.yaml", "财政: 1\nb:\n  - {c: 2, d: 3}\n  -   4\n")
    assert document.place(("财政",)) == ("f.yaml", 1, 5)
    assert document.place(("b", 0, "d")) == ("f.yaml", 3, 15)
    assert document.place(("b", 0, "d"), key=True) == ("f.yaml", 3, 12)
    assert document.place(("b", 1)) == ("f.yaml", 4, 7)
    assert document.place(("b", 0, "not there")) == ("f.yaml", 3, 5)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", "f.yaml:3:1"),
        ("a: {x: 1, x: 2}\n", "duplicate-key", "f.yaml:1:11"),
        ("1: a\n", "yaml-key", "f.yaml:1:1"),
        ("? [a]\n: b\n", "yaml-key", "f.yaml:1:3"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "yaml-merge", "f.yaml:3:3"),
        ("a: !python/object:os.system x\n", "yaml-tag", "f.yaml:1:4"),
        ("a: *b\n", "yaml-syntax", "f.yaml:1:4"),
        ("a: 1\n---\nb: 2\n", "yaml-documents", "f.yaml:2:1"),
        ("a:\n\tb: 1\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: b: c\n", "yaml-syntax", "f.yaml:1:5"),
        ("a: 'b\n", "yaml-syntax", "f.yaml:2:1"),
        ("a: 1\nb\n", "yaml-syntax", "f.yaml:3:1"),
        ("a: 1\n  b: 2\n", "yaml-syntax", "f.yaml:2:4"),
        ("a: @b\n", "yaml-syntax", "f.yaml:1:4"),
        ("a: \x07\n", "yaml-syntax", "f.yaml:1:4"),
    ],
)
def test_faults_are_found_at_their_place(text: str, code: str, place: str) -> None:
    found = compose("f.yaml", text).findings
    assert [(finding.code, finding.place) for finding in found] == [(code, place)]


def test_the_first_of_two_equal_keys_counts() -> None:
    document = compose("f.yaml", "a: 1\na: 2\n")
    assert document.root is not None
    assert document.root.plain() == {"a": 1}


def test_what_yaml_1_1_reads_otherwise_is_noted() -> None:
    document = compose("f.yaml", "a: no\nb: 012\nc: 'no'\nd: 12:30\ne: 10.64.0.1\nf: 2026-01-01\ng: 12\n")
    assert [(place.line, text) for place, text in document.loose] == [(1, "no"), (2, "012"), (4, "12:30"), (6, "2026-01-01")]
