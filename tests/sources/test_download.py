"""Archives: whom the token goes to, what is bounded, and what each failure is called."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

import httpx
import pytest

from portfolio_audit.errors import AuthenticationError, NetworkFailure, RateLimited, Unavailable, UsageError
from portfolio_audit.snapshot import RepositoryRecord
from portfolio_audit.sources.archive_download import ArchiveDownload, default_archive_url
from portfolio_audit.sources.github import GitHubSource
from portfolio_audit.sources.secret import Secret
from portfolio_audit.sources.source import Forgetful
from tests.ghstub.faults import Fault
from tests.ghstub.service import NOON
from tests.ghstub.stub import GitHubStub
from tests.sources.github_setting import AGENT, Clock, gate, portfolio, source

API, WEB = "https://api.github.com", "https://github.com"
LOGIN = "ada-invented"
TAR = gzip.compress(b"\0" * 10240, mtime=0)
HEAD = "0123456789abcdef0123456789abcdef01234567"
RECORD = RepositoryRecord(id="R_1", name="app", full_name="ada-invented/app", default_branch="main", head=HEAD)


def fetch(*faults: Fault, token: str | None = "", clock: Clock | None = None, max_wait: float = 3600) -> bytes:
    """The archive of the first repository while these faults happen; the stand-in complains about leaked tokens."""
    with GitHubStub(portfolio(2), faults=faults) as stub:
        given = stub.token if token == "" else token
        reader = source(stub, token=given, clock=clock, max_wait=max_wait)
        record = source(stub, token=given).snapshot(LOGIN).repositories[0]
        return reader.archive(record)


Sent = tuple[int, dict[str, str], bytes | Callable[[], Iterator[bytes]]]


class Pieces(httpx.SyncByteStream):
    """A body that arrives piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces


class Web:
    """A network of invented hosts: answers by address, and what each host was sent."""

    def __init__(self, answers: dict[str, Sent]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        status, headers, body = self.answers[str(request.url)]
        pieces = iter([body]) if isinstance(body, bytes) else body()
        return httpx.Response(status, headers=headers, stream=Pieces(pieces))

    def sent_token_to(self) -> list[str]:
        return [str(request.url) for request in self.asked if "authorization" in request.headers]


def download(
    web: Web, token: str | None = "canary-token", api: str = API, archive: str = WEB, **more: int | float
) -> ArchiveDownload:
    clock = Clock()
    return ArchiveDownload(
        api_url=api,
        archive_url=archive,
        token=Secret(token) if token else None,
        gate=gate(clock),
        user_agent=AGENT,
        monotonic=clock.now,
        transport=httpx.MockTransport(web),
        **more,  # type: ignore[arg-type]
    )


TARBALL = f"{API}/repos/ada-invented/app/tarball/{HEAD}"
CODELOAD = f"https://codeload.github.com/ada-invented/app/legacy.tar.gz/{HEAD}"


def moved(to: str, status: int = 302) -> Sent:
    return status, {"location": to}, b""


def sent(body: bytes | Callable[[], Iterator[bytes]] = TAR, status: int = 200, **headers: str) -> Sent:
    return status, {name.replace("_", "-"): text for name, text in headers.items()}, body


def test_an_archive_by_way_of_the_redirect() -> None:
    with GitHubStub(portfolio(1)) as stub:
        reader = source(stub)
        assert reader.archive(reader.snapshot(LOGIN).repositories[0])[:2] == b"\x1f\x8b"
        archive = [entry for entry in stub.log if entry.host == "archive"]
    assert [entry.had_token for entry in archive] == [False]
    assert archive[0].headers["user-agent"] == AGENT
    assert archive[0].headers["accept-encoding"] == "identity"


def test_the_token_goes_to_the_origin_of_the_api_and_nowhere_else() -> None:
    renamed = f"{API}/repositories/1/tarball/{HEAD}"
    web = Web({TARBALL: moved(renamed, 301), renamed: moved(CODELOAD), CODELOAD: sent()})
    assert download(web).fetch(RECORD) == TAR
    assert web.sent_token_to() == [TARBALL, renamed]
    assert web.asked[0].headers["authorization"] == "token canary-token"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://api.github.com:8443/x",
        "https://api.github.com.evil.example/x",
        "https://evil.example/x",
        "https://github.com/x",
        "https://API.github.com.:443/x",
    ],
)
def test_another_host_or_port_never_sees_the_token(elsewhere: str) -> None:
    web = Web({})
    web.answers = {TARBALL: moved(elsewhere)}
    web.answers[str(httpx.URL(elsewhere))] = sent()
    assert download(web).fetch(RECORD) == TAR
    assert web.sent_token_to() == [TARBALL]


