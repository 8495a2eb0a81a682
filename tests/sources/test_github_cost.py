"""What an audit costs in requests, counted by the stand-in's own log."""

from __future__ import annotations

import pytest

from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Commit
from tests.sources.github_setting import Notebook, portfolio, source


def test_forty_repositories_first_time_and_again() -> None:
    with GitHubStub(portfolio(40, forks=8, pulls=3)) as stub:
        memory = Notebook()
        first = source(stub, memory=memory)
        snapshot = first.snapshot("ada-invented")
        assert len(snapshot.repositories) == 40
        for record in snapshot.repositories:
            assert first.archive(record)[:2] == b"\x1f\x8b"
        # one listing, two batches of details, one search, one count of contributions by quarter
        assert stub.count(bucket="graphql") == 5
        assert stub.count(api=True, path="/tarball/") == 40
        assert stub.count(api=True, path="/compare/") <= 6
        assert len([entry for entry in stub.log if entry.host == "api"]) == stub.count(bucket="graphql") + 40 + 6

        stub.reset_log()
        again = source(stub, memory=memory).snapshot("ada-invented")
        assert again.repositories == snapshot.repositories
        assert again.contributions == snapshot.contributions
        assert [entry.operation for entry in stub.log] == ["PortfolioOverview"]


def test_a_push_costs_one_batch_of_details_more() -> None:
    with GitHubStub(portfolio(40, forks=3)) as stub:
        memory = Notebook()
        source(stub, memory=memory).snapshot("ada-invented")
        stub.reset_log()
        stub.world = stub.world.pushed("ada-invented/project001", Commit(files={"new.py": "y = 2\n"}))
        source(stub, memory=memory).snapshot("ada-invented")
        assert [entry.operation for entry in stub.log] == ["PortfolioOverview", "RepositoryDetails"]


def test_all_130_repositories_in_three_pages() -> None:
    with GitHubStub(portfolio(130)) as stub:
        snapshot = source(stub).snapshot("ada-invented")
        assert stub.count(operation="PortfolioOverview") == 3
        assert len({record.full_name for record in snapshot.repositories}) == 130
        assert snapshot.repository_count == 130
        assert snapshot.limits == ()


def test_without_a_token_a_hundred_repositories_cost_four_requests() -> None:
    with GitHubStub(portfolio(100, pulls=2)) as stub:
        reader = source(stub, token=None)
        snapshot = reader.snapshot("ada-invented")
        assert len(snapshot.repositories) == 100
        assert reader.archive(snapshot.repositories[0])[:2] == b"\x1f\x8b"
        asked = [(entry.bucket, entry.path) for entry in stub.log if entry.host == "api"]
        assert asked == [
            ("core", "/users/ada-invented"),
            ("core", "/users/ada-invented/social_accounts"),
            ("core", "/users/ada-invented/repos"),
            ("search", "/search/issues"),
        ]
        assert stub.count(host="archive") >= 1


@pytest.mark.parametrize("enterprise", [False, True])
def test_without_a_token_all_130_repositories_are_listed(enterprise: bool) -> None:
    with GitHubStub(portfolio(130), enterprise=enterprise) as stub:
        snapshot = source(stub, token=None).snapshot("ada-invented")
        assert len({record.full_name for record in snapshot.repositories}) == 130
        assert stub.count(path="/repos") == 2
        assert stub.violations == []


def test_an_estimate_names_the_need_before_it_is_spent() -> None:
    with GitHubStub(portfolio(40, forks=8)) as stub:
        reader = source(stub)
        estimate = reader.estimate("ada-invented")
        assert (estimate.repositories, estimate.archives) == (40, 40)
        assert estimate.needed == {"graphql": 4, "core": 46}
        assert estimate.fits
        assert "46 core" in estimate.sentence
        stub.reset_log()
        snapshot = reader.snapshot("ada-invented")
        for record in snapshot.repositories:
            reader.archive(record)
        assert stub.count(bucket="graphql") == 4 + 1
        assert stub.count(bucket="core") == 46
        assert reader.estimate("ada-invented", cached=lambda _: True).needed == {"graphql": 0, "core": 0}


def test_an_estimate_says_when_it_will_not_fit() -> None:
    with GitHubStub(portfolio(4), limits={"core": 2}) as stub:
        estimate = source(stub).estimate("ada-invented", cached=lambda record: record.name == "project001")
    assert estimate.archives == 3
    assert not estimate.fits
    assert "3 core (2 left)" in estimate.sentence
    assert "core refills at 2026-01-15T13:00:00Z" in estimate.sentence


def test_an_estimate_without_a_token() -> None:
    with GitHubStub(portfolio(4)) as stub:
        estimate = source(stub, token=None).estimate("ada-invented")
    assert (estimate.needed, estimate.archives, estimate.fits) == ({"core": 0, "search": 1}, 4, True)


def test_counts_are_kept_for_people_and_stay_out_of_the_snapshot() -> None:
    with GitHubStub(portfolio(3)) as stub:
        reader = source(stub)
        snapshot = reader.snapshot("ada-invented")
        reader.archive(snapshot.repositories[0])
        assert reader.gate.counts == {"graphql": 4, "core": 1, "archive": 1}
