"""Bad luck on the way to the API: each row of the table of statuses, met for real against the stand-in."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest
import requests
from github.Requester import Requester
from msgspec.structs import replace

from portfolio_audit.errors import (
    AuthenticationError,
    NetworkFailure,
    NotFound,
    PortfolioAuditError,
    RateLimited,
    Unavailable,
    UsageError,
)
from portfolio_audit.snapshot import Snapshot, encode
from portfolio_audit.sources.github import GitHubSource
from portfolio_audit.sources.secret import Secret
from tests.ghstub.faults import Fault, Faults
from tests.ghstub.service import NOON
from tests.ghstub.stub import GitHubStub
from tests.ghstub.world import EPOCH, Commit, Owner, World
from tests.sources.github_setting import AGENT, Clock, Notebook, gate, portfolio, source

LOGIN = "ada-invented"


def read(*faults: Fault, count: int = 3, **more: Any) -> tuple[Snapshot, Clock, GitHubStub]:
    """A snapshot taken while these faults happen."""
    clock = more.pop("clock", Clock())
    forks = more.pop("forks", 0)
    with GitHubStub(portfolio(count, forks=forks, pulls=2), faults=faults) as stub:
        return source(stub, clock=clock, **more).snapshot(LOGIN), clock, stub


def test_a_bad_token_stops_and_never_turns_anonymous() -> None:
    with GitHubStub(portfolio(2)) as stub:
        with pytest.raises(AuthenticationError, match="refuses the token: Bad credentials") as refusal:
            source(stub, token="ghp_expired").snapshot(LOGIN)
        assert len(stub.log) == 1
        assert all(entry.had_token for entry in stub.log)
    assert refusal.value.exit_code == 4
    assert "--token-file" in (refusal.value.hint or "")


def test_a_server_that_lets_nobody_in_without_a_token() -> None:
    stub = GitHubStub(portfolio(2), faults=[Fault(kind="bad-credentials")])
    with stub, pytest.raises(AuthenticationError, match="needs a token"):
        source(stub, token=None).snapshot(LOGIN)


def test_a_token_that_expires_between_two_requests() -> None:
    with pytest.raises(AuthenticationError):
        read(Fault(kind="bad-credentials", match="RepositoryDetails"))


@pytest.mark.parametrize(("token", "status"), [("x", 200), ("x", 403), (None, 403), (None, 429)])
def test_a_reset_in_thirty_minutes(token: str | None, status: int) -> None:
    kind = "graphql-rate-limited" if status == 200 else "primary"
    fault = Fault(kind=kind, status=status, times=1, seconds=1800)
    clock = Clock()
    with GitHubStub(portfolio(2), faults=[fault], token=token or "") as stub:
        with pytest.raises(RateLimited) as stop:
            source(stub, token=token, clock=clock, max_wait=60).snapshot(LOGIN)
        assert clock.waits == []
        assert stop.value.exit_code == 5
        assert stop.value.reset_at == "2026-01-15T12:30:01Z"


@pytest.mark.parametrize("kind", ["primary", "graphql-rate-limited"])
def test_a_reset_within_max_wait_is_waited_for(kind: str) -> None:
    snapshot, clock, _ = read(Fault(kind=kind, match="PortfolioOverview", times=1, seconds=1800))
    assert clock.waits == [1801]
    assert "quota is used up" in clock.told[0]
    assert len(snapshot.repositories) == 3


@pytest.mark.parametrize("status", [200, 403, 429])
@pytest.mark.parametrize(("retry_after", "waits"), [(7, [7]), (None, [60])])
def test_a_secondary_limit(status: int, retry_after: int | None, waits: list[float]) -> None:
    fault = Fault(kind="secondary", match="RepositoryDetails", status=status, times=1, retry_after=retry_after)
    snapshot, clock, _ = read(fault)
    assert clock.waits == waits
    assert all(record.details for record in snapshot.repositories)


def test_a_secondary_limit_that_does_not_end() -> None:
    clock = Clock()
    with pytest.raises(RateLimited, match="slow down"):
        read(Fault(kind="secondary"), clock=clock)
    assert clock.waits == [60, 120, 240]


@pytest.mark.parametrize("operation", ["PortfolioOverview", "RepositoryDetails", "MergedElsewhere"])
def test_a_storm_of_server_errors_ends_as_network_failure(operation: str) -> None:
    with pytest.raises(NetworkFailure, match="answered 503, 3 times") as failure:
        read(Fault(kind="status", match=operation, status=503))
    assert failure.value.exit_code == 5


@pytest.mark.parametrize("status", [502, 504])
def test_pages_halve_until_they_fit(status: int) -> None:
    fault = Fault(kind="status", match="PortfolioOverview", status=status, above=12)
    snapshot, clock, stub = read(fault, count=30)
    assert len(snapshot.repositories) == 30
    sizes = [line.rpartition("asking for ")[2].partition(" ")[0] for line in clock.told]
    assert sizes == ["25", "12"]
    assert stub.count(operation="PortfolioOverview") == 5


def test_the_smallest_page_that_still_fails_is_a_failure() -> None:
    with GitHubStub(portfolio(3), faults=[Fault(kind="status", match="PortfolioOverview", status=502)]) as stub:
        with pytest.raises(NetworkFailure, match="cannot list the repositories"):
            source(stub).snapshot(LOGIN)
        assert len(stub.log) == 4


def test_a_later_page_that_still_fails_is_a_stated_shortfall() -> None:
    snapshot, _, _ = read(Fault(kind="status", match="PortfolioOverview", status=502, skip=1), count=60)
    assert len(snapshot.repositories) == 50
    assert snapshot.repository_count == 60
    assert "10 of 60 public repositories could not be listed" in snapshot.unavailable["repositories"]
    assert [limit.what for limit in snapshot.limits] == ["repositories-not-listed"]


def test_details_halve_and_only_the_heavy_repository_goes_without() -> None:
    snapshot, _, stub = read(Fault(kind="status", match="RepositoryDetails", status=502, above=1), count=12)
    assert all(record.details for record in snapshot.repositories)
    assert stub.count(operation="RepositoryDetails") == 1 + 2 + 2 + 12


def test_details_are_given_up_in_a_storm_and_unknown() -> None:
    memory = Notebook()
    snapshot, _, stub = read(Fault(kind="status", match="RepositoryDetails", status=504), count=40, memory=memory)
    assert all("details" in record.unavailable for record in snapshot.repositories)
    assert stub.count(operation="RepositoryDetails") <= 12
    assert not [name for name in memory.kept if name[0] == "details"]


def test_resource_limits_halve_the_page_and_partial_data_is_used_at_the_end() -> None:
    fault = Fault(
        kind="refuse", match="PortfolioOverview", field="Repository.languages", keep=2, error="RESOURCE_LIMITS_EXCEEDED"
    )
    snapshot, clock, _ = read(fault, count=5)
    assert len(snapshot.repositories) == 5
    assert any("asking for" in line for line in clock.told)
    unknown = [record for record in snapshot.repositories if "languages" in record.unavailable]
    assert len(unknown) == 3


@pytest.mark.parametrize(
    ("operation", "field", "part"),
    [
        ("PortfolioOverview", "Repository.licenseInfo", "license"),
        ("PortfolioOverview", "Repository.defaultBranchRef", "tree"),
        ("PortfolioOverview", "Repository.parent", "comparison"),
        ("RepositoryDetails", "Repository.deployments", "deployments"),
    ],
)
def test_a_forbidden_field_is_unknown_and_the_rest_is_used(operation: str, field: str, part: str) -> None:
    snapshot, clock, stub = read(Fault(kind="refuse", match=operation, field=field))
    assert len(snapshot.repositories) == 3
    for record in snapshot.repositories:
        assert "not accessible" in record.unavailable[part]
        assert record.name.startswith("project")
        assert (record.details is None) == (part == "tree")
    assert clock.waits == []
    assert stub.count(operation=operation) == (2 if part == "deployments" else 1)


def test_a_document_refused_for_want_of_a_scope_is_asked_for_without_deployments() -> None:
    """Such a refusal names no place in the answer, and nothing at all comes with it."""
    with GitHubStub(replace(portfolio(25), closed=("Repository.deployments",))) as stub:
        snapshot = source(stub).snapshot(LOGIN)
        assert stub.count(operation="RepositoryDetails") == 3, "one in vain, then two batches"
    for record in snapshot.repositories:
        assert record.details is not None
        assert record.details.commit_count == 1
        assert "required scopes" in record.unavailable["deployments"]


def test_details_of_which_nothing_is_open_are_unknown_and_no_failure() -> None:
    with GitHubStub(replace(portfolio(3), closed=("Repository.releases",))) as stub:
        snapshot = source(stub).snapshot(LOGIN)
        assert stub.count(operation="RepositoryDetails") == 2
    assert ["required scopes" in record.unavailable["details"] for record in snapshot.repositories] == [True] * 3


def test_a_refusal_that_takes_a_repository_along_is_a_stated_shortfall() -> None:
    fault = Fault(kind="refuse", match="PortfolioOverview", field="Repository.repositoryTopics", keep=2)
    snapshot, _, _ = read(fault)
    assert (len(snapshot.repositories), snapshot.repository_count) == (2, 3)
    assert "not accessible" in snapshot.unavailable["repositories"]
    assert snapshot.limits


def test_forbidden_pins_are_unknown_and_not_none() -> None:
    snapshot, _, _ = read(Fault(kind="refuse", match="PortfolioOverview", field="User.pinnedItems"))
    assert snapshot.pinned is None
    assert "not accessible" in snapshot.unavailable["pinned"]
    assert len(snapshot.repositories) == 3


def test_a_forbidden_detail_is_remembered_as_such() -> None:
    memory = Notebook()
    fault = Fault(kind="refuse", match="RepositoryDetails", field="Repository.deployments")
    with GitHubStub(portfolio(3), faults=[fault]) as stub:
        first = source(stub, memory=memory).snapshot(LOGIN)
        assert all(record.details for record in first.repositories)
        stub.reset_log()
        assert encode(source(stub, memory=memory).snapshot(LOGIN)) == encode(first)
        assert stub.count() == 1


def test_a_forbidden_search_leaves_contributions_unknown() -> None:
    memory = Notebook()
    fault = Fault(kind="refuse", match="MergedElsewhere", field="Query.search")
    snapshot, _, _ = read(fault, memory=memory)
    assert snapshot.contributions is None
    assert "failed" in snapshot.unavailable["contributions"]
    assert not [name for name in memory.kept if name[0] == "pulls"]


@pytest.mark.parametrize("operation", ["PortfolioOverview", "RepositoryDetails", "MergedElsewhere"])
def test_a_wholly_forbidden_query_names_the_token(operation: str) -> None:
    with pytest.raises(AuthenticationError, match="Resource not accessible"):
        read(Fault(kind="forbidden", match=operation))


def test_a_search_that_cannot_be_finished_is_unknown() -> None:
    snapshot, _, stub = read(Fault(kind="status", match="MergedElsewhere", status=502))
    assert snapshot.contributions is None
    assert "answered 502" in snapshot.unavailable["contributions"]
    assert stub.count(operation="MergedElsewhere") == 4


@pytest.mark.parametrize("fault", ["not-found", "dmca", "tos", "forbidden", "empty"])
def test_a_refused_comparison_is_unknown(fault: str) -> None:
    snapshot, _, _ = read(Fault(kind=fault, match="*/compare/*"), forks=2)
    reasons = [record.unavailable["comparison"] for record in snapshot.repositories if record.fork]
    assert len(reasons) == 2
    assert all(("blocked" in reason) == (fault in ("dmca", "tos")) for reason in reasons)


@pytest.mark.parametrize("token", ["ghp_stubStubStubStubStubStubStubStub0000", None])
@pytest.mark.parametrize("kind", ["html", "reset", "empty-body"])
def test_a_page_or_a_broken_connection_is_tried_again(kind: str, token: str | None) -> None:
    where = "PortfolioOverview" if token else "GET /users/ada-invented"
    snapshot, clock, _ = read(Fault(kind=kind, match=where, times=1), token=token)
    assert len(snapshot.repositories) == 3
    assert len(clock.waits) == 1


def test_a_vanished_repository_between_listing_and_details() -> None:
    fault = Fault(kind="header", match="PortfolioOverview", change=lambda world: world.without(f"{LOGIN}/project001"))
    snapshot, _, _ = read(fault)
    gone = next(record for record in snapshot.repositories if record.name == "project001")
    assert gone.details is None
    assert gone.unavailable["details"]


def test_a_repository_that_moves_up_while_paging_is_listed_once() -> None:
    def push(world: World) -> World:
        commit = Commit(files={"new.py": "n = 1\n"}, date=EPOCH.replace(year=2025))
        return world.pushed(f"{LOGIN}/project059", commit)

    snapshot, _, _ = read(Fault(kind="header", match="PortfolioOverview", times=1, change=push), count=60)
    names = [record.name for record in snapshot.repositories]
    assert len(names) == len(set(names))
    assert (len(names) == 60) == (not snapshot.limits)


def test_clock_skew_does_not_change_a_wait() -> None:
    faults = [Fault(kind="skew", match="PortfolioOverview", seconds=5000)]
    snapshot, _, _ = read(*faults)
    assert snapshot.data_time == "2026-01-15T13:23:20Z"


def test_without_a_token_a_used_up_quota_is_known_before_the_last_pages() -> None:
    clock = Clock()
    with GitHubStub(portfolio(130), nameless={"core": 3}) as stub:
        with pytest.raises(RateLimited, match="2 more core requests are needed and 1 are left"):
            source(stub, token=None, clock=clock, max_wait=60).snapshot(LOGIN)
        assert stub.count(path="/repos") == 0


def test_without_a_token_a_hidden_author_is_unknown() -> None:
    fault = Fault(kind="status", match="GET /search/issues", status=422, message="Validation Failed")
    snapshot, clock, stub = read(fault, token=None)
    assert "Validation Failed" in snapshot.unavailable["contributions"]
    assert clock.waits == []
    assert stub.count(bucket="search") == 1


def test_without_a_token_an_unfinished_search_is_incomplete() -> None:
    snapshot, _, _ = read(Fault(kind="incomplete", match="GET /search/issues"), token=None)
    assert snapshot.contributions is not None
    assert not snapshot.contributions.complete
    assert "did not finish" in (snapshot.contributions.incomplete_reason or "")


def test_without_a_token_a_listing_that_breaks_off_is_a_stated_shortfall() -> None:
    fault = Fault(kind="not-found", match="GET /use*repos", skip=1)
    snapshot, _, _ = read(fault, count=130, token=None)
    assert len(snapshot.repositories) == 100
    assert "30 of 130" in snapshot.unavailable["repositories"]


def test_a_next_page_on_another_host_is_not_followed() -> None:
    clock = Clock()
    with GitHubStub(portfolio(3)) as stub:
        stub.service.faults = Faults(
            (Fault(kind="header", match="GET /users/*/repos", headers={"link": f'<{stub.foreign_url}/x>; rel="next"'}),)
        )
        snapshot = source(stub, token=None, clock=clock).snapshot(LOGIN)
        assert stub.count(host="foreign") == 0
        assert len(snapshot.repositories) == 3


def test_a_next_page_that_is_the_same_page_ends() -> None:
    with GitHubStub(portfolio(3)) as stub:
        link = f'<{stub.api_url}/users/{LOGIN}/repos?type=owner&sort=pushed&per_page=100>; rel="next"'
        stub.service.faults = Faults((Fault(kind="header", match="GET /users/*/repos", headers={"link": link}),))
        assert len(source(stub, token=None).snapshot(LOGIN).repositories) == 3
        assert stub.count(path="/repos") == 1


def test_no_network_is_a_network_failure() -> None:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{plug.getsockname()[1]}"
        clock = Clock()
        reader = GitHubSource(
            api_url=address, archive_url=address, token=None, memory=Notebook(), gate=gate(clock), user_agent=AGENT,
            now=lambda: NOON,
        )  # fmt: skip
        with pytest.raises(NetworkFailure, match="could not be reached, 3 times"):
            reader.snapshot(LOGIN)
    assert len(clock.waits) == 2


def test_an_address_that_is_no_api_is_wrong_use() -> None:
    stub = GitHubStub(portfolio(1), faults=[Fault(kind="not-found", match="*graphql")])
    with stub, pytest.raises(UsageError, match="does not answer as a GitHub API"):
        source(stub).snapshot(LOGIN)


def test_a_redirect_to_another_host_is_not_followed_with_the_token() -> None:
    with GitHubStub(portfolio(1), faults=[Fault(kind="redirect", status=301, to="foreign", match="*graphql")]) as stub:
        with pytest.raises(NetworkFailure, match="another address"):
            source(stub).snapshot(LOGIN)
        assert stub.count(host="foreign") == 0


def test_a_token_that_may_write_is_told_once() -> None:
    fault = Fault(kind="header", match="api", headers={"x-oauth-scopes": "repo, read:user"})
    with GitHubStub(portfolio(1)) as stub:
        clock = Clock()
        reader = source(stub, clock=clock)
        plain = stub.service.dress

        def dress(seen: Any, answer: Any, *rest: Any) -> None:
            plain(seen, answer, *rest)
            answer.headers = answer.headers | fault.headers

        stub.service.dress = dress  # type: ignore[assignment,method-assign]
        reader.snapshot(LOGIN)
    assert [line for line in clock.told if "may also write (repo)" in line] == clock.told
    assert len(clock.told) == 1


EVERY_KIND: list[Callable[[], Fault]] = [
    lambda: Fault(kind="primary"),
    lambda: Fault(kind="secondary"),
    lambda: Fault(kind="secondary", status=429),
    lambda: Fault(kind="graphql-rate-limited"),
    lambda: Fault(kind="status", status=500),
    lambda: Fault(kind="status", status=502),
    lambda: Fault(kind="html"),
    lambda: Fault(kind="html", status=502),
    lambda: Fault(kind="empty-body"),
    lambda: Fault(kind="redirect", to="loop"),
    lambda: Fault(kind="redirect", to="foreign"),
    lambda: Fault(kind="not-found"),
    lambda: Fault(kind="bad-credentials"),
    lambda: Fault(kind="forbidden"),
    lambda: Fault(kind="empty"),
    lambda: Fault(kind="dmca"),
    lambda: Fault(kind="tos"),
    lambda: Fault(kind="reset"),
    lambda: Fault(kind="truncate"),
    lambda: Fault(kind="corrupt"),
    lambda: Fault(kind="length-long"),
    lambda: Fault(kind="length-short"),
]


@pytest.mark.parametrize("skip", [0, 3])
@pytest.mark.parametrize("fault", EVERY_KIND, ids=lambda make: f"{make().kind}{make().status or ''}{make().to}")
def test_no_fault_shows_the_token_or_an_internal_error(
    fault: Callable[[], Fault], skip: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock, memory, shown = Clock(), Notebook(), ""
    messages: list[str] = []
    with GitHubStub(portfolio(3, forks=1, pulls=1), faults=[replace(fault(), skip=skip)], validate=False) as stub:
        reader = source(stub, clock=clock, memory=memory, max_wait=600)
        try:
            snapshot = reader.snapshot(LOGIN)
            shown += encode(snapshot).decode()
            for record in snapshot.repositories:
                with contextlib.suppress(Unavailable):
                    shown += str(len(reader.archive(record)))
        except PortfolioAuditError as error:
            shown += f"{error} {error.hint} {error!r} {error.__context__!r} {error.__cause__!r}"
            messages.append(str(error))
        except Unavailable as error:
            shown += error.reason
        shown += f"{clock.told} {memory.kept} {reader.__dict__} {caplog.text}"
        assert stub.token not in shown
        assert stub.token[4:24] not in shown
        assert not any("\n" in message for message in messages)
        assert stub.violations == []


def test_the_canary_would_be_found() -> None:
    with GitHubStub(World(owners=(Owner(login=LOGIN, bio="ghp_stubStubStubStubStubStubStubStub0000"),))) as stub:
        assert stub.token in encode(source(stub).snapshot(LOGIN)).decode()
    assert stub.token not in repr(Secret(stub.token))


def test_an_unknown_user_is_not_asked_for_twice() -> None:
    with GitHubStub(portfolio(1)) as stub:
        with pytest.raises(NotFound):
            source(stub).snapshot("nobody-invented")
        assert stub.count() == 1


def test_no_wait_allowed_still_lets_pages_halve() -> None:
    fault = Fault(kind="status", match="PortfolioOverview", status=502, above=25)
    snapshot, clock, _ = read(fault, count=30, max_wait=0)
    assert len(snapshot.repositories) == 30
    assert clock.waits == [0]


def test_a_token_that_may_not_read_profiles_is_refused() -> None:
    with pytest.raises(AuthenticationError, match="refuses this token: Resource not accessible"):
        read(Fault(kind="refuse", match="PortfolioOverview", field="Query.repositoryOwner"))


def test_a_garbled_memory_is_asked_for_again() -> None:
    memory = Notebook()
    with GitHubStub(portfolio(4, forks=1, pulls=1)) as stub:
        first = encode(source(stub, memory=memory).snapshot(LOGIN))
        for name in memory.kept:
            memory.kept[name] = b"{not json"
        stub.reset_log()
        assert encode(source(stub, memory=memory).snapshot(LOGIN)) == first
        assert stub.count(bucket="graphql") == 4
        assert stub.count(path="/compare/") == 1


def test_trouble_while_looking_for_a_new_name_is_still_not_found() -> None:
    memory = Notebook()
    with GitHubStub(portfolio(1)) as stub:
        source(stub, memory=memory).snapshot(LOGIN)
    with GitHubStub(World(), faults=[Fault(kind="status", match="GET /user/*", status=503)]) as stub:
        with pytest.raises(NotFound) as found:
            source(stub, memory=memory).snapshot(LOGIN)
        assert "renamed" not in str(found.value)


def test_an_answer_without_a_login_is_no_github() -> None:
    with GitHubStub(World(owners=(Owner(login=LOGIN),)), validate=False) as stub:
        plain = stub.service.honest

        def honest(*given: Any) -> Any:
            answer = plain(*given)
            answer.body = {"status": "ok"}
            return answer

        stub.service.honest = honest  # type: ignore[assignment,method-assign]
        with pytest.raises(UsageError, match="does not answer as a GitHub API"):
            source(stub, token=None).snapshot(LOGIN)


def test_a_later_page_of_the_search_that_fails_is_incomplete_and_not_remembered() -> None:
    for fault in (
        Fault(kind="status", match="MergedElsewhere", status=502, skip=1),
        Fault(kind="refuse", match="MergedElsewhere", field="Query.search", skip=1),
    ):
        memory = Notebook()
        with GitHubStub(portfolio(1, pulls=60), faults=[fault]) as stub:
            pulls = source(stub, memory=memory).snapshot(LOGIN).contributions
        assert pulls is not None
        assert (len(pulls.pulls), pulls.total, pulls.complete) == (50, 60, False)
        assert "50 of 60" in (pulls.incomplete_reason or "")
        assert not [name for name in memory.kept if name[0] == "pulls"]


def test_the_search_halves_its_pages() -> None:
    fault = Fault(kind="status", match="MergedElsewhere", status=504, above=25)
    with GitHubStub(portfolio(1, pulls=60), faults=[fault]) as stub:
        pulls = source(stub).snapshot(LOGIN).contributions
        assert stub.count(operation="MergedElsewhere") == 4
    assert pulls is not None
    assert (len(pulls.pulls), pulls.complete) == (60, True)


def test_a_limit_that_never_lifts_says_so_and_not_that_max_wait_is_too_short() -> None:
    with pytest.raises(RateLimited, match="again after 3 waits") as stop:
        read(Fault(kind="secondary", retry_after=5))
    assert "--max-wait" not in f"{stop.value} {stop.value.hint}"


def test_a_query_that_hangs_is_halved_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    plain = Requester.requestJson

    def request(self: Requester, verb: str, url: str, *rest: Any, **named: Any) -> Any:
        size = named["input"]["variables"].get("pageSize", 0)
        sizes.append(size)
        if size > 25:
            raise requests.exceptions.ReadTimeout
        return plain(self, verb, url, *rest, **named)

    monkeypatch.setattr(Requester, "requestJson", request)
    snapshot, _, _ = read(count=3)
    assert sizes[:2] == [50, 25]
    assert len(snapshot.repositories) == 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.ReadTimeout(), "did not answer within 20 s"),
        (requests.exceptions.SSLError(), "no certificate that this machine trusts"),
        (requests.exceptions.ConnectionError("NameResolutionError: secret-host"), "has no address here"),
        (requests.exceptions.ConnectionError("refused"), "could not be reached"),
    ],
)
def test_the_causes_of_no_answer_in_words(error: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def request(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Requester, "requestJson", request)
    with pytest.raises(NetworkFailure, match=words) as failure:
        read(token=None)
    assert "secret-host" not in f"{failure.value} {failure.value.__cause__!r}"


def test_a_comparison_refused_across_owners_is_asked_for_by_commit_alone() -> None:
    snapshot, _, stub = read(Fault(kind="not-found", match="*/compare/*:*"), forks=2)
    compared = [record.comparison for record in snapshot.repositories if record.fork]
    assert [comparison.ahead_by for comparison in compared if comparison] == [1, 1]
    assert stub.count(path="/compare/") == 4
