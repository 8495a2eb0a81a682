"""Merged pull requests: what counts, what is trivial, what is one's own."""

from typing import Any, Literal

import pytest

from portfolio_audit.errors import Unavailable
from portfolio_audit.facts.contributions import OpenSource, established_libraries, judge
from portfolio_audit.facts.fact import Portfolio
from portfolio_audit.snapshot import Contributions, MergedPullRequest, Owner, Snapshot

KNOWN = "scikit-learn/scikit-learn"
Mode = Literal["authenticated", "anonymous", "local"]
Kind = Literal["User", "Organization", "Folder"]


def pull(**fields: Any) -> MergedPullRequest:
    given: dict[str, Any] = {
        "title": "Fix the solver",
        "url": "https://github.example/p/1",
        "repository": KNOWN,
        "additions": 40,
        "deletions": 3,
    }
    return MergedPullRequest(**(given | fields))


def portfolio(
    contributions: Contributions | None, *, mode: Mode = "authenticated", kind: Kind = "User", **fields: Any
) -> Portfolio:
    return Portfolio(
        Snapshot(mode=mode, scope="portfolio", owner=Owner(kind, "ada"), contributions=contributions, **fields), ()
    )


@pytest.mark.parametrize(
    ("fields", "verdict", "established"),
    [
        ({}, "counts", True),
        ({"repository": "Scikit-Learn/SCIKIT-learn"}, "counts", True),
        ({"repository": "bees/hive"}, "counts", False),
        ({"repository": "ADA/hive"}, "own", False),
        ({"repository": "bees/hive", "association": "MEMBER"}, "own", False),
        ({"repository": "bees/hive", "association": "COLLABORATOR"}, "own", False),
        ({"repository": "bees/hive", "association": "CONTRIBUTOR"}, "counts", False),
        ({"association": "MEMBER"}, "counts", True),
        ({"association": "OWNER"}, "own", True),
        ({"title": "Fix typo in solver", "additions": 1, "deletions": 1}, "trivial", True),
        ({"title": "Fix typo in solver", "additions": None, "deletions": None}, "trivial", True),
        ({"title": "Fix typo that broke the solver, add tests", "additions": 90, "deletions": 1}, "counts", True),
        ({"title": "DOC Update README", "additions": 2, "deletions": 1}, "trivial", True),
        ({"title": "Update docs of the solver", "additions": 200, "deletions": 10}, "counts", True),
        ({"title": "Update docs of the solver", "additions": None, "deletions": None}, "counts", True),
        ({"title": "Documented bug: one line fixes it", "additions": 1, "deletions": 0}, "counts", True),
        ({"title": "Bump requests from 1 to 2", "additions": 1, "deletions": 1}, "trivial", True),
        (
            {"repository": "bees/awesome-hives", "title": "Add Beehive", "additions": 1, "deletions": 0},
            "trivial",
            False,
        ),
        ({"repository": "bees/first-contributions", "title": "Hello", "additions": 3}, "trivial", False),
        ({"repository": "bees/awesome-app", "title": "Rewrite the engine", "additions": 900}, "counts", False),
        ({"repository": "awesome/awesome", "title": "Tiling"}, "counts", False),
        ({"repository": "bees/hive", "labels": ("Hacktoberfest-accepted",), "additions": 9}, "trivial", False),
        ({"repository": "bees/hive", "labels": ("hacktoberfest",), "additions": 400}, "counts", False),
        ({"labels": ("hacktoberfest",), "additions": 40}, "counts", True),
        ({"repository": "bees/hive", "fork": True}, "trivial", False),
    ],
)
def test_where_it_went_and_what_it_changed_decide(fields: dict[str, Any], verdict: str, established: bool) -> None:
    judged = judge(pull(**fields), "ada")
    assert (judged.verdict, judged.established) == (verdict, established)
    assert bool(judged.reason) == (verdict != "counts")


def test_the_best_come_first_and_the_newest_before() -> None:
    found = OpenSource.distil(
        portfolio(
            Contributions(
                (
                    pull(title="Fix typo", additions=1, deletions=0, url="t"),
                    pull(repository="bees/hive", url="e"),
                    pull(url="old", merged_at="2024-01-01T00:00:00Z"),
                    pull(url="new", merged_at="2025-01-01T00:00:00Z"),
                ),
                total=4,
            )
        )
    )
    assert found is not None
    assert [each.url for each in found.pulls] == ["new", "old", "e", "t"]
    assert found.incomplete is None


def test_an_incomplete_search_says_so() -> None:
    found = OpenSource.distil(portfolio(Contributions((pull(),), total=9, complete=False)))
    assert found is not None
    assert found.incomplete == "8 are not listed"


@pytest.mark.parametrize("fields", [{"mode": "local"}, {"kind": "Organization"}, {"kind": "Folder"}])
def test_where_nobody_can_contribute_there_is_none(fields: dict[str, Any]) -> None:
    assert OpenSource.distil(portfolio(None, **fields)) is None


def test_a_search_that_failed_is_unavailable_with_its_reason() -> None:
    with pytest.raises(Unavailable, match="the search was refused"):
        OpenSource.distil(portfolio(None, unavailable={"contributions": "the search was refused"}))


def test_established_libraries_are_full_names_of_some_number() -> None:
    names = established_libraries()
    assert len(names) >= 150
    assert all(name.count("/") == 1 and name == name.casefold() for name in names)
    assert {"huggingface/transformers", "langchain-ai/langchain", KNOWN} <= names
