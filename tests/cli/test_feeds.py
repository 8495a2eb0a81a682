"""Feeds on the way from the command line to the report: asked for once, kept, recorded, only where links are opened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from portfolio_audit.cli import links
from portfolio_audit.cli.main import run
from portfolio_audit.snapshot import Feed, FeedEntry
from tests.cli.conftest import Command, Opened, load
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import World

PLACE = "https://medium.com/@ada-invented"
TITLES = ("Training a classifier on bee sounds", "A data pipeline for three hives", "What the data hid")


class Reads:
    """Stands in for the feed reader, and keeps what was asked."""

    state: Any = "read"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read_all(self, places: list[str]) -> dict[str, Feed]:
        self.asked.extend(places)
        entries = tuple(FeedEntry(title, f"{PLACE}/{n}", "2024-05-06") for n, title in enumerate(TITLES))
        told = entries if self.state == "read" else ()
        return {place: Feed(place, self.state, "timed out", "2026-03-01T12:00:00Z", entries=told) for place in places}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    made = Reads()
    monkeypatch.setattr(links, "reader", lambda: made)
    return made


@pytest.fixture
def stub(world: World) -> Iterator[GitHubStub]:
    owners = (msgspec.structs.replace(world.owners[0], website=PLACE), *world.owners[1:])
    with GitHubStub(msgspec.structs.replace(world, owners=owners)) as running:
        yield running


def writing(path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in load(path)["portfolio_results"] if each["check"] == "writing-own")
    return found


def test_a_feed_is_read_once_a_day_and_shown(on: Command, prober: Opened, reads: Reads) -> None:
    assert on("audit", "ada-invented", "--format", "json=first.json") == 0
    found = writing("first.json")
    assert (found["status"], reads.asked) == ("passed", [PLACE])
    assert {item["url"] for item in found["evidence"]} == {f"{PLACE}/{n}" for n in range(3)}
    assert on("audit", "ada-invented", "--format", "json=second.json") == 0
    assert reads.asked == [PLACE]
    assert Path("first.json").read_bytes() == Path("second.json").read_bytes()


def test_a_recording_and_what_was_kept_hold_the_feed(on: Command, prober: Opened, reads: Reads) -> None:
    on("audit", "ada-invented", "--format", "json=live.json")
    on("fetch", "ada-invented", "-o", "ada.recording")
    assert run(["audit", "--from", "ada.recording", "--format", "json=later.json"]) == 0
    assert on("audit", "ada-invented", "--offline", "--format", "json=kept.json") == 0
    assert reads.asked == [PLACE]
    assert Path("live.json").read_bytes() == Path("later.json").read_bytes() == Path("kept.json").read_bytes()


def test_without_probing_nothing_is_read_and_that_is_unknown(on: Command, reads: Reads) -> None:
    on("audit", "ada-invented", "--no-probe", "--format", "json=report.json")
    found = writing("report.json")
    assert (found["status"], reads.asked) == ("unknown", [])
    assert "--no-probe" in found["summary"]


def test_an_answer_that_says_nothing_is_asked_again(on: Command, prober: Opened, reads: Reads) -> None:
    reads.state = "unknown"
    on("audit", "ada-invented", "--format", "json=first.json")
    assert writing("first.json")["status"] == "unknown"
    reads.state = "read"
    on("audit", "ada-invented", "--format", "json=second.json")
    assert writing("second.json")["status"] == "passed"
    assert reads.asked == [PLACE, PLACE]
