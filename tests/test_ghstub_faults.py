"""Each kind of trouble the stand-in can make is the trouble it says."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.ghstub import NOON, TOKEN, Commit, Fault, GitHubStub, Owner, Repo, World
from tests.ghstub.faults import KINDS
from tests.ghstub.hostile import BROKEN, LARGE, PAYLOADS, archive

PLAIN = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
"""Made once, because making one costs more than most tests here; keeps no connection from one stand-in to the next."""
HEADERS = {"Authorization": f"token {TOKEN}", "User-Agent": "test"}
TARBALL = "/ada/demo/legacy.tar.gz/refs/heads/main"
QUERY = "query Overview($size: Int!) { rateLimit { cost } repositoryOwner(login: \"ada\") { repositories(first: $size) { nodes { name } } } }"  # fmt: skip  # noqa: E501


def world() -> World:
    files = {f"m{n}.py": f"value = {n}\n" * 40 for n in range(30)}
    return World(owners=(Owner(login="ada"),), repositories=(Repo.from_files(files, owner="ada", name="demo"),))


def served(*faults: Fault, **options: Any) -> GitHubStub:
    return GitHubStub(world(), faults=faults, **options)


def get(stub: GitHubStub, path: str = "/users/ada", **options: Any) -> httpx.Response:
    return PLAIN.get(stub.api_url + path, headers=HEADERS, **options)


def ask(stub: GitHubStub, size: int = 10) -> httpx.Response:
    body = {"query": QUERY, "variables": {"size": size}}
    return PLAIN.post(stub.api_url + "/graphql", json=body, headers=HEADERS)


@pytest.mark.parametrize("status", [403, 429])
def test_the_primary_limit_says_when_it_resets(status: int) -> None:
    with served(Fault(kind="primary", status=status, seconds=1800)) as stub:
        answer = get(stub)
        assert answer.status_code == status
        assert answer.headers["x-ratelimit-remaining"] == "0"
        assert int(answer.headers["x-ratelimit-reset"]) == int((NOON + timedelta(minutes=30)).timestamp())
        assert "retry-after" not in answer.headers


def test_a_reset_may_lie_in_the_past_and_the_clock_may_be_wrong() -> None:
    past = Fault(kind="primary", seconds=-60, times=1)
    with served(past, Fault(kind="skew", seconds=7200)) as stub:
        assert int(get(stub).headers["x-ratelimit-reset"]) < NOON.timestamp()
        late = get(stub)
        assert (late.status_code, late.headers["date"]) == (200, "Thu, 15 Jan 2026 14:00:00 GMT")


@pytest.mark.parametrize(("status", "after"), [(403, None), (403, 7), (429, None), (429, 7)])
def test_the_secondary_limit_comes_with_and_without_a_time(status: int, after: int | None) -> None:
    with served(Fault(kind="secondary", status=status, retry_after=after, times=1)) as stub:
        answer = get(stub)
        assert answer.status_code == status
        assert answer.headers.get("retry-after") == (str(after) if after else None)
        assert "secondary rate limit" in answer.json()["message"]
        assert answer.headers["x-ratelimit-remaining"] != "0"
        assert get(stub).status_code == 200


def test_graphql_says_rate_limited_at_200() -> None:
    with served(Fault(kind="graphql-rate-limited", match="Overview", seconds=90, times=1)) as stub:
        answer = ask(stub)
        assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")
        assert answer.headers["x-ratelimit-remaining"] == "0"
        assert "errors" not in ask(stub).json()


def test_large_pages_time_out_and_small_ones_do_not() -> None:
    with served(Fault(kind="status", status=502, match="Overview", above=25)) as stub:
        assert [ask(stub, size).status_code for size in (50, 26, 25)] == [502, 502, 200]
        assert ask(stub, 50).json()["data"] is None


def test_a_storm_ends_after_its_times_and_may_spare_the_first() -> None:
    with served(Fault(kind="status", status=503, skip=1, times=2)) as stub:
        assert [get(stub).status_code for _ in range(4)] == [200, 503, 503, 200]
        assert [entry.status for entry in stub.log] == [200, 503, 503, 200]


def test_partial_data_keeps_what_was_resolved() -> None:
    over = Fault(kind="refuse", field="Repository.name", error="RESOURCE_LIMITS_EXCEEDED", message="Resource limits")
    with served(over) as stub:
        body = ask(stub).json()
        assert body["data"]["repositoryOwner"]["repositories"]["nodes"] == [None]
        assert body["errors"][0]["type"] == "RESOURCE_LIMITS_EXCEEDED"


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_comes_instead_of_json(status: int) -> None:
    with served(Fault(kind="html", status=status)) as stub:
        answer = get(stub)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("not-found", 404), ("forbidden", 403), ("empty", 409), ("dmca", 451), ("tos", 403), ("bad-credentials", 401)],
)
def test_states_of_a_repository(kind: str, status: int) -> None:
    with served(Fault(kind=kind, match="/repos/*/tarball/*")) as stub:
        assert get(stub, "/repos/ada/demo").status_code == 200
        assert get(stub, "/repos/ada/demo/tarball/main").status_code == status


@pytest.mark.parametrize("kind", ["reset", "reset-midway", "length-long"])
def test_connections_break(kind: str) -> None:
    with served(Fault(kind=kind, match="archive", times=1)) as stub:
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            PLAIN.get(stub.archive_url + TARBALL)
        assert len(gzip.decompress(PLAIN.get(stub.archive_url + TARBALL).content)) > 1000


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a_host_keeps_the_client_waiting(kind: str) -> None:
    with served(Fault(kind=kind, match="archive")) as stub:
        patience = httpx.Timeout(1, read=0.05)
        with pytest.raises(httpx.ReadTimeout):
            PLAIN.get(stub.archive_url + TARBALL, timeout=patience)


@pytest.mark.parametrize("kind", ["truncate", "length-short", "corrupt"])
def test_an_archive_arrives_whole_by_the_headers_and_broken_inside(kind: str) -> None:
    with served(Fault(kind=kind, match="archive")) as stub:
        data = PLAIN.get(stub.archive_url + TARBALL).content
        with pytest.raises((EOFError, zlib.error, gzip.BadGzipFile)):
            gzip.decompress(data)


def test_a_broken_answer_to_one_request_leaves_the_next_alone() -> None:
    with served(Fault(kind="hang", match="archive", times=1)) as stub:
        gone = stub.archive_url + "/ada/none/tar.gz/refs/heads/main"
        with pytest.raises(httpx.ReadTimeout):
            PLAIN.get(gone, timeout=httpx.Timeout(1, read=0.05))
        assert PLAIN.get(gone).status_code == 404


def test_an_archive_link_may_hold_a_secret_of_its_own() -> None:
    with GitHubStub(world().changed("ada/demo", link_token="SECRETLINK")) as stub:
        link = get(stub, "/repos/ada/demo/tarball/main").headers["location"]
        assert link.endswith("?token=SECRETLINK")
        assert PLAIN.get(link).status_code == 200


@pytest.mark.parametrize("kind", ["truncate", "corrupt", "length-short"])
def test_json_can_be_spoilt_too(kind: str) -> None:
    with served(Fault(kind=kind, match="api", times=1)) as stub:
        with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
            get(stub).json()
        assert get(stub).json()["login"] == "ada"
        assert stub.violations == []


def test_redirects_lead_in_a_circle_or_to_a_stranger_who_keeps_a_record() -> None:
    loop = Fault(kind="redirect", to="loop", match="archive", times=1)
    away = Fault(kind="redirect", to="foreign", match="archive")
    with served(loop, away) as stub:
        assert PLAIN.get(stub.archive_url + TARBALL).headers["location"] == stub.archive_url + TARBALL
        target = PLAIN.get(stub.archive_url + TARBALL).headers["location"]
        assert target.startswith(stub.foreign_url)
        PLAIN.get(target)
        assert (stub.count(host="foreign"), stub.log[-1].had_token) == (1, False)
        PLAIN.get(target, headers=HEADERS)
        assert stub.log[-1].had_token
        assert "foreign" in stub.violations[0]
        stub.violations.clear()


def test_a_repository_vanishes_between_the_list_and_its_archive() -> None:
    gone = Fault(kind="change", match="/users/ada/repos", change=lambda now: now.without("ada/demo"))
    with served(gone) as stub:
        assert [repo["name"] for repo in get(stub, "/users/ada/repos").json()] == ["demo"]
        assert get(stub, "/repos/ada/demo/tarball/main").status_code == 404


def test_the_head_moves_between_the_list_and_the_archive() -> None:
    more = Commit(files={"late.py": "late = 1\n"})
    moved = Fault(kind="change", match="GET /users/ada/repos", times=1, change=lambda now: now.pushed("ada/demo", more))
    with served(moved) as stub:
        before = get(stub, "/repos/ada/demo/branches/main").json()["commit"]["sha"]
        get(stub, "/users/ada/repos")
        assert get(stub, "/repos/ada/demo/branches/main").json()["commit"]["sha"] != before
        old = PLAIN.get(f"{stub.archive_url}/ada/demo/legacy.tar.gz/{before}").content
        assert b"late" not in gzip.decompress(old)


def test_a_tree_listing_is_cut_and_a_search_incomplete() -> None:
    short = world().changed("ada/demo", tree_limit=5)
    with GitHubStub(short, faults=[Fault(kind="incomplete", match="/search/issues")]) as stub:
        tree = get(stub, "/repos/ada/demo/git/trees/main?recursive=1").json()
        assert (len(tree["tree"]), tree["truncated"]) == (5, True)
        assert get(stub, "/search/issues?q=author:ada").json()["incomplete_results"]


@pytest.mark.parametrize("payload", [*PAYLOADS, *BROKEN])
def test_hostile_archives_are_served_in_place_of_the_real_one(payload: str) -> None:
    with served(Fault(kind="tar", payload=payload, match="archive")) as stub:
        data = PLAIN.get(stub.archive_url + TARBALL).content
        assert data == archive(payload)
        if payload in PAYLOADS:
            with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
                assert [member.name for member in tar] == [info.name.rstrip("/") for info, _ in PAYLOADS[payload]]


@pytest.mark.parametrize(("payload", "size", "count"), [("bomb", 30_000_000, 2), ("many", 3000, 3000)])
def test_large_archives_are_made_while_they_are_sent(payload: str, size: int, count: int) -> None:
    with served(Fault(kind="tar", payload=payload, size=size, match="archive")) as stub:
        data = PLAIN.get(stub.archive_url + TARBALL).content
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
            members = tar.getmembers()
        assert len(members) == count
        assert stub.log[-1].bytes == len(data) < 200_000
        assert payload in LARGE


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Fault(kind="weather")
    assert len(KINDS) > 20


def test_latency_is_waited_for_and_the_log_counts() -> None:
    with served(latency=0.01) as stub:
        assert stub.peaks == {"api": 0, "archive": 0, "foreign": 0, "graphql": 0}
        assert get(stub).elapsed.total_seconds() >= 0.01
        ask(stub)
        assert (stub.count(api=True), stub.count(operation="Overview"), stub.count(path="/users/")) == (2, 1, 1)
        assert (stub.peaks["api"], stub.peaks["graphql"]) == (1, 1)
        stub.reset_log()
        assert stub.count() == 0