@pytest.mark.parametrize(
    "target",
    [
        "http://codeload.github.com/x",
        "http://127.0.0.1/x",
        "ftp://codeload.github.com/x",
        "file:///etc/passwd",
        "https://user:secret@codeload.github.com/x",
    ],
)
def test_a_redirect_to_an_unsafe_address_is_not_followed(target: str) -> None:
    web = Web({TARBALL: moved(target)})
    with pytest.raises(Unavailable, match="redirected to"):
        download(web).fetch(RECORD)
    assert len(web.asked) == 1


@pytest.mark.parametrize("target", ["", "/repos/ada-invented/app/tarball/" + HEAD])
def test_a_redirect_loop_ends_after_five_hops(target: str) -> None:
    web = Web({TARBALL: moved(target)})
    with pytest.raises(Unavailable, match="more than 5 times"):
        download(web).fetch(RECORD)
    assert len(web.asked) == 6


def test_a_loop_on_the_wire_ends_as_well() -> None:
    with pytest.raises(Unavailable, match="more than 5 times"):
        fetch(Fault(kind="redirect", match="*/tarball/*", to="loop"))


def test_a_foreign_host_gets_no_token_even_where_plain_http_is_allowed() -> None:
    with pytest.raises(Unavailable, match="something else than an archive"):
        fetch(Fault(kind="redirect", match=lambda seen: seen.host == "api" and "/tarball/" in seen.path, to="foreign"))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("not-found", "disappeared between listing and reading"),
        ("empty", "the repository is empty"),
        ("dmca", "blocked (dmca)"),
        ("tos", "blocked (tos)"),
        ("forbidden", "the archive was refused: Resource not accessible by integration"),
    ],
)
def test_what_the_service_says_is_the_reason(kind: str, reason: str) -> None:
    with pytest.raises(Unavailable) as unavailable:
        fetch(Fault(kind=kind, match="*/tarball/*"))
    assert unavailable.value.reason == reason


def test_a_blocked_repository_and_a_vanished_one() -> None:
    with GitHubStub(portfolio(3)) as stub:
        reader = source(stub)
        first, second, third = reader.snapshot(LOGIN).repositories
        stub.world = stub.world.changed(first.full_name, blocked="dmca").without(second.full_name)
        with pytest.raises(Unavailable, match=r"blocked \(dmca\)"):
            reader.archive(first)
        with pytest.raises(Unavailable, match="disappeared"):
            reader.archive(second)
        assert reader.archive(third)


def test_an_empty_or_disabled_repository_is_never_asked_for() -> None:
    web = Web({})
    for record in (
        RepositoryRecord(id="R_1", name="x", full_name="a/x", empty=True, head=HEAD),
        RepositoryRecord(id="R_1", name="x", full_name="a/x"),
        RepositoryRecord(id="R_1", name="x", full_name="a/x", head=HEAD, disabled=True),
    ):
        with pytest.raises(Unavailable):
            download(web).fetch(record)
    blocked = RepositoryRecord(id="R_1", name="x", full_name="a/x", head=HEAD, unavailable={"tree": "because"})
    with pytest.raises(Unavailable, match="because"):
        download(web).fetch(blocked)
    assert web.asked == []


def test_a_bad_token_at_the_archive_is_a_bad_token() -> None:
    with pytest.raises(AuthenticationError):
        fetch(Fault(kind="bad-credentials", match="*/tarball/*"))


