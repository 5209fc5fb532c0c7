"""The report as a file: whole, safe, honest where nothing was done. It is parsed, not compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from yunwang.inventories.plan import Plan
from yunwang.inventories.reading import read
from yunwang.inventories.workspace import Workspace
from yunwang.journal.records import RunState
from yunwang.journal.store import Journal
from yunwang.reports.build import html

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
VOID = {"meta", "rect", "br", "link", "img"}


class Page(HTMLParser):
    """Text by element, and whether every element that was opened was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture
def city(demo_city: Path) -> Workspace:
    workspace, faults = read(demo_city)
    assert workspace is not None, faults
    return workspace


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(None, tmp_path / "state", now=lambda: NOW)
    yield opened
    opened.close()


def test_a_city_that_has_done_nothing_has_a_whole_report_that_says_so(city: Workspace, journal: Journal) -> None:
    page = Page(html(city, journal, NOW))
    assert page.open == []
    for word in ("云州市", "2026-11-22 08:30 UTC", "上云率", "4 of 12", "0 of 16", "nobody has looked yet", "None yet."):
        assert word in page.text
    assert "Terminals as of" not in page.text


def test_it_needs_nothing_but_itself(city: Workspace, journal: Journal) -> None:
    text = html(city, journal, NOW)
    assert Page(text).links == []
    assert not re.search(r"https?://|@import|url\(", text)
    assert "script" not in Page(text).tags


def test_what_people_wrote_is_shown_as_text(city: Workspace, journal: Journal) -> None:
    rooms = tuple(room.model_copy(update={"title": "<b>机房</b> & <script>"}) for room in city.rooms)
    text = html(city.model_copy(update={"rooms": rooms}), journal, NOW)
    assert "&lt;b&gt;机房&lt;/b&gt; &amp; &lt;script&gt;" in text
    assert "<script" not in text


def test_a_reconciliation_is_dated_and_counted(city: Workspace, journal: Journal) -> None:
    journal.stand("reconcile", {"terminals": False}, {"terminals": {"bound": 96, "missing": 1, "differs": 3, "ip_changed": 2}})
    text = Page(html(city, journal, NOW)).text
    assert "96 of 100" in text
    assert "ip changed" in text


def test_runs_are_listed_with_how_they_ended(city: Workspace, journal: Journal) -> None:
    plan = Plan(
        job="dual-stack",
        title="IPv6 beside IPv4",
        workspace=city.settings.name,
        intent="sha256:intent",
        created=NOW,
        expires=NOW + timedelta(hours=24),
        operator="li-wei",
        observations=(),
        changes=(),
        waves=(),
    )
    run = journal.begin(plan, run=journal.new_run_id(), operator="li-wei", host="desk", command="yunwang net apply")
    journal.end(run.id, RunState.FAILED, "device/yz-core-a: the device hung up; taken back: device/yz-core-a")
    text = Page(html(city, journal, NOW)).text
    for word in (run.id, "IPv6 beside IPv4", "li-wei", "failed", "the device hung up", "taken back: device/yz-core-a"):
        assert word in text
