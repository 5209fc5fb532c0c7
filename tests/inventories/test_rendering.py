"""Findings as people, programs and code review take them."""

from __future__ import annotations

import json
from pathlib import Path

from yunwang.inventories import demo, rendering
from yunwang.inventories.finding import Finding, Severity
from yunwang.inventories.reading import read, source_lines

LINES = {"a.csv": ["name,title", "oa,办公,x\ty", "z" * 300 + "!" + "y" * 300]}


def at(line: int, column: int, clause: str = "") -> Finding:
    return Finding(
        code="some-code", message="something is wrong", remedy="mend it", file="a.csv", line=line, column=column, clause=clause
    )


def lines(file: str) -> list[str]:
    return LINES[file]


def test_text_shows_the_line_with_a_mark_under_the_column() -> None:
    assert rendering.text([at(2, 4)], lines).splitlines() == [
        "error[some-code]: something is wrong",
        " --> a.csv:2:4",
        "2 | oa,办公,x y",
        "  |    ^",
        "  = mend it",
        "",
        "1 error.",
    ]


def test_the_mark_minds_that_chinese_characters_take_two_cells() -> None:
    shown = rendering.text([at(2, 7)], lines).splitlines()
    assert shown[3].index("^") - len("2 | ") == len("oa,") + 4 + 1


def test_a_long_line_is_shown_around_its_column() -> None:
    quoted, mark = rendering.text([at(3, 301)], lines).splitlines()[2:4]
    assert len(quoted) < 120
    assert quoted[mark.index("^")] == "!"


def test_a_finding_without_a_place_or_with_one_beyond_the_file_is_still_told() -> None:
    elsewhere = Finding(code="c", severity=Severity.WARNING, message="m", remedy="r", target="device/x", clause="N7")
    shown = rendering.text([elsewhere, at(99, 9)], lines)
    assert "warning[c]: m (N7)\n--> device/x\n = r" in shown
    assert "a.csv:99:9" in shown
    assert shown.endswith("1 error, 1 warning.\n")


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b" not in rendering.text([at(2, 4)], lines)
    assert "\x1b[1;31merror[some-code]\x1b[0m" in rendering.text([at(2, 4)], lines, colour=True)


def test_nothing_found_is_said() -> None:
    assert rendering.text([]) == "No faults found.\n"
    assert json.loads(rendering.as_json([])) == []


def test_json_reads_back_as_the_same_findings() -> None:
    findings = [at(2, 4), at(1, 1, clause="M4")]
    assert [Finding.model_validate(row) for row in json.loads(rendering.as_json(findings))] == findings


def test_sarif_is_what_code_review_tools_need() -> None:
    log = json.loads(
        rendering.as_sarif([at(2, 4), Finding(code="p", message="m", remedy="r", target="tenant/x", clause="N7")], "1.2.3")
    )
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["version"] == "1.2.3"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    first, second = run["results"]
    assert rules[first["ruleIndex"]] == first["ruleId"] == "some-code"
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a.csv", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 2, "startColumn": 4}}
    assert first["level"] == "error"
    assert second["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "tenant/x"}]
    assert second["properties"]["clause"] == "N7"


def test_the_faulty_demo_is_rendered_with_its_lines(tmp_path: Path) -> None:
    demo.write(tmp_path / "w", faults=True)
    _, findings = read(tmp_path / "w")
    shown = rendering.text(findings, lambda file: source_lines(tmp_path / "w", file))
    assert "clouds.yaml:8:7" in shown
    assert "Yunzhou-2026" not in shown  # a CI's log is read by more people than the file
    json.loads(rendering.as_sarif(findings, "0"))
