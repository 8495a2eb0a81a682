"""Contributions by quarter: one request, remembered for a day, and no trouble with it ends an audit."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portfolio_audit.sources.activity import _counted, quarters
from tests.ghstub.faults import Fault
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import Activity, Owner, World
from tests.sources.github_setting import Clock, Notebook, portfolio, source

LOGIN = "ada-invented"
QUERY = "ContributionsByQuarter"
DAYS = (
    Activity(day=datetime(2026, 1, 10, 8, tzinfo=UTC), commits=5, reviews=1),
    Activity(day=datetime(2025, 12, 31, 23, 30, tzinfo=UTC), commits=7, pull_requests=2),
    Activity(day=datetime(2025, 10, 1, 0, 30, tzinfo=UTC), issues=3),
    Activity(day=datetime(2024, 4, 1, 12, tzinfo=UTC), commits=1),
    Activity(day=datetime(2023, 1, 1, tzinfo=UTC), commits=99),
)


def world(**owner: Any) -> World:
    return portfolio(2, activity=DAYS, **owner)


def test_the_calendar_is_cut_into_quarters_that_leave_no_gap() -> None:
    spans = quarters("2026-01-15T12:00:00Z", 8)
    assert [span.start[:10] for span in spans] == [
        *("2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"),
        "2026-01-01",
    ]
    assert [span.end for span in spans[-2:]] == ["2025-12-31T23:59:59Z", "2026-01-15T12:00:00Z"]
    assert quarters("2026-04-01T00:00:00Z", 1)[0].start == "2026-04-01T00:00:00Z"


def test_eight_quarters_cost_one_request() -> None:
    with GitHubStub(world()) as stub:
        found = source(stub).snapshot(LOGIN).activity
        assert stub.count(operation=QUERY) == 1
        assert stub.violations == []
    assert found is not None
    assert [(span.commits, span.pulls, span.reviews, span.issues) for span in found.quarters] == [
        (1, 0, 0, 0),
        *[(0, 0, 0, 0)] * 5,
        (7, 2, 0, 3),
        (5, 0, 1, 0),
    ]


def test_they_are_remembered_and_asked_for_again_in_a_new_quarter() -> None:
    memory = Notebook()
    with GitHubStub(world()) as stub:
        first = source(stub, memory=memory).snapshot(LOGIN).activity
        stub.reset_log()
        assert source(stub, memory=memory).snapshot(LOGIN).activity == first
        assert stub.count(operation=QUERY) == 0
    with GitHubStub(world(), now=lambda: datetime(2026, 4, 2, tzinfo=UTC)) as stub:
        later = source(stub, memory=memory).snapshot(LOGIN).activity
        assert later is not None
        assert later.quarters[-1].start == "2026-04-01T00:00:00Z"


def test_what_is_too_much_at_once_is_asked_for_in_fewer_quarters() -> None:
    clock = Clock()
    with GitHubStub(world(), faults=[Fault(kind="status", match=QUERY, status=502, times=1)]) as stub:
        found = source(stub, clock=clock).snapshot(LOGIN).activity
        assert stub.count(operation=QUERY) == 2
    assert found is not None
    assert [span.start[:10] for span in found.quarters] == ["2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"]
    assert "asking for 4 quarters" in clock.told[-1]


def test_the_limit_of_busy_accounts_does_not_touch_a_quarter() -> None:
    with GitHubStub(world(heavy=True)) as stub:
        found = source(stub).snapshot(LOGIN).activity
        assert stub.count(operation=QUERY) == 1
    assert found is not None
    assert found.quarters[-1].commits == 5


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="status", match=QUERY, status=504),
        Fault(kind="status", match=QUERY, status=500),
        Fault(kind="refuse", match=QUERY, field="User.contributionsCollection"),
        Fault(kind="refuse", match=QUERY, field="User.contributionsCollection", error="RESOURCE_LIMITS_EXCEEDED"),
        Fault(kind="forbidden", match=QUERY),
        Fault(kind="graphql-rate-limited", match=QUERY, seconds=7200),
        Fault(kind="html", match=QUERY),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status} {fault.error}",
)
def test_no_trouble_with_it_ends_an_audit(fault: Fault) -> None:
    memory = Notebook()
    with GitHubStub(world(), faults=[fault]) as stub:
        snapshot = source(stub, memory=memory, clock=Clock(), max_wait=60).snapshot(LOGIN)
        assert stub.count(operation=QUERY) <= 3
    assert snapshot.activity is None
    assert snapshot.unavailable["activity"]
    assert len(snapshot.repositories) == 2
    assert ("activity", f"127.0.0.1/{LOGIN}") not in memory.kept


def test_it_never_waits_for_a_quota_that_is_used_up() -> None:
    clock = Clock()
    with GitHubStub(world(), limits={"graphql": 3}) as stub:
        snapshot = source(stub, clock=clock).snapshot(LOGIN)
        assert stub.count(operation=QUERY) == 0
    assert clock.waits == []
    assert "quota" in snapshot.unavailable["activity"]


def test_an_organisation_and_a_request_without_a_token_have_none() -> None:
    with GitHubStub(World(owners=(Owner(login="bees", kind="Organization"),))) as stub:
        assert "organisations" in source(stub).snapshot("bees").unavailable["activity"]
    with GitHubStub(world()) as stub:
        snapshot = source(stub, token=None).snapshot(LOGIN)
    assert snapshot.activity is None
    assert snapshot.unavailable["activity"] == "not read without a token"


@pytest.mark.parametrize(
    "answer", [None, [], "many", {"totalCommitContributions": -1}, {"totalCommitContributions": True}]
)
def test_what_is_no_count_is_unknown(answer: Any) -> None:
    assert _counted(quarters("2026-01-15T12:00:00Z", 1)[0], answer).commits is None
    assert _counted(quarters("2026-01-15T12:00:00Z", 1)[0], {"totalCommitContributions": 10**30}).commits is None
