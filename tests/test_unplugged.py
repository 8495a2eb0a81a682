"""The real checks on invented portfolios, with one part after another out of reach: the range only ever widens."""

from contextlib import suppress
from functools import cache
from itertools import combinations

import pytest

from portfolio_audit import audit, rubric
from portfolio_audit.discovery import discover
from portfolio_audit.errors import Unavailable
from portfolio_audit.judgement import Scorecard
from portfolio_audit.scoring import FACTS, score
from portfolio_audit.snapshot import (
    Contributions,
    Feed,
    FeedEntry,
    MergedPullRequest,
    Owner,
    Probe,
    RepositoryRecord,
    Snapshot,
)
from portfolio_audit.testing import Files, TreeRepository, make_portfolio, make_record, make_repository

CHECKS = {provided.check.id: provided.check for provided in discover().checks if provided.provider == "portfolio-audit"}
RUBRIC = rubric.load(None, CHECKS)

PINNED = ("hive", "comb", "wax", "iris", "c")
BLOG = "https://medium.com/@sample-owner"
LINK = "https://hive-bees.streamlit.app/"
HINTED = "".join(f"def part_{n}(size: int, rate: float) -> float:\n    return size * {n} + rate\n" for n in range(160))
BARE = "".join(f"def part_{n}(size, rate):\n    return size * {n} + rate\n" for n in range(160))
README = "# {name}\n\nCounts the bees in photographs of hives, so that keepers see losses early.\n\n{link}\n"
RUN = "## Quick start\n\n```\npip install .\npython -m hive\n```\n\n## Results\n\nAccuracy 0.93 on 400 photographs.\n"
CARE = {
    "requirements.txt": "streamlit==1.40.0\ntorch==2.5.1\n",
    ".github/workflows/test.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: pytest\n",
    "LICENSE": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. The "
    'above copyright notice shall be included. THE SOFTWARE IS PROVIDED "AS IS".\n',
}
TESTS = "from app import part_1\n\n" + "".join(
    f"def test_{n}():\n    assert part_1({n}, 1) == {n} + 1\n" for n in range(5)
)

PEOPLE: dict[str, dict[str, Files]] = {
    "strong": {
        "hive": {
            "README.md": README.format(name="Hive", link=f"Try it: {LINK}") + RUN,
            "app.py": "import streamlit as st\nimport torch\nst.title('Hive')\n" + HINTED,
            "tests/test_app.py": TESTS,
            **CARE,
        },
        "comb": {"README.md": README.format(name="Comb", link="") + RUN, "comb.py": "import torch\n" + HINTED, **CARE},
        "wax": {"README.md": README.format(name="Wax", link=""), "wax.py": "import openai\n" + BARE},
    },
    "beginning": {
        "iris": {"iris.py": "from sklearn.datasets import load_iris\nx = load_iris()\n" + BARE},
        "notes": {"README.md": "# Notes\n", "a.py": "import torch\n"},
        "tool": {"README.md": README.format(name="Tool", link=""), "tool.py": BARE, "tests/test_tool.py": TESTS},
    },
    "no AI": {name: {"README.md": README.format(name=name, link=""), "a.py": BARE} for name in ("a", "b", "c", "d")},
}


@cache
def read(person: str, name: str) -> TreeRepository:
    """A repository whose facts are read once for all tests."""
    repository = make_repository(PEOPLE[person][name], name=name)
    for kind in audit.needed_facts([*CHECKS.values(), *FACTS]):
        with suppress(Unavailable):
            repository.fact(kind)
    return repository


@cache
def card(person: str, without: frozenset[str], added: tuple[str, str] | None = None) -> Scorecard:
    """The scorecard with parts missing ("links", "contributions", "pinned", a repository), or with one of another."""
    pull = MergedPullRequest(
        "Fix the solver", "https://github.example/p/1", "scikit-learn/scikit-learn", additions=90, deletions=10
    )
    found = Contributions((pull,) if person == "strong" else (), 1 if person == "strong" else 0)
    entries = tuple(FeedEntry(f"Training a model on bee sounds, part {n}", f"{BLOG}/part-{n}") for n in range(3))
    feed = Feed(
        f"{BLOG}/feed", "read", "3 entries read", "2026-01-15T12:00:00Z", authors=("Ada Invented",), entries=entries
    )
    probe = Probe(LINK, "live", "answers", "2026-01-15T12:00:00Z", 200)
    snapshot = Snapshot(
        mode="authenticated",
        scope="portfolio",
        owner=Owner("User", "sample-owner", name="Ada Invented", website=BLOG if person == "strong" else None),
        contributions=None if "contributions" in without else found,
        pinned=None if "pinned" in without else tuple(f"sample-owner/{name}" for name in PINNED),
        probes={} if "links" in without else {LINK: probe},
        feeds={} if "links" in without else {BLOG: feed},
        unavailable={part: "out of reach" for part in ("contributions", "pinned", "probes") if part in without},
    )
    repositories = [
        make_repository(None, record=lost(name)) if name in without else read(person, name) for name in PEOPLE[person]
    ]
    if added is not None:
        repositories.append(read(*added))
    portfolio = make_portfolio(repositories, snapshot=snapshot)
    return score(portfolio, audit.run(portfolio, CHECKS.values()), RUBRIC)


def lost(name: str) -> RepositoryRecord:
    return make_record(name, unavailable={"tree": "the archive was cut short"})


def parts(person: str) -> list[str]:
    return ["links", "contributions", "pinned", *PEOPLE[person]]


@pytest.mark.parametrize("person", ["strong", "beginning", "no AI"])
def test_unplugging_only_widens_and_names_no_better_band(person: str) -> None:
    for size in range(len(parts(person))):
        for without in combinations(parts(person), size):
            before = card(person, frozenset(without))
            for further in set(parts(person)) - set(without):
                after = card(person, frozenset((*without, further)))
                told = f"{person} without {without}, then without {further}"
                assert after.low <= before.low, told
                assert after.high >= before.high, told
                if not after.band.startswith("between"):
                    assert after.band == before.band, told


@pytest.mark.parametrize("person", ["strong", "no AI"])
def test_a_further_repository_lowers_nothing_once_three_are_listed(person: str) -> None:
    before = card(person, frozenset())
    assert before.score is not None
    for other in PEOPLE:
        for name in PEOPLE[other].keys() - PEOPLE[person].keys():
            after = card(person, frozenset(), (other, name))
            assert after.low >= before.low, name
            assert after.high >= before.high, name
            assert after.score is None or after.score >= before.score, name


def test_the_people_are_told_apart() -> None:
    lows = [card(person, frozenset()).low for person in ("strong", "beginning", "no AI")]
    assert lows[0] > 60 > 40 > lows[1]
    assert card("no AI", frozenset()).ceiling == "certain"