@pytest.mark.parametrize("where", ["*/tarball/*", "archive"])
def test_a_limit_on_the_way_stops_with_the_cure(where: str) -> None:
    clock = Clock()
    fault = (
        Fault(kind="primary", match=where)
        if where != "archive"
        else Fault(kind="status", status=429, match=where, retry_after=900)
    )
    with pytest.raises(RateLimited) as stop:
        fetch(fault, clock=clock, max_wait=60)
    assert clock.waits == []
    assert "--max-wait" in (stop.value.hint or "")


def test_the_archive_host_may_ask_to_wait() -> None:
    clock = Clock()
    assert fetch(Fault(kind="status", status=429, match="archive", times=1, retry_after=30), clock=clock)
    assert clock.waits == [30]
    assert "archive host" in clock.told[0]


@pytest.mark.parametrize("kind", ["length-long", "reset-midway"])
def test_a_body_cut_short_is_tried_once_more(kind: str) -> None:
    assert fetch(Fault(kind=kind, match="archive", times=1))[:2] == b"\x1f\x8b"
    with pytest.raises(Unavailable, match="archive truncated"):
        fetch(Fault(kind=kind, match="archive"))


def test_a_page_in_place_of_an_archive_is_no_archive() -> None:
    with pytest.raises(Unavailable, match="something else than an archive"):
        fetch(Fault(kind="html", match="archive"))
    with pytest.raises(Unavailable, match="something else than an archive"):
        fetch(Fault(kind="empty-body", match="archive"))


def test_trouble_of_one_archive_is_its_own_and_a_storm_is_the_end() -> None:
    clock = Clock()
    with GitHubStub(portfolio(5), faults=[Fault(kind="status", match="archive", status=502)]) as stub:
        reader = source(stub, clock=clock)
        records = reader.snapshot(LOGIN).repositories
        for record in records[:2]:
            with pytest.raises(Unavailable, match="answered 502, 3 times"):
                reader.archive(record)
        with pytest.raises(NetworkFailure):
            reader.archive(records[2])


def test_a_success_in_between_is_no_storm() -> None:
    faults = [Fault(kind="status", match="archive", status=502, times=6), Fault(kind="reset", match="archive", skip=1)]
    with GitHubStub(portfolio(5), faults=faults) as stub:
        reader = source(stub)
        records = reader.snapshot(LOGIN).repositories
        for record in records[:2]:
            with pytest.raises(Unavailable):
                reader.archive(record)
        assert reader.archive(records[2])
        with pytest.raises(Unavailable):
            reader.archive(records[3])


def test_the_size_is_bounded_while_the_bytes_arrive() -> None:
    total = 0

    def body() -> Iterator[bytes]:
        nonlocal total
        yield b"\x1f\x8b"
        for _ in range(10_000):
            total += 65536
            yield b"\0" * 65536

    web = Web({TARBALL: moved(CODELOAD), CODELOAD: sent(body)})
    with pytest.raises(Unavailable, match="larger than 2 MiB"):
        download(web, most_bytes=2 * 1024 * 1024).fetch(RECORD)
    assert total < 4 * 1024 * 1024


def test_the_time_is_bounded_while_the_bytes_arrive() -> None:
    clock = Clock()

    def drip() -> Iterator[bytes]:
        while True:
            clock.seconds += 30
            yield b"\x1f\x8b"

    web = Web({TARBALL: moved(CODELOAD), CODELOAD: sent(drip)})
    reader = ArchiveDownload(
        api_url=API, archive_url=WEB, token=Secret("x"), gate=gate(clock), user_agent=AGENT, monotonic=clock.now,
        transport=httpx.MockTransport(web),
    )  # fmt: skip
    with pytest.raises(Unavailable, match="within 600 s"):
        reader.fetch(RECORD)


def test_a_content_encoding_is_not_undone() -> None:
    zipped = gzip.compress(TAR)
    web = Web({TARBALL: sent(zipped, content_encoding="gzip")})
    assert download(web).fetch(RECORD) == zipped


