"""The contributions check, asked as an audit would ask it."""

from typing import Any, Literal

import pytest

from portfolio_audit.api import Outcome
from portfolio_audit.snapshot import Contributions, MergedPullRequest, Owner, Snapshot
from portfolio_audit.testing import make_portfolio, run_check

KNOWN, OTHER = "pandas-dev/pandas", "bees/hive"
Mode = Literal["authenticated", "anonymous", "local"]
Kind = Literal["User", "Organization", "Folder"]


def pull(
    number: int, repository: str = KNOWN, title: str = "Fix the reader", lines: int = 60, **fields: Any
) -> MergedPullRequest:
    url = f"https://github.example/{repository}/pull/{number}"
    return MergedPullRequest(title, url, repository, additions=lines, deletions=0, **fields)


def answer(
    *pulls: MergedPullRequest,
    complete: bool = True,
    mode: Mode = "authenticated",
    kind: Kind = "User",
    read: bool = True,
    total: int | None = None,
) -> Outcome:
    found = Contributions(pulls, total if total is not None else len(pulls), complete) if read else None
    snapshot = Snapshot(mode=mode, scope="portfolio", owner=Owner(kind, "ada"), contributions=found)
    return run_check("contributions-merged", portfolio=make_portfolio([], snapshot=snapshot))


TYPO: dict[str, Any] = {"title": "Fix typo", "lines": 1}


@pytest.mark.parametrize(
    ("pulls", "status", "score"),
    [
        ([pull(1), pull(2)], "passed", 1.0),
        ([pull(1)], "partial", 0.8),
        ([pull(1), pull(2, OTHER), pull(3, OTHER)], "partial", 0.8),
        ([pull(n, OTHER) for n in range(9)], "partial", 0.5),
        ([pull(1, OTHER), pull(2, OTHER)], "partial", 0.4),
        ([pull(1, OTHER)], "partial", 0.3),
        ([pull(1, **TYPO), pull(2, **TYPO)], "partial", 0.2),
        ([pull(1, OTHER, **TYPO)], "partial", 0.1),
        ([pull(1, OTHER, association="MEMBER")], "failed", 0.0),
        ([], "failed", 0.0),
    ],
)
def test_the_score_grows_with_who_reviewed_what(pulls: list[MergedPullRequest], status: str, score: float) -> None:
    outcome = answer(*pulls)
    assert (outcome.status, outcome.score) == (status, score)
    assert (outcome.fix is None) == (status == "passed")
    if outcome.score:
        assert all(place.url and place.url.startswith("https://") for place in outcome.evidence)
        assert outcome.evidence


def test_nothing_found_is_said_in_careful_words_and_with_what_was_searched() -> None:
    outcome = answer()
    assert outcome.summary == "no merged pull request found on GitHub"
    assert outcome.searched
    assert "left out" in answer(pull(1, "ada/hive")).summary


def test_an_incomplete_search_is_unknown_unless_what_was_found_is_enough() -> None:
    assert answer(complete=False, total=50).status == "unknown"
    assert answer(pull(1), complete=False, total=50).status == "unknown"
    assert answer(pull(1), pull(2), complete=False, total=50).status == "passed"


def test_a_search_that_was_not_made_is_unknown() -> None:
    assert answer(read=False).status == "unknown"


@pytest.mark.parametrize("fields", [{"kind": "Organization"}, {"mode": "local", "kind": "Folder"}])
def test_organisations_and_folders_are_not_asked(fields: dict[str, Any]) -> None:
    assert answer(read=False, **fields).status == "not_applicable"
