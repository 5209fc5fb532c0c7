"""Findings as text for people, JSON for programs, SARIF for code review. Never reads a file: source lines are handed in."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

from pydantic import JsonValue

from yunwang.inventories.finding import Finding, Severity

Lines = Callable[[str], Sequence[str]]
"""From a file of the workspace to its lines; none when they cannot be had."""

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_WIDTH = 100


def text(findings: Sequence[Finding], lines: Lines | None = None, *, colour: bool = False) -> str:
    """Findings as compilers show them: what, where with the line itself, what to do; a count at the end. `colour`: ANSI escapes."""
    cache: dict[str, Sequence[str]] = {}
    parts = []
    for finding in findings:
        source = ""
        if finding.line and lines is not None and finding.code != "secret":  # that line has what nobody should read
            if finding.file not in cache:
                cache[finding.file] = lines(finding.file)
            if finding.line <= len(cache[finding.file]):
                source = cache[finding.file][finding.line - 1]
        parts.append(_one(finding, source, colour))
    return "\n".join([*parts, summary(findings)]) + "\n"


def summary(findings: Iterable[Finding]) -> str:
    """How many of each severity, in a sentence."""
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), str(severity.value)) for severity in Severity]
    told = [f"{count} {word}{'s' if count > 1 and word != 'info' else ''}" for count, word in counts if count]
    return f"{', '.join(told)}." if told else "No faults found."


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON list of findings, one line each inside, so that it diffs."""
    rows = [json.dumps(finding.model_dump(mode="json"), ensure_ascii=False) for finding in findings]
    return "[\n" + ",\n".join(rows) + "\n]\n" if rows else "[]\n"


def as_sarif(findings: Iterable[Finding], version: str) -> str:
    """SARIF 2.1.0 (OASIS), one run; `version` is the toolkit's. Files are relative to the workspace, %SRCROOT%."""
    found = list(findings)
    rules: list[JsonValue] = [{"id": code} for code in sorted({finding.code for finding in found})]
    order = {code: index for index, code in enumerate(sorted({finding.code for finding in found}))}
    run: dict[str, JsonValue] = {
        "tool": {"driver": {"name": "yunwang", "version": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, order[finding.code]) for finding in found],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _one(finding: Finding, source: str, colour: bool) -> str:
    def paint(code: str, words: str) -> str:
        return f"\x1b[{code}m{words}\x1b[0m" if colour else words

    clause = f" ({finding.clause})" if finding.clause else ""
    head = paint(f"1;{_COLOURS[finding.severity]}", f"{finding.severity.value}[{finding.code}]")
    out = [f"{head}: {paint('1', finding.message)}{clause}"]
    margin = " " * len(str(finding.line or ""))
    if finding.place:
        out.append(f"{margin}{paint('34', '-->')} {finding.place}")
    if source:
        shown, offset = _window(source, finding.column)
        out.append(f"{paint('34', f'{finding.line} |')} {shown}")
        if finding.column:
            out.append(f"{margin} {paint('34', '|')} {' ' * offset}{paint(_COLOURS[finding.severity], '^')}")
    if finding.remedy:
        out.append(f"{margin} {paint('34', '=')} {finding.remedy}")
    return "\n".join(out) + "\n"


def _window(source: str, column: int) -> tuple[str, int]:
    """The part of a line around a column that fits a terminal, and where in it the column is, in cells."""
    start = max(0, column - 1 - _WIDTH // 2) if len(source) > _WIDTH else 0
    part = "".join(char if char.isprintable() else " " for char in source[start : start + _WIDTH])
    lead = "…" if start else ""
    tail = "…" if start + _WIDTH < len(source.rstrip()) else ""
    return f"{lead}{part.rstrip()}{tail}", len(lead) + _cells(part[: max(0, column - 1 - start)])


def _cells(words: str) -> int:
    """Terminal cells: Chinese characters take two (UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in words)


def _result(finding: Finding, rule: int) -> JsonValue:
    message = f"{finding.message}. {finding.remedy}" if finding.remedy else finding.message
    result: dict[str, JsonValue] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
    }
    properties = {name: value for name, value in (("target", finding.target), ("clause", finding.clause)) if value}
    if properties:
        result["properties"] = {**properties}
    if finding.file:
        place: dict[str, JsonValue] = {"artifactLocation": {"uri": quote(finding.file), "uriBaseId": "%SRCROOT%"}}
        if finding.line:
            place["region"] = {"startLine": finding.line, **({"startColumn": finding.column} if finding.column else {})}
        result["locations"] = [{"physicalLocation": place}]
    elif finding.target:
        result["locations"] = [{"logicalLocations": [{"fullyQualifiedName": finding.target}]}]
    return result
