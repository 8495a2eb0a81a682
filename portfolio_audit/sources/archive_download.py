"""Source code as one compressed tarball per repository: downloaded, counted, never opened here.

Redirects are followed by hand, because the token may go to the API's own origin (scheme, host and port) and nowhere
else. Size and time are bounded while the bytes arrive. Whether they are a sound archive is for the archive room to
find out; here only a page in place of an archive and a body cut short are told apart.
"""

import io
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from portfolio_audit.errors import Empty, NetworkFailure, Unavailable, UsageError
from portfolio_audit.snapshot import RepositoryRecord
from portfolio_audit.sources.gate import Bucket, Gate, Trouble
from portfolio_audit.sources.secret import Secret
from portfolio_audit.sources.service import API_VERSION, refused
from portfolio_audit.sources.verdict import Answer, blocked, message
from portfolio_audit.tree import KIB, MIB

if TYPE_CHECKING:
    import httpx

MOST_HOPS = 5
MOST_BYTES = 256 * MIB
MOST_SECONDS = 600.0
MESSAGE_BYTES = 64 * KIB
FAILURES_IN_A_ROW = 3
GZIP_MAGIC = b"\x1f\x8b"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Truncated(Exception):
    """The connection ended before the length that was promised."""


class ArchiveDownload:
    """Downloads archives of one server; safe to use from several threads. `transport` stands in for the network.

    httpx is imported and set up with the first download: a run in which nothing changed needs neither.
    """

    def __init__(
        self,
        *,
        api_url: str,
        archive_url: str,
        token: Secret | None,
        gate: Gate,
        user_agent: str,
        monotonic: Callable[[], float] = time.monotonic,
        transport: "httpx.BaseTransport | None" = None,
        most_bytes: int = MOST_BYTES,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._archive_url = archive_url.rstrip("/")
        self._token = token
        self._gate = gate
        self._monotonic = monotonic
        self._most_bytes = most_bytes
        self._most_seconds = most_seconds
        self._plain_allowed = _is_loopback_http(api_url)
        self._failures = 0
        self._lock = threading.Lock()
        _require_safe(archive_url, "--archive-url", plain_allowed=self._plain_allowed)
        self._transport = transport
        self._user_agent = user_agent
        self._client: httpx.Client | None = None

    def fetch(self, record: RepositoryRecord) -> bytes:
        """The compressed tarball of the record's head commit, or of its default branch where that is not known.

        Raises Unavailable with the reason; AuthenticationError and RateLimited as everywhere; and NetworkFailure once
        three downloads in a row have failed for want of a connection, since the next ones would fail as well.
        """
        if record.disabled or "tree" in record.unavailable:
            raise Unavailable(record.unavailable.get("tree", "disabled by the service"))
        if record.empty or (self._token is not None and record.head is None):
            raise Empty
        url = self._address(record)
        try:
            try:
                body = self._follow(url, record)
            except Truncated:
                body = self._follow(url, record)
        except Truncated:
            raise Unavailable("archive truncated") from None
        except NetworkFailure as failure:
            with self._lock:
                self._failures += 1
                storm = self._failures >= FAILURES_IN_A_ROW
            if storm:
                raise
            raise Unavailable(str(failure)) from None
        with self._lock:
            self._failures = 0
        return body

    def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            self._client.close()

    def _opened(self) -> "httpx.Client":
        import httpx

        with self._lock:
            if self._client is None:
                self._client = httpx.Client(
                    transport=self._transport,
                    follow_redirects=False,
                    # The default would limit the wait for a free connection to five seconds.
                    timeout=httpx.Timeout(connect=10, read=60, write=10, pool=None),
                    headers={"User-Agent": self._user_agent, "Accept-Encoding": "identity"},
                )
            return self._client

    def _address(self, record: RepositoryRecord) -> str:
        name = quote(record.full_name)
        if self._token is not None:
            return f"{self._api_url}/repos/{name}/tarball/{record.head}"
        if record.head is not None:
            return f"{self._archive_url}/{name}/archive/{record.head}.tar.gz"
        if record.default_branch is None:
            raise Empty
        return f"{self._archive_url}/{name}/archive/refs/heads/{quote(record.default_branch)}.tar.gz"

    def _follow(self, url: str, record: RepositoryRecord) -> bytes:
        for _ in range(MOST_HOPS + 1):
            api = _origin(url) == _origin(self._api_url)
            answer = self._ask(url, "core" if api and self._token else "archive", record)
            if answer.status not in REDIRECTS:
                return self._accept(answer, record, api=api)
            url = self._checked(urljoin(url, answer.headers.get("location", "")))
        raise Unavailable(f"the archive is redirected more than {MOST_HOPS} times")

    def _ask(self, url: str, bucket: Bucket, record: RepositoryRecord) -> Answer:
        return self._gate.call(bucket, lambda: self._send(url), what=f"downloading {record.full_name}")

    def _send(self, url: str) -> Answer:
        import httpx

        headers = {}
        if self._token is not None and _origin(url) == _origin(self._api_url):
            headers = {
                # Fine-grained tokens have been seen refused as "Bearer" on this path.
                "Authorization": f"token {self._token.reveal()}",
                "X-GitHub-Api-Version": API_VERSION,
            }
        try:
            with self._opened().stream("GET", url, headers=headers) as response:
                plain = {name.lower(): value for name, value in response.headers.items()}
                if response.status_code == 200:
                    return Answer(200, plain, self._body(response))
                return Answer(response.status_code, plain, _spoken(response))
        except httpx.RemoteProtocolError:
            raise Trouble("the connection broke off") from None
        except httpx.TimeoutException:
            raise Trouble("no answer in time") from None
        except httpx.TransportError:
            raise Trouble("could not be reached") from None

    def _body(self, response: "httpx.Response") -> bytes:
        """The bytes as sent, bounded; BytesIO hands them over without a copy."""
        import httpx

        started = self._monotonic()
        body = io.BytesIO()
        try:
            for chunk in response.iter_raw():
                body.write(chunk)
                if body.tell() > self._most_bytes:
                    raise Unavailable(f"the archive is larger than {self._most_bytes // MIB} MiB")
                if self._monotonic() - started > self._most_seconds:
                    raise Unavailable(f"the archive did not arrive within {self._most_seconds:.0f} s")
        except (httpx.RemoteProtocolError, httpx.ReadError):
            raise Truncated from None
        promised = response.headers.get("content-length", "")
        if promised.isdecimal() and int(promised) != body.tell():
            raise Truncated
        return body.getvalue()

    def _accept(self, answer: Answer, record: RepositoryRecord, *, api: bool) -> bytes:
        if answer.status == 200:
            body: bytes = answer.body
            if body[:2] != GZIP_MAGIC:
                raise Unavailable("the service sent something else than an archive")
            return body
        if answer.status == 401 and api:
            raise refused(urlsplit(self._api_url).hostname or "", self._token is not None, answer)
        if (reason := blocked(answer)) is not None:
            raise Unavailable(reason)
        if answer.status == 409 or (answer.status == 404 and self._token is None and record.size_kb == 0):
            raise Empty
        if answer.status in (404, 410):
            raise Unavailable("disappeared between listing and reading")
        raise Unavailable(f"the archive was refused: {message(answer) or answer.status}")

    def _checked(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and self._plain_allowed):
            raise Unavailable("the archive is redirected to an address without https")
        if not parts.hostname or "@" in parts.netloc:
            raise Unavailable("the archive is redirected to a malformed address")
        return url


def require_safe_api(api_url: str) -> None:
    """Raises UsageError for an address that is none, or would send a token unencrypted beyond this machine."""
    _require_safe(api_url, "--api-url", plain_allowed=_is_loopback_http(api_url))


def default_archive_url(api_url: str) -> str:
    """Where archives are without a token: the public web host for the public API, HOST for HOST/api/v3, else the
    API's own origin. Raises UsageError as `require_safe_api` does."""
    require_safe_api(api_url)
    parts = urlsplit(api_url)
    assert parts.hostname is not None
    # The public service and its data-residency sisters have their API on a host of its own.
    if parts.hostname == "api.github.com" or parts.hostname.endswith(".ghe.com"):
        return f"https://{parts.hostname.removeprefix('api.')}"
    return f"{parts.scheme}://{parts.netloc}"


def _require_safe(url: str, option: str, *, plain_allowed: bool) -> None:
    # The address is not repeated in the message: it may hold a password.
    parts = _split(url)
    if not parts.hostname or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise UsageError(
            "that is no address of a server", hint=f"give {option} as https://HOST, without a name or password"
        )
    if parts.scheme == "http" and not plain_allowed:
        raise UsageError(f"{parts.hostname} is to be reached with https", hint=f"give {option} with https://")


def _split(url: str) -> SplitResult:
    """The parts of an address; no parts if its brackets or port mean nothing."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _is_loopback_http(url: str) -> bool:
    parts = _split(url)
    return parts.scheme == "http" and (parts.hostname or "") in LOOPBACK


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _spoken(response: "httpx.Response") -> object:
    """The service's words in an answer that is no archive, if they are JSON."""
    raw = bytearray()
    for chunk in response.iter_raw():
        raw += chunk
        if len(raw) > MESSAGE_BYTES:
            return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