def test_without_a_token_archives_come_from_the_web_host() -> None:
    by_branch = f"{WEB}/ada-invented/app/archive/refs/heads/feature/a%20b%23.tar.gz"
    by_commit = f"{WEB}/ada-invented/app/archive/{HEAD}.tar.gz"
    web = Web({by_branch: sent(), by_commit: sent()})
    reader = download(web, token=None)
    record = RepositoryRecord(id="R_1", name="app", full_name="ada-invented/app", default_branch="feature/a b#")
    assert reader.fetch(record) == TAR
    assert reader.fetch(RECORD) == TAR
    assert [str(request.url) for request in web.asked] == [by_branch, by_commit]


def test_without_a_token_a_void_repository_is_empty_and_a_missing_one_gone() -> None:
    address = f"{WEB}/ada-invented/app/archive/refs/heads/main.tar.gz"
    reader = download(Web({address: sent(b"", 404)}), token=None)
    for size, reason in ((0, "empty"), (5, "disappeared")):
        record = RepositoryRecord(
            id="R_1", name="app", full_name="ada-invented/app", default_branch="main", size_kb=size
        )
        with pytest.raises(Unavailable, match=reason):
            reader.fetch(record)
    with pytest.raises(Unavailable, match="empty"):
        reader.fetch(RepositoryRecord(id="R_1", name="app", full_name="ada-invented/app"))


def test_odd_names_stay_within_the_path() -> None:
    record = RepositoryRecord(id="R_1", name="x", full_name="a/b?c#d", head=HEAD)
    address = f"{API}/repos/a/b%3Fc%23d/tarball/{HEAD}"
    web = Web({address: sent()})
    assert download(web).fetch(record) == TAR


@pytest.mark.parametrize(
    ("api", "archive"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://api.github.com/", "https://github.com"),
        ("https://git.example.org/api/v3", "https://git.example.org"),
        ("https://git.example.org:8443/api/v3/", "https://git.example.org:8443"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/api/v3", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_archive_host_follows_from_the_api(api: str, archive: str) -> None:
    assert default_archive_url(api) == archive


@pytest.mark.parametrize(
    "api",
    [
        "http://git.example.org/api/v3",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "api.github.com",
        "https://user:pw@api.github.com",
        "",
        "https://",
    ],
)
def test_an_api_address_that_would_show_the_token_is_refused(api: str) -> None:
    with pytest.raises(UsageError) as refusal:
        default_archive_url(api)
    assert "pw" not in str(refusal.value)


def test_a_plain_archive_host_is_refused_unless_the_api_is_on_this_machine() -> None:
    with pytest.raises(UsageError, match=r"archive\.example\.org is to be reached with https"):
        download(Web({}), archive="http://archive.example.org")
    download(Web({}), api="http://127.0.0.1:1", archive="http://localhost:2").close()


def test_a_source_checks_the_address_of_its_api_whatever_archive_host_is_named() -> None:
    for api in ("http://git.example.org/api/v3", "https://user:pw@git.example.org/api/v3"):
        with pytest.raises(UsageError) as refusal:
            GitHubSource(
                api_url=api, archive_url=WEB, token=Secret("x"), memory=Forgetful(), gate=gate(Clock()),
                user_agent=AGENT, now=lambda: NOON,
            )  # fmt: skip
        assert "pw" not in f"{refusal.value} {refusal.value.hint}"


@pytest.mark.parametrize("token", ["", None])
def test_a_repository_renamed_between_listing_and_reading_is_followed(token: str | None) -> None:
    with GitHubStub(portfolio(1)) as stub:
        reader = source(stub, token=stub.token if token == "" else None)
        record = reader.snapshot(LOGIN).repositories[0]
        stub.world = stub.world.changed(record.full_name, name="renamed", former_names=(record.full_name,))
        assert reader.archive(record)[:2] == b"\x1f\x8b"
        if token == "":
            files = [file.path for file in reader.listing(record)]
            assert files == ["README.md", "main.py"]
